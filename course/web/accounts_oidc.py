"""The way to an organisation's own sign-in service, and back from it. Mounted only where the setting names one."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from flask import redirect, request
from werkzeug.wrappers import Response as WerkzeugResponse

from course.domain.account import REQUEST_LASTS
from course.domain.errors import SignInRefused
from course.domain.permission import Permission
from course.services import oidc
from course.web.accounts_base import AccountsBase
from course.web.area import Route
from course.web.sign_in_cookie import OIDC

log = logging.getLogger("course")


class OidcArea(AccountsBase):
    def routes(self) -> Iterable[Route]:
        yield Route("/account/oidc/", "oidc_begin", self.begin, Permission.ANYONE)
        # One address for all languages: it is registered with the service.
        yield Route("//account/oidc/back", "oidc_back", self.back, Permission.ANYONE)

    @property
    def _provider(self) -> oidc.Provider:
        assert self.site.oidc is not None
        return self.site.oidc

    def begin(self, lang: str) -> WerkzeugResponse:
        """A link and no form: our pages let no form lead to another site."""
        try:
            url, kept = oidc.begin(self._provider, self.keys, self.site.outside("oidc_back"))
        except oidc.ProviderFault as fault:
            log.warning("the sign-in service: %s", fault)
            raise SignInRefused from fault
        response = redirect(url, 302)
        self.cookie.put(response, OIDC, f"{lang} {kept}", lasts=int(REQUEST_LASTS.total_seconds()))
        return response

    def back(self) -> WerkzeugResponse:
        lang, _, kept = request.cookies.get(self.cookie.name(OIDC), "").partition(" ")
        if lang not in self.site.library.languages:
            lang = self.site.library.source_language
        try:
            done = oidc.finish(
                self.site.store,
                self._provider,
                self.keys,
                self.browser(),
                kept=kept,
                answer=request.args,
                redirect_uri=self.site.outside("oidc_back"),
                now=self.site.now(),
            )
        except oidc.ProviderFault as fault:
            log.warning("the sign-in service: %s", fault)
            raise SignInRefused from fault
        response = self.arrive(lang, done)
        self.cookie.drop(response, OIDC)
        return response
