"""Keys: what a question asks for, and which of its options are right."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from course.content import schema
from course.content.check.registry import Checked, Fault, rule
from course.content.findings import Level
from course.domain.quiz import Kind

#: A bank holds this many times the questions of one attempt, so that a second attempt is a new one.
BANK_TIMES = 3
#: Words that give the answer away when an option's id begins with them, or is them and one word more ...
TELLING = frozenset(
    ("correct", "incorrect", "wrong", "false", "oikein", "vaarin", "vaara", "fel", "korrekt", "distractor")
)
#: ... and those that do so only when they stand alone: "right" is also what a victim has.
TELLING_ALONE = frozenset(("right", "true", "oikea", "ratt", "key", "answer", "right-answer", "right-one", "true-one"))


def _tells(option: str) -> bool:
    words = option.split("-")
    return option in TELLING_ALONE or words[0] in TELLING or (len(words) == 2 and words[1] in TELLING)


def _questions(checked: Checked) -> Iterator[tuple[str, schema.SpineModule, schema.QuestionKey]]:
    """(path, module, question) of every question."""
    for module, quiz in checked.package.quizzes_in_use():
        path = f"quizzes/{module.quiz}.yaml"
        for question in quiz.questions:
            yield path, module, question


#: What a question is read for.
REVIEWS = ("facts", "language")


@rule("question-objective")
def question_objectives(checked: Checked) -> Iterator[Fault]:
    """A question belongs to an objective of its module."""
    for path, module, question in _questions(checked):
        if question.objective not in module.objectives:
            line = checked.line(path, "questions", question.id, "objective")
            what = f"{module.id} has no objective {question.objective}."
            yield Fault(path, line, what, f"Use one of {', '.join(module.objectives)}.")


@rule("question-section", essential=True)
def question_sections(checked: Checked) -> Iterator[Fault]:
    """A question, and each of its options, rests on a section that is there."""
    pages = checked.rendered.lessons.get(checked.package.spine.source_language, {})
    known = {section.name for page in pages.values() for section in page.sections}
    for path, _, question in _questions(checked):
        at = partial(checked.line, path, "questions", question.id)
        if question.section not in known:
            yield _unknown_section(path, at("section"), question.section)
        for option, section in question.sections.items():
            if section not in known:
                yield _unknown_section(path, at("sections", option), section)
            if option not in question.options:
                what = f"{option} is not an option of {question.id}."
                yield Fault(path, at("sections", option), what, "Correct the option's id.")


def _unknown_section(path: str, line: int, section: str) -> Fault:
    return Fault(path, line, f"There is no section {section}.", "Use the id of a heading: ## … {#id}.")


@rule("objective-not-asked", Level.WARNING)
def objectives_not_asked(checked: Checked) -> Iterator[Fault]:
    """Every objective of a module is asked for in its quiz."""
    for module, quiz in checked.package.quizzes_in_use():
        asked = {question.objective for question in quiz.questions}
        for objective in module.objectives:
            if objective not in asked:
                path = f"quizzes/{module.quiz}.yaml"
                yield Fault(
                    path, checked.line(path, "questions"), f"Nothing asks for {objective}.", "Write a question on it."
                )


@rule("key-not-an-option", essential=True)
def keys_among_options(checked: Checked) -> Iterator[Fault]:
    """What is right is among the options, and among the targets of a match question."""
    for path, _, question in _questions(checked):
        unknown = [(name, "option") for name in question.correct if name not in question.options]
        if isinstance(question.correct, dict):
            unknown += [(name, "target") for name in question.correct.values() if name not in question.targets]
        for name, kind in unknown:
            line = checked.line(path, "questions", question.id, "correct")
            yield Fault(path, line, f"{name} is not one of the {kind}s of {question.id}.", f"Use an id of its {kind}s.")


@rule("key-size", essential=True)
def key_sizes(checked: Checked) -> Iterator[Fault]:
    """The key suits its kind: one right option, several but not all, all of them in order, or a pair for each."""
    for path, _, question in _questions(checked):
        wrong = _wrong_size(question)
        if wrong:
            yield Fault(path, checked.line(path, "questions", question.id, "correct"), *wrong)
        for key, names in (("options", question.options), ("targets", question.targets), ("correct", question.correct)):
            for name in sorted({name for name in names if list(names).count(name) > 1}):
                line = checked.line(path, "questions", question.id, key)
                yield Fault(path, line, f"{name} stands twice in {question.id}.", "Name every option once.")


def _wrong_size(question: schema.QuestionKey) -> tuple[str, str] | None:
    """(what, fix) when the key does not suit the kind."""
    right, options = len(question.correct), len(question.options)
    if question.kind is Kind.MATCH:
        if isinstance(question.correct, dict) and set(question.correct) == set(question.options):
            return None
        return f"{question.id} does not match every option.", "Write correct as {option: target, …} for all options."
    if isinstance(question.correct, dict) or question.targets:
        return f"{question.id} has pairs, and is not a match question.", "Make it kind: match, or drop the pairs."
    if question.kind is Kind.ORDER and right != options:
        return f"{question.id} orders {right} of {options} options.", "List all options in correct, in the right order."
    if question.kind is Kind.SEVERAL and not 1 < right < options:
        what = f"{question.id} has {right} right options of {options}."
        return what, "Have at least two right and one wrong, or make it kind: one."
    if question.kind in (Kind.ONE, Kind.TRUE_FALSE) and right != 1:
        return f"{question.id} has {right} right options.", "Have exactly one, or make it kind: several."
    return None


@rule("true-false-options")
def true_false_options(checked: Checked) -> Iterator[Fault]:
    """A true-false question has the options yes and no, in that order."""
    for path, _, question in _questions(checked):
        if question.kind is Kind.TRUE_FALSE and question.options != ["yes", "no"]:
            line = checked.line(path, "questions", question.id, "options")
            yield Fault(
                path, line, f"{question.id} has other options than yes and no.", 'Write options: ["yes", "no"].'
            )


@rule("option-id-telling")
def telling_option_ids(checked: Checked) -> Iterator[Fault]:
    """The id of an option does not say whether it is right: the browser sees it."""
    for path, _, question in _questions(checked):
        for option in question.options:
            if _tells(option):
                line = checked.line(path, "questions", question.id, "options", option)
                yield Fault(path, line, f"The id {option} gives the answer away.", "Name the option by what it says.")


@rule("bank-small")
def small_banks(checked: Checked) -> Iterator[Fault]:
    """A bank holds at least three times as many questions as one attempt draws."""
    for module, quiz in checked.package.quizzes_in_use():
        have, need = len(quiz.questions), BANK_TIMES * quiz.draw
        if have < need:
            path = f"quizzes/{module.quiz}.yaml"
            fix = f"Write {need - have} more, or draw {have // BANK_TIMES}."
            yield Fault(
                path, checked.line(path, "draw"), f"The bank has {have} questions for a draw of {quiz.draw}.", fix
            )


@rule("few-situations", Level.WARNING)
def few_situations(checked: Checked) -> Iterator[Fault]:
    """At least a third of a bank asks what to do in a case."""
    for module, quiz in checked.package.quizzes_in_use():
        cases = sum(question.situation for question in quiz.questions)
        if 3 * cases < len(quiz.questions):
            path = f"quizzes/{module.quiz}.yaml"
            what = f"{cases} of {len(quiz.questions)} questions are situations."
            yield Fault(
                path, checked.line(path, "questions"), what, "Turn some into cases, and mark them situation: true."
            )


@rule("unreviewed", Level.WARNING)
def unreviewed(checked: Checked) -> Iterator[Fault]:
    """Every question was read twice, once for its facts and once for its language, and says when."""
    for path, _, question in _questions(checked):
        missing = [kind for kind in REVIEWS if kind not in question.reviewed]
        if missing:
            what = f"{question.id} has no review of its {' and '.join(missing)}."
            fix = "Have it read, then write `reviewed: {facts: DATE, language: DATE}`."
            yield Fault(path, checked.line(path, "questions", question.id), what, fix)
