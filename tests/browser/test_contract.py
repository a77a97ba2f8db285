"""The real quizzes as they are served: every module in every language keeps the contract and tells nothing early."""

from __future__ import annotations

import pytest

from course.content.library import Library
from tests.browser.driving import LANGUAGES, begin, get, pass_quiz
from tests.browser_fixtures import LiveSite, Opener
from tests.web.quiz_contract import contract_faults, told


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_quiz_of_the_course_keeps_the_contract_and_tells_nothing_before_it_is_handed_in(
    open_page: Opener, real_site: LiveSite, real_library: Library, language: str
) -> None:
    context = open_page().context
    for module in real_library.modules:
        page = begin(context, real_site.url, language, module.id)
        assert contract_faults(page, real_library, module.id) == [], module.id
        for path in ("", "quiz/"):
            shown = get(context, f"{real_site.url}/{language}/modules/{module.id}/{path}")
            assert told(str(shown), real_library, module.id) == [], (module.id, path)
        pass_quiz(context, real_site.url, real_library, language, module.id)
    for name in ("css", "js"):
        address = get(context, f"{real_site.url}/{language}/").select_one(f"[href$='.{name}'], [src$='.{name}']")
        assert address is not None
        body = context.request.get(real_site.url + str(address.get("href") or address.get("src"))).text()
        assert all(told(body, real_library, module.id) == [] for module in real_library.modules), name
