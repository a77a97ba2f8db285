"""One package: its files, its manifest, and the zip file of them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path

from course.content.library import Library, Module
from course.exports.packages.archive import packed
from course.exports.packages.key import key_of
from course.exports.packages.limits import require_short
from course.exports.packages.texts import Texts, script_of
from course.exports.packages.words import without_script
from course.exports.templates import templates

FOLDER = Path(__file__).parent
#: The page of a package and the manifests.
TEMPLATES = FOLDER / "templates"
#: The parts of the runtime in the order in which they need each other; the host's adapter comes after `hosts`.
RUNTIME = ("chance", "quiz", "walk", "learner", "codec", "hosts")
PAGES = ("keeping", "markup", "frame", "pages", "quiz-pages", "case-pages", "start")
STYLES = ("course.css", "tools.css", "icon.svg")


class Kind(StrEnum):
    SCORM12 = "scorm12"
    SCORM2004 = "scorm2004"
    CMI5 = "cmi5"


#: The file that an importer reads first.
MANIFESTS = {Kind.SCORM12: "imsmanifest.xml", Kind.SCORM2004: "imsmanifest.xml", Kind.CMI5: "cmi5.xml"}
#: Where the page may send something itself: only in cmi5 does it speak to a server, and to whichever launched it.
CONNECT = {Kind.SCORM12: "'none'", Kind.SCORM2004: "'none'", Kind.CMI5: "http: https:"}

#: Called with what is being made, how much is done, and how much there is.
Told = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: the whole course or one module, in one language or in several."""

    kind: Kind
    modules: Sequence[Module]
    languages: Sequence[str]


@dataclass(frozen=True, slots=True)
class Packed:
    """A package that was made."""

    content: bytes
    files: int
    #: The most characters that it ever asks a platform to keep for one learner.
    longest_state: int


@dataclass(frozen=True, slots=True)
class Packer:
    """Makes packages of a course."""

    library: Library
    #: The folder with the style sheets and typefaces of the course's own pages.
    static: Path
    #: say(language, text, **values)
    say: Callable[..., str]
    exit_url: str

    def pack(self, order: Order, told: Told) -> Packed:
        """The package. The same course and order give the same bytes. Raises StateTooLong."""
        longest = require_short(key_of(self.library, order.modules, order.languages))
        files = self.files(order, told)
        return Packed(packed(files, MANIFESTS[order.kind]), len(files), longest)

    def files(self, order: Order, told: Told) -> dict[str, bytes]:
        """Name -> content of everything in the package, the manifest last."""
        files = dict(self._fixed(order))
        cases = tuple(self.library.practice.cases.values()) if self._whole(order) else ()
        for number, language in enumerate(order.languages):
            told(language, number, len(order.languages) + 1)
            say = partial(self.say, language)
            texts = Texts(self.library, order.modules, language, say, self.exit_url, cases)
            files |= {f"content/{name}.js": script_of(name, value) for name, value in texts.files()}
        told(MANIFESTS[order.kind], len(order.languages), len(order.languages) + 1)
        files[MANIFESTS[order.kind]] = self._manifest(order, sorted(files)).encode()
        return files

    def _whole(self, order: Order) -> bool:
        return len(order.modules) == len(self.library.modules)

    def _fixed(self, order: Order) -> Iterator[tuple[str, bytes]]:
        """What is the same in every language."""
        yield "content/key.js", script_of("key", key_of(self.library, order.modules, order.languages))
        yield "runtime.js", runtime_of(order.kind)
        for name in STYLES:
            yield f"style/{name}", (self.static / name).read_bytes()
        yield "style/package.css", (FOLDER / "runtime/package.css").read_bytes()
        for path in sorted((self.static / "fonts").iterdir()):
            if path.suffix in (".woff2", ".txt"):
                yield f"style/fonts/{path.name}", path.read_bytes()
        yield "index.html", self._page(order).encode()
        if order.kind is not Kind.CMI5:
            for path in sorted((FOLDER / "schemas" / order.kind).iterdir()):
                yield path.name, path.read_bytes()

    def _page(self, order: Order) -> str:
        return (
            templates(TEMPLATES)
            .get_template("index.html")
            .render(
                languages=order.languages,
                title=self._title(order, order.languages[0]),
                connect=CONNECT[order.kind],
                without_script={one: without_script(partial(self.say, one)) for one in order.languages},
            )
        )

    def _manifest(self, order: Order, names: Sequence[str]) -> str:
        identifier = key_of(self.library, order.modules, order.languages)["id"]
        return (
            templates(TEMPLATES)
            .get_template(f"{order.kind}.xml")
            .render(
                identifier=identifier.replace("/", "."),
                edition=self.library.edition,
                title=self._title(order, order.languages[0]),
                names=names,
                course_id=name_of(identifier, "course"),
                unit_id=name_of(identifier, "unit"),
                mastery=self.library.pass_mark / 100,
                titles={one: self._title(order, one) for one in order.languages},
                descriptions={one: self._description(order, one) for one in order.languages},
            )
        )

    def _title(self, order: Order, language: str) -> str:
        title = self.library.title[language]
        return title if self._whole(order) else f"{title}: {order.modules[0].title[language]}"

    def _description(self, order: Order, language: str) -> str:
        return self.library.subtitle[language] if self._whole(order) else order.modules[0].summary[language]


def runtime_of(kind: Kind) -> bytes:
    """The whole runtime as one script."""
    parts = (*RUNTIME, f"host-{kind}", *PAGES)
    return b"".join((FOLDER / f"runtime/{part}.js").read_bytes() for part in parts)


def name_of(identifier: str, what: str) -> str:
    """A name for xAPI that nobody needs to own an address for. The unit's differs from the course's, as it must."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"course-package:{identifier}#{what}").urn
