"""The HTML that lessons and questions become. Others style it and resolve its addresses, so it is a contract."""

from __future__ import annotations

from datetime import date

import pytest
from bs4 import BeautifulSoup

from course.content.inline import short
from course.content.library import Contact, Seen, Source, Term
from course.content.markdown import Renderer
from course.content.typography import NBSP, SOFT_HYPHEN

DAY = date(2026, 11, 22)
SOURCES = {
    "law": Source("law", {"fi": "Laki kupeista"}, "Ministeriö", "law", Seen(DAY, "page"), DAY),
    "book": Source("book", {"fi": "Kirja", "sv": "Bok", "en": "A book"}, "Kustantaja", "page", Seen(DAY, "page"), DAY),
}
TERMS = {"cup": Term("cup", {"fi": "kuppi", "sv": "kopp", "en": "cup"}, {})}
CONTACTS = {
    "line": Contact(
        "line",
        {"fi": "Linja", "sv": "Linje", "en": "Line"},
        {},
        "law",
        Seen(DAY, "page"),
        DAY,
        "029 546 3177",
        "a@example.org",
    ),
    "site": Contact(
        "site",
        {"fi": "Sivu", "sv": "Sida", "en": "Site"},
        {},
        "law",
        Seen(DAY, "page"),
        DAY,
        web="https://example.org/",
    ),
    "bare": Contact("bare", {"fi": "Toimisto", "sv": "Byrå", "en": "Office"}, {}, "law", Seen(DAY, "page"), DAY),
}


def renderer(language: str = "fi", *, for_trainers: bool = False) -> Renderer:
    return Renderer(language, TERMS, SOURCES, CONTACTS, for_trainers=for_trainers)


def lesson(body: str, language: str = "fi") -> BeautifulSoup:
    return BeautifulSoup(renderer(language).lesson(body).html, "html.parser")


def test_citations_are_numbered_in_the_order_in_which_they_come():
    page = renderer().lesson("Yksi [@book]. Kaksi [@law: 3 §; @book].")
    marks = BeautifulSoup(page.html, "html.parser").select("sup.cite")

    assert page.sources == ["book", "law"]
    assert [mark.text for mark in marks] == ["1", "2, 1"]
    assert [link["href"] for link in marks[1].select("a")] == ["#source-law", "#source-book"]
    assert [link["aria-label"] for link in marks[1].select("a")] == [f"Lähde 2, 3{NBSP}§", "Lähde 1"]


def test_the_number_hangs_on_the_word_before_it():
    assert renderer().lesson("Sana\n[@book].").html.startswith("<p>Sana<sup")
    assert renderer().lesson("Sana [@book].").html.startswith("<p>Sana<sup")


@pytest.mark.parametrize(("language", "label"), [("fi", "Lähde 1"), ("sv", "Källa 1"), ("en", "Source 1")])
def test_a_citation_is_named_in_the_language_of_the_page(language: str, label: str):
    assert lesson("A [@book].", language).select_one("sup a")["aria-label"] == label


def test_a_question_names_its_sources_in_words():
    page = renderer("sv").inline("Rätt [@book: s. 3; @law].")
    links = BeautifulSoup(page.html, "html.parser").select("a.cite")

    assert page.html.startswith('Rätt (<a class="cite" href="source:book">Bok</a>, s. 3; ')
    assert [(link["href"], link.get("lang")) for link in links] == [("source:book", None), ("source:law", "fi")]


def test_a_long_title_is_cut_at_a_word():
    assert short("Sana " * 30) == "Sana Sana Sana Sana Sana Sana Sana Sana Sana Sana Sana Sana…"


def test_a_term_shows_its_own_words_or_others():
    links = lesson("[[cup]] ja [[cup|kupissa]]").select("a.term")
    assert [(link.text, link["href"]) for link in links] == [("kuppi", "term:cup"), ("kupissa", "term:cup")]


def test_a_contact_shows_its_number_as_people_read_it_and_as_a_telephone_dials_it():
    link = lesson("Soita {line}.").select_one("span.contact a")
    assert (link.text, link["href"]) == (f"Linja, 029{NBSP}546{NBSP}3177", "tel:0295463177")


@pytest.mark.parametrize(
    ("typed", "words", "href"),
    [
        ("{line.name}", "Linja", None),
        ("{line.phone}", f"029{NBSP}546{NBSP}3177", "tel:0295463177"),
        ("{line.email}", "a@example.org", "mailto:a@example.org"),
        ("{site}", "Sivu", "https://example.org/"),
        ("{site.web}", "example.org", "https://example.org/"),
        ("{bare}", "Toimisto", None),
    ],
)
def test_one_thing_about_a_contact_can_be_shown(typed: str, words: str, href: str | None):
    shown = lesson(typed).select_one("span.contact")
    link = shown.select_one("a")
    assert shown.text == words
    assert (link["href"] if link else None) == href


def test_sections_carry_their_ids_and_titles():
    page = renderer().lesson('## Kuppi "rikki" {#broken-cup}\n\n### Osa\n')
    html = BeautifulSoup(page.html, "html.parser")

    assert html.select_one("h2#broken-cup").text == "Kuppi ”rikki”"
    assert [(section.name, section.title) for section in page.sections] == [("broken-cup", "Kuppi ”rikki”")]
    assert not html.select_one("h3").get("id")


