"""Questions in the formats of other programs mean what they mean here: re-read by readers that do not know our writers.

For every question of the course, in three languages and three formats: the words, each option's reason and its section,
the sources, and the points of every possible answer.
"""

from __future__ import annotations

import itertools
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree

from course.content.library import Library, QuestionWords
from course.domain.case import Harm
from course.domain.quiz import Kind, Question
from course.exports.questions.gift import gift
from course.exports.questions.items import Bank, Item, ItemMaker, ItemOption, Place
from course.exports.questions.moodle import moodle_xml
from course.exports.questions.qti import MANIFEST, qti_package
from course.web.translations import read_catalogues
from tests.exports.question_readers import Read, links, read_gift, read_moodle, read_qti, words

LANGUAGES = ("fi", "sv", "en")
CATALOGUES = read_catalogues(LANGUAGES)
READERS = {"moodle-xml": read_moodle, "gift": read_gift, "qti3": read_qti}
SITE = "https://course.example"
#: Answers of larger questions are sampled: every sixth of a thousand pairings tells as much.
MOST_ANSWERS = 200


def say(language: str, text: str, **values: object) -> str:
    translated = str(CATALOGUES[language].gettext(text))
    return translated % values if values else translated


def address(language: str, kind: str, name: str) -> str:
    return f"{SITE}/{language}/{kind}#{name}"


def banks_of(library: Library, language: str) -> list[Bank]:
    return list(ItemMaker(library, language, partial(say, language), partial(address, language)).banks())


def written(format_name: str, library: Library, language: str, banks: list[Bank] | None = None) -> bytes:
    banks = banks_of(library, language) if banks is None else banks
    translated = partial(say, language)
    if format_name == "qti3":
        made_of = {"course_id": library.id, "language": language, "edition": library.edition}
        return qti_package(banks, translated, **made_of)
    return (moodle_xml if format_name == "moodle-xml" else gift)(banks, translated)


@pytest.fixture(scope="module")
def export(real_library: Library) -> Callable[[str, str], bytes]:
    return cache(lambda format_name, language: written(format_name, real_library, language))


@pytest.fixture(scope="module")
def read(export: Callable[[str, str], bytes]) -> Callable[[str, str], dict[str, Read]]:
    @cache
    def of(format_name: str, language: str) -> dict[str, Read]:
        found = READERS[format_name](export(format_name, language))
        by_id = {one.id: one for one in found}
        assert len(by_id) == len(found)
        return by_id

    return of


@dataclass(frozen=True)
class Ours:
    """A question as the library has it."""

    question: Question
    words: QuestionWords
    #: Option -> the section that its reason rests on.
    sections: dict[str, str]
    is_decision: bool = False


def ours(library: Library, language: str) -> Iterator[Ours]:
    for module in library.modules:
        assert module.quiz is not None
        for question in module.quiz.questions:
            sections = {option: question.section_of(option) for option in question.options}
            yield Ours(question, module.quiz.words[language][question.id], sections)
    for case in library.practice.cases.values():
        for node in case.graph.decisions():
            told = case.words[language].nodes[node.id]
            question = Question(
                f"{case.id}-{node.id}",
                Kind.ONE,
                "",
                "",
                tuple(choice.id for choice in node.choices),
                tuple(choice.id for choice in node.choices if choice.harm is Harm.NONE),
            )
            sections = {choice.id: choice.section for choice in node.choices}
            yield Ours(question, QuestionWords(told.text, told.choices), sections, is_decision=True)


def seen(html: str) -> str:
    return words(html.replace("\u00ad", ""))


def faults(one: Ours, told: Read, format_name: str, language: str) -> Iterator[str]:
    """How the question that was read differs from ours."""
    if seen(one.words.ask) not in told.ask:
        yield f"asks {told.ask!r}"
    texts = {option: seen(words_.text) for option, words_ in one.words.options.items()}
    if one.question.kind is Kind.TRUE_FALSE and format_name != "qti3":
        texts = {"yes": "true", "no": "false"}
    if sorted(told.options) != sorted(texts.values()):
        yield f"offers {told.options}"
        return
    for option, text in texts.items():
        reason, section = seen(one.words.options[option].why), one.sections[option]
        # Where a format has no place for each reason, all are said at once, each behind its option.
        said = told.said.get(text)
        place = told.general if said is None else said
        if said is not None and one.question.kind in (Kind.ORDER, Kind.MATCH):
            yield f"says {text!r} apart"
        if reason not in words(place):
            yield f"does not say why of {text!r}"
        if address(language, "section", section) not in links(place):
            yield f"does not lead to {section}"
    yield from point_faults(one, told, texts)


