"""What the areas of launches, choices and registration share: where platforms find us, and how a refusal looks."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from flask import Response
from werkzeug.wrappers import Response as WerkzeugResponse

from course.domain.launch import LaunchRefused
from course.lti.registration import OwnAddresses
from course.services.launches import Course
from course.web.area import Area
from course.web.headers import framed_policy
from course.web.launch_cookie import LaunchCookies
from course.web.lti_words import status_of, words_of
from course.web.site import Site

log = logging.getLogger("course.lti")

_LOGIN = "/lti/login"


class LtiBase(Area):
    def __init__(self, site: Site) -> None:
        super().__init__(site)
        self.cookies = LaunchCookies(secure=site.https)

    @property
    def own(self) -> OwnAddresses:
        return own_addresses(self.site)

    @property
    def course(self) -> Course:
        return Course(self.site.store, self.site.library, self.own)

    def refused(self, refused: LaunchRefused) -> Response:
        log.warning("refused, platform %s: %s", refused.platform_id or "unknown", refused)
        lang = self.reader_language()
        what, todo = words_of(refused.why, lambda text: self.site.say(lang, text))
        page = self.page(
            lang, "lti_refused.html", status=status_of(refused.why), what=what, todo=todo, word=refused.why.value
        )
        return self.framed(page, refused.frames)

    def framed(self, response: Response, frames: str, *, sends_to: str = "'self'") -> Response:
        """The page may be shown in a frame of these sites; of none, when there are none."""
        response.headers["Content-Security-Policy"] = framed_policy(frames or "'none'", sends_to)
        return response


def own_addresses(site: Site) -> OwnAddresses:
    """Where platforms find us."""
    login = site.outside("lti_login")
    return OwnAddresses(
        base=login.removesuffix(_LOGIN),
        login=login,
        launch=site.outside("lti_launch"),
        deep_link=site.outside("lti_deep_link"),
        keys=site.outside("lti_keys"),
    )


Given = ParamSpec("Given")
Kind = TypeVar("Kind", bound=LtiBase)


def explains_refusals(
    view: Callable[Concatenate[Kind, Given], WerkzeugResponse],
) -> Callable[Concatenate[Kind, Given], WerkzeugResponse]:
    """A refusal inside the view is a page with a status of its own, and a line in the log. Neither tells a secret."""

    @wraps(view)
    def explaining(area: Kind, /, *given: Given.args, **named: Given.kwargs) -> WerkzeugResponse:
        try:
            return view(area, *given, **named)
        except LaunchRefused as refused:
            return area.refused(refused)

    return explaining
