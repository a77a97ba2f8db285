"""Every text of the package rendered once: for the library that the site serves, and for the check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from course.content import schema
from course.content.library import Contact, OptionWords, QuestionWords, Source, Term
from course.content.markdown import Renderer
from course.content.package import Package
from course.content.page import Page
from course.content.typography import plain


@dataclass(frozen=True, slots=True)
class QuizText:
    """One text of a question: its words as typed, what came of them, and the keys under which they stand."""

    path: str
    language: str
    quiz_id: str
    question_id: str
    keys: tuple[str, ...]
    typed: str
    page: Page


@dataclass
class Rendered:
    sources: Mapping[str, Source]
    contacts: Mapping[str, Contact]
    terms: Mapping[str, Term]
    #: By language, then by lesson id.
    lessons: dict[str, dict[str, Page]] = field(default_factory=dict)
    #: By language, quiz id and question id.
    quizzes: dict[str, dict[str, dict[str, QuestionWords]]] = field(default_factory=dict)
    texts: list[QuizText] = field(default_factory=list)


def render(package: Package) -> Rendered:
    """Render all lessons and all questions in all languages."""
    rendered = Rendered(
        sources={entry.id: _source(entry) for entry in package.sources.values()},
        contacts={entry.id: _contact(entry) for entry in package.contacts.values()},
        terms={entry.id: _term(entry) for entry in package.terms.values()},
    )
    for language in package.spine.languages:
        renderer = Renderer(language, rendered.terms, rendered.sources, rendered.contacts)
        lessons = package.lessons[language].items()
        rendered.lessons[language] = {lesson_id: renderer.lesson(lesson.body) for lesson_id, lesson in lessons}
        quizzes = rendered.quizzes[language] = {}
        for quiz_id, words in package.quiz_words[language].items():
            quizzes[quiz_id] = _Quiz(renderer, quiz_id, rendered.texts).questions(words)
    return rendered


def words_in(texts: Mapping[str, str]) -> dict[str, str]:
    """One text per language, set as that language sets it."""
    return {language: plain(text, language) for language, text in texts.items()}


class _Quiz:
    """Renders the words of one quiz in one language, and keeps each text for the check."""

    def __init__(self, renderer: Renderer, quiz_id: str, texts: list[QuizText]) -> None:
        self.renderer, self.quiz_id, self.texts = renderer, quiz_id, texts
        self.path = f"quizzes/{renderer.language}/{quiz_id}.yaml"

    def questions(self, words: schema.QuizWords) -> dict[str, QuestionWords]:
        return {question_id: self.question(question_id, text) for question_id, text in words.questions.items()}

    def question(self, question_id: str, text: schema.QuestionText) -> QuestionWords:
        options = {}
        for option, words in text.options.items():
            shown = self.html(question_id, "options", option, "text", typed=words.text)
            options[option] = OptionWords(shown, self.html(question_id, "options", option, "why", typed=words.why))
        targets = {
            target: self.html(question_id, "targets", target, typed=shown) for target, shown in text.targets.items()
        }
        return QuestionWords(self.html(question_id, "ask", typed=text.ask), options, targets)

    def html(self, question_id: str, *keys: str, typed: str) -> str:
        page = self.renderer.inline(typed)
        place = ("questions", question_id, *keys)
        self.texts.append(QuizText(self.path, self.renderer.language, self.quiz_id, question_id, place, typed, page))
        return page.html


def _source(entry: schema.SourceEntry) -> Source:
    return Source(
        entry.id,
        words_in(entry.title),
        entry.owner,
        entry.kind,
        entry.checked,
        entry.next_check,
        entry.url,
        entry.published,
    )


def _contact(entry: schema.ContactEntry) -> Contact:
    return Contact(
        id=entry.id,
        name=words_in(entry.name),
        when=words_in(entry.when),
        source=entry.source,
        checked=entry.checked,
        next_check=entry.next_check,
        phone=entry.phone,
        email=entry.email,
        web=entry.web,
        hours=words_in(entry.hours),
        answers_in=words_in(entry.answers_in),
        cost=words_in(entry.cost),
        unconfirmed=frozenset(entry.unconfirmed),
    )


def _term(entry: schema.TermEntry) -> Term:
    return Term(entry.id, words_in(entry.words), words_in(entry.meaning), entry.official)
