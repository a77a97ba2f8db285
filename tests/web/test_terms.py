"""The meanings of all terms in one small file, for the script that shows them where they stand."""

from __future__ import annotations

import gzip

import pytest


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_file_has_every_term_in_the_language_of_the_page(client, library, language):
    found = client.raw.get(f"/{language}/glossary.json").get_json()
    assert set(found) == {"terms", "more", "close"}
    assert found["terms"] == {one.id: [one.words[language], one.meaning[language]] for one in library.terms.values()}


def test_it_is_small_with_the_whole_glossary(real_library):
    words = str([(one.words["fi"], one.meaning["fi"]) for one in real_library.terms.values()])
    assert len(gzip.compress(words.encode())) < 12_000
