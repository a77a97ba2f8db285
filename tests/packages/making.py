"""Packages made for tests, without the application around them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from course.content.library import Library
from course.exports.packages.package import Kind, Order, Packer
from course.web.assets import STATIC
from course.web.translations import read_catalogues
from tests.packages.hosting import files_of

EXIT = "https://www.ilmatieteenlaitos.fi/"


@cache
def _catalogues(languages: tuple[str, ...]) -> Any:
    return read_catalogues(languages)


def packer_of(library: Library) -> Packer:
    def say(language: str, text: str, **values: object) -> str:
        translated = str(_catalogues(library.languages)[language].gettext(text))
        return translated % values if values else translated

    return Packer(library, STATIC, say, EXIT)


def package_of(library: Library, kind: str, languages: Sequence[str] = (), module: str = "") -> bytes:
    modules = [library.module(module)] if module else library.modules
    order = Order(Kind(kind), tuple(modules), tuple(languages) or library.languages)
    return packer_of(library).pack(order, lambda *_: None).content


def unpacked(library: Library, kind: str, languages: Sequence[str] = (), module: str = "") -> dict[str, bytes]:
    return files_of(package_of(library, kind, languages, module))


def write_out(files: dict[str, bytes], folder: Path) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder
