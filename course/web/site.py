"""One mounted course: all that its pages work with. Nothing is global, so two courses can live in one application."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Generic, TypeVar

from babel.support import NullTranslations
from flask import current_app, g, request, url_for
from jinja2 import Environment

from course.content.library import Library
from course.content.question_version import QuestionVersions
from course.content.search.finding import Finder
from course.domain.permission import Staff
from course.domain.retention import Periods
from course.exports.certificate_preview import Previews
from course.exports.certificate_template import Templates
from course.exports.signing_keys import SigningSettings
from course.services.api_keys import new_allowances
from course.services.certificate_checks import FileChecker
from course.services.certificate_files import CertificateRenderer, Turnstile
from course.services.counts import key_of
from course.services.oidc import Provider
from course.services.throttle import Allowances
from course.storage.engine import Store
from course.web.assets import STATIC, Assets
from course.web.identity import Identity, SignedLearner, SignedStaff, StaffIdentity
from course.web.prepared import Piece, Prepared
from course.web.templates import TEMPLATES, HostLook
from course.web.translations import CATALOGUES

#: The lessons of the whole course in three languages, in the states that occur; about 75 MB when full.
PARTS_KEPT = 3000
#: The questions and options of all quizzes in one language, in every state; about 8 MB of each kind when full.
QUIZ_PARTS_KEPT = 8000

Part = TypeVar("Part")


class PreparedParts(Generic[Part]):
    """Parts made at first use and kept, the oldest forgotten when there are too many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._parts: dict[Hashable, Part] = {}

    def found(self, key: Hashable) -> Part | None:
        """The part if it is there."""
        return self._parts.get(key)

    def get(self, key: Hashable, make: Callable[[], Part]) -> Part:
        found = self._parts.get(key)
        if found is None:
            found = self._parts[key] = make()
            if len(self._parts) > self._most:
                # Two threads may both drop the oldest one: then there is room for one more, and no harm.
                self._parts.pop(next(iter(self._parts)), None)
        return found


