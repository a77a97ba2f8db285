"""Launches from learning platforms (LTI 1.3): they begin, they come back signed, and lead to the course or to a choice.

Whatever is refused becomes a page with a sentence and a line in the log. See docs/decisions/016.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from flask import Response, jsonify, redirect, request
from werkzeug.wrappers import Response as WerkzeugResponse

from course.domain.errors import TooManyTries
from course.domain.launch import LaunchRefused, Part, Refusal
from course.domain.permission import Permission
from course.exports.launch_keys import launch_keys_json
from course.services import launches
from course.services.launches import HINTS, Arrived
from course.services.people import new_secret
from course.services.throttle import count_try, net_of
from course.web.area import Route
from course.web.launch_cookie import BROWSER, LEARNER, PLATFORM, STAFF
from course.web.lti_base import LtiBase, explains_refusals
from course.web.lti_choice import ChoiceArea

log = logging.getLogger("course.lti")

#: What a platform sends to begin with.
FIRST = ("iss", "client_id", "target_link_uri", "lti_deployment_id", *HINTS)
#: Says that the browser was just given a cookie: one that comes back without it keeps none.
SOUGHT = "cookie-sought"
#: First requests from one network: (what, how many, in how many seconds). A lecture hall behind one address may begin.
LOGINS_OF_NETWORK = ("lti-login", 600, 600)
_FRAME_PLACES = {"iframe", "frame", "embed", "object"}


class LtiArea(LtiBase):
    def routes(self) -> Iterable[Route]:
        launch = Permission.HOST_LAUNCH
        yield Route("//lti/login", "lti_login", self.login, launch, ("GET", "POST"))
        yield Route("//lti/launch", "lti_launch", self.launch, launch, ("POST",))
        yield Route("//lti/jwks.json", "lti_keys", self.keys, Permission.ANYONE)

    def keys(self) -> Response:
        response = jsonify(launch_keys_json(self.site.signing.folder))
        # A platform that asks again after a change of keys must see the new one.
        response.headers["Cache-Control"] = "public, no-cache"
        return response

    # It begins

    def _count(self, asked: Mapping[str, str]) -> None:
        """Each first request is a row that waits for its message: nobody may fill the table with them."""
        what, tries, seconds = LOGINS_OF_NETWORK
        site, who = self.site, net_of(request.remote_addr or "")
        try:
            count_try(site.store, site.secret_key, what=what, who=who, limit=tries, per_seconds=seconds, now=site.now())
        except TooManyTries as error:
            refused = LaunchRefused(Refusal.TOO_MANY)
            platform = launches.platform_asking(site.store, asked)
            refused.platform_id, refused.frames = platform.id, platform.frames
            raise refused from error

    @explains_refusals
    def login(self) -> WerkzeugResponse:
        """Send the browser to the platform for the signed message.

        In a frame it is first seen whether the browser keeps a cookie there. One that keeps none cannot study there
        either, and the platform's word is good for one launch only: so the launch begins anew, in a window of ours.
        """
        asked = {name: request.values[name] for name in FIRST if request.values.get(name)}
        self._count(asked)
        browser = self.cookies.read(request, BROWSER)
        framed = request.headers.get("Sec-Fetch-Dest") in _FRAME_PLACES
        if not browser and framed:
            frames = launches.platform_asking(self.site.store, asked).frames
            if SOUGHT in request.args:
                return self._in_a_window(asked, frames)
            again = {**asked, SOUGHT: "1"}
            return self._with_browser(redirect(f"{self.site.url('lti_login')}?{urlencode(again)}"), new_secret())
        secret = browser or new_secret()
        url = launches.begin_launch(self.course, asked, browser=secret, now=self.site.now())
        return self._with_browser(redirect(url), secret)

    def _with_browser(self, response: WerkzeugResponse, secret: str) -> WerkzeugResponse:
        response.headers["Cache-Control"] = "no-store"
        self.cookies.put(response, BROWSER, secret)
        return response

    def _in_a_window(self, asked: Mapping[str, str], frames: str) -> Response:
        address = f"{self.site.url('lti_login')}?{urlencode(asked)}"
        return self.framed(self.page(self.reader_language(), "lti_window.html", address=address), frames)

    # It comes back

    @explains_refusals
    def launch(self) -> WerkzeugResponse:
        if request.form.get("error"):
            # The platform's own word for it is one of a few; anything else stays out of the log.
            word = request.form["error"]
            known = word if word.replace("_", "").isalpha() and len(word) < 40 and word.isascii() else "error"
            raise LaunchRefused(Refusal.PLATFORM_SAYS_NO, known)
        found = launches.finish_launch(
            self.course,
            state=request.form.get("state", "")[:100],
            token=request.form.get("id_token", ""),
            browser=self.cookies.read(request, BROWSER),
            language=self.reader_language(),
            now=self.site.now(),
        )
        if isinstance(found, Arrived):
            return self._enter(found)
        return ChoiceArea(self.site).first_page(found)

    def _enter(self, arrived: Arrived) -> WerkzeugResponse:
        """To what the link leads to; somebody who teaches to the group of her course."""
        arrival = arrived.arrival
        response = redirect(self._address(arrived), 303)
        self.cookies.put(response, PLATFORM, str(arrived.platform.id))
        self.cookies.put(response, LEARNER, arrival.secret)
        if arrival.staff_secret:
            self.cookies.put(response, STAFF, arrival.staff_secret)
        else:
            # On a computer that a teacher and a learner share, the teacher's rights end here.
            self.cookies.drop(response, STAFF)
        log.info("launched, platform %s: %s", arrived.platform.id, arrived.target.part.value)
        return response

    def _address(self, arrived: Arrived) -> str:
        lang, target, arrival = arrived.locale, arrived.target, arrived.arrival
        if arrival.staff_secret and arrival.cohort_id is not None:
            return self.site.url("cohort", lang=lang, cohort_id=arrival.cohort_id)
        if target.part is Part.COURSE:
            return self.site.url("home", lang=lang)
        endpoint = "module" if target.part is Part.MODULE else "quiz"
        return self.site.url(endpoint, lang=lang, module_id=target.module_id)