def point_faults(one: Ours, told: Read, texts: dict[str, str]) -> Iterator[str]:
    targets = {target: seen(text) for target, text in one.words.targets.items()}
    for answer in itertools.islice(answers_of(one.question), 0, None, step_of(one.question)):
        wanted = float(one.question.points(one.question.normal(answer)))
        if one.question.kind is Kind.MATCH:
            pairs = [pair.split("=") for pair in answer]
            given = [(texts[option], targets[target]) for option, target in pairs]
        elif one.question.kind is Kind.ORDER and told.kind == "match":
            given = [(texts[option], str(place)) for place, option in enumerate(answer, 1)]
        else:
            given = [texts[option] for option in answer]
        if abs(told.points(given) - wanted) > 1e-4:
            yield f"gives {told.points(given)} for {answer} instead of {wanted}"


def answers_of(question: Question) -> Iterator[tuple[str, ...]]:
    """Every complete answer."""
    if question.kind is Kind.SEVERAL:
        for size in range(1, len(question.options) + 1):
            yield from itertools.combinations(question.options, size)
    elif question.kind is Kind.ORDER:
        yield from itertools.permutations(question.options)
    elif question.kind is Kind.MATCH:
        for chosen in itertools.product(question.targets, repeat=len(question.options)):
            yield tuple(f"{option}={target}" for option, target in zip(question.options, chosen, strict=True))
    else:
        yield from ((option,) for option in question.options)


def step_of(question: Question) -> int:
    return 1 + sum(1 for _ in answers_of(question)) // MOST_ANSWERS


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("format_name", READERS)
def test_every_question_means_there_what_it_means_here(read, real_library, format_name, language):
    found = read(format_name, language)
    known = {one.question.id: one for one in ours(real_library, language)}
    assert set(found) == set(known) and len(known) > 300
    assert {one.question.kind for one in known.values()} == set(Kind)
    wrong = {
        name: complaints
        for name, one in known.items()
        if (complaints := list(faults(one, found[name], format_name, language)))
    }
    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_a_question_bank_no_two_questions_of_a_category_have_the_same_name(real_library, language):
    # A question bank lists questions by their names, cut to one line.
    for bank in banks_of(real_library, language):
        names = [item.name for item in bank.items]
        assert len(set(names)) == len(names), bank.title
        assert max(map(len, names)) <= 80


@pytest.mark.parametrize("format_name", READERS)
def test_a_changed_key_a_lost_reason_and_a_wrong_section_are_noticed(read, real_library, format_name):
    found = read(format_name, "en")
    of_kind = {one.question.kind: one for one in ours(real_library, "en") if not one.is_decision}
    for kind, one in of_kind.items():
        told = found[one.question.id]
        assert list(faults(one, told, format_name, "en")) == []
        correct = {
            Kind.ORDER: one.question.correct[::-1],
            Kind.MATCH: tuple(sorted(answer for answer in next(itertools.islice(answers_of(one.question), 1, None)))),
            Kind.SEVERAL: one.question.correct[:1],
        }.get(kind, tuple(option for option in one.question.options if option not in one.question.correct)[:1])
        changed = replace(one, question=replace(one.question, correct=correct))
        assert any("instead of" in fault for fault in faults(changed, told, format_name, "en")), kind
        elsewhere = replace(one, sections=dict.fromkeys(one.sections, "nowhere"))
        assert any("does not lead" in fault for fault in faults(elsewhere, told, format_name, "en"))
        silent = replace(told, general="", said=dict.fromkeys(told.said, ""))
        assert any("does not say why" in fault for fault in faults(one, silent, format_name, "en"))


@pytest.mark.parametrize("format_name", READERS)
def test_the_sources_of_a_question_are_named_with_their_addresses(read, real_library, format_name):
    found = read(format_name, "sv")
    named = 0
    for one in ours(real_library, "sv"):
        texts = [one.words.ask, *(text for option in one.words.options.values() for text in (option.text, option.why))]
        for source_id in set(re.findall(r'href="source:([a-z0-9-]+)"', " ".join(texts))):
            told = found[one.question.id]
            said = told.general + "".join(told.said.values())
            source = real_library.sources[source_id]
            assert (source.url or address("sv", "source", source_id)) in links(said), (one.question.id, source_id)
            assert words(source.owner) in words(said)
            named += 1
    assert named > 200


@pytest.mark.parametrize("format_name", READERS)
def test_each_module_and_each_case_is_a_category_of_its_own(read, real_library, format_name):
    found = read(format_name, "fi")
    for module in real_library.modules:
        title = f"{module.number} {module.title['fi']}"
        of_module = {found[question.id].category for question in module.quiz.questions}
        assert of_module == {title if format_name == "qti3" else f"$course$/top/{real_library.title['fi']}/{title}"}
    assert len({one.category for one in found.values()}) == len(real_library.modules) + len(real_library.practice.cases)