@dataclass(frozen=True)
class Site:
    #: The blueprint's name: endpoints begin with it.
    name: str
    library: Library
    #: Language code -> the search over the library.
    finders: Mapping[str, Finder]
    versions: QuestionVersions
    store: Store
    identity: Identity
    staff_identity: StaffIdentity
    renderer: CertificateRenderer
    #: Looks at files that people bring, in a process of its own.
    checker: FileChecker
    #: The certificate templates, for administrators to look at.
    previews: Previews
    #: The templates that certificates are made with.
    certificate_templates: Templates
    #: Where the keys lie that sign certificates.
    signing: SigningSettings
    #: The letters of a name that the certificate's typefaces do not have.
    unprintable: Callable[[str], str]
    #: Language code -> Jinja environment.
    environments: Mapping[str, Environment]
    #: Language code -> the same words for Python.
    catalogues: Mapping[str, NullTranslations]
    assets: Assets
    secret_key: str
    #: The folder of this machine: what lies beside the database.
    instance: Path
    #: How long each kind of data is kept.
    periods: Periods
    #: Where the application's root is seen from outside, without a slash at its end.
    base_url: str
    exit_url: str
    now: Callable[[], datetime]
    #: An organisation's own sign-in service, when the setting names one.
    oidc: Provider | None
    #: Counts below this are never published as they are.
    small_count: int
    #: The learning record store that is told what learners do, by its host; empty when there is none.
    record_store: str
    #: Changes with the content and with the code of the pages: the first part of every page's tag.
    build: str
    #: What a host puts around the pages; None on a site of our own.
    look: HostLook | None = None
    #: How many requests wait for their certificate's file at once.
    turnstile: Turnstile = field(default_factory=Turnstile)
    #: How many questions of programs this process may still answer.
    api_allowances: Allowances = field(default_factory=new_allowances)
    #: Pages and parts made ahead, by what they are and where they are mounted.
    prepared: PreparedParts[Prepared] = field(default_factory=lambda: PreparedParts(PARTS_KEPT))
    #: The small parts of the quizzes' pages, likewise.
    quiz_frames: PreparedParts[Prepared] = field(default_factory=lambda: PreparedParts(QUIZ_PARTS_KEPT))
    quiz_pieces: PreparedParts[Piece] = field(default_factory=lambda: PreparedParts(QUIZ_PARTS_KEPT))
    macros: dict[tuple[str, str, str], Callable[..., str]] = field(default_factory=dict)
    #: Addresses of pages of the content, made once for each place where the course is mounted.
    page_urls: dict[tuple[object, ...], str] = field(default_factory=dict)

    @property
    def counts_key(self) -> bytes:
        """What the protection of small counts is made with."""
        return key_of(self.secret_key)

    @property
    def https(self) -> bool:
        return self.base_url.startswith("https://")

    def look_state(self, language: str) -> tuple[str, ...]:
        """What is kept of a page is kept for one state of what the host puts around it."""
        return (self.look.state(language),) if self.look else ()

    def visitor(self) -> SignedLearner | None:
        """The learner of this request, if something of it leads to one. Asked of the database once."""
        key = f"{self.name}_visitor"
        if key not in g:
            setattr(g, key, self.identity.find(request, self.store, self.now()))
        found: SignedLearner | None = getattr(g, key)
        return found

    def signed_in(self) -> SignedStaff | None:
        """Who is signed in, if anybody. Asked once a request; a learner's pages never ask."""
        key = f"{self.name}_staff"
        if key not in g:
            setattr(g, key, self.staff_identity.find(request, self.store, self.now()))
        found: SignedStaff | None = getattr(g, key)
        return found

    @property
    def staff(self) -> Staff:
        """Who is signed in, on an address that only someone signed in can reach."""
        found = self.signed_in()
        if found is None:
            raise LookupError("this address is open to everybody: nobody need be signed in")
        return found.staff

    def has(self, endpoint: str) -> bool:
        """Whether a page is mounted here: a host has no sign-in of ours."""
        return f"{self.name}.{endpoint}" in current_app.view_functions

    def url(self, endpoint: str, **values: object) -> str:
        """The address of a page of this course, from wherever in the application."""
        return url_for(f"{self.name}.{endpoint}", **values)  # type: ignore[arg-type]

    def path(self, endpoint: str, **values: object) -> str:
        """The address of a page below the application's root. It needs no request: the worker has none."""
        return current_app.url_map.bind("").build(f"{self.name}.{endpoint}", values)

    def outside(self, endpoint: str, **values: object) -> str:
        """The whole address of a page, for letters, files and screens.

        It is made of the setting alone, never of what a request says of its host and path: so it is the same in the
        worker, on the command line and in a request.
        """
        return self.base_url + self.path(endpoint, **values)

    def verify_url(self, code: str) -> str:
        """Where everybody checks the certificate with this number, as it is printed on it."""
        return self.outside("verify", code=code)

    def page_url(self, endpoint: str, **values: str) -> str:
        """The same for a page that the library knows: a page has up to a hundred links, and each is made once.

        Only for values out of the library. What a visitor typed, or a secret, would be kept for ever.
        """
        key = (request.script_root, endpoint, *values.values())
        found = self.page_urls.get(key)
        if found is None:
            found = self.page_urls[key] = self.url(endpoint, **values)
        return found

    def say(self, language: str, text: str, **values: object) -> str:
        """An interface text in a language, with its values put in; English for a language without a catalogue."""
        translated = str(self.catalogues[language].gettext(text))
        return translated % values if values else translated

    def macro(self, language: str, template: str, name: str) -> Callable[..., str]:
        """A macro of a template, compiled once: for the parts of a page that are filled in for each request."""
        key = (language, template, name)
        found = self.macros.get(key)
        if found is None:
            module = self.environments[language].get_template(template).module
            found = self.macros[key] = getattr(module, name)
        return found


#: The settings that a kept page shows: an address, or a period on the privacy page.
SAID_ON_PAGES = ("COURSE_BASE_URL", "COURSE_EXIT_URL", "COURSE_KEEP", "COURSE_SMALL_COUNT", "COURSE_LRS_URL")


def build_of(library: Library, settings: Mapping[str, object]) -> str:
    """Twelve hex digits of all that decides what a page looks like: content, code, and the settings it speaks of."""
    digest = hashlib.sha256(library.hash.encode())
    digest.update(repr([settings[name] for name in SAID_ON_PAGES]).encode())
    for folder in (TEMPLATES, CATALOGUES, STATIC, Path(__file__).parent):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix not in (".pyc", ".woff2"):
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
