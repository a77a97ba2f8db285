"""Structure: ids, and how modules, lessons and tracks hang together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from course.content import schema
from course.content.check.registry import Checked, Fault, rule
from course.content.findings import Level
from course.content.folders import certificate_folder
from course.content.package import (
    CONTACTS,
    GLOSSARY,
    NETWORKS,
    ORGANISATIONS,
    PROFESSIONS,
    RELEASED,
    SOURCES,
    SPINE,
    Package,
    case_path,
)
from course.content.reading import reading_minutes

ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
#: What makes a folder a certificate template.
TEMPLATE_SETTINGS = "certificate.yaml"
#: What one question takes, with the reading of its reasons.
QUESTION_MINUTES = 1
#: How far the minutes of a module may be from what its words take.
MINUTES_BAND = (0.6, 1.6)
MINUTES_APART = 10

#: (kind, id, path, what tells the line): looking a line up costs more than reading the file, and few are asked for.
Named = tuple[str, str, str, Callable[[], int]]


def named(checked: Checked) -> Iterator[Named]:
    """Everything that has an id, where it is given."""
    yield from _named_in_spine(checked)
    package = checked.package
    for lesson in package.lessons.get(package.spine.source_language, {}).values():
        yield "lesson", lesson.front.id, lesson.path, partial(lesson.head.line, "id")
        for section in checked.rendered.lessons[lesson.language][lesson.front.id].sections:
            yield "section", section.name, lesson.path, partial(int, lesson.above + section.line)
    for quiz_id, quiz in package.quizzes.items():
        path = f"quizzes/{quiz_id}.yaml"
        for place, question in enumerate(quiz.questions):
            at = partial(checked.line, path, "questions", place)
            yield "question", question.id, path, at
            for option in [*question.options, *question.targets]:
                yield "option", option, path, partial(at, "options", option)
    yield from _named_in_cases(checked)
    for path, entries in ((SOURCES, package.sources), (CONTACTS, package.contacts), (GLOSSARY, package.terms)):
        for entry_id in entries:
            yield "entry", entry_id, path, partial(checked.line, path, entry_id)
    for kind, path, groups in groups_of(package):
        for place, group_id in enumerate(groups):
            yield kind, group_id, path, partial(checked.line, path, place)


def _named_in_cases(checked: Checked) -> Iterator[Named]:
    for case_id, case in checked.package.cases.items():
        path = case_path(case_id)
        yield "case", case_id, path, partial(int, 1)
        for place, node in enumerate(case.nodes):
            at = partial(checked.line, path, "nodes", place)
            # A node's id is its own within the case, a choice's within its node.
            for name in (node.id, *(choice.id for choice in node.choices)):
                yield "option", name, path, at


def groups_of(package: Package) -> tuple[tuple[str, str, dict[str, schema.GroupEntry]], ...]:
    """(kind, path, entries) of the registers of where learners belong."""
    return (
        ("network", NETWORKS, package.networks),
        ("organisation", ORGANISATIONS, package.organisations),
        ("profession", PROFESSIONS, package.professions),
    )


def _named_in_spine(checked: Checked) -> Iterator[Named]:
    for place, module in enumerate(checked.package.spine.modules):
        at = partial(checked.line, SPINE, "modules", place)
        yield "module", module.id, SPINE, at
        for objective in module.objectives:
            yield "objective", objective, SPINE, partial(at, "objectives", objective)
    for place, track in enumerate(checked.package.spine.tracks):
        yield "track", track.id, SPINE, partial(checked.line, SPINE, "tracks", place)


@rule("id-form", essential=True)
def id_form(checked: Checked) -> Iterator[Fault]:
    """Ids are lower-case ASCII words with hyphens between them."""
    for kind, name, path, line in named(checked):
        if not ID.fullmatch(name):
            what = f"The {kind} id {name} is not a-z, 0-9 and single hyphens."
            yield Fault(path, line(), what, "Give it a plain id.")


@rule("id-repeated", essential=True)
def repeated_ids(checked: Checked) -> Iterator[Fault]:
    """An id stands for one thing of its kind in the whole package."""
    seen: dict[tuple[str, str], str] = {}
    for kind, name, path, line in named(checked):
        if kind in ("option", "entry"):
            continue
        if (kind, name) in seen:
            what = f"The {kind} id {name} is taken by another in {seen[kind, name]}."
            yield Fault(path, line(), what, "Give one of the two a new id.")
        seen.setdefault((kind, name), path)
    for name, path, place in checked.package.repeated:
        yield Fault(path, place, f"The id {name} is taken by an earlier one.", "Give one of the two a new id.")


@rule("lesson-id", essential=True)
def lesson_ids(checked: Checked) -> Iterator[Fault]:
    """A lesson has the same id in every language."""
    package = checked.package
    originals = package.lessons.get(package.spine.source_language, {}).values()
    ids = {lesson.path: lesson.front.id for lesson in originals}
    for language in package.translations:
        for lesson in package.lessons[language].values():
            original = lesson.path.replace(f"modules/{language}/", f"modules/{package.spine.source_language}/", 1)
            there = ids.get(original, lesson.front.id)
            if there != lesson.front.id:
                what = f"The lesson is {lesson.front.id} here and {there} in {original}."
                yield Fault(lesson.path, lesson.head.line("id"), what, f"Write id: {there}.")


@rule("languages", essential=True)
def languages(checked: Checked) -> Iterator[Fault]:
    """The source language is one of the languages."""
    spine = checked.package.spine
    if spine.source_language not in spine.languages:
        what = f"The source language {spine.source_language} is not among the languages."
        yield Fault(SPINE, checked.line(SPINE, "source_language"), what, "Add it to languages.")


@rule("unknown-module", essential=True)
def unknown_modules(checked: Checked) -> Iterator[Fault]:
    """Tracks and requirements name modules of the spine."""
    spine = checked.package.spine
    known = {module.id for module in spine.modules}
    lists = [("modules", module.id, "requires", module.requires) for module in spine.modules]
    lists += [("tracks", track.id, "modules", track.modules) for track in spine.tracks]
    lists += [("tracks", track.id, "passed_by_attendance", track.passed_by_attendance) for track in spine.tracks]
    for group, owner, key, names in lists:
        for name in names:
            if name not in known:
                line = checked.line(SPINE, group, owner, key, name)
                yield Fault(SPINE, line, f"There is no module {name}.", "Correct the id, or take it out.")


@rule("attendance-module", essential=True)
def attendance_modules(checked: Checked) -> Iterator[Fault]:
    """What attendance passes on a track are modules of that track."""
    for track in checked.package.spine.tracks:
        for name in track.passed_by_attendance:
            if name not in track.modules:
                line = checked.line(SPINE, "tracks", track.id, "passed_by_attendance", name)
                what = f"{name} is no module of the track {track.id}, so a session cannot pass it there."
                yield Fault(SPINE, line, what, "Add it to the track's modules, or take it out here.")


@rule("track-certificate", essential=True)
def track_certificates(checked: Checked) -> Iterator[Fault]:
    """The certificate that a track names is a template: a folder of the package's or the site's certificates/."""
    package = checked.package
    for place, track in enumerate(package.spine.tracks):
        folder = certificate_folder(package.root, track.certificate or "")
        if track.certificate and not (folder / TEMPLATE_SETTINGS).is_file():
            line = checked.line(SPINE, "tracks", place, "certificate")
            said = f"There is no certificate template certificates/{track.certificate}."
            yield Fault(SPINE, line, said, "Name a folder of certificates/, or take the line out.")


@rule("reach-source", essential=True)
def reach_source(checked: Checked) -> Iterator[Fault]:
    """The number of people reached before this site began to count has a source."""
    before = checked.package.spine.reach_before
    if before is not None and before.source not in checked.package.sources:
        line = checked.line(SPINE, "reach_before", "source")
        yield Fault(SPINE, line, f"There is no source {before.source}.", "Use an id of modules/sources.yaml.")


@rule("requires-circle", essential=True)
def requirement_circles(checked: Checked) -> Iterator[Fault]:
    """No module requires itself, not even by way of others."""
    modules = {module.id: module for module in checked.package.spine.modules}
    for module in modules.values():
        if _leads_to(module.id, module, modules):
            line = checked.line(SPINE, "modules", module.id, "requires")
            yield Fault(SPINE, line, f"{module.id} requires itself in the end.", "Take one of the requirements out.")


def _leads_to(goal: str, start: schema.SpineModule, modules: dict[str, schema.SpineModule]) -> bool:
    waiting, seen = list(start.requires), set()
    while waiting:
        name = waiting.pop()
        if name == goal:
            return True
        if name in modules and name not in seen:
            seen.add(name)
            waiting += modules[name].requires
    return False


@rule("minutes-far", Level.WARNING)
def module_minutes(checked: Checked) -> Iterator[Fault]:
    """The minutes of a module are near to what its text and its quiz take."""
    package = checked.package
    source = package.spine.source_language
    for module in package.modules:
        pages = [page for lesson, page in checked.lessons() if lesson.language == source and lesson.module is module]
        quiz = package.quizzes.get(module.quiz or "")
        takes = sum(reading_minutes(page.words, source) for page in pages) + (
            quiz.draw * QUESTION_MINUTES if quiz else 0
        )
        low, high = (module.minutes * share for share in MINUTES_BAND)
        if not low <= takes <= high and abs(takes - module.minutes) > MINUTES_APART:
            line = checked.line(SPINE, "modules", module.id, "minutes")
            yield Fault(
                SPINE, line, f"{module.id} says {module.minutes} minutes and takes about {takes}.", "Correct minutes."
            )


@rule("released-id")
def released_ids(checked: Checked) -> Iterator[Fault]:
    """A released id is in the package or is written down as retired, and a retired one is not used again."""
    text = checked.package.texts.get(RELEASED, "")
    present = {f"{kind} {name}" for kind, name, _, _ in named(checked)}
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        name, retired = " ".join(words[:2]), words[2:] == ["retired"]
        if name in present and retired:
            yield Fault(RELEASED, number, f"{name} is retired and in use.", "Give the new thing an id of its own.")
        elif name not in present and not retired:
            fix = "Bring it back, or write `retired` behind it: records of learners point at it."
            yield Fault(RELEASED, number, f"{name} was released and is gone.", fix)
