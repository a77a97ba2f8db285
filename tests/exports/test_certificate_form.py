"""A certificate made with a form is the one made in the ordinary way, byte for byte: what it shows, reads and holds."""

from __future__ import annotations

import atexit
import gc
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from course.domain.certificate import CertificateFacts, new_code
from course.exports import certificate_form
from course.exports.certificate_form import Form, kind_of, make_form
from course.exports.certificate_press import FORMS_KEPT, Press
from course.exports.certificate_template import CertificateTemplate, Sample
from course.exports.certificate_writing import CertificateFiles, Order, Typesetter
from tests.exports.certificates import CERTIFICATES, LANGUAGES, TEMPLATE, sample, text_lines
from tests.exports.hard_names import HARD_NAMES
from tests.exports.verapdf import broken_rules

WORKPLACE = CERTIFICATES / "workplace"
BADGE = b'{"made": "up"}'
#: One name for each size in which a template sets names of one line.
ONE_OF_EACH_SIZE = ("Eva Ek", "Eva-Kristiina Ekström-Mäkinen", "Eva-Kristiina Ekström-Mäkinen-Ahola")
EVA, ULLA, PER = "Eva Ek", "Ulla Öst-Åberg", "Per Ås"


# WeasyPrint cannot remove its copies of the fonts when the interpreter is half gone.
@atexit.register
def _put_away() -> None:
    typesetter.cache_clear()
    gc.collect()


@cache
def typesetter(template: Path = TEMPLATE) -> Typesetter:
    return Typesetter(CertificateTemplate(template))


def ordinary(facts: CertificateFacts, template: Path = TEMPLATE, code: str = "", badge: bytes = BADGE) -> bytes:
    """The page set for this person, without any form."""
    setting = typesetter(template)
    document = setting.set(setting.template.page(facts), CertificateFiles(setting.template, facts, code))
    return setting.write(document, facts, badge)


def person(name: str, number: int, language: str = "fi", template: Path = TEMPLATE, **changes: Any) -> CertificateFacts:
    code = new_code(number.to_bytes(16, "big"))
    address = f"https://course.example/verify/{code}"
    return replace(Sample(template, language).facts(), **{"name": name, "code": code, "verify_url": address, **changes})


def code_of(facts: CertificateFacts) -> str:
    """Like a signed statement: the longer the name, the longer it is."""
    return f"{facts.verify_url}#{facts.name.encode().hex()}"


def pressed(press: Press, facts: CertificateFacts, code: str = "") -> bytes:
    return press.render(facts, code=code, badge=BADGE)


def practised(template: Path, language: str = "fi", names: Sequence[str] = ONE_OF_EACH_SIZE) -> Press:
    """A press that has made two certificates of each kind, and so has a form for each."""
    press = Press(template)
    for number, name in enumerate((*names, *names)):
        pressed(press, person(name, number, language, template))
    return press


