"""The list of ids that learners' records may point at: modules/released-ids.txt."""

from __future__ import annotations

from pathlib import Path

from course.content.library import Library
from course.content.package import RELEASED

HEAD = """\
# Every id that was ever released. Records of learners point at them: an id may be retired (write `retired` behind it),
# and is never dropped or used for something else.
"""


def release_ids(root: Path, library: Library) -> list[str]:
    """Add the ids of the library to the list; the lines that are new."""
    file = root / RELEASED
    listed = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    known = {" ".join(line.split()[:2]) for line in listed}
    new = [name for name in _ids(library) if name not in known]
    lines = [line for line in listed if line and not line.startswith("#")] + new
    file.write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return new


def _ids(library: Library) -> list[str]:
    names = []
    for module in library.modules:
        names.append(f"module {module.id}")
        names += [f"objective {objective}" for objective in module.objectives]
        for lesson_id in module.lesson_ids:
            names.append(f"lesson {lesson_id}")
            sections = library.lesson(library.source_language, lesson_id).sections
            names += [f"section {section.id}" for section in sections]
        names += [f"question {question.id}" for question in (module.quiz.questions if module.quiz else ())]
    names += [f"track {track.id}" for track in library.tracks]
    names += [f"case {case_id}" for case_id in library.practice.cases]
    for kind, groups in (
        ("network", library.networks),
        ("organisation", library.organisations),
        ("profession", library.professions),
    ):
        names += [f"{kind} {group_id}" for group_id in groups]
    return names
