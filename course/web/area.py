"""An area of pages: its routes, each with its permission, and how a page is made and sent."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Response, make_response, request
from werkzeug.wrappers import Response as WerkzeugResponse

from course.domain.permission import Permission
from course.domain.progress import NOTHING_DONE, Progress
from course.services.people import NewSecret
from course.storage.learning import progress_of
from course.web.guard import form_token
from course.web.headers import NEVER, OWN, SECURITY_HEADERS
from course.web.identity import SignedLearner
from course.web.pages import Frame, LanguageChoice
from course.web.prepared import Piece, gzipped, joined
from course.web.quick_lesson import HTML, VARY
from course.web.site import Site
from course.web.unchanged import around_of, page_tag

View = Callable[..., WerkzeugResponse | str]

LANGUAGE_NAMES = {"fi": "Suomi", "sv": "Svenska", "en": "English"}
#: A form of ours is a few kilobytes. A route that takes a file says how large it may be.
LARGEST_REQUEST = 256 * 1024
#: Smaller bodies do not gain from compression.
WORTH_PACKING = 1000


@dataclass(frozen=True, slots=True)
class Route:
    #: Below the language, unless it begins with "//": then below the mount.
    rule: str
    endpoint: str
    view: View
    permission: Permission
    methods: tuple[str, ...] = ("GET",)
    #: Bytes that a request to it may have.
    largest: int = LARGEST_REQUEST


class Area:
    """Base of the areas. A view is a method; it decides which page comes next and nothing else."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> Iterable[Route]:
        raise NotImplementedError

    # Who is here

    def progress(self) -> tuple[SignedLearner | None, Progress]:
        """The learner of the request and what she has done; nothing done for someone new."""
        found = self.site.visitor()
        if found is None:
            return None, NOTHING_DONE
        return found, progress_of(self.site.store.engine, found.learner.id)

    def learner_or_new(self, language: str) -> tuple[int, NewSecret | None]:
        """The learner's id for a request that records something; someone's first click makes a learner."""
        found = self.site.visitor()
        if found is not None:
            return found.learner.id, None
        new = self.site.identity.start(self.site.store, language=language, now=self.site.now())
        return new.learner_id, new

    def reader_language(self, fallback: str = "") -> str:
        """For an address without a language: the one asked for, the host's, the learner's, the browser's, the last."""
        languages = self.site.library.languages
        asked = request.args.get("lang", "")
        if asked in languages:
            return asked
        wished = self.site.look.language() if self.site.look else ""
        if wished in languages:
            return wished
        found = self.site.visitor()
        if found is not None and found.learner.language in languages:
            return found.learner.language
        last = fallback if fallback in languages else self.site.library.source_language
        return request.accept_languages.best_match(languages) or last

    def csrf(self) -> str:
        """The token of a form of this page."""
        return form_token(self.site.secret_key, self.site.identity)

    # Pages

    def frame(self, language: str, here: str = "") -> Frame:
        """What every page has around it, with the address of this very page in the other languages."""
        return Frame(
            lang=language,
            site_title=self.site.library.title[language],
            subtitle=self.site.library.subtitle[language],
            edition=self.site.library.edition,
            languages=tuple(self._language(code, language) for code in self.site.library.languages),
            urls={
                "verify": self.site.page_url("verify_form"),
                **{name: self.site.page_url(name, lang=language) for name in FRAME_PAGES},
                # A host has a sign-in of its own.
                **({"sign_in": self.site.page_url("sign_in", lang=language)} if self.site.has("sign_in") else {}),
            },
            exit_url=self.site.exit_url,
            notice=self.site.library.notice[language],
            assets={name: self.asset_url(file) for name, file in FRAME_ASSETS.items()},
            here=here,
            host=self.site.look.values(language) if self.site.look else None,
        )

    def _language(self, code: str, current: str) -> LanguageChoice:
        """This very page in another language; a page without a language in its address takes it as a wish."""
        arguments = request.view_args or {}
        if "lang" in arguments and request.endpoint and "GET" in _methods_here():
            url = self.site.url(f"{request.endpoint.rpartition('.')[2]}", **{**arguments, "lang": code})
        elif "lang" in arguments:
            url = self.site.url("home", lang=code)
        else:
            asked = {**request.args, "lang": code}
            url = f"{request.script_root}{request.path}?{urlencode(asked)}"
        return LanguageChoice(code, LANGUAGE_NAMES.get(code, code), url, code == current)

    def asset_url(self, name: str) -> str:
        return self.site.page_url("asset", name=self.site.assets.names[name])

    def render(self, language: str, template: str, here: str = "", **values: Any) -> str:
        page = self.site.environments[language].get_template(template)
        return page.render(frame=self.frame(language, here), **values)

    def page(self, language: str, template: str, here: str = "", *, status: int = 200, **values: Any) -> Response:
        """A page that is kept nowhere: it holds a form with state, or something personal."""
        return self.send(self.render(language, template, here, **values), status)

    def record_page(self, language: str, template: str, here: str = "", **values: Any) -> Response:
        """A page of the content and the record: the browser keeps it and asks whether it has changed."""
        return self.tagged(self.send(self.render(language, template, here, **values)))

    def send(self, body: str, status: int = 200) -> Response:
        packed = len(body) > WORTH_PACKING and _takes_gzip()
        sent = gzip.compress(body.encode(), 4, mtime=0) if packed else body.encode()
        response = make_response(sent, status)
        response.headers["Content-Type"] = HTML
        response.headers["Cache-Control"] = NEVER
        response.headers["Vary"] = VARY
        if packed:
            response.headers["Content-Encoding"] = "gzip"
        return response

    def send_pieces(self, pieces: Sequence[Piece], status: int = 200) -> Response:
        """A page made of pieces that is kept nowhere."""
        headers = [("Content-Type", HTML), ("Vary", VARY), ("Cache-Control", NEVER), *SECURITY_HEADERS]
        if _takes_gzip():
            return Response(gzipped(pieces), status, [*headers, ("Content-Encoding", "gzip")])
        return Response(joined(pieces), status, headers)

    def send_prepared(self, pieces: Sequence[Piece]) -> Response:
        """A record page made of pieces."""
        headers = [
            ("Content-Type", HTML),
            ("Vary", VARY),
            ("ETag", self._tag()),
            ("Cache-Control", OWN),
            *SECURITY_HEADERS,
        ]
        if _takes_gzip():
            return Response(gzipped(pieces), headers=[*headers, ("Content-Encoding", "gzip")])
        return Response(joined(pieces), headers=headers)

    def tagged(self, response: Response) -> Response:
        response.headers["ETag"] = self._tag()
        response.headers["Cache-Control"] = OWN
        return response

    def _tag(self) -> str:
        found = self.site.visitor()
        who = (found.learner.id, found.learner.version) if found else None
        return page_tag(self.site.build, who, *around_of(self.site))

    def remembering(self, response: WerkzeugResponse, new: NewSecret | None) -> WerkzeugResponse:
        """Set the cookie of someone who has just begun."""
        if new is not None:
            assert isinstance(response, Response)
            self.site.identity.remember(response, new)
        return response


def _methods_here() -> set[str]:
    rule = request.url_rule
    return set(rule.methods or ()) if rule else set()


def _takes_gzip() -> bool:
    return "gzip" in request.headers.get("Accept-Encoding", "")


#: Endpoints that every page links to.
FRAME_PAGES = (
    "home",
    "progress",
    "handbook",
    "search",
    "glossary",
    "tools",
    "contacts",
    "sources",
    "certificate",
    "accessibility",
    "privacy",
    "quick_exit_info",
)
FRAME_ASSETS = {
    "css": "course.css",
    "js": "app.js",
    "icon": "icon.svg",
    "font": "fonts/polku-sans-latin-wght.woff2",
}
