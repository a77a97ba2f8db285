"""A platform registers itself, by an address that an administrator made for it (LTI Dynamic Registration)."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from flask import Response, request
from werkzeug.wrappers import Response as WerkzeugResponse

from course.domain.launch import LaunchRefused, Refusal
from course.domain.permission import Permission
from course.lti.addresses import is_safe, origin_of
from course.services.platforms import invitation_of, register_itself
from course.web.area import Route
from course.web.lti_base import LtiBase, explains_refusals, log

ASKED = ("openid_configuration", "registration_token")
INVITATION = "invitation"


class LtiRegistrationArea(LtiBase):
    def routes(self) -> Iterable[Route]:
        yield Route("//lti/register", "lti_register", self.show, Permission.ANYONE)
        yield Route("//lti/register", "lti_register_now", self.register, Permission.SIGNED_LINK, ("POST",))

    @explains_refusals
    def show(self) -> Response:
        """Who wants to be registered. Looking changes nothing; the button does it."""
        invitation = invitation_of(self.site.store, request.args.get(INVITATION, ""), now=self.site.now())
        configuration = request.args.get("openid_configuration", "")
        if not is_safe(configuration):
            raise LaunchRefused(Refusal.REGISTRATION_WRONG, "openid_configuration")
        lang = self.reader_language()
        asked = {name: request.args[name] for name in (INVITATION, *ASKED) if name in request.args}
        page = self.page(
            lang,
            "lti_register.html",
            name=invitation.name,
            site=origin_of(configuration),
            done=False,
            fields=list(asked.items()),
            form_url=f"{self.site.url('lti_register')}?{urlencode({'lang': lang})}",
            csrf=self.csrf(),
            script=self.asset_url("lti.js"),
        )
        # The platform shows this page in a frame, and the invitation is the administrator's word for it.
        return self.framed(page, origin_of(configuration))

    @explains_refusals
    def register(self) -> WerkzeugResponse:
        library = self.site.library
        # The source language comes first: it stands where a platform wants one title.
        languages = sorted(library.languages, key=lambda code: code != library.source_language)
        platform = register_itself(
            self.site.store,
            request.form.get(INVITATION, ""),
            request.form,
            self.own,
            {code: library.title[code] for code in languages},
            library.subtitle[library.source_language],
            now=self.site.now(),
        )
        log.info("registered, platform %s", platform.id)
        page = self.page(
            self.reader_language(),
            "lti_register.html",
            name=platform.name,
            site=platform.known.issuer,
            done=True,
            script=self.asset_url("lti.js"),
        )
        return self.framed(page, platform.frames)
