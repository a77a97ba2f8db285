"""Pre-test: what is asked before the course and after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from course.content.check.registry import Checked, Fault, rule
from course.content.package import SPINE
from course.domain.gain import pairs_in


@rule("pre-test-module", essential=True)
def pre_test_modules(checked: Checked) -> Iterator[Fault]:
    """The pre-test draws from modules of the spine that have a quiz, from each once."""
    wanted = checked.package.spine.pre_test
    quizzes = {module.id for module in checked.package.spine.modules if module.quiz}
    for name, times in Counter(wanted.modules if wanted else ()).items():
        line = checked.line(SPINE, "pre_test", "modules", name)
        if name not in quizzes:
            yield Fault(SPINE, line, f"There is no module {name} with a quiz.", "Correct the id, or take it out.")
        elif times > 1:
            yield Fault(SPINE, line, f"The pre-test names {name} twice.", "Take one of the two out.")


@rule("pre-test-pairs")
def pre_test_pairs(checked: Checked) -> Iterator[Fault]:
    """Every question of the pre-test has a parallel one: of the same module, topic and kind, and quick to answer."""
    package = checked.package
    wanted = package.spine.pre_test
    if wanted is None:
        return
    pairs = {
        module.id: pairs_in((one.objective, one.kind, one.situation) for one in quiz.questions)
        for module, quiz in package.quizzes_in_use()
        if module.id in wanted.modules
    }
    line = checked.line(SPINE, "pre_test", "questions")
    for name, count in pairs.items():
        if not count:
            what = f"No two questions of {name} are parallel, so the pre-test asks nothing of it."
            yield Fault(SPINE, line, what, "Write a question like one that is there, or take the module out.")
    found = sum(pairs.values())
    if found < wanted.questions:
        what = f"The banks have {found} pairs of parallel questions, and the pre-test wants {wanted.questions}."
        yield Fault(SPINE, line, what, "Name more modules, or ask fewer questions.")
