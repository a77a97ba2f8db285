"""Somebody who teaches chooses what a new link on her platform leads to: the course, a module, or a quiz."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import Response, request
from werkzeug.wrappers import Response as WerkzeugResponse

from course.domain.launch import Part
from course.domain.permission import Permission
from course.lti.addresses import origin_of
from course.services.launches import Choice
from course.services.link_choice import Offered, chosen_message, offered, open_choice, picked, seal_choice
from course.services.second_factor import SiteKeys
from course.web.area import LANGUAGE_NAMES, Route
from course.web.launch_cookie import PLATFORM
from course.web.lti_base import LtiBase, explains_refusals
from course.web.pages import LanguageChoice


class ChoiceArea(LtiBase):
    def routes(self) -> Iterable[Route]:
        yield Route("//lti/deep-link", "lti_deep_link", self.choose, Permission.ANYONE, ("POST",))

    @property
    def keys(self) -> SiteKeys:
        return SiteKeys(self.site.secret_key, self.site.base_url, "")

    def first_page(self, choice: Choice) -> WerkzeugResponse:
        """Right after the launch, in the language that the platform says."""
        response = self._page(choice, choice.locale, seal_choice(self.keys, choice), ())
        self.cookies.put(response, PLATFORM, str(choice.platform.id))
        return response

    @explains_refusals
    def choose(self) -> WerkzeugResponse:
        """The choice is made; or the page is wanted in another language, with what is ticked so far."""
        sealed = request.form.get("choice", "")
        choice = open_choice(self.course, self.keys, sealed)
        lang = self.reader_language()
        ids = request.form.getlist("target")
        if "send" not in request.form:
            return self._page(choice, lang, sealed, ids)
        chosen = picked(choice, self._offered(lang), ids)
        if not chosen:
            return self._page(choice, lang, sealed, ids, missing=True)
        return self._answer(choice, lang, chosen)

    def _offered(self, lang: str) -> list[Offered]:
        return offered(self.course, lang, self.site.say(lang, "Quiz: %(title)s"))

    def _page(self, choice: Choice, lang: str, sealed: str, ids: Sequence[str], *, missing: bool = False) -> Response:
        say, address = self.site.say, self.site.url("lti_deep_link")
        found = self._offered(lang)
        groups = [
            (say(lang, "The whole course"), [one for one in found if one.target.part is Part.COURSE]),
            (say(lang, "A module"), [one for one in found if one.target.part is Part.MODULE]),
            (say(lang, "Only the quiz of a module"), [one for one in found if one.target.part is Part.QUIZ]),
        ]
        page = self.page(
            lang,
            "lti_choose.html",
            status=422 if missing else 200,
            style=self.asset_url("staff.css"),
            platform=choice.platform.name,
            groups=groups,
            several=choice.choosing.several,
            # Where one may be chosen, one is; where several may, only what she ticks herself.
            chosen=ids or ([] if choice.choosing.several else ["course"]),
            missing=missing,
            sealed=sealed,
            form_url=f"{address}?lang={lang}",
            languages=tuple(
                LanguageChoice(code, LANGUAGE_NAMES.get(code, code), f"{address}?lang={code}", code == lang)
                for code in self.site.library.languages
            ),
            csrf=self.csrf(),
        )
        return self.framed(page, choice.platform.frames)

    def _answer(self, choice: Choice, lang: str, chosen: Sequence[Offered]) -> Response:
        """The browser takes the signed answer to the platform: by itself, or by the button without JavaScript."""
        message = chosen_message(self.course, choice, chosen, self.site.signing.folder, now=self.site.now())
        return_url = choice.choosing.return_url
        page = self.page(
            lang,
            "lti_return.html",
            platform=choice.platform.name,
            chosen=[one.title for one in chosen],
            return_url=return_url,
            message=message,
            script=self.asset_url("lti.js"),
        )
        return self.framed(page, choice.platform.frames, sends_to=f"'self' {origin_of(return_url)}")
