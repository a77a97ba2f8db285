"""The whole course on one page: in order, with one list of sources, and nothing twice."""

from __future__ import annotations

import pytest

from tests.strict_client import text_of


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_handbook_holds_every_section_once_in_the_order_of_the_course(client, library, language):
    page = client.get(f"/{language}/handbook/")
    wanted = [
        section.id
        for module in library.modules
        for lesson_id in module.lesson_ids
        for section in library.lesson(language, lesson_id).sections
    ]
    shown = [heading["id"] for heading in page.select(".text :is(h2, h3, h4, h5)[id]")]
    assert shown == wanted


def test_headings_of_sections_stand_below_lessons_and_those_below_modules(client, library):
    page = client.get("/fi/handbook/")
    levels = [int(heading.name[1]) for heading in page.select("article :is(h1, h2, h3, h4)")]
    assert levels[:4] == [1, 2, 3, 4]


def test_a_citation_has_the_number_that_its_source_has_in_the_list(client, library):
    page = client.get("/en/handbook/")
    citations = page.select(".cite a")
    assert citations
    numbers = {item["id"]: place for place, item in enumerate(page.select("[id^='source-']"), 1)}
    for citation in citations:
        assert text_of(citation) == str(numbers[citation["href"].removeprefix("#")])
        assert text_of(citation) in citation["aria-label"]
