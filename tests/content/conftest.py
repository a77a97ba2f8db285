"""Only the tests of spelling ask the spelling programs: the others are about something else, and run everywhere."""

from __future__ import annotations

import shutil

import pytest

from course.content import spelling


@pytest.fixture(autouse=True)
def spelling_is_looked_at_only_where_asked_for(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch):
    if "dictionaries" not in request.fixturenames:
        for language in list(spelling.SPELLERS):
            monkeypatch.delitem(spelling.SPELLERS, language)


@pytest.fixture
def dictionaries() -> None:
    """The programs and their dictionaries are there."""
    for language, speller in spelling.SPELLERS.items():
        try:
            spelling.misspelt({"a"}, language, [])
        except spelling.CannotSpell:
            needs = " ".join(speller.packages)
            pytest.skip(f"{shutil.which(speller.command[0]) or speller.command[0]} cannot be asked: install {needs}")
