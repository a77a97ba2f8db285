"""Writing into every translation which state of the source text it was made from."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from course.content.files import stamp_of
from course.content.package import Package, read
from course.content.resting import HEAD, READ_AGAINST, current_lines

_CARRIED = re.compile(rb"^translated_from:[^\r\n]*", re.MULTILINE)


def stamp(root: Path, only: Collection[str] | None = None) -> list[str]:
    """Mark the translations as made from the source text as it is now; the paths that changed.

    `only` are paths below the root, for an editor who has compared some of them. Nothing else in a file changes, not
    even its line endings.
    """
    changed = []
    for path, value in _current_stamps(read(root)):
        if only is not None and path not in only:
            continue
        before = (root / path).read_bytes()
        after = _stamped(before, value, is_lesson=path.endswith(".md"))
        if after != before:
            (root / path).write_bytes(after)
            changed.append(path)
    if only is None or READ_AGAINST in only:
        changed += _write_read_against(root)
    return changed


def _write_read_against(root: Path) -> list[str]:
    text = HEAD + "".join(f"{line}\n" for line in current_lines(read(root)))
    file = root / READ_AGAINST
    if file.exists() and file.read_text(encoding="utf-8") == text:
        return []
    file.write_text(text, encoding="utf-8")
    return [READ_AGAINST]


def _current_stamps(package: Package) -> Iterator[tuple[str, str]]:
    """(path of a translation, the stamp of its source text)"""
    for original, translation in package.pairs():
        yield translation.path, original.stamp
    for path, _, text in package.translated_yaml():
        yield path, stamp_of(text)


def _stamped(text: bytes, value: str, *, is_lesson: bool) -> bytes:
    line = f'translated_from: "{value}"'.encode()
    # A lesson's stamp stands in its front matter; below it the same words would be prose.
    end = re.search(rb"^---\s*$", text[4:], re.MULTILINE) if is_lesson else None
    limit = 4 + end.start() if end else len(text)
    found = _CARRIED.search(text, 0, limit)
    if found:
        return text[: found.start()] + line + text[found.end() :]
    newline = b"\r\n" if b"\r\n" in text else b"\n"
    if is_lesson:
        return text[:limit] + line + newline + text[limit:]
    start = 3 if text.startswith(b"\xef\xbb\xbf") else 0
    return text[:start] + line + newline + text[start:]
