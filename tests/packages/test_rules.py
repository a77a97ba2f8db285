"""The runtime of the packages draws, marks and walks as the site does; it is asked in node, the site in Python."""

from __future__ import annotations

from random import Random
from typing import Any

from course.content.library import Library
from course.domain.errors import UnknownOption
from course.domain.quiz import Question, draw, mark, shuffled_options
from tests.packages.in_node import ask, key_for
from tests.packages.scripts import some_answer


def test_the_same_seed_and_history_give_the_same_questions_in_the_same_order(real_library: Library) -> None:
    chance = Random(1)
    asked: list[dict[str, Any]] = []
    wanted = []
    for number in range(600):
        module = real_library.modules[number % len(real_library.modules)]
        quiz = real_library.quiz(module.id)
        seed = chance.choice([number, chance.randrange(2**31)])
        seen = {one.id: chance.randrange(3) for one in quiz.questions if chance.random() < 0.6}
        asked.append({"module": module.id, "seed": seed, "seen": seen})
        drawn = draw(quiz.questions, size=quiz.draw, seed=seed, times_seen=seen)
        options = [list(shuffled_options(one, seed=seed)) for one in drawn]
        wanted.append({"ids": [one.id for one in drawn], "options": options})
    assert ask("draws", key=key_for(real_library), asked=asked) == wanted


def test_every_answer_is_read_and_marked_alike(real_library: Library) -> None:
    chance = Random(2)
    given: list[dict[str, Any]] = []
    wanted = []
    for module in real_library.modules:
        for question in real_library.quiz(module.id).questions:
            for _ in range(12):
                chosen = list(question.correct if chance.random() < 0.2 else some_answer(question, chance))
                given.append({"module": module.id, "question": question.id, "chosen": chosen})
                wanted.append(marked(question, chosen))
    assert ask("answers", key=key_for(real_library), given=given) == wanted
    assert None in wanted and {one["right"] for one in wanted if one} == {True, False}
    assert any(0 < one["earned"] < one["of"] for one in wanted if one)


def test_whole_attempts_are_marked_alike_also_when_they_just_pass(real_library: Library) -> None:
    chance = Random(4)
    attempts, wanted = [], []
    for number in range(1500):
        module = real_library.modules[number % len(real_library.modules)]
        asked = chance.sample(real_library.quiz(module.id).questions, 1 + number % 8)
        # Right, not at all, or half right: so that many results are whole numbers.
        given = [chance.choice([one.correct, (), one.correct[:1]]) for one in asked]
        answers = {one.id: one.normal(chosen) for one, chosen in zip(asked, given, strict=True)}
        percent = mark(asked, answers, pass_mark=80).percent
        for pass_mark in (percent, percent + 1):
            result = mark(asked, answers, pass_mark=pass_mark)
            ids = [one.id for one in asked]
            attempts.append({"module": module.id, "ids": ids, "answers": given, "passMark": pass_mark})
            wanted.append({"percent": result.percent, "passed": result.passed})
    assert ask("marks", key=key_for(real_library), attempts=attempts) == wanted


def marked(question: Question, chosen: list[str]) -> dict[str, Any] | None:
    try:
        answer = question.normal(chosen)
    except UnknownOption:
        return None
    points = question.points(answer)
    # The runtime counts in parts of the question; here the fraction is reduced.
    parts = len(question.correct) if answer and question.kind.value in ("several", "order", "match") else 1
    return {
        "answer": list(answer),
        "complete": question.is_complete(answer),
        "earned": int(points * parts),
        "of": parts,
        "right": question.is_right(answer),
    }


def test_every_way_through_every_case_ends_where_it_ends_on_the_site(real_library: Library) -> None:
    chance = Random(3)
    paths, wanted = [], []
    for case in real_library.practice.cases.values():
        for _ in range(20):
            walk = case.graph.walk()
            for _ in range(chance.randrange(9)):
                if not walk.ended:
                    walk = case.graph.after(walk, chance.choice(walk.node.choices).id)
            path = [*walk.path, *chance.choice([[], ["no-such=choice"]])]
            paths.append([case.id, path])
            wanted.append({"path": list(walk.path), "node": walk.node.id, "ended": walk.ended})
    assert ask("walks", key=key_for(real_library), paths=paths) == wanted
