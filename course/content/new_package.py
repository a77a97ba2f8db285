"""A new content package to begin with: small, complete, and in order by every rule of the check."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

SKELETON = Path(__file__).parent / "skeleton"
#: The words of the skeleton are written in these; a package in another language begins with the English ones.
WRITTEN = ("fi", "sv", "en")
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}\Z")
NEXT_CHECK = timedelta(days=180)
#: What the folders of an installed package stand beside. An import name may not hold hyphens, and meets no other one.
_MODULE = "course_content_{}"
_INIT = '"""The content package {}. Installed, its folders stand beside this file."""\n'


class CannotBegin(Exception):
    """The folder or a name cannot be used; the message says why and what to do."""


def make_package(folder: Path, *, course_id: str, languages: Sequence[str], today: date) -> list[Path]:
    """Write the files of a new package into `folder`, which must be empty or not there. Returns the files.

    The first language is the source language: translations are stamped from it.
    """
    _require(bool(_ID.match(course_id)), "An id is lower-case letters, digits and hyphens: small-handbook.")
    _require(bool(languages), "Name at least one language.")
    _require(all(map(_LANGUAGE.match, languages)), "A language is a code such as et or lv.")
    _require(len(set(languages)) == len(languages), "Name each language once.")
    _require(not folder.exists() or not any(folder.iterdir()), f"{folder} is not empty. Choose a new folder.")
    module = _MODULE.format(course_id.replace("-", "_"))
    fill = {
        "__ID__": course_id,
        "__MODULE__": module,
        "__TODAY__": today.isoformat(),
        "__NEXT__": (today + NEXT_CHECK).isoformat(),
        "__SOURCE__": languages[0],
        "__LANGUAGES__": ", ".join(languages),
    }
    texts = [*_texts(languages), (f"{module}/__init__.py", _INIT.format(course_id))]
    return [_write(folder / name, text, fill) for name, text in texts]


def _require(met: bool, message: str) -> None:
    if not met:
        raise CannotBegin(message)


def _texts(languages: Sequence[str]) -> list[tuple[str, str]]:
    """(path in the package, text): the files of no language, and those of each language asked for."""
    found = []
    for path in sorted(SKELETON.rglob("*")):
        if not path.is_file():
            continue
        top, *rest = path.relative_to(SKELETON).parts
        text = path.read_text(encoding="utf-8")
        if not rest or rest[0] not in WRITTEN:
            found.append(("/".join((top, *rest)), text))
            continue
        inside = "/".join(rest[1:])
        wanted = [one for one in languages if rest[0] == (one if one in WRITTEN else "en")]
        found.extend((f"{top}/{language}/{inside}", text) for language in wanted)
    return found


def _write(path: Path, text: str, fill: dict[str, str]) -> Path:
    for mark, value in fill.items():
        text = text.replace(mark, value)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
