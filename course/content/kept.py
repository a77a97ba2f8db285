"""What was made of a package, kept on the disk between two starts: an unchanged package is not rendered again.

The file is a shortcut and never the truth: it names the content and the code it was made by, and any other file, or a
damaged one, is made anew.
"""

from __future__ import annotations

import hashlib
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from course.content.library import Library

#: What turns texts into pages and into words: other people's code, and ours.
_LIBRARIES = ("markdown-it-py", "pyphen", "snowballstemmer")
_CODE = (Path(__file__).parent, Path(__file__).parent.parent / "domain")

Kept = TypeVar("Kept")


def kept_library(file: Path, content: str) -> Library | None:
    """The library in the file, when it was made of this content by this code."""
    return kept(file, content, TypeAdapter(Library))


def keep_library(file: Path, library: Library) -> None:
    """Write the library for the next start."""
    keep(file, library.hash, library, TypeAdapter(Library))


def kept(file: Path, content: str, kind: TypeAdapter[Kept]) -> Kept | None:
    """What is in the file, when it was made of this content by this code."""
    try:
        head, _, body = file.read_bytes().partition(b"\n")
        if head.decode() != _head(content):
            return None
        return kind.validate_json(body)
    except (OSError, UnicodeDecodeError, ValidationError):
        return None


def keep(file: Path, content: str, made: Kept, kind: TypeAdapter[Kept]) -> None:
    """Write the file in one step. A folder that cannot be written to only costs the next start its shortcut."""
    body = kind.dump_json(made)
    new = None
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, prefix=file.name, delete=False) as opened:
            new = Path(opened.name)
            opened.write(_head(content).encode() + b"\n" + body)
        new.replace(file)
    except OSError:
        if new is not None:
            new.unlink(missing_ok=True)


def _head(content: str) -> str:
    """What the library depends on: the texts, and everything that turns texts into pages."""
    code = hashlib.sha256(" ".join(version(name) for name in _LIBRARIES).encode())
    for folder in _CODE:
        for path in sorted(path for path in folder.rglob("*") if path.suffix in (".py", ".dic")):
            code.update(path.read_bytes())
    return f"{content} {code.hexdigest()}"
