"""A question as an attempt showed it: a plain body that can be kept for ever, named by its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from course.content.library import Library, OptionWords, QuestionWords, Quiz
from course.domain.quiz import Kind, Question


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """The question with its words in every language."""

    question: Question
    words: Mapping[str, QuestionWords]


def body_of(quiz: Quiz, question: Question) -> dict[str, Any]:
    """Plain values for JSON: all that is needed to show and to mark the question again years later."""
    return {
        "id": question.id,
        "kind": question.kind.value,
        "objective": question.objective,
        "section": question.section,
        "options": list(question.options),
        "correct": list(question.correct),
        "targets": list(question.targets),
        "situation": question.situation,
        "option_sections": dict(question.option_sections),
        "words": {
            language: {
                "ask": words[question.id].ask,
                "options": {name: [option.text, option.why] for name, option in words[question.id].options.items()},
                "targets": dict(words[question.id].targets),
            }
            for language, words in quiz.words.items()
        },
    }


def hash_of(body: Mapping[str, Any]) -> str:
    """32 hex digits."""
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def from_body(body: Mapping[str, Any]) -> ShownQuestion:
    question = Question(
        id=body["id"],
        kind=Kind(body["kind"]),
        objective=body["objective"],
        section=body["section"],
        options=tuple(body["options"]),
        correct=tuple(body["correct"]),
        targets=tuple(body["targets"]),
        situation=body["situation"],
        option_sections=body["option_sections"],
    )
    words = {
        language: QuestionWords(
            ask=said["ask"],
            options={name: OptionWords(text, why) for name, (text, why) in said["options"].items()},
            targets=said["targets"],
        )
        for language, said in body["words"].items()
    }
    return ShownQuestion(question, words)


class QuestionVersions:
    """The questions of a library by the hash of their body: what new attempts show, found without the database."""

    def __init__(self, library: Library) -> None:
        self.bodies: dict[str, dict[str, Any]] = {}
        self.shown: dict[str, ShownQuestion] = {}
        #: (module id, question id) -> hash
        self.current: dict[tuple[str, str], str] = {}
        for module in library.modules:
            if module.quiz is None:
                continue
            for question in module.quiz.questions:
                body = body_of(module.quiz, question)
                name = hash_of(body)
                self.bodies[name] = body
                self.shown[name] = from_body(body)
                self.current[module.id, question.id] = name
