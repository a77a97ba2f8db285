"""Files of the package as text and as data, with the line on which each thing stands."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

#: The folders of the package that hold texts.
FOLDERS = ("modules", "quizzes")
#: The C loader is eight times faster than the Python one; PyYAML's wheels all have it.
LOADER = yaml.CSafeLoader

FRONT_MATTER = re.compile(r"---\n(.*?\n)?---(?:\n|\Z)", re.DOTALL)


def normalised(raw: bytes) -> str:
    """The text whatever the editor saved it with: no byte order mark, line feeds only, one at the end."""
    text = raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    return text.rstrip("\n") + "\n"


def content_files(root: Path) -> dict[str, bytes]:
    """Every text of the package, by its path below the root, in the order of the paths."""
    found = {
        path.relative_to(root).as_posix(): path
        for folder in FOLDERS
        for path in (root / folder).rglob("*")
        if path.suffix in (".yaml", ".md", ".txt") and path.name != "README.md"
    }
    return {name: found[name].read_bytes() for name in sorted(found)}


def hash_of(texts: dict[str, str]) -> str:
    """One hash over all the texts and their names."""
    total = hashlib.sha256()
    for name, text in texts.items():
        total.update(f"{name}\0{len(text)}\0{text}".encode())
    return total.hexdigest()


@dataclass(frozen=True)
class YamlFile:
    """A YAML file: its data, and where in the text each key stands."""

    path: str
    text: str
    data: Any
    #: Lines above the text when it is the head of a lesson.
    above: int = 0

    @cached_property
    def _root(self) -> yaml.Node | None:
        return yaml.compose(self.text, Loader=LOADER)

    def line(self, *keys: str | int) -> int:
        """The line of a key; of the nearest thing around it when there is no such key.

        In a list, a word stands for the entry with that id or that value.
        """
        node, line = self._root, 1
        for key in keys:
            step = _step(node, key)
            if step is None:
                break
            node, line = step
        return line + self.above

    def repeated_keys(self) -> Iterator[tuple[str, int]]:
        """Keys that stand twice in the same mapping. YAML readers silently keep the last one."""
        waiting = [self._root] if self._root else []
        while waiting:
            node = waiting.pop()
            if isinstance(node, yaml.SequenceNode):
                waiting += node.value
            elif isinstance(node, yaml.MappingNode):
                seen: set[str] = set()
                for key, value in node.value:
                    if key.value in seen:
                        yield key.value, key.start_mark.line + 1 + self.above
                    seen.add(key.value)
                    waiting.append(value)


def _step(node: yaml.Node | None, key: str | int) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key_node, value in node.value:
            if key_node.value == key:
                return value, key_node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for place, entry in enumerate(node.value):
            if place == key or _names(entry, key):
                return entry, entry.start_mark.line + 1
    return None


def _names(entry: yaml.Node, key: str | int) -> bool:
    if isinstance(entry, yaml.MappingNode):
        return any(name.value == "id" and value.value == key for name, value in entry.value)
    return bool(entry.value == key)


def read_yaml(path: str, text: str, *, above: int = 0) -> YamlFile:
    """Read a YAML text; raises yaml.YAMLError."""
    return YamlFile(path, text, yaml.load(text, Loader=LOADER), above)  # noqa: S506 - a safe loader


def split_lesson(text: str) -> tuple[str, str, int] | None:
    """(front matter, body, lines above the body) of a lesson; None when it has no front matter."""
    head = FRONT_MATTER.match(text)
    if head is None:
        return None
    return head[1] or "", text[head.end() :], text.count("\n", 0, head.end())


def stamp_of(*texts: str) -> str:
    """The mark that a translation carries of the text it was made from."""
    return hashlib.sha256("\n".join(text.strip() for text in texts).encode()).hexdigest()[:12]