@pytest.fixture
def pages_set(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How many pages were set in the ordinary way since the last time of asking."""
    done: list[str] = []
    as_it_is = Typesetter.set

    def counted(self: Typesetter, page: str, *given: Any) -> Any:
        done.append(page)
        return as_it_is(self, page, *given)

    def since() -> int:
        number = len(done)
        done.clear()
        return number

    monkeypatch.setattr(Typesetter, "set", counted)
    return since


def own_template(folder: Path, **changed: tuple[str, str]) -> Path:
    """A copy of the default template, with words changed in its files: what was there and what is there now."""
    shutil.copytree(TEMPLATE, folder / "own")
    (folder / "fonts").symlink_to(CERTIFICATES / "fonts")
    for ending, (was, now) in changed.items():
        [path] = (folder / "own").glob(f"*.{ending}")
        text = path.read_text(encoding="utf-8")
        assert was in text
        path.write_text(text.replace(was, now), encoding="utf-8")
    return folder / "own"


@pytest.mark.parametrize("template", [TEMPLATE, WORKPLACE], ids=lambda template: template.name)
@pytest.mark.parametrize("language", LANGUAGES)
def test_forty_names_look_read_and_are_packed_as_without_a_form(
    template: Path, language: str, pages_set: Callable[[], int]
) -> None:
    press, with_a_form = practised(template, language), 0
    for number, hard in enumerate(HARD_NAMES):
        facts = person(hard.name, 100 + number, language, template)
        pages_set()
        made = pressed(press, facts, code_of(facts))
        with_a_form += pages_set() == 0
        assert made == ordinary(facts, template, code_of(facts)), hard
    # The others are of other scripts, or of several lines.
    assert with_a_form >= 18


def test_a_form_is_made_for_the_second_of_a_kind_and_the_third_is_written_into_it(
    pages_set: Callable[[], int],
) -> None:
    press = Press(TEMPLATE)
    counts = []
    for number in range(4):
        facts = person(("Eva Ek", "Ulla Ö", "Per Ås", "Li Wu")[number], number)
        assert facts.name in text_lines(pressed(press, facts))
        counts.append(pages_set())
    # The second one's own page, and that of the made-up one.
    assert counts == [1, 2, 0, 0]


def test_the_same_certificate_is_the_same_file_whatever_was_made_before(pages_set: Callable[[], int]) -> None:
    facts = person(ULLA, 7)
    press = Press(TEMPLATE)
    files = {pressed(press, facts, code_of(facts)) for _ in range(3)}
    assert pages_set() == 3
    assert files == {pressed(practised(TEMPLATE), facts, code_of(facts))} == {ordinary(facts, code=code_of(facts))}


def test_a_form_serves_one_day_one_track_and_one_language() -> None:
    template = CertificateTemplate(TEMPLATE)
    facts = person(EVA, 1)
    others = [
        replace(facts, issued_on=facts.issued_on.replace(day=1)),
        replace(facts, edition="2030.1"),
        replace(facts, issuer="Somebody else"),
        replace(facts, language="sv"),
        replace(facts, modules=facts.modules[:1]),
        *(person(name, 1) for name in ONE_OF_EACH_SIZE[1:]),
    ]
    assert kind_of(template, person(PER, 2)) == kind_of(template, facts) is not None
    assert kind_of(template, facts) not in [kind_of(template, other) for other in others]


def test_few_forms_are_kept_and_the_one_asked_for_last_stays(pages_set: Callable[[], int]) -> None:
    press = Press(TEMPLATE)
    for number in range(FORMS_KEPT + 1):
        for name in (EVA, PER):
            pressed(press, person(name, number, edition=f"2026.{number}"))
        # Asked for again and again, the first one is never the oldest.
        pressed(press, person(ULLA, number, edition="2026.0"))
    pages_set()
    counts = []
    for edition in ("2026.0", f"2026.{FORMS_KEPT}", "2026.1"):
        pressed(press, person(ULLA, 9, edition=edition))
        counts.append(pages_set())
    assert counts == [0, 0, 1]


class TestWhatDoesNotGoIntoAForm:
    """Each of these is a certificate that a form would get wrong, and what sees it."""

    @pytest.mark.parametrize(
        "name",
        ["ليلى عبد", "Eva  Ek", "Eva\u00adEk", "Eva\u200bEk", "E\u0301va Ek", "Eva\u00a0Ek", "Eva (Ek)", "Eva 2"],
    )
    def test_a_name_that_turns_or_breaks_or_joins(self, name: str) -> None:
        assert kind_of(CertificateTemplate(TEMPLATE), person(name, 1)) is None

    def test_a_page_on_which_only_a_short_name_moves_something(self, tmp_path: Path) -> None:
        # It stands beside a name shorter than these, and below one like these.
        beside = '<b style="display: inline-block; width: 120mm">!</b></p>'
        template = own_template(tmp_path, html=("{{ facts.name }}</span></p>", "{{ facts.name }}</span>" + beside))
        press = practised(template, names=("Eva Ekström-Sandell", "Per Ekström-Sandell"))
        assert list(press._forms.values()) == [None]
        facts = person("Li", 50)
        assert pressed(press, facts) == ordinary(facts, template)

    def test_a_name_that_is_narrower_than_what_the_form_was_proven_with(self) -> None:
        form = form_for(ONE_OF_EACH_SIZE[1])
        assert form.print(Order(person(ONE_OF_EACH_SIZE[1], 2), "", BADGE)) is not None
        assert form.print(Order(person(EVA, 2), "", BADGE)) is None

    def test_a_page_that_does_more_with_a_name_than_show_it(self, tmp_path: Path, pages_set: Callable[[], int]) -> None:
        template = own_template(
            tmp_path, html=("{{ words.statement }}", "{{ words.statement }}{{ '!' if facts.name == 'Per Ås' }}")
        )
        press = practised(template)
        pages_set()
        facts = person(PER, 50)
        assert pressed(press, facts) == ordinary(facts, template)
        assert pages_set() == 2

    def test_a_drawing_that_does_more_with_a_name(self, tmp_path: Path, pages_set: Callable[[], int]) -> None:
        wide = "{{ '1' if facts.name == 'Per Ås' else '' }}"
        template = own_template(tmp_path, svg=('stroke-width="', f'stroke-width="{wide}'))
        press = practised(template)
        for name, pages in ((ULLA, 0), (PER, 1)):
            facts = person(name, 50)
            pages_set()
            assert pressed(press, facts) and pages_set() == pages
            assert pressed(press, facts) == ordinary(facts, template)

    def test_a_name_that_is_wider_than_what_the_form_was_made_with(self) -> None:
        assert form_for(EVA).print(Order(person(ONE_OF_EACH_SIZE[1], 2), "", BADGE)) is None

    def test_a_form_is_made_also_for_the_sake_of_others(self, pages_set: Callable[[], int]) -> None:
        # Wider than any made-up name of its size, and still of that size.
        press, widest = Press(TEMPLATE), "HHHHHHHHHHHHHHbbb"
        for name, pages in ((widest, 1), (widest, 3), (EVA, 0), (PER, 0), (widest, 1)):
            facts = person(name, 1)
            pages_set()
            assert pressed(press, facts) and pages_set() == pages
            assert pressed(Press(TEMPLATE), facts) == ordinary(facts)

    def test_a_letter_of_another_font_that_would_make_the_line_higher(self) -> None:
        form = form_for(EVA)
        assert form.print(Order(person("Lea Ek", 2), "", BADGE)) is not None
        assert form.print(Order(person("Ǩea Ek", 2), "", BADGE)) is None

    @pytest.mark.parametrize(
        "changed",
        [
            # The name's width moves it.
            {"css": (".holder {", ".holder { text-align: center;")},
            # A box around the name is as wide as the name.
            {"css": (".holder span {", ".holder span { background: #fff;")},
            # What follows the name stands where the name ends.
            {"html": ("{{ facts.name }}</span>", "{{ facts.name }}</span> *")},
            # The name is there a second time, among other words.
            {"html": ("{{ words.statement }}", "{{ words.statement }} ({{ facts.name }})")},
            # The picture is as large as the code has dots, and moves what is below.
            {"css": ("width: 29mm; height: 29mm; image-rendering", "image-rendering")},
            # The code is shown where a form does not look for it.
            {"css": (".check {", ".check { background: url(qr:verify);")},
            # The name is in a bookmark, too.
            {"html": ("<h1>{{ words.heading }}</h1>", "<h1>{{ facts.name }}</h1>")},
            # A wide name takes three lines, and the page becomes two.
            {"css": (".statement { margin: 5mm", ".holder { width: 60mm } .statement { margin: 105mm")},
            # What surrounds a drawing's words is not known to a drawing that is painted again.
            {"svg": ("</svg>", '<text x="9" y="9">Ay</text></svg>')},
        ],
        ids=str,
    )
    def test_a_page_on_which_a_name_moves_something(self, changed: dict[str, tuple[str, str]], tmp_path: Path) -> None:
        template = own_template(tmp_path, **changed)
        press = practised(template, names=(EVA,))
        assert list(press._forms.values()) == [None]
        facts = person(PER, 50)
        assert pressed(press, facts, code_of(facts)) == ordinary(facts, template, code_of(facts))


class TestTheProof:
    """A form that is wrong for any reason is found out by its first file, and never used."""

    def test_a_link_to_somebody_else_shows(self, monkeypatch: pytest.MonkeyPatch) -> None:
        facts = person(PER, 2)
        expected, form = ordinary(facts), form_for(EVA)
        assert form.print(Order(facts, "", BADGE)) == expected
        assert form.is_proven(Order(facts, "", BADGE))
        monkeypatch.setattr(Form, "_link", lambda _form, link, *_: link)
        assert not form.is_proven(Order(facts, "", BADGE))

    @pytest.mark.parametrize("seam", ["get_image_from_uri", "split_first_line"])
    def test_a_picture_or_a_line_that_is_not_hers_shows(self, seam: str, monkeypatch: pytest.MonkeyPatch) -> None:
        kept, as_it_is = [], getattr(certificate_form, seam)

        def the_first_one_again(*given: Any, **named: Any) -> Any:
            kept.append(as_it_is(*given, **named))
            return kept[0]

        facts = person(PER, 2)
        form = form_for(EVA)
        form.print(Order(person(ULLA, 3), "", BADGE))
        monkeypatch.setattr(certificate_form, seam, the_first_one_again)
        form.print(Order(person(ULLA, 3), "", BADGE))
        assert not form.is_proven(Order(facts, "", BADGE))


def form_for(name: str) -> Form:
    """A form for people of this one's kind."""
    facts = person(name, 1)
    template = typesetter().template
    kind = kind_of(template, facts)
    assert kind is not None
    form = make_form(typesetter(), kind, Order(facts, "", BADGE), ("trail.svg",))
    assert form is not None
    return form


def test_a_drawing_that_needs_something_of_the_file_is_painted_anew_and_right(
    tmp_path: Path, pages_set: Callable[[], int]
) -> None:
    light = '<linearGradient id="g"><stop stop-color="#000"/><stop offset="1" stop-color="#fff"/></linearGradient>'
    template = own_template(tmp_path, svg=("</svg>", f'{light}<rect fill="url(#g)" width="9" height="9"/></svg>'))
    press = practised(template, names=(EVA,))
    facts = person(PER, 50)
    pages_set()
    made = pressed(press, facts)
    assert pages_set() == 0
    assert made == ordinary(facts, template)


@pytest.mark.parametrize(
    "changed",
    [
        {"css": (".statement {", ".statement { text-decoration: underline;")},
        {"css": (".statement {", ".statement { visibility: hidden;")},
        {"html": ("{{ words.statement }}", "{{ words.statement }} Ǩ ليلى")},
        {"html": ("{{ words.statement }}", "<span> {{ words.statement }} </span><b>!</b><i> </i>.")},
    ],
    ids=str,
)
def test_lines_of_every_sort_around_the_name_are_painted_right(
    changed: dict[str, tuple[str, str]], tmp_path: Path, pages_set: Callable[[], int]
) -> None:
    template = own_template(tmp_path, **changed)
    press, facts = practised(template, names=(EVA,)), person("Ǫla Žž", 50)
    pages_set()
    made = pressed(press, facts)
    assert pages_set() == 0
    assert made == ordinary(facts, template)


def test_files_made_with_a_form_comply(tmp_path: Path) -> None:
    """They are those of the ordinary way, which all comply; here the validator sees some of them itself."""
    questions = []
    for template in (TEMPLATE, WORKPLACE):
        for language in LANGUAGES:
            path = tmp_path / f"{template.name}-{language}.pdf"
            path.write_bytes(pressed(practised(template, language, (EVA,)), person(PER, 9, language, template)))
            questions += [("ua1", path), ("3a", path)]
    assert broken_rules(questions) == {}


def test_the_sample_itself_is_of_a_kind_that_goes_into_a_form() -> None:
    for language in LANGUAGES:
        assert kind_of(CertificateTemplate(TEMPLATE), sample(language)) is not None
