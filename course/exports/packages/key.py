"""What is the same in every language: modules, lessons, the keys of the quizzes, the cases. The runtime works by it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from course.content.library import Library, Module, Quiz
from course.content.practice import Case
from course.domain.quiz import Question
from course.exports.packages.codes import codes_of, shape_of


def key_of(library: Library, modules: Sequence[Module], languages: Sequence[str]) -> dict[str, Any]:
    """The key of a package with these modules. Cases rest on the whole course, so they go with the whole of it."""
    whole = len(modules) == len(library.modules)
    first_track = library.tracks[0].module_ids
    lessons = codes_of(lesson for module in modules for lesson in module.lesson_ids)
    module_codes = codes_of(module.id for module in modules)
    cases = library.practice.cases if whole else {}
    case_codes = codes_of(cases)
    return {
        "id": library.id if whole else f"{library.id}/{modules[0].id}",
        "edition": library.edition,
        "languages": list(languages),
        "passMark": library.pass_mark,
        # The course is done when the modules of its first track are; one module outside of it counts by itself.
        "counted": [module.id for module in modules if module.id in first_track] or [module.id for module in modules],
        "modules": [
            {
                "id": module.id,
                "code": module_codes[module.id],
                "number": module.number,
                "minutes": module.minutes,
                "requires": list(module.requires),
                "lessons": [{"id": lesson, "code": lessons[lesson]} for lesson in module.lesson_ids],
                "quiz": _quiz(library.quiz(module.id)),
            }
            for module in modules
        ],
        "cases": [_case(case, case_codes[case.id]) for case in cases.values()],
    }


def _quiz(quiz: Quiz) -> dict[str, Any]:
    codes = codes_of(question.id for question in quiz.questions)
    return {"draw": quiz.draw, "questions": [_question(one, codes[one.id]) for one in quiz.questions]}


def _question(question: Question, code: str) -> dict[str, Any]:
    return {
        "id": question.id,
        "code": code,
        "shape": shape_of(question.kind.value, sorted(question.options), sorted(question.targets)),
        "kind": question.kind.value,
        "objective": question.objective,
        "section": question.section,
        "options": list(question.options),
        "correct": list(question.correct),
        "targets": list(question.targets),
        "sections": dict(question.option_sections),
    }


def _case(case: Case, code: str) -> dict[str, Any]:
    nodes = [
        {
            "id": node.id,
            "end": node.end.value if node.end else "",
            "section": node.section,
            "choices": [
                {"id": choice.id, "to": choice.to, "section": choice.section, "harm": choice.harm.value}
                for choice in node.choices
            ],
        }
        for node in case.graph.nodes
    ]
    ways = [[node.id, [[choice.id, choice.to] for choice in node.choices]] for node in case.graph.nodes]
    return {"id": case.id, "code": code, "shape": shape_of(ways), "nodes": nodes}