def test_a_block_has_a_title_of_its_own_or_the_usual_one():
    blocks = lesson("::: key-point\nA\n:::\n\n::: myth Kuppi on aina ehjä\nEi ole.\n:::").select("div.block")
    assert [block["class"] for block in blocks] == [["block", "block-key-point"], ["block", "block-myth"]]
    assert [block.select_one("p.block-title").text for block in blocks] == ["Muista", "Kuppi on aina ehjä"]


@pytest.mark.parametrize(("language", "title"), [("fi", "Muista"), ("sv", "Kom ihåg"), ("en", "Remember")])
def test_the_usual_title_is_in_the_language_of_the_page(language: str, title: str):
    assert lesson("::: key-point\nA\n:::", language).select_one("p.block-title").text == title


def test_the_answer_of_a_practice_is_folded():
    page = lesson(":::: practice\nMitä?\n::: answer\nTämä.\n:::\n::::\n\nLoppu.")
    folded = page.select_one("div.block-practice > details.answer")
    assert folded.select_one("summary").text == "Näytä vastaus"
    assert folded.select_one("p").text == "Tämä."
    assert page.select("p")[-1].parent.name == "[document]"


def test_a_trainers_note_is_left_out_for_learners_and_kept_for_trainers():
    body = "Alku.\n\n::: trainer 10 min\nHuom [@law] [[cup]].\n:::\n\nLoppu [@book]."
    learner, trainer = renderer().lesson(body), renderer(for_trainers=True).lesson(body)

    assert "Huom" not in learner.html
    assert "Huom" in trainer.html
    assert (learner.sources, learner.terms, learner.words) == (["book"], [], 2)
    assert (trainer.sources, trainer.terms) == (["law", "book"], ["cup"])


def test_an_empty_cell_of_the_first_row_of_a_table_heads_no_column():
    row = lesson("|  | Teko | Keino |\n|---|---|---|\n| Aikuinen | on | on |\n").select_one("thead tr")
    assert [(cell.name, cell.get("scope"), cell.get_text()) for cell in row.find_all(True)] == [
        ("td", None, ""),
        ("th", "col", "Teko"),
        ("th", "col", "Keino"),
    ]


def test_a_table_can_be_scrolled_and_read_aloud():
    page = lesson("## Kupit {#cups}\n\n| Kuppi | Koko |\n|---|---|\n| Oma | Iso |\n")
    region = page.select_one("div.table-wrap")
    assert (region["tabindex"], region["role"], region["aria-label"]) == ("0", "group", "Taulukko: Kupit")
    assert [head["scope"] for head in region.select("th")] == ["col", "col"]


def test_a_term_with_other_words_stays_in_its_cell():
    page = lesson("| Kuppi | Koko |\n|---|---|\n| [[cup|kupissa]] | Iso [[cup|kupit]] |\n")
    assert [cell.text for cell in page.select("td")] == ["kupissa", "Iso kupit"]
    assert len(page.select("a.term")) == 2


def test_links_inside_the_course_are_left_for_the_web_to_resolve():
    links = lesson("[a](lesson:one) [b](section:two) [c](https://example.org)").select("a")
    assert [(link["href"], link.get("rel")) for link in links] == [
        ("lesson:one", None),
        ("section:two", None),
        ("https://example.org", ["noreferrer"]),
    ]


@pytest.mark.parametrize(
    "typed", ["<script>x</script>", "<b>x</b>", "[x](javascript:alert(1))", "[[<i>|<b>]]", "{<b>}"]
)
def test_html_is_shown_as_text_and_never_passed_on(typed: str):
    for html in (renderer().lesson(typed).html, renderer().inline(typed).html):
        assert not BeautifulSoup(html, "html.parser").select("script, b, i")
        assert "javascript:" not in "".join(link["href"] for link in BeautifulSoup(html, "html.parser").select("a"))


def test_prose_is_hyphenated_and_addresses_and_codes_are_not():
    word = "hyväksikäyttöilmoitus"
    html = renderer().lesson(f"{word} `{word}` <https://example.org/{word}> [x](https://example.org/{word})").html
    page = BeautifulSoup(html, "html.parser")

    assert SOFT_HYPHEN in page.p.contents[0]
    assert page.code.text == word
    assert SOFT_HYPHEN not in page.select("a")[0].text
    assert [SOFT_HYPHEN in link["href"] for link in page.select("a")] == [False, False]


def test_quotation_marks_are_set_across_emphasis():
    assert renderer("en").inline('He said "*yes*".').html == "He said “<em>yes</em>”."


def test_a_question_without_mark_up_reads_the_same_by_the_short_way():
    plain = renderer().inline('Kysytkö "1 600" ihmistä').html
    marked = renderer().inline('Kysytkö "1 600" ihmistä\\!').html
    assert marked == plain + "!"


def test_words_are_those_a_learner_reads():
    page = renderer().lesson("Yksi kaksi [@book] [[cup|kolme]].\n\n- neljä\n\n::: reflect Viisi\nkuusi\n:::")
    assert page.words == 6
