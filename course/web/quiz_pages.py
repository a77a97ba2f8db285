"""An attempt becomes what the parts of its pages are given. Only the review, after handing in, knows what was right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from course.content.formats import short_date
from course.content.library import QuestionWords
from course.content.plain import plain
from course.domain.quiz import GAP, Answer, Kind, Question
from course.services.attempts import AskedQuestion, AttemptView
from course.storage.learning import StoredAttempt
from course.web.pages import (
    AttemptRow,
    Conflict,
    Link,
    OptionView,
    QuestionView,
    ReviewedOption,
    ReviewedQuestion,
)
from course.web.presenting import Presenter


@dataclass(frozen=True, slots=True)
class QuizPresenter:
    presenter: Presenter

    def words(self, asked: AskedQuestion) -> QuestionWords:
        """In the reader's language, or in the first that the question had when it was asked."""
        words = asked.shown.words
        return words.get(self.presenter.language) or next(iter(words.values()))

    def attempt_row(self, module_id: str, attempt: StoredAttempt) -> AttemptRow:
        return AttemptRow(
            number=str(attempt.number),
            percent=str(attempt.percent or 0),
            passed=bool(attempt.passed),
            date=self.day_of(attempt),
            url=self.attempt_url(module_id, str(attempt.number)),
        )

    def day_of(self, attempt: StoredAttempt) -> str:
        """When it was handed in."""
        assert attempt.submitted_at is not None
        return short_date(attempt.submitted_at, self.presenter.language)

    def attempt_url(self, module_id: str, number: str) -> str:
        """Below the quiz's own address, so that a slot may stand in it."""
        return f"{self.presenter.quiz_url(module_id)}attempts/{number}/"

    # The open attempt

    def question(
        self, asked: AskedQuestion, number: str, version: str, *, conflict: Answer | None = None, error: str = ""
    ) -> QuestionView:
        words = self.words(asked)
        chosen = asked.answer.chosen
        linked = self.presenter.linked
        return QuestionView(
            id=asked.question.id,
            number=number,
            kind=asked.question.kind.value,
            ask_html=linked(words.ask),
            options=tuple(
                OptionView(option, linked(words.options[option].text), option in chosen)
                for option in asked.option_order
            ),
            targets=tuple(
                OptionView(target, linked(words.targets[target]), chosen=False) for target in asked.question.targets
            ),
            chosen=chosen,
            version=version,
            conflict=None
            if conflict is None
            else Conflict(
                yours=tuple(self.answer_texts(asked, conflict)), saved=tuple(self.answer_texts(asked, chosen))
            ),
            error=error,
        )

    def errors(self, view: AttemptView, conflicts: Mapping[str, Answer], *, submitting: bool) -> dict[str, str]:
        """What the error summary says of which question."""
        errors: dict[str, str] = {}
        for number, asked in enumerate(view.questions, 1):
            if asked.question.id in conflicts:
                errors[asked.question.id] = self.presenter.say(
                    "Question %(number)s was answered differently in another tab. Choose which answer stands.",
                    number=number,
                )
            elif submitting and not conflicts and asked.question.id in view.unanswered:
                errors[asked.question.id] = self.presenter.say("Answer question %(number)s.", number=number)
        return errors

    def answer_texts(self, asked: AskedQuestion, answer: Answer) -> list[str]:
        """An answer in words, without markup; one line that says so when it is empty."""
        words = self.words(asked)
        if not answer:
            return [self.presenter.say("No answer")]
        texts = []
        for one in answer:
            if one == GAP:
                texts.append("–")
                continue
            option, _, target = one.partition("=")
            text = words.options[option].text
            texts.append(plain(f"{text} → {words.targets[target]}" if target else text))
        return texts

    # The review

    def reviewed(self, asked: AskedQuestion, number: str, verdict: str) -> ReviewedQuestion:
        words = {
            "right": self.presenter.say("Right"),
            "partly": self.presenter.say("Partly right"),
            "wrong": self.presenter.say("Wrong"),
            "unanswered": self.presenter.say("Not answered"),
        }
        return ReviewedQuestion(
            id=asked.question.id,
            number=number,
            kind=asked.question.kind.value,
            ask_html=self.presenter.linked(self.words(asked).ask),
            verdict=verdict,
            verdict_word=words[verdict],
            section=self.section(asked.question.section),
            corrected_on=short_date(asked.corrected_on, self.presenter.language) if asked.corrected_on else "",
        )

    def reviewed_option(self, asked: AskedQuestion, option: str) -> ReviewedOption:
        question, answer = asked.question, asked.answer.chosen
        words = self.words(asked)
        given, wanted = self._places(question, answer, option, words)
        if question.kind in (Kind.ORDER, Kind.MATCH):
            chosen, right = bool(given), given == wanted
        else:
            chosen, right = option in answer, option in question.correct
        return ReviewedOption(
            text_html=self.presenter.linked(words.options[option].text),
            chosen=chosen,
            right=right,
            why_html=self.presenter.linked(words.options[option].why),
            given=given,
            wanted=wanted,
            section=self.section(question.section_of(option)),
        )

    def _places(self, question: Question, answer: Answer, option: str, words: QuestionWords) -> tuple[str, str]:
        """What the learner gave and what was right, in words, for the kinds where an option is put somewhere."""
        if question.kind is Kind.ORDER:
            given = str(answer.index(option) + 1) if option in answer else ""
            return given, str(question.correct.index(option) + 1)
        if question.kind is Kind.MATCH:
            pairs = dict(one.split("=", 1) for one in answer)
            wanted = dict(one.split("=", 1) for one in question.correct)[option]
            return plain(words.targets[pairs[option]]) if option in pairs else "", plain(words.targets[wanted])
        return "", ""

    def section(self, section_id: str) -> Link:
        return self.presenter.section_link(section_id)
