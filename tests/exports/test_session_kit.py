"""The kit is made of the course's own texts, in three languages, as a file that a screen reader can read."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import partial
from io import BytesIO

import pikepdf
import pytest
from bs4 import BeautifulSoup

from course.content.teaching import minutes_in, taught_modules
from course.domain.errors import PdfNotAvailable
from course.exports.certificate_pdf import available
from course.exports.session_kit import STYLE, KitSession, kit_page
from course.exports.tagged_press import print_tagged, render_tagged
from course.web.translations import read_catalogues
from tests.site_fixtures import CHECKOUT, FIXTURE_COURSE
from tests.strict_client import text_of

FONTS = CHECKOUT / "certificates" / "fonts"
SESSION = KitSession("Puoli päivää", 240, datetime(2027, 3, 30, 9, tzinfo=UTC), "Turku")
needs_pdf = pytest.mark.skipif(available() is not None, reason=str(available()))


def say(catalogues, language: str, text: str, **values: object) -> str:
    translated = catalogues[language].gettext(text)
    return translated % values if values else translated


def page_of(root, library, language: str = "fi", session: KitSession = SESSION) -> str:
    modules = taught_modules(root, library, [module.id for module in library.modules], language)
    return kit_page(library, modules, session, language, partial(say, read_catalogues(library.languages), language))


def test_trainers_notes_cases_and_key_points_of_the_course_are_taken(library):
    [tea, bread] = taught_modules(FIXTURE_COURSE, library, ["bread", "tea"], "fi")
    assert (tea.id, tea.number, bread.id) == ("tea", 1, "bread")
    names = {block.name for module in (tea, bread) for block in module.blocks}
    assert names == {"trainer", "case", "key-point", "checklist", "tomorrow"}
    [note] = [block for module in (tea, bread) for block in module.of("trainer")]
    assert note.minutes == 10 and "<p>" in note.html


def test_nothing_on_paper_leads_into_the_site(real_library):
    for module in taught_modules(CHECKOUT, real_library, [one.id for one in real_library.modules], "fi"):
        for block in module.blocks:
            assert not re.search(r'href="(?!tel:|https://|mailto:)', block.html), block
            assert 'class="cite"' not in block.html


@pytest.mark.parametrize(("heading", "minutes"), [("20 min", 20), ("20\u00a0min", 20), ("Lopuksi", 0), ("", 0)])
def test_the_time_of_a_note_is_read_off_its_heading(heading, minutes):
    assert minutes_in(heading) == minutes


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_note_of_the_real_course_says_its_time(real_library, language):
    modules = taught_modules(CHECKOUT, real_library, [one.id for one in real_library.modules], language)
    notes = [note for module in modules for note in module.of("trainer")]
    assert len(notes) >= 12 and [note for note in notes if not note.minutes] == []


def test_the_plan_begins_with_the_session_and_ends_with_it(real_library):
    page = BeautifulSoup(page_of(CHECKOUT, real_library), "html.parser")
    times = [text_of(cell) for cell in page.select(".plan tbody th")]
    assert times[0] == "12.00" and times[-1] == "15.50"
    assert page.html["lang"] == "fi" and "30. maaliskuuta 2027 12.00–16.00" in text_of(page)


def test_a_group_gets_the_story_and_the_questions_and_the_trainer_the_whole_case(real_library):
    page = BeautifulSoup(page_of(CHECKOUT, real_library), "html.parser")
    card = page.select_one(".card")
    story, questions = text_of(card), [text_of(one) for one in card.select("li")]
    answers = text_of(page.select_one(".thinking"))
    assert questions and all(question in answers for question in questions)
    first_answer = answers.partition(questions[0])[2][:60].strip()
    assert first_answer and first_answer not in story


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_no_word_of_the_kit_is_left_in_english(library, language):
    said = text_of(BeautifulSoup(page_of(FIXTURE_COURSE, library, language), "html.parser"))
    wanted = {"fi": "Nimilista", "sv": "Närvarolista", "en": "Sign-in sheet"}
    assert wanted[language] in said
    assert language == "en" or "Sign-in sheet" not in said


def test_a_title_cannot_write_markup(library):
    page = page_of(FIXTURE_COURSE, library, session=KitSession("<script>x</script>", 60, agenda="<b>y</b>"))
    assert "<script>" not in page and "<b>y" not in page


@needs_pdf
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_file_is_tagged_and_says_its_language_and_that_it_is_accessible(library, language):
    pdf = render_tagged(page_of(FIXTURE_COURSE, library, language), (STYLE,), FONTS)
    with pikepdf.open(BytesIO(pdf)) as file:
        root = file.Root
        assert str(root.Lang) == language and root.MarkInfo.Marked and root.ViewerPreferences.DisplayDocTitle
        with file.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1" and "Puoli päivää" in metadata["dc:title"]
        kinds = set(tags_of(root.StructTreeRoot))
        assert {"H1", "H2", "H3", "Table", "TH", "TD", "L", "LI", "P"} <= kinds
        sizes = {(round(float(page.MediaBox[2])), round(float(page.MediaBox[3]))) for page in file.pages}
        assert sizes == {(595, 842), (842, 473), (595, 420)}, "paper, slides and cards"


def tags_of(element):
    """The structure types below an element."""
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield str(kid.S).removeprefix("/")
            yield from tags_of(kid)


@needs_pdf
def test_a_kit_may_load_nothing_but_the_fonts(library):
    page = page_of(FIXTURE_COURSE, library).replace("<body>", '<body><img alt="x" src="file:///etc/passwd">')
    with pytest.raises(PdfNotAvailable, match="file:///etc/passwd"):
        render_tagged(page, (STYLE,), FONTS)


@needs_pdf
def test_the_file_is_made_in_a_process_of_its_own(library):
    assert print_tagged(page_of(FIXTURE_COURSE, library), (STYLE,), FONTS).startswith(b"%PDF-")
