"""The interface speaks every language of the course: nothing in English is left over, and nothing is mistyped."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.support import NullTranslations
from jinja2 import Environment

from course.content.library import Library
from course.web.templates import TEMPLATES, make_environments
from course.web.translations import CATALOGUES, read_catalogues, whole_catalogue
from tests.web.interface_words import Word, all_words, faults, loose_words, words_of_code, words_of_template

TRANSLATED = ("fi", "sv")
NBSP = "\u00a0"
WORDS = {
    "Read": Word("Read", "", "a.html:1"),
    "%(percent)s%% right": Word("%(percent)s%% right", "", "a.html:2"),
    "%(num)s page": Word("%(num)s page", "%(num)s pages", "a.html:3"),
}
GOOD = {
    "Read": 'msgid "Read"\nmsgstr "Luettu"',
    "percent": f'msgid "%(percent)s%% right"\nmsgstr "%(percent)s{NBSP}%% oikein"',
    "page": 'msgid "%(num)s page"\nmsgid_plural "%(num)s pages"\nmsgstr[0] "%(num)s sivu"\nmsgstr[1] "%(num)s sivua"',
}


def catalogue_of(**changes: str) -> Catalog:
    """A right Finnish catalogue of WORDS, with some entries changed."""
    head = 'msgid ""\nmsgstr ""\n"Language: fi\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"'
    return read_po(BytesIO("\n\n".join([head, *(GOOD | changes).values()]).encode()), charset="utf-8")


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_word_of_the_interface_is_translated_and_no_other(language: str) -> None:
    catalogue = whole_catalogue(language)
    assert str(catalogue.locale) == language
    assert faults(all_words(), catalogue) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_text_stands_twice_in_a_catalogue(language: str) -> None:
    lines = [line for path in (CATALOGUES / language).glob("*.po") for line in path.read_text().splitlines()]
    # The head of a file has an empty text; one that is broken over lines begins with one as well.
    texts = [line for line in lines if line.startswith("msgid ") and line != 'msgid ""']
    assert sorted(set(texts)) == sorted(texts)


def test_every_language_of_the_course_has_a_catalogue(real_library: Library) -> None:
    # English is written in the templates themselves.
    assert set(real_library.languages) - {"en"} == {path.name for path in CATALOGUES.iterdir()} == set(TRANSLATED)


def test_templates_have_no_words_outside_the_catalogues() -> None:
    templates = sorted(TEMPLATES.rglob("*.html"))
    assert len(templates) >= 15
    assert {path.name: loose_words(path.read_text()) for path in templates if loose_words(path.read_text())} == {}


def test_a_number_decides_the_form_of_a_word() -> None:
    for language, one, many in (("fi", "1 kysymys", "10 kysymystä"), ("sv", "1 fråga", "10 frågor")):
        catalogue = read_catalogues((language,))[language]
        forms = [catalogue.ngettext("%(num)s question", "%(num)s questions", number) for number in (1, 10)]
        assert [form % {"num": number} for form, number in zip(forms, (1, 10), strict=True)] == [one, many]


def test_a_language_without_a_catalogue_is_shown_in_english() -> None:
    assert read_catalogues(("en",))["en"].gettext("Read") == "Read"


def test_a_right_catalogue_has_no_faults() -> None:
    assert faults(WORDS, catalogue_of()) == []


@pytest.mark.parametrize(
    ("entry", "changed", "fault"),
    [
        ("Read", "", "missing: Read (a.html:1)"),
        ("Read", '#~ msgid "Read"\n#~ msgstr "Luettu"', "missing: Read (a.html:1)"),
        ("Read", 'msgid "Read"\nmsgstr ""', "not translated: Read"),
        ("Read", '#, fuzzy\nmsgid "Read"\nmsgstr "Luettu"', "fuzzy: Read"),
        ("Read", 'msgid "Read"\nmsgstr "Luettu "', "should have single spaces, none at the ends: Read"),
        ("Read", 'msgid "Read"\nmsgstr "Luettu."', "ends with another sign: Read"),
        ("Read", 'msgid "Read"\nmsgstr "luettu"', "begins with another case: Read"),
        ("Read", 'msgid "Read"\nmsgstr "Luettu..."', "should have …: Read"),
        ("Read", 'msgid "Read"\nmsgstr "Sivu \'luettu’"', "should have ’: Read"),
        ("Read", 'msgid "Read"\nmsgstr "Sivu “luettu”"', "should have ”…”: Read"),
        ("Read", 'msgid "Read"\nmsgstr "Sivu - luettu"', "should have –: Read"),
        ("Read", 'msgid "Read"\nmsgid_plural "Reads"\nmsgstr[0] "Luettu"\nmsgstr[1] "Luetut"', "another plural: Read"),
        ("More", 'msgid "More"\nmsgstr "Lisää"', "left over: More"),
        ("More", '#~ msgid "More"\n#~ msgstr "Lisää"', "obsolete: More"),
        ("percent", GOOD["percent"].replace(")s", ")d", 2).replace(")d", ")s", 1), "other placeholders"),
        ("percent", GOOD["percent"].replace(NBSP, ""), "should have no-break space before %"),
        ("page", GOOD["page"].rpartition("\n")[0], "not translated: %(num)s page"),
        ("page", 'msgid "%(num)s page"\nmsgstr "%(num)s sivu"', "another number of forms"),
    ],
)
def test_a_fault_of_a_catalogue_is_noticed(entry: str, changed: str, fault: str) -> None:
    assert any(line.startswith(fault) for line in faults(WORDS, catalogue_of(**{entry: changed})))


def test_words_are_found_wherever_they_are_asked_for() -> None:
    environment = make_environments({"en": NullTranslations()})["en"]
    template = (
        "{{ _('One') }}{{ ngettext('%(num)s a', '%(num)s b', n) }}{% trans %}Two{% endtrans %}{{ _('%(x)s c', x=1) }}"
    )
    texts = [(word.singular, word.plural) for word in words_of_template(template, "a.html", environment)]
    assert sorted(texts) == [("%(num)s a", "%(num)s b"), ("%(x)s c", ""), ("One", ""), ("Two", "")]
    code = "say('One')\nself.site.say(language, 'Two')\npresenter.say('Three %(x)s', x=1)\nsite.say(language, text)"
    assert [word.singular for word in words_of_code(code, "a.py")] == ["One", "Two", "Three %(x)s"]


def test_a_text_that_is_not_written_out_is_refused() -> None:
    environment = make_environments({"en": NullTranslations()})["en"]
    with pytest.raises(ValueError, match=r"a\.html:2: the text of _\(\) is not written out"):
        list(words_of_template("<p>\n{{ _(word) }}", "a.html", environment))
    with pytest.raises(ValueError, match=r"a\.py:1: the text of say\(\) is not written out"):
        list(words_of_code("say('One' if good else 'Two')", "a.py"))


@pytest.mark.parametrize("fault", ["<p>Hello</p>", '<nav aria-label="Main">', "<p>{{ name }} is here</p>"])
def test_a_loose_word_is_noticed(fault: str) -> None:
    assert loose_words(fault)


def test_what_is_no_word_is_left_alone() -> None:
    assert (
        loose_words('{# note #}<p class="lead" title="{{ _("Hi") }}">{{ _("Hi") }} · – {% if a > b %}1{% endif %}</p>')
        == []
    )


def test_a_template_is_compiled_once_for_all_languages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    compiled = []
    compile_template = Environment.compile

    def counted(environment: Environment, source: Any, name: str | None = None, *more: Any) -> Any:
        compiled.append(name)
        return compile_template(environment, source, name, *more)

    monkeypatch.setattr(Environment, "compile", counted)
    (tmp_path / "greeting.html").write_text("{{ _('Search') }}")
    environments = make_environments(read_catalogues(("fi", "sv", "en")), tmp_path)
    said = [each.get_template("greeting.html").render() for each in environments.values()]
    assert len(set(said)) == 3
    assert compiled == ["greeting.html"]


def test_a_template_that_has_changed_is_compiled_anew(tmp_path: Path) -> None:
    for words in ("before", "after"):
        (tmp_path / "greeting.html").write_text(words)
        environment = make_environments({"en": NullTranslations()}, tmp_path)["en"]
        assert environment.get_template("greeting.html").render() == words
