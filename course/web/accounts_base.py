"""What the pages of accounts share: the sign-in's cookies, its keys, and the way on afterwards."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, request
from werkzeug.wrappers import Response as WerkzeugResponse

from course.domain.account import SET_UP_LASTS, network_of
from course.domain.permission import Staff
from course.services.accounts import person
from course.services.learner_return import DeviceLearner
from course.services.second_factor import SiteKeys
from course.services.sign_in import Begun, Browser, SignedIn
from course.storage.sign_in_requests import CODE, PASSWORD, SECOND_FACTOR, SET_UP
from course.web.area import LANGUAGE_NAMES
from course.web.sign_in_cookie import BACK, REQUEST, SESSION, SignInCookie, device_of, local_path
from course.web.staff import StaffArea

#: The page of each step of a sign-in.
STEP_PAGES = {CODE: "enter_code", PASSWORD: "choose_password", SECOND_FACTOR: "second_factor", SET_UP: "set_up_factor"}


class AccountsBase(StaffArea):
    """Base of the areas of accounts; they are mounted only where the sign-in is our own."""

    @property
    def cookie(self) -> SignInCookie:
        assert isinstance(self.site.staff_identity, SignInCookie)
        return self.site.staff_identity

    @property
    def keys(self) -> SiteKeys:
        title = self.site.library.title[self.site.library.source_language]
        return SiteKeys(self.site.secret_key, self.site.base_url, title)

    def browser(self) -> Browser:
        return Browser(
            network=network_of(request.remote_addr or ""),
            device=device_of(request.headers.get("User-Agent", "")),
            replaces=self.cookie.secret(request, SESSION),
        )

    def under_way(self) -> str:
        """The secret of the sign-in that is under way in this browser."""
        return self.cookie.secret(request, REQUEST)

    def learner_here(self) -> DeviceLearner | None:
        found = self.site.visitor()
        return DeviceLearner(found.learner.id, found.secret) if found else None

    def language_choices(self) -> list[tuple[str, str]]:
        return [(code, LANGUAGE_NAMES.get(code, code)) for code in self.site.library.languages]

    # Pages and ways on

    def account_page(self, language: str, template: str, *, status: int = 200, **values: Any) -> Response:
        """A page of the sign-in, for somebody who is not signed in yet."""
        return self.page(
            language, template, status=status, style=self.asset_url("staff.css"), csrf=self.csrf(), **values
        )

    def go_on(self, language: str, begun: Begun) -> WerkzeugResponse:
        """To the page of the step that comes next, in this browser alone."""
        response = redirect(self.site.url(STEP_PAGES[begun.step], lang=language), 303)
        self.cookie.put(response, REQUEST, begun.secret, lasts=int(SET_UP_LASTS.total_seconds()))
        return response

    def arrive(self, language: str, signed_in: SignedIn) -> WerkzeugResponse:
        """Signed in: back to where somebody wanted to go, or to the first page that she may use."""
        account = person(self.site.store, signed_in.account_id)
        staff = Staff(account.id, account.name, account.administrator, account.networks)
        wanted = local_path(request.cookies.get(self.cookie.name(BACK), ""))
        return self.signed_in_response(redirect(wanted or self.start_page(language, staff), 303), signed_in)

    def signed_in_response(self, response: WerkzeugResponse, signed_in: SignedIn) -> WerkzeugResponse:
        self.cookie.remember(response, signed_in.secret)
        self.cookie.drop(response, REQUEST)
        self.cookie.drop(response, BACK)
        return self.remembering(response, signed_in.learner)

    def start_page(self, language: str, staff: Staff) -> str:
        """Where a sign-in leads to that began nowhere in particular."""
        if not staff.is_trainer:
            return self.site.url("progress", lang=language)
        return self.menu_links(language, staff)[0].url
