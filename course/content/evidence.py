"""What each statement of the course was held against: modules/evidence/, a file for each module.

Whoever checks a statement, or mends it when the law changes, finds here the sources that say it, and the words of acts
and judgments. Nobody who studies is shown them, so the site does not read them: only the check does. They are tied to
the text of the source language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml
from pydantic import Field, RootModel, ValidationError

from course.content.files import YamlFile, read_yaml
from course.content.package import Package
from course.content.schema import Part, Text

FOLDER = "modules/evidence/"

_HEADING = re.compile(r"^## .*\{#([a-z0-9-]+)\}\s*$", re.MULTILINE)


class Ground(Part):
    """A source that says it. The words of acts and judgments are free to repeat; those of others are their own."""

    source: str
    quote: Text | None = None


class Statement(Part):
    """A sentence, a cell or an item of the course as it is typed, and what it was held against."""

    says: Text
    rests_on: list[Ground] = Field(min_length=1)


class EvidenceForm(RootModel[dict[str, list[Statement]]]):
    """modules/evidence/<folder of the module>.yaml: by section, or by lesson for what stands above its sections."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One file, or what is wrong with its form."""

    path: str
    file: YamlFile | None
    statements: dict[str, list[Statement]]
    #: (line, what) of a file that is not in its form.
    fault: tuple[int, str] | None = None


def evidence_path(folder: str) -> str:
    return f"{FOLDER}{folder}.yaml"


def evidence_of(package: Package) -> Iterator[Evidence]:
    """Every file of the folder, in the order of the paths."""
    for path, text in package.texts.items():
        if path.startswith(FOLDER):
            yield _read(path, text)


def _read(path: str, text: str) -> Evidence:
    try:
        file = read_yaml(path, text)
        return Evidence(path, file, EvidenceForm.model_validate(file.data or {}).root)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return Evidence(path, None, {}, (line, f"YAML cannot be read: {error.problem}."))
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        keys = problem["loc"]
        return Evidence(path, file, {}, (file.line(*keys), f"{'.'.join(map(str, keys))}: {problem['msg']}."))


def texts_by_place(package: Package) -> dict[str, str]:
    """Section id, or lesson id for what stands above its sections -> the text as it is typed in the source language."""
    found = {}
    for lesson_id, lesson in package.lessons.get(package.spine.source_language, {}).items():
        headings = list(_HEADING.finditer(lesson.body))
        ends = [heading.start() for heading in headings] + [len(lesson.body)]
        found[lesson_id] = lesson.body[: ends[0]]
        for heading, end in zip(headings, ends[1:], strict=True):
            found[heading[1]] = lesson.body[heading.start() : end]
    return found
