"""The course as packages for learning platforms: made when somebody asks for one on the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from course.content.library import Library
from course.exports.packages.package import Kind, Order, Packed, Packer, Told

ALL = "all"


class PackageMaker:
    """Makes SCORM and cmi5 packages of a course, or of one module of it."""

    def __init__(self, library: Library, static: Path, say: Callable[..., str], exit_url: str) -> None:
        self._library = library
        self._packer = Packer(library, static, say, exit_url)

    def make(self, kind: str, *, language: str, module_id: str, told: Told) -> Packed:
        """The package; raises NotThere for a module that is not there, StateTooLong. `language` may be "all"."""
        modules = [self._library.module(module_id)] if module_id else self._library.modules
        languages = self._library.languages if language == ALL else (language,)
        return self._packer.pack(Order(Kind(kind), tuple(modules), languages), told)
