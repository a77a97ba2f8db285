"""The files of the pages: style sheet, script, typeface and icon, under names that change with their bytes.

They are few and small, so they are kept in memory, made lean and compressed once when the site starts, and may be
cached for ever.
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import brotli
from flask import Response, request

from course.domain.errors import NotThere
from course.web.headers import NOT_SNIFFED
from course.web.leaner import lean_script, lean_style

STATIC = Path(__file__).parent / "static"
FOR_EVER = "public, max-age=31536000, immutable"
#: Already compressed by their own format.
PACKED = {".woff2"}
_URL = re.compile(r'url\("?([^")]+)"?\)')


@dataclass(frozen=True, slots=True)
class Asset:
    body: bytes
    packed: bytes | None
    media_type: str


@cache
def assets_of_pages() -> Assets:
    """Made once in a process, however many courses are mounted in it."""
    return Assets()


class Assets:
    """All files below static/, by their name with a hash in it."""

    def __init__(self, folder: Path = STATIC) -> None:
        self.names: dict[str, str] = {}
        self._assets: dict[str, Asset] = {}
        # The first sheet by name, course.css, gets the shortest ones; the others stand on it.
        self._variables: dict[str, str] = {}
        files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix not in (".txt", ".md")]
        # Style sheets name other files, so those get their names first.
        for path in sorted(files, key=lambda path: path.suffix == ".css"):
            self._add(path.relative_to(folder).as_posix(), path.read_bytes())

    def _add(self, name: str, body: bytes) -> None:
        if name.endswith(".css"):
            body = lean_style(_URL.sub(self._renamed, body.decode()), self._variables).encode()
        elif name.endswith(".js"):
            body = lean_script(body.decode()).encode()
        stem, _, suffix = name.rpartition(".")
        hashed = f"{stem}.{hashlib.sha256(body).hexdigest()[:10]}.{suffix}"
        packed = None if f".{suffix}" in PACKED else brotli.compress(body)
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        self.names[name] = hashed
        self._assets[hashed] = Asset(body, packed, media_type)

    def _renamed(self, found: re.Match[str]) -> str:
        name = found[1].removeprefix("./")
        return f'url("{self.names.get(name, name)}")'

    def response(self, hashed: str) -> Response:
        asset = self._assets.get(hashed)
        if asset is None:
            raise NotThere(hashed)
        packed = asset.packed is not None and request.accept_encodings.quality("br") > 0
        response = Response(asset.packed if packed and asset.packed else asset.body, content_type=asset.media_type)
        if packed:
            response.headers["Content-Encoding"] = "br"
        # The rules for pages are left out: a style sheet or a typeface loads nothing by itself and opens no window.
        response.headers.extend([NOT_SNIFFED])
        response.headers["Cache-Control"] = FOR_EVER
        response.headers["Vary"] = "Accept-Encoding"
        return response
