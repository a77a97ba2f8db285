"""A lesson, or a quiz, in two languages: the library's texts become rows with two halves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from course.content.formats import short_date
from course.content.library import Lesson, Module, QuestionWords
from course.content.plain import plain
from course.content.search.documents import plain_words
from course.content.sections import CITE, SectionText, sections_of
from course.content.translation_state import Behind, TranslationState
from course.domain.quiz import Kind, Question
from course.web.area import LANGUAGE_NAMES
from course.web.pages_texts import AskHalf, Column, Half, OptionHalf, OptionPair, QuestionPair, SectionPair
from course.web.presenting import Presenter

_SOURCE = re.compile(r'href="#(source-[a-z0-9-]+)"')
_FOLDED = '<details class="answer">'
_TERM = '<a class="term" '


@dataclass(frozen=True, slots=True)
class TextPairs:
    """`reader` speaks to whoever compares; `sides` are the languages that are compared."""

    reader: Presenter
    sides: tuple[Presenter, ...]
    #: None where the files cannot be read now.
    state: TranslationState | None

    # How the files stand

    def columns(self, lessons: list[Lesson]) -> tuple[Column, ...]:
        """The head of a lesson's page."""
        return tuple(
            self._column(one.language, one.title, one.path, one.words, side.lesson_url(one.id))
            for side, one in zip(self.sides, lessons, strict=True)
        )

    def quiz_columns(self, module: Module) -> tuple[Column, ...]:
        """The head of the page of a module's questions."""
        return tuple(
            self._column(
                side.language,
                module.title[side.language],
                quiz_path(side.language, module),
                self.quiz_words(side.language, module),
                side.quiz_url(module.id),
            )
            for side in self.sides
        )

    def quiz_words(self, language: str, module: Module) -> int:
        """How many words the questions of a module have, their options and reasons with them."""
        quiz = self.reader.library.quiz(module.id)
        return sum(words_of_question(one) for one in quiz.words[language].values())

    def _column(self, language: str, title: str, path: str, words: int, url: str) -> Column:
        mark, state = self.state_of(language, path)
        return Column(language, name_of(language), title, words, path, mark, state, url)

    def state_of(self, language: str, path: str) -> tuple[str, str]:
        """(mark, words) of a file, by what it says of the source text that it was made from."""
        say = self.reader.say
        if language == self.reader.library.source_language:
            return "none", say("The source text")
        if self.state is None:
            return "none", say("Not known now")
        return {
            None: ("done", say("Made from the source text as it is now")),
            Behind.STALE: ("late", say("The source text has changed since")),
            Behind.PENDING: ("late", say("Marked as still to be translated")),
            Behind.UNSTAMPED: ("late", say("Does not say which source text it was made from")),
        }[self.state.behind.get(path)]

    # Sections

    def sections(self, lessons: list[Lesson]) -> tuple[SectionPair, ...]:
        """Every section that one of the two has, in the order of the left one; what only the right has comes last."""
        found = [{part.id: part for part in sections_of(lesson)} for lesson in lessons]
        names = dict.fromkeys(name for parts in found for name in parts)
        pairs = (
            self._section(name, lessons, [parts.get(name, SectionText(name, "", "")) for parts in found])
            for name in names
        )
        return tuple(pair for pair in pairs if any(half.html or half.heading_html for half in pair.halves))

    def _section(self, name: str, lessons: list[Lesson], parts: list[SectionText]) -> SectionPair:
        halves = tuple(
            self._half(side, lesson, part) for side, lesson, part in zip(self.sides, lessons, parts, strict=True)
        )
        titled = next((half for half in halves if half.heading_html), halves[0])
        return SectionPair(name, plain(titled.heading_html), titled.lang, halves)

    def _half(self, side: Presenter, lesson: Lesson, part: SectionText) -> Half:
        page = side.lesson_url(lesson.id)
        # The numbers of citations are those of the learner's page: there stands the list that they lead to.
        html = _SOURCE.sub(rf'href="{page}#\1"', linked(side, part.html)).replace(_FOLDED, f"{_FOLDED[:-1]} open>")
        return Half(
            lang=side.language,
            language=name_of(side.language),
            heading_html=part.heading if part.id else "",
            html=html if html.strip() else "",
            words=words_of(part.heading if part.id else "") + words_of(part.html),
            url=f"{page}#{part.id}" if part.id else page,
        )

    # Questions

    def questions(self, module: Module) -> Iterator[QuestionPair]:
        """The whole bank in the order of its file, with what is right. For nobody who takes the quiz."""
        for number, question in enumerate(self.reader.library.quiz(module.id).questions, 1):
            words = [self.reader.library.quiz(module.id).words[side.language][question.id] for side in self.sides]
            yield QuestionPair(
                id=question.id,
                number=number,
                kind=self._kind(question.kind),
                reviewed=self._reviewed(question.id),
                changed=self._changed(question.id),
                asks=tuple(self._ask(side, question, said) for side, said in zip(self.sides, words, strict=True)),
                options=tuple(self._options(question, words)),
            )

    @staticmethod
    def _ask(side: Presenter, question: Question, said: QuestionWords) -> AskHalf:
        section = side.section_link(question.section)
        return AskHalf(side.language, name_of(side.language), linked(side, said.ask), words_of_question(said), section)

    def _kind(self, kind: Kind) -> str:
        say = self.reader.say
        return {
            Kind.ONE: say("One option is right"),
            Kind.SEVERAL: say("Several options are right"),
            Kind.TRUE_FALSE: say("True or false"),
            Kind.ORDER: say("Put in order"),
            Kind.MATCH: say("Find the pairs"),
        }[kind]

    def _reviewed(self, question_id: str) -> str:
        days = self.state.reviewed.get(question_id, {}) if self.state else {}
        say, language = self.reader.say, self.reader.language
        said = []
        if "facts" in days:
            said.append(say("Facts read on %(day)s.", day=short_date(days["facts"], language)))
        if "language" in days:
            said.append(say("Language read on %(day)s.", day=short_date(days["language"], language)))
        return " ".join(said)

    def _changed(self, question_id: str) -> tuple[str, ...]:
        sections = self.state.changed.get(question_id, ()) if self.state else ()
        return tuple(self.reader.section_link(one).title for one in sections)

    def _options(self, question: Question, words: list[QuestionWords]) -> Iterator[OptionPair]:
        pairs = dict(pair.split("=", 1) for pair in question.correct) if question.kind is Kind.MATCH else {}
        for option in question.correct if question.kind is Kind.ORDER else question.options:
            right, verdict = self._verdict(question, option)
            said = [(one.options[option], one.targets.get(pairs.get(option, ""), "")) for one in words]
            yield self._option(right, verdict, [(shown.text, shown.why, wanted) for shown, wanted in said])
        for target in question.targets:
            if target not in pairs.values():
                said_of_none = [(one.targets[target], "", "") for one in words]
                yield self._option(False, self.reader.say("Goes with none"), said_of_none)

    def _option(self, right: bool, verdict: str, said: list[tuple[str, str, str]]) -> OptionPair:
        """`said` is (text, reason, what it goes with) for each side."""
        halves = (
            OptionHalf(side.language, name_of(side.language), *(linked(side, html) for html in texts))
            for side, texts in zip(self.sides, said, strict=True)
        )
        return OptionPair(right, verdict, tuple(halves))

    def _verdict(self, question: Question, option: str) -> tuple[bool, str]:
        say = self.reader.say
        if question.kind is Kind.ORDER:
            return True, say("Right place: %(place)s", place=question.correct.index(option) + 1)
        if question.kind is Kind.MATCH:
            return True, say("The right pair")
        right = option in question.correct
        return right, say("Right") if right else say("Not right")


def linked(side: Presenter, html: str) -> str:
    """The HTML of a side with the addresses of the site.

    A term leads to the glossary and has no note: the script of the pages has the glossary of one language.
    """
    return side.linked(html).replace(_TERM, "<a ")


def name_of(language: str) -> str:
    """A language's name in itself."""
    return LANGUAGE_NAMES.get(language, language)


def quiz_path(language: str, module: Module) -> str:
    """The file of a quiz's words, below the package's root."""
    assert module.quiz is not None
    return f"quizzes/{language}/{module.quiz.id}.yaml"


def words_of(html: str) -> int:
    """How many words a reader reads. A citation's number is none."""
    return len(plain_words(CITE.sub("", html)).split())


def words_of_question(said: QuestionWords) -> int:
    """Those of the question, its options, its reasons and its targets."""
    options = [text for option in said.options.values() for text in (option.text, option.why)]
    return sum(words_of(text) for text in (said.ask, *options, *said.targets.values()))
