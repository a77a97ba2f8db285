"""Words of questions: complete in every language, fair to the one who answers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from course.content import schema
from course.content.check.parity import word_faults
from course.content.check.registry import Checked, Fault, rule
from course.content.findings import Level
from course.domain.quiz import Kind

#: Options that are about others: they reward the one who reads two.
ALL_OF_THE_ABOVE = {
    "fi": re.compile(
        r"\b(kaikki (edellä|yllä|edelli|nämä)|ei mikään (edelli|näistä)|mikään (edellisistä|näistä))", re.IGNORECASE
    ),
    "sv": re.compile(
        r"\b(alla (de )?(ovan|föregående|dessa)|inget (av|ovan)|ingen av (ovan|dessa)|samtliga ovan)", re.IGNORECASE
    ),
    "en": re.compile(r"\b(all|none|both|any) of (the above|these|them)\b", re.IGNORECASE),
}
#: A negation behind a comma belongs to another clause: "When do you act at once, even if there is no consent?"
NEGATIVE_STEM = {
    "fi": re.compile(
        r"\b(mikä|mitkä|mitä|mistä|kuka|ketkä|kenen|milloin)\b[^,.?!]*\b(ei|eivät|et|emme)\b[^.?!]*\?", re.IGNORECASE
    ),
    "sv": re.compile(r"\b(vad|vilket|vilken|vilka|vem|när)\b[^,.?!]*\b(inte|aldrig|utom)\b[^.?!]*\?", re.IGNORECASE),
    "en": re.compile(r"\b(what|which|who|when)\b[^,.?!]*(\bnot\b|\bnever\b|\bexcept\b|n't\b)[^.?!]*\?", re.IGNORECASE),
}
#: The longest option may have this many times the letters of the shortest, and this many letters more.
LENGTH_TIMES = 2.5
LENGTH_MORE = 40
#: In a fair bank the right option is the longest one about every third time.
LONGEST_SHARE = 0.6
LONGEST_LEAST = 5


def _quizzes(checked: Checked) -> Iterator[tuple[str, str, schema.QuizKey, schema.QuizWords]]:
    """(path, language, key, words) of every quiz in every language."""
    for module, key in checked.package.quizzes_in_use():
        quiz_id = module.quiz or ""
        for language, quizzes in checked.package.quiz_words.items():
            if quiz_id in quizzes:
                yield f"quizzes/{language}/{quiz_id}.yaml", language, key, quizzes[quiz_id]


def _asked(
    checked: Checked,
) -> Iterator[tuple[str, str, schema.QuestionKey, schema.QuestionText]]:
    """(path, language, key, words) of every question in every language."""
    for path, language, key, words in _quizzes(checked):
        for question in key.questions:
            if question.id in words.questions:
                yield path, language, question, words.questions[question.id]


@rule("question-words", essential=True)
def question_words(checked: Checked) -> Iterator[Fault]:
    """Every question, option and target has words in every language, and no others have."""
    for path, _, key, words in _quizzes(checked):
        yield from word_faults(
            checked, path, ("questions",), "question", [one.id for one in key.questions], words.questions
        )
    for path, _, question, text in _asked(checked):
        at = ("questions", question.id)
        yield from word_faults(checked, path, (*at, "options"), "option", question.options, text.options)
        yield from word_faults(checked, path, (*at, "targets"), "target", question.targets, text.targets)


@rule("option-why")
def option_reasons(checked: Checked) -> Iterator[Fault]:
    """Every option says why it is right or wrong."""
    for path, _, question, text in _asked(checked):
        for option, words in text.options.items():
            if not words.why.strip():
                line = checked.line(path, "questions", question.id, "options", option)
                yield Fault(path, line, f"{option} has no reason.", "Add why: in one or two sentences.")


@rule("all-of-the-above")
def all_of_the_above(checked: Checked) -> Iterator[Fault]:
    """No option is about the other options."""
    for path, language, question, text in _asked(checked):
        form = ALL_OF_THE_ABOVE.get(language, ALL_OF_THE_ABOVE["en"])
        for option, words in text.options.items():
            if form.search(words.text):
                line = checked.line(path, "questions", question.id, "options", option)
                fix = "Write an option that stands alone, or make the question kind: several."
                yield Fault(path, line, f"{option} is about the other options.", fix)


@rule("negative-stem", Level.WARNING)
def negative_stems(checked: Checked) -> Iterator[Fault]:
    """A question asks for what is so, not for what is not."""
    for path, language, question, text in _asked(checked):
        if NEGATIVE_STEM.get(language, NEGATIVE_STEM["en"]).search(text.ask):
            line = checked.line(path, "questions", question.id, "ask")
            yield Fault(path, line, f"{question.id} asks for what is not so.", "Turn the question round.")


@rule("option-lengths", Level.WARNING)
def option_lengths(checked: Checked) -> Iterator[Fault]:
    """The options of a question are of like length."""
    for path, _, question, text in _asked(checked):
        lengths = [len(words.text) for words in text.options.values()]
        shortest, longest = min(lengths, default=0), max(lengths, default=0)
        if longest > LENGTH_TIMES * shortest and longest - shortest > LENGTH_MORE:
            line = checked.line(path, "questions", question.id, "options")
            what = f"The options of {question.id} have from {shortest} to {longest} characters."
            yield Fault(path, line, what, "Shorten the longest, or give the shortest its reason.")


@rule("right-is-longest", Level.WARNING)
def right_is_longest(checked: Checked) -> Iterator[Fault]:
    """The right option is not mostly the longest one."""
    for path, _, key, words in _quizzes(checked):
        single = [
            question for question in key.questions if question.kind is Kind.ONE and question.id in words.questions
        ]
        longest = sum(_is_longest(question, words.questions[question.id]) for question in single)
        if len(single) >= LONGEST_LEAST and longest > LONGEST_SHARE * len(single):
            what = f"The right option is the longest in {longest} of {len(single)} questions."
            yield Fault(path, checked.line(path, "questions"), what, "Shorten right options, or lengthen wrong ones.")


def _is_longest(question: schema.QuestionKey, text: schema.QuestionText) -> bool:
    right = [len(words.text) for option, words in text.options.items() if option in question.correct]
    wrong = [len(words.text) for option, words in text.options.items() if option not in question.correct]
    return bool(right and wrong) and max(right) > max(wrong)


@rule("same-words", Level.WARNING)
def same_words(checked: Checked) -> Iterator[Fault]:
    """No two questions of a bank ask the same, and no two options of a question read the same."""
    for path, _, question, text in _asked(checked):
        seen: dict[str, str] = {}
        for option, words in text.options.items():
            first = seen.setdefault(_plain(words.text), option)
            if first != option:
                line = checked.line(path, "questions", question.id, "options", option)
                yield Fault(path, line, f"{option} reads like {first}.", "Let every option say its own thing.")
    for path, _, _, quiz in _quizzes(checked):
        asked: dict[str, str] = {}
        for question_id, words_of in quiz.questions.items():
            first = asked.setdefault(_plain(words_of.ask), question_id)
            if first != question_id:
                line = checked.line(path, "questions", question_id, "ask")
                yield Fault(path, line, f"{question_id} asks the same as {first}.", "Ask something else, or drop one.")


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
