"""Files: they are there, they can be read, and they have the form of the format."""

from __future__ import annotations

from collections.abc import Iterator

from course.content.check.registry import Checked, Fault, rule, rules_from_reading
from course.content.evidence import evidence_path
from course.content.findings import Level
from course.content.package import (
    CONTACTS,
    EDITIONS,
    GLOSSARY,
    INDICATORS,
    KEPT_NAMES,
    KEPT_WORDS,
    NETWORKS,
    ORGANISATIONS,
    PROFESSIONS,
    REFERRAL,
    RELEASED,
    SEARCH_WORDS,
    SOURCES,
    SPINE,
    case_path,
    edition_path,
    in_language,
)
from course.content.resting import READ_AGAINST

rules_from_reading(
    __name__,
    {
        "readable": "Every file is UTF-8 text, and every YAML file is YAML.",
        "schema": "Every file has the keys of the format, no others, and values of the right kind.",
        "front-matter": "Every lesson begins with front matter that has an id and a title, and nothing unknown.",
        "file-missing": "Every file that the spine names is there in every language.",
    },
)


@rule("repeated-key")
def repeated_keys(checked: Checked) -> Iterator[Fault]:
    """A key stands once in a mapping; of two, YAML would silently drop the first."""
    files = list(checked.package.yaml_files.values())
    files += [lesson.head for lesson, _ in checked.lessons()]
    for file in files:
        for key, line in file.repeated_keys():
            yield Fault(file.path, line, f"{key} stands here a second time.", "Keep one of the two, or rename one.")


@rule("file-unlisted", Level.WARNING)
def unlisted_files(checked: Checked) -> Iterator[Fault]:
    """Every file is named in the spine; a forgotten one is shown to nobody."""
    package = checked.package
    known = {SPINE, SOURCES, CONTACTS, GLOSSARY, RELEASED, READ_AGAINST, KEPT_NAMES, EDITIONS}
    practice = {REFERRAL, INDICATORS, *map(case_path, package.cases)}
    known |= {NETWORKS, ORGANISATIONS, PROFESSIONS, *practice}
    known |= {evidence_path(module.folder) for module in package.modules}
    for language in package.spine.languages:
        known |= {f"modules/{language}/course.yaml", KEPT_WORDS.format(language), SEARCH_WORDS.format(language)}
        known |= {in_language(path, language) for path in practice}
        known |= {edition_path(one.id, language) for one in package.editions.values() if one.changed}
        for module in package.modules:
            known |= {package.lesson_path(language, module, lesson) for lesson in module.lessons}
        known |= {f"quizzes/{language}/{module.quiz}.yaml" for module in package.modules}
    known |= {f"quizzes/{module.quiz}.yaml" for module in package.modules}
    for path in package.texts:
        if path not in known:
            fix = "Name it in modules/course.yaml (`lessons` or `quiz` of its module), or delete it."
            yield Fault(path, 1, "The spine does not name this file.", fix)
