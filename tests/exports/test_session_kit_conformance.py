"""The kit of the real course is PDF/UA-1 in every language, by the reference validator."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from course.content.library import Library
from course.exports.session_kit import STYLE
from course.exports.tagged_press import render_tagged
from tests.exports.test_session_kit import FONTS, needs_pdf, page_of
from tests.exports.verapdf import broken_rules
from tests.site_fixtures import CHECKOUT


@needs_pdf
def test_the_kit_of_a_session_complies_in_every_language(real_library: Library, tmp_path: Path) -> None:
    # A session takes two or three modules; a kit of all of them takes this test minutes and has no other marks.
    taught = replace(real_library, modules=real_library.modules[:2])
    questions = []
    for language in real_library.languages:
        path = tmp_path / f"kit-{language}.pdf"
        path.write_bytes(render_tagged(page_of(CHECKOUT, taught, language), (STYLE,), FONTS))
        questions.append(("ua1", path))
    assert broken_rules(questions) == {}
