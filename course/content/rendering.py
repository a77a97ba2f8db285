"""Every text of the package rendered once: for the library that the site serves, and for the check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from course.content import schema
from course.content.library import ChangeText, Contact, Group, OptionWords, QuestionWords, Seen, Source, Term
from course.content.markdown import Renderer
from course.content.package import Package, edition_path
from course.content.page import Page
from course.content.practice import CaseWords, IndicatorsWords, ReferralWords
from course.content.typography import plain


@dataclass(frozen=True, slots=True)
class KeyedText:
    """One text of a YAML file: its words as typed, what came of them, and the keys under which they stand."""

    path: str
    language: str
    keys: tuple[str, ...]
    typed: str
    page: Page


@dataclass
class Rendered:
    sources: Mapping[str, Source]
    contacts: Mapping[str, Contact]
    terms: Mapping[str, Term]
    networks: Mapping[str, Group]
    organisations: Mapping[str, Group]
    professions: Mapping[str, Group]
    #: By language, then by lesson id.
    lessons: dict[str, dict[str, Page]] = field(default_factory=dict)
    #: By language, quiz id and question id.
    quizzes: dict[str, dict[str, dict[str, QuestionWords]]] = field(default_factory=dict)
    #: By language, then by case id.
    case_words: dict[str, dict[str, CaseWords]] = field(default_factory=dict)
    #: By language.
    referral_words: dict[str, ReferralWords] = field(default_factory=dict)
    indicators_words: dict[str, IndicatorsWords] = field(default_factory=dict)
    #: By language, then by edition, then by section.
    changes: dict[str, dict[str, dict[str, ChangeText]]] = field(default_factory=dict)
    texts: list[KeyedText] = field(default_factory=list)


def render(package: Package) -> Rendered:
    """Render all lessons and all questions in all languages."""
    rendered = Rendered(
        sources={entry.id: _source(entry) for entry in package.sources.values()},
        contacts={entry.id: _contact(entry) for entry in package.contacts.values()},
        terms={entry.id: _term(entry) for entry in package.terms.values()},
        networks=_groups(package.networks),
        organisations=_groups(package.organisations),
        professions=_groups(package.professions),
    )
    for language in package.spine.languages:
        renderer = Renderer(language, rendered.terms, rendered.sources, rendered.contacts)
        lessons = package.lessons[language].items()
        rendered.lessons[language] = {lesson_id: renderer.lesson(lesson.body) for lesson_id, lesson in lessons}
        quizzes = rendered.quizzes[language] = {}
        for quiz_id, words in package.quiz_words[language].items():
            quizzes[quiz_id] = _Quiz(renderer, quiz_id, rendered.texts).questions(words)
        rendered.changes[language] = {
            edition_id: _changes(renderer, edition_path(edition_id, language), words, rendered.texts)
            for edition_id, words in package.edition_words.get(language, {}).items()
        }
    return rendered


def _changes(
    renderer: Renderer, path: str, words: schema.EditionWords, texts: list[KeyedText]
) -> dict[str, ChangeText]:
    """What an edition changed, by section; each text is kept for the check."""
    found = {}
    for section_id, typed in words.changes.items():
        page = renderer.paragraphs(typed)
        texts.append(KeyedText(path, renderer.language, ("changes", section_id), typed, page))
        found[section_id] = ChangeText(page.html, page.words)
    return found


def words_in(texts: Mapping[str, str]) -> dict[str, str]:
    """One text per language, set as that language sets it."""
    return {language: plain(text, language) for language, text in texts.items()}


class _Quiz:
    """Renders the words of one quiz in one language, and keeps each text for the check."""

    def __init__(self, renderer: Renderer, quiz_id: str, texts: list[KeyedText]) -> None:
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
        self.texts.append(KeyedText(self.path, self.renderer.language, place, typed, page))
        return page.html


def _seen(entry: schema.RegisterEntry) -> Seen:
    if entry.checked is None:
        assert entry.from_notes is not None
        return Seen(entry.from_notes, "notes")
    return Seen(entry.checked, entry.read_in, entry.as_of or "")


def _source(entry: schema.SourceEntry) -> Source:
    return Source(
        entry.id,
        words_in(entry.title),
        entry.owner,
        entry.kind,
        _seen(entry),
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
        seen=_seen(entry),
        next_check=entry.next_check,
        phone=entry.phone,
        email=entry.email,
        web=entry.web,
        hours=words_in(entry.hours),
        answers_in=words_in(entry.answers_in),
        cost=words_in(entry.cost),
        unconfirmed=frozenset(entry.unconfirmed),
    )


def _groups(entries: Mapping[str, schema.GroupEntry]) -> dict[str, Group]:
    return {entry.id: Group(entry.id, words_in(entry.name)) for entry in entries.values()}


def _term(entry: schema.TermEntry) -> Term:
    return Term(entry.id, words_in(entry.words), words_in(entry.meaning), entry.official)
