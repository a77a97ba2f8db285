"""Library and record become what templates are given: the course map, lesson links, quiz states, sources."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from course.content.formats import partial_date, short_date
from course.content.library import Lesson, Library, Module, Seen
from course.domain.errors import NotThere
from course.domain.progress import ModuleState, Progress
from course.web.pages import CourseMap, LessonLink, Link, QuizState, SourceNote, Station
from course.web.site import Site

_SCHEME = re.compile(r'href="(term|lesson|section|source):([a-z0-9-]+)"')


@dataclass(frozen=True, slots=True)
class Presenter:
    """For one language of one site, inside a request (it makes addresses)."""

    site: Site
    language: str

    @property
    def library(self) -> Library:
        return self.site.library

    def say(self, text: str, **values: object) -> str:
        return self.site.say(self.language, text, **values)

    # Addresses

    def module_url(self, module_id: str) -> str:
        return self.site.page_url("module", lang=self.language, module_id=module_id)

    def lesson_url(self, lesson_id: str) -> str:
        module_id = self.library.lesson(self.language, lesson_id).module_id
        return self.site.page_url("lesson", lang=self.language, module_id=module_id, lesson_id=lesson_id)

    def section_url(self, section_id: str) -> str:
        return self.section_link(section_id).url

    def quiz_url(self, module_id: str) -> str:
        return self.site.page_url("quiz", lang=self.language, module_id=module_id)

    def linked(self, html: str) -> str:
        """The content's HTML with the addresses of this site in place of its own schemes."""
        if 'href="' not in html:
            return html
        make: dict[str, Callable[[str], str]] = {
            "term": lambda name: f"{self.site.page_url('glossary', lang=self.language)}#{name}",
            "lesson": self.lesson_url,
            "section": self.section_url,
            "source": lambda name: f"{self.site.page_url('sources', lang=self.language)}#{name}",
        }
        return _SCHEME.sub(lambda found: f'href="{make[found[1]](found[2])}"', html)

    def section_link(self, section_id: str) -> Link:
        """Where a section stands today; an attempt of long ago may name one that this edition has retired."""
        try:
            _, lesson_id = self.library.lesson_of_section(section_id)
        except NotThere:
            return Link(self.say("Handbook"), self.site.page_url("handbook", lang=self.language))
        lesson = self.library.lesson(self.language, lesson_id)
        # The check asks for the same sections in every language, but a package without them is served too.
        title = next((section.title for section in lesson.sections if section.id == section_id), lesson.title)
        return Link(title, f"{self.lesson_url(lesson_id)}#{section_id}")

    # The map

    def shown_ids(self) -> list[str]:
        return [module.id for module in self.library.modules]

    def course_map(self, progress: Progress) -> CourseMap:
        stations = tuple(self.station(module, progress) for module in self.library.modules)
        return CourseMap(
            stations=stations,
            passed=sum(station.state == ModuleState.PASSED for station in stations),
            total=len(stations),
            to_certificate=len(self.certificate_lacks(progress)),
            minutes_left=sum(station.minutes for station in stations if station.state != ModuleState.PASSED),
            planned=tuple(module.title[self.language] for module in self.library.planned),
        )

    def certificate_lacks(self, progress: Progress) -> list[Module]:
        """The modules still to be passed for the certificate, which is that of the first track."""
        wanted = self.library.tracks[0].module_ids
        return [one for one in self.library.modules if one.id in wanted and one.id not in progress.modules_passed]

    def station(self, module: Module, progress: Progress) -> Station:
        state = progress.state_of(module, self.shown_ids())
        return Station(
            number=module.number,
            id=module.id,
            title=module.title[self.language],
            summary=module.summary[self.language],
            minutes=module.minutes,
            url=self.module_url(module.id),
            state=state.value,
            state_word=self.state_word(state),
            lessons_done=len(progress.lessons_done.intersection(module.lesson_ids)),
            lessons_total=len(module.lesson_ids),
            locked_reason=self.locked_reason(module, progress),
        )

    def state_word(self, state: ModuleState) -> str:
        words = {
            ModuleState.LOCKED: self.say("Locked"),
            ModuleState.OPEN: self.say("Open"),
            ModuleState.STARTED: self.say("Under way"),
            ModuleState.PASSED: self.say("Passed"),
        }
        return words[state]

    def locked_reason(self, module: Module, progress: Progress) -> str:
        """One sentence that says which quizzes open the module; empty when it is open."""
        if progress.state_of(module, self.shown_ids()) is not ModuleState.LOCKED:
            return ""
        missing = progress.missing_before(module, self.shown_ids())
        titles = ", ".join(
            f"{needed.number}. {needed.title[self.language]}" for needed in map(self.library.module, missing)
        )
        return self.say("This module opens when you have passed: %(titles)s.", titles=titles)

    # Lists of pages

    def lesson_links(self, module: Module, progress: Progress, current: str = "") -> tuple[LessonLink, ...]:
        return tuple(
            LessonLink(
                title=self.library.lesson(self.language, lesson_id).title,
                url=self.lesson_url(lesson_id),
                minutes=self.library.lesson(self.language, lesson_id).minutes,
                done=lesson_id in progress.lessons_done,
                current=lesson_id == current,
            )
            for lesson_id in module.lesson_ids
        )

    def quiz_state(
        self, module: Module, progress: Progress, *, failed: bool = False, current: bool = False
    ) -> QuizState:
        state = "failed" if failed else "none"
        if module.id in progress.modules_passed:
            state = "passed"
        if module.id in progress.quizzes_open:
            state = "open"
        words = {
            "none": self.say("Not taken yet"),
            "open": self.say("Under way"),
            "failed": self.say("Not passed yet"),
            "passed": self.say("Passed"),
        }
        return QuizState(
            url=self.quiz_url(module.id),
            state=state,
            state_word=words[state],
            draw=self.library.quiz(module.id).draw,
            pass_mark=self.library.pass_mark,
            current=current,
        )

    def source_notes(self, source_ids: tuple[str, ...]) -> tuple[SourceNote, ...]:
        return tuple(self._source_note(source_id, number) for number, source_id in enumerate(source_ids, 1))

    def _source_note(self, source_id: str, number: int) -> SourceNote:
        source = self.library.sources[source_id]
        title, title_language = source.title_in(self.language)
        return SourceNote(
            id=source.id,
            number=number,
            title=title,
            title_lang="" if title_language == self.language else title_language,
            owner=source.owner,
            published=source.published,
            checked=self.seen(source.seen),
            url=source.url,
        )

    def seen(self, seen: Seen) -> str:
        """When an entry was held against its source and what was opened, in one sentence."""
        say, date = self.say, short_date(seen.day, self.language)
        if seen.how == "notes":
            return say("From our notes on %(date)s; the source was not opened again.", date=date)
        state = partial_date(seen.as_of, self.language) if seen.as_of else say("unknown date")
        if seen.how == "part":
            return say("Checked %(date)s in a part of a stored copy (%(state)s).", date=date, state=state)
        if seen.how == "copy":
            return say("Checked %(date)s in a stored copy (%(state)s).", date=date, state=state)
        if seen.as_of:
            return say("Checked %(date)s (text of %(state)s).", date=date, state=state)
        return say("Checked %(date)s.", date=date)

    def lesson_sections(self, lesson: Lesson) -> tuple[Link, ...]:
        return tuple(Link(section.title, f"#{section.id}") for section in lesson.sections)
