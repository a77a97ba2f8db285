"""From the files of a package to the library that the site serves."""

from __future__ import annotations

from pathlib import Path

from course.content import schema
from course.content.check import essential_findings
from course.content.findings import ContentError, Finding, Level
from course.content.kept import keep_library, kept_library
from course.content.library import Lesson, Library, Module, PreTest, QuestionWords, Quiz, ReachBefore, Section, Track
from course.content.package import SEARCH_WORDS, SPINE, LessonFile, Package, package_hash, read
from course.content.page import Page
from course.content.practice_rendering import practice_of, render_practice
from course.content.reading import reading_minutes
from course.content.rendering import Rendered, render, words_in
from course.content.search.alike import groups_in
from course.content.typography import plain
from course.domain.edition import Edition
from course.domain.quiz import Answer, Kind, Question


def load(root: Path, *, keep: Path | None = None) -> Library:
    """The library of a package; raises ContentError with every reason why it cannot be used.

    `keep` is a file in which the library is kept for the next start; it may be deleted at any time.
    """
    if not (root / SPINE).is_file():
        fix = "Set the content folder to one that holds modules/ and quizzes/."
        raise ContentError([Finding("file-missing", Level.ERROR, SPINE, 1, f"There is no spine in {root}.", fix)])
    kept = kept_library(keep, package_hash(root)) if keep else None
    if kept is not None:
        return kept
    package = read(root)
    rendered = render(package)
    render_practice(package, rendered)
    findings = essential_findings(package, rendered)
    if findings:
        raise ContentError(findings)
    library = _library(package, rendered)
    if keep:
        keep_library(keep, library)
    return library


def _library(package: Package, rendered: Rendered) -> Library:
    spine = package.spine
    numbers = {module.id: number for number, module in enumerate(package.modules, 1)}
    modules = tuple(_module(package, rendered, module, numbers) for module in package.modules)
    planned = tuple(_module(package, rendered, module, numbers) for module in spine.modules if not module.lessons)
    return Library(
        id=spine.id,
        edition=spine.edition,
        published=spine.published,
        hash=package.hash,
        languages=tuple(spine.languages),
        source_language=spine.source_language,
        pass_mark=spine.pass_mark,
        title=words_in({language: words.title for language, words in package.course_words.items()}),
        subtitle=words_in({language: words.subtitle for language, words in package.course_words.items()}),
        welcome=words_in({language: words.welcome for language, words in package.course_words.items()}),
        notice=words_in({language: words.notice for language, words in package.course_words.items()}),
        principles={
            language: tuple((plain(one.title, language), plain(one.text, language)) for one in words.principles)
            for language, words in package.course_words.items()
        },
        modules=modules,
        planned=planned,
        tracks=tuple(_tracks(package, numbers)),
        lessons={
            language: {
                lesson_id: _lesson(lesson, rendered.lessons[language][lesson_id])
                for lesson_id, lesson in lessons.items()
            }
            for language, lessons in package.lessons.items()
        },
        sources=rendered.sources,
        contacts=rendered.contacts,
        terms=rendered.terms,
        networks=rendered.networks,
        organisations=rendered.organisations,
        professions=rendered.professions,
        practice=practice_of(package, rendered),
        reach_before=ReachBefore(**dict(spine.reach_before)) if spine.reach_before else None,
        pre_test=_pre_test(package, numbers),
        alike={code: groups_in(package.texts.get(SEARCH_WORDS.format(code), "")) for code in spine.languages},
        editions=tuple(Edition(one.id, one.published, tuple(one.changed)) for one in package.editions.values()),
        changes=rendered.changes,
    )


def _module(package: Package, rendered: Rendered, module: schema.SpineModule, numbers: dict[str, int]) -> Module:
    words = {language: course.modules[module.id] for language, course in package.course_words.items()}
    originals = package.lessons[package.spine.source_language].values()
    return Module(
        id=module.id,
        number=numbers.get(module.id, 0),
        minutes=module.minutes,
        objectives=tuple(module.objectives),
        # What has no text yet can be neither passed nor waited for.
        requires=tuple(required for required in module.requires if required in numbers),
        lesson_ids=tuple(lesson.front.id for lesson in originals if lesson.module is module),
        quiz=_quiz(package, rendered, module.quiz) if module.lessons and module.quiz else None,
        title=words_in({language: text.title for language, text in words.items()}),
        summary=words_in({language: text.summary for language, text in words.items()}),
        objective_words={
            objective: words_in({language: text.objectives[objective] for language, text in words.items()})
            for objective in module.objectives
        },
    )


def _tracks(package: Package, numbers: dict[str, int]) -> list[Track]:
    """The tracks with the modules they have so far. A track with none would be passed by doing nothing."""
    tracks = []
    for track in package.spine.tracks:
        words = {language: course.tracks[track.id] for language, course in package.course_words.items()}
        title = words_in({language: text.title for language, text in words.items()})
        summary = words_in({language: text.summary for language, text in words.items()})
        modules = tuple(module for module in track.modules if module in numbers)
        if modules:
            attended = tuple(module for module in modules if module in track.passed_by_attendance)
            tracks.append(
                Track(track.id, title, summary, modules, track.valid_years, attended, track.certificate or "")
            )
    return tracks


def _pre_test(package: Package, numbers: dict[str, int]) -> PreTest | None:
    """With the modules that have text so far."""
    wanted = package.spine.pre_test
    if wanted is None:
        return None
    return PreTest(wanted.questions, wanted.minutes, tuple(module for module in wanted.modules if module in numbers))


def _lesson(lesson: LessonFile, page: Page) -> Lesson:
    return Lesson(
        id=lesson.front.id,
        module_id=lesson.module.id,
        language=lesson.language,
        title=plain(lesson.front.title, lesson.language),
        html=page.html,
        sections=tuple(Section(section.name, section.title) for section in page.sections),
        sources=tuple(page.sources),
        terms=tuple(page.terms),
        contacts=tuple(page.contacts),
        words=page.words,
        minutes=reading_minutes(page.words, lesson.language),
        path=lesson.path,
    )


def _quiz(package: Package, rendered: Rendered, quiz_id: str) -> Quiz:
    key = package.quizzes[quiz_id]
    words: dict[str, dict[str, QuestionWords]] = {
        language: rendered.quizzes[language][quiz_id] for language in package.spine.languages
    }
    return Quiz(quiz_id, key.draw, tuple(_question(question) for question in key.questions), words)


def _question(key: schema.QuestionKey) -> Question:
    return Question(
        id=key.id,
        kind=key.kind,
        objective=key.objective,
        section=key.section,
        options=tuple(key.options),
        correct=_answer(key),
        targets=tuple(key.targets),
        situation=key.situation,
        option_sections=dict(key.sections),
    )


def _answer(key: schema.QuestionKey) -> Answer:
    """The key in the form in which answers are stored and compared."""
    if isinstance(key.correct, dict):
        return tuple(sorted(f"{option}={target}" for option, target in key.correct.items()))
    return tuple(key.correct) if key.kind is Kind.ORDER else tuple(sorted(key.correct))