@pytest.mark.parametrize("format_name", READERS)
def test_no_address_is_left_that_only_this_site_knows(export, format_name):
    for language in LANGUAGES:
        made = export(format_name, language)
        parts = [made]
        if format_name == "qti3":
            with zipfile.ZipFile(BytesIO(made)) as archive:
                parts = [archive.read(name) for name in archive.namelist()]
        for part in parts:
            assert not re.search(rb'href=(?:"|&quot;|\\\\=")(?:term|lesson|section|source|/)', part)
            assert "\u00ad".encode() not in part


@pytest.mark.parametrize("format_name", READERS)
def test_the_same_content_makes_the_same_bytes(export, real_library, format_name):
    assert written(format_name, real_library, "en") == export(format_name, "en")


def test_signs_that_mean_something_in_gift_are_only_signs():
    library_words = "a = b ~ c # d { e } : f \\ g %50% // h"
    question = Question("q", Kind.ONE, "", "s", ("a", "b"), ("a",))
    item = item_of(question, library_words, {"a": f"right {library_words}", "b": f"wrong {library_words}"})
    [found] = read_gift(gift([Bank("m", "m/n", ("top", "m/n"), (item,), 1)], lambda text, **_: text))
    assert found.ask == library_words
    assert found.options == [f"right {library_words}", f"wrong {library_words}"]
    assert found.points([found.options[0]]) == 1
    assert found.category == "$course$/top/top/m//n"


def test_an_arrow_in_an_option_makes_no_question_of_pairs():
    question = Question("q", Kind.ONE, "", "s", ("a", "b"), ("a",))
    item = item_of(question, "Which?", {"a": "first -> second", "b": "second -> first"})
    [found] = read_gift(gift([Bank("m", "m", ("top", "m"), (item,), 1)], lambda text, **_: text))
    assert (found.kind, found.options) == ("choice", ["first → second", "second → first"])


def item_of(question: Question, ask: str, texts: dict[str, str]) -> Item:
    place = Place("Section", f"{SITE}/en/section#s")
    options = tuple(ItemOption(name, text, f"why {text}", place) for name, text in texts.items())
    return Item(question.id, question.kind, ("top", "m"), ask, options, (), question, "", ())


def test_a_target_that_nothing_belongs_to_stays_a_wrong_choice():
    question = Question("q", Kind.MATCH, "", "s", ("a", "b"), ("a=x", "b=y"), targets=("x", "y", "z"))
    item = item_of(question, "Match", {"a": "Option a", "b": "Option b"})
    item = replace(item, targets=(("x", "Target x"), ("y", "Target y"), ("z", "Target z")))
    bank = Bank("m", "m", ("top", "m"), (item,), 1)
    for made, reader in (
        (moodle_xml([bank], lambda text, **_: text), read_moodle),
        (gift([bank], lambda text, **_: text), read_gift),
        (qti_package([bank], lambda text, **_: text, course_id="c", language="en", edition="1"), read_qti),
    ):
        [found] = reader(made)
        assert sorted(found.targets) == ["Target x", "Target y", "Target z"], reader
        assert found.points([("Option a", "Target x"), ("Option b", "Target z")]) == 0.5


def test_the_package_names_every_file_and_no_other(export):
    with zipfile.ZipFile(BytesIO(export("qti3", "en"))) as archive:
        assert archive.namelist()[0] == MANIFEST
        manifest = etree.fromstring(archive.read(MANIFEST))
        namespace = "{http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1}"
        named = {one.get("href") for one in manifest.iter(f"{namespace}file")}
        assert named == set(archive.namelist()) - {MANIFEST}
        ids = [one.get("identifier") for one in manifest.iter(f"{namespace}resource")]
        assert len(ids) == len(set(ids))
        wanted = {one.get("identifierref") for one in manifest.iter(f"{namespace}dependency")}
        assert wanted <= set(ids)


def test_every_file_of_the_package_has_the_form_that_we_use_of_qti(export):
    grammar = etree.RelaxNG(etree.parse(Path(__file__).parent / "qti_subset.rng"))
    for language in LANGUAGES:
        with zipfile.ZipFile(BytesIO(export("qti3", language))) as archive:
            for name in archive.namelist():
                if name != MANIFEST:
                    document = etree.fromstring(archive.read(name))
                    assert grammar.validate(document), f"{name}: {grammar.error_log.last_error}"
            item = archive.read("items/w1-match-the-actors.xml")
    for fault in (
        item.replace(b'cardinality="multiple"', b'cardinality="many"', 1),
        item.replace(b"qti-prompt", b"qti-question"),
        item.replace(b' match-max="1"', b""),
        item.replace(b'identifier="w1-match-the-actors"', b'identifier="1 match"'),
    ):
        assert fault != item and not grammar.validate(etree.fromstring(fault))
