"""A lesson or a quiz in two languages side by side, for whoever checks a translation."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask

from course.content.stamping import stamp
from course.content.translation_state import Behind, fell_behind, translation_state
from course.web.text_pairs import words_of
from tests.site_fixtures import site_of
from tests.staff_fixtures import make_account, sign_in
from tests.strict_client import StrictClient, text_of

LIST = "/en/admin/texts/"
WATER = "/en/admin/texts/tea/water/"
QUIZ = "/en/admin/texts/tea/quiz/"
FINNISH = "modules/fi/010-tea/010-water.md"
SWEDISH = "modules/sv/010-tea/010-water.md"

Change = Callable[[str, str, str], None]


@pytest.fixture
def package(fixture_course: Path, tmp_path: Path) -> Path:
    """The fixture course as files that a test may change."""
    return Path(shutil.copytree(fixture_course, tmp_path / "package"))


@pytest.fixture
def change(package: Path) -> Change:
    def changed(path: str, old: str, new: str) -> None:
        text = (package / path).read_text(encoding="utf-8")
        assert old in text
        (package / path).write_text(text.replace(old, new), encoding="utf-8")

    return changed


@pytest.fixture
def app_of_package(package: Path, database_url: str, tmp_path: Path, clock) -> Callable[[], Iterator[Flask]]:
    return lambda: site_of(package, database_url, tmp_path / "instance", clock)


def administrator_of(app: Flask) -> StrictClient:
    client, site = StrictClient(app), app.extensions["course"]
    sign_in(client, site, make_account(site, "aarne@office.example", administrator=True))
    return client


def texts_of(row: Tag | None, inside: str) -> list[tuple[str, str]]:
    """(language, text) of each half of a row."""
    assert row
    return [(str(half["lang"]), text_of(half)) for half in row.select(inside)]


def marks(page: BeautifulSoup) -> list[str]:
    return [text_of(mark) for mark in page.select(".mark-late")]


# A lesson


def test_a_lesson_stands_section_by_section_in_both_languages(admin_client):
    page = admin_client.get(f"{WATER}?left=fi&right=sv")
    [above, section] = page.select(".halves:not(.heads)")
    assert [lang for lang, _ in texts_of(above, ".half-text")] == ["fi", "sv"]
    left, right = texts_of(section, ".half-text")
    assert left[0] == "fi" and left[1].startswith("Kuuma vesi Keitä vesi ja odota hetki.")
    assert right[0] == "sv" and right[1].startswith("Hett vatten Koka upp vattnet och vänta en stund.")
    assert [text_of(name) for name in section.select(".half-name")] == ["Suomi", "Svenska"]


def test_every_text_of_the_lesson_is_there_and_its_words_are_counted(admin_client, library):
    for lesson_id in ("water", "leaves"):
        page = admin_client.get(f"/fi/admin/texts/tea/{lesson_id}/?left=sv&right=en")
        for place, lang in enumerate(("sv", "en")):
            shown = [text_of(row.select(".half")[place].select_one(".half-text")) for row in rows_of(page)]
            lesson = library.lesson(lang, lesson_id)
            assert "".join("".join(shown).split()) == "".join(text_of(BeautifulSoup(lesson.html, "lxml")).split())
            counted = [
                int(re.search(r"(\d+) sana", text_of(row.select(".half-head")[place]))[1]) for row in rows_of(page)
            ]
            assert sum(counted) == lesson.words


def rows_of(page: BeautifulSoup) -> list[Tag]:
    return page.select(".halves:not(.heads)")


def test_links_of_a_half_lead_to_the_learners_pages_in_its_language(admin_client):
    page = admin_client.get(f"{WATER}?left=fi&right=sv")
    head = [str(link["href"]) for link in page.select(".half-head a")]
    assert head[2:] == ["/fi/modules/tea/water/#hot-water", "/sv/modules/tea/water/#hot-water"]
    for lang in ("fi", "sv"):
        links = [str(link["href"]) for link in page.select(f".half-text[lang={lang}] a[href^='/']")]
        assert f"/{lang}/modules/tea/water/#source-tea-book" in links
        assert all(link.startswith(f"/{lang}/") for link in links)


def test_a_term_leads_to_the_glossary_of_its_half(admin_client):
    page = admin_client.get("/en/admin/texts/bread/quiz/?left=fi&right=sv")
    terms = [str(link["href"]) for link in page.select("#q-dough-lives .ask a")]
    assert terms == ["/fi/glossary/#sourdough", "/sv/glossary/#sourdough"]
    # The script shows a note where it finds this class, out of one glossary for the whole page.
    assert not page.select(".term")


def test_answers_that_learners_unfold_stand_open(real_app):
    page = administrator_of(real_app).get("/sv/admin/texts/why-this-concerns-you/when-to-worry/?left=fi&right=en")
    assert page.select(".half-text details")
    assert not page.select(".half-text details:not([open])")


def test_without_a_choice_the_source_text_stands_beside_its_first_translation(admin_client):
    page = admin_client.get("/sv/admin/texts/tea/water/")
    assert [str(half["lang"]) for half in page.select(".half-text")] == ["fi", "sv"] * 2
    page = admin_client.get("/sv/admin/texts/tea/water/?left=en")
    assert [str(half["lang"]) for half in page.select(".half-text")] == ["en", "fi"] * 2
    assert page.select_one("select[name=left] option[selected]")["value"] == "en"


def test_the_languages_are_kept_from_page_to_page(admin_client):
    page = admin_client.get(f"{LIST}?left=sv&right=en")
    page = admin_client.get(str(page.select_one("main .rows a")["href"]))
    assert [str(half["lang"]) for half in page.select(".half-text")][:2] == ["sv", "en"]
    page = admin_client.get(str(page.select_one(".pager .next")["href"]))
    assert [str(half["lang"]) for half in page.select(".half-text")][:2] == ["sv", "en"]
    page = admin_client.get(str(page.select_one(".pager .next")["href"]))
    assert [str(half["lang"]) for half in page.select(".ask")][:2] == ["sv", "en"]
    assert page.select_one(".crumbs a[href$='?left=sv&right=en']")


def test_one_language_chosen_twice_is_said(admin_client):
    assert "You chose the same language twice" in admin_client.get(f"{WATER}?left=sv&right=sv").text
    assert "You chose the same language twice" not in admin_client.get(f"{WATER}?left=sv&right=fi").text


@pytest.mark.parametrize(
    "address",
    [
        "tea/nothing/",
        "nothing/water/",
        "bread/water/",
        "soup/quiz/",
        "nothing/quiz/",
        "tea/water/?left=xx",
        "tea/quiz/?left=fi&right=xx",
        "?right=xx",
    ],
)
def test_what_is_not_there_is_said_so(admin_client, address):
    page = admin_client.get(f"{LIST}{address}", status=404)
    assert not page.select(".half, .rows")


def test_a_section_that_only_one_language_has_is_shown_beside_a_gap(change, app_of_package):
    change(SWEDISH, "{#hot-water}", "{#warm-water}")
    with app_of_package() as app:
        admin = administrator_of(app)
        page = admin.get(f"{WATER}?left=fi&right=sv")
        links = admin.get(f"{QUIZ}?left=fi&right=sv").select("#q-which-first a[hreflang]")
    assert [text_of(link) for link in links] == ["Rests on: Kuuma vesi", "Rests on: Först vattnet"]
    assert [str(row.get("id", "")) for row in rows_of(page)] == ["", "s-hot-water", "s-warm-water"]
    for section, lang in (("hot-water", "fi"), ("warm-water", "sv")):
        row = page.select_one(f"#s-{section}")
        assert [half for half, _ in texts_of(row, ".half-text")] == [lang]
        assert text_of(row.select_one(".missing")) == "This section is not there in this language."
        assert page.select_one(f"nav a[href='#s-{section}'][lang={lang}]")


# The questions


def test_questions_stand_side_by_side_with_their_reasons_and_what_is_right(admin_client):
    page = admin_client.get(f"{QUIZ}?left=fi&right=en")
    assert len(page.select(".asked")) == 9
    first = page.select_one("#q-which-first")
    assert texts_of(first, ".ask") == [("fi", "Mistä tee alkaa?"), ("en", "What does tea begin with?")]
    verdicts = [text_of(one) for one in first.select(".verdict")]
    assert verdicts == ["Right"] * 2 + ["Not right"] * 4
    assert texts_of(first.select_one(".option-row"), ".why")[0][1].startswith("Oikein. Ilman vettä ei ole teetä")
    assert [str(link["href"]) for link in first.select("a[hreflang]")] == [
        "/fi/modules/tea/water/#hot-water",
        "/en/modules/tea/water/#hot-water",
    ]


def test_every_right_option_and_no_other_is_marked(admin_client, library):
    page = admin_client.get(f"{QUIZ}?left=sv&right=en")
    for question in library.quiz("tea").questions:
        rows = page.select(f"#q-{question.id} .option-row")
        right = [text_of(row.select_one(".option-text")) for row in rows if row.select(".half.right")]
        words = library.quiz("tea").words["sv"][question.id]
        wanted = [one.partition("=") for one in question.correct]
        shown = [
            f"{words.options[one].text} → {words.targets[its]}" if its else words.options[one].text
            for one, _, its in wanted
        ]
        assert sorted(right) == sorted(text_of(BeautifulSoup(one, "lxml")) for one in shown), question.id


def test_what_is_put_in_order_stands_in_the_right_order(admin_client):
    rows = admin_client.get(f"{QUIZ}?left=fi&right=sv").select("#q-order-of-work .option-row")
    assert [text_of(row.select_one(".option-text")) for row in rows] == ["Keitän veden", "Kaadan veden", "Annan hautua"]
    assert [text_of(row.select_one(".verdict")) for row in rows] == [f"Right place: {one}" for one in (1, 2, 3)]


def test_a_target_that_belongs_to_no_option_is_shown_too(change, app_of_package):
    change("quizzes/tea.yaml", "targets: [hotter, cooler]", "targets: [hotter, cooler, coldest]")
    for lang in ("fi", "sv", "en"):
        change(f"quizzes/{lang}/tea.yaml", "targets: {hotter:", 'targets: {coldest: "Jää", hotter:')
    with app_of_package() as app:
        rows = administrator_of(app).get(QUIZ).select("#q-heat-of-teas .option-row")
    assert [text_of(one) for one in rows[-1].select(".verdict, .option-text")] == ["Goes with none", "Jää"] * 2


def test_the_page_says_when_a_question_was_read(admin_client):
    said = text_of(admin_client.get(QUIZ).select_one("#q-which-first"))
    assert "Facts read on 22 November 2026. Language read on 22 November 2026." in said


@pytest.mark.parametrize("address", [LIST, WATER, QUIZ])
def test_the_pages_are_kept_nowhere_and_in_no_list(admin_client, trainer_client, client, address):
    answer = admin_client.raw.get(address)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert trainer_client.raw.get(address).status_code == 403
    assert client.raw.get(address).status_code == 302


# What the check knows


def test_marks_follow_the_files(admin_client, app, package, change):
    app.config["COURSE_CONTENT_DIR"] = str(package)
    assert marks(admin_client.get(LIST)) == marks(admin_client.get(WATER)) == []
    assert "others than the texts here" not in admin_client.get(WATER).text
    change(FINNISH, "Vesi ei saa kiehua kupissa.", "Vesi ei saa enää kiehua kupissa.")
    assert marks(admin_client.get(LIST)) == [
        f"{name}: The source text has changed since" for name in ("Svenska", "English")
    ]
    page = admin_client.get(f"{WATER}?left=sv&right=fi")
    assert [text_of(one) for one in page.select(".heads .mark")] == [
        "The source text has changed since",
        "The source text",
    ]
    assert "others than the texts here" in page.text
    stamp(package, [SWEDISH])
    assert marks(admin_client.get(LIST)) == ["English: The source text has changed since"]


def test_a_question_says_which_of_its_sections_has_changed(admin_client, app, package, change):
    app.config["COURSE_CONTENT_DIR"] = str(package)
    stamp(package)
    assert marks(admin_client.get(QUIZ)) == []
    change(FINNISH, "Keitä vesi ja odota hetki.", "Keitä vesi ja odota kaksi hetkeä.")
    page = admin_client.get(QUIZ)
    assert marks(page.select_one("#q-boiling-cup")) == [
        "The section “Hot water” has changed since the question was read"
    ]
    assert marks(page.select_one("#q-tired-guest")) == []


def test_files_that_cannot_be_read_now_are_said(admin_client, app, package):
    app.config["COURSE_CONTENT_DIR"] = str(package)
    (package / "modules/course.yaml").write_text("format: [")
    for address in (LIST, WATER, QUIZ):
        page = admin_client.get(address)
        assert "cannot be told now" in page.text
        assert marks(page) == []
    assert "Not known now" in text_of(admin_client.get(WATER).select_one(".heads"))


def test_the_state_tells_why_a_translation_does_not_count(package, change):
    carried = re.search(r'translated_from: "\w+"', (package / SWEDISH).read_text())[0]
    english = SWEDISH.replace("/sv/", "/en/")
    before = re.search(r'translated_from: "\w+"\n', (package / english).read_text())[0]
    change(SWEDISH, carried, "translated_from: pending")
    change(english, before, "")
    change("quizzes/fi/bread.yaml", "Taikinasta", "Hyvästä taikinasta")
    assert dict(translation_state(package).behind) == {
        SWEDISH: Behind.PENDING,
        english: Behind.UNSTAMPED,
        "quizzes/sv/bread.yaml": Behind.STALE,
        "quizzes/en/bread.yaml": Behind.STALE,
    }
    assert fell_behind(package) == sorted(translation_state(package).behind)


def test_words_are_counted_as_they_are_read():
    assert words_of('Kuuma\u00a0vesi <em>ensin</em><sup class="cite">[<a href="#source-a">1</a>]</sup>.') == 3
    assert words_of("<ul><li>yksi</li><li>kak\u00adsi</li></ul>") == 2
    assert words_of("") == 0


# One language


def test_a_course_with_one_language_says_that_there_is_nothing_to_compare(package, change, app_of_package):
    change("modules/course.yaml", "languages: [fi, sv, en]", "languages: [fi]")
    with app_of_package() as app:
        admin = administrator_of(app)
        for address in (LIST, WATER, QUIZ):
            page = admin.get(address.replace("/en/", "/fi/"))
            assert "Kurssilla on vain yksi kieli" in page.text
            assert not page.select("select, .half-text, .asked")


def test_the_administration_page_leads_there(admin_client):
    page = admin_client.get("/en/admin/")
    link = page.find("a", string="Texts side by side")
    assert [text_of(one) for one in admin_client.get(str(link["href"])).select("main h2")] == ["1. Tea", "2. Bread"]
