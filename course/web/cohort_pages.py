"""Cohorts as their pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from markupsafe import Markup

from course.content.formats import percent, short_date
from course.content.library import Group
from course.domain.cohort import CohortPlan, MemberProgress, Moment, over_time, spaced_code
from course.domain.home_time import day_at_home
from course.exports.sheet import Cell
from course.services.cohorts import CohortRecord, CohortSummary
from course.storage.cohorts import StoredCode, StoredCohort
from course.web.line_chart import Line, line_chart
from course.web.pages_cohorts import (
    CodeLine,
    CohortLine,
    MemberLine,
    ModuleHead,
    OwnCohort,
    PointLine,
    TopicLine,
)
from course.web.presenting import Presenter


@dataclass(frozen=True, slots=True)
class CohortPresenter:
    """For one language of one site, inside a request."""

    presenter: Presenter
    now: datetime

    def say(self, text: str, **values: object) -> str:
        return self.presenter.say(text, **values)

    @property
    def language(self) -> str:
        return self.presenter.language

    @property
    def today(self) -> date:
        return day_at_home(self.now)

    def url(self, endpoint: str, **values: object) -> str:
        return self.presenter.site.url(endpoint, lang=self.language, **values)

    # Names

    def network(self, network_id: str) -> str:
        return self._name(self.presenter.library.networks.get(network_id), network_id)

    def _name(self, group: Group | None, group_id: str) -> str:
        """A group that this edition has no more is shown by its id: its records stay."""
        return group.name[self.language] if group else group_id

    def track(self, track_id: str) -> str:
        tracks = self.presenter.library.tracks
        return next((track.title[self.language] for track in tracks if track.id == track_id), track_id)

    def day(self, day: date | None) -> str:
        return short_date(day, self.language) if day else ""

    # The overview

    def line(self, summary: CohortSummary) -> CohortLine:
        plan = summary.cohort.plan
        state, word = self._state(summary)
        return CohortLine(
            name=plan.name,
            url=self.url("cohort", cohort_id=summary.cohort.id),
            network=self.network(plan.network_id),
            track=self.track(plan.track_id),
            due=self.day(plan.due_on),
            trainers=", ".join(summary.trainers),
            members=summary.members,
            done=summary.done,
            mine=summary.mine,
            state=state,
            state_word=word,
        )

    def _state(self, summary: CohortSummary) -> tuple[str, str]:
        if summary.cohort.closed_at:
            return "none", self.say("Closed")
        if not summary.members:
            return "none", self.say("Nobody has joined yet")
        if summary.done == summary.members:
            return "done", self.say("All done")
        due = summary.cohort.plan.due_on
        if due and due < self.today:
            return "late", self.say("Due date passed")
        return "partly", self.say("Under way")

    # One cohort

    def heads(self, record: CohortRecord) -> tuple[ModuleHead, ...]:
        library = self.presenter.library
        modules = [library.module(module_id) for module_id in record.modules]
        return tuple(
            ModuleHead(
                one.id,
                one.number,
                one.title[self.language],
                sum(one.id in member.passed for member in record.members),
            )
            for one in modules
        )

    def members(
        self, cohort: StoredCohort, members: Sequence[MemberProgress], modules: Sequence[str]
    ) -> list[MemberLine]:
        """The rows of the table. What is alike in many cells is made once."""
        done = Markup('<td class="mark-done">\u2713 {}</td>').format(self.say("Done"))
        waived = Markup('<td class="mark-done">\u25c7 {}</td>').format(self.say("By decision"))
        missing = Markup('<td class="mark-none">\u2013 {}</td>').format(self.say("Not yet"))
        score = Markup('<td class="mark-done">\u2713 {}</td>')
        counted = frozenset(modules)
        days: dict[date, str] = {}
        lines = []
        for one in members:
            cells = [
                (score.format(percent(one.scores[module], self.language)) if module in one.scores else done)
                if module in one.passed and module not in one.waived
                else (waived if module in one.waived else missing)
                for module in modules
            ]
            lines.append(
                MemberLine(
                    learner_id=one.learner_id,
                    name=one.name,
                    joined=days.get(one.joined_on) or days.setdefault(one.joined_on, self.day(one.joined_on)),
                    cells=Markup().join(cells),
                    passed=len(counted & one.passed.keys()),
                    done=one.is_done(modules),
                )
            )
        return lines

    def topics(self, record: CohortRecord) -> tuple[TopicLine, ...]:
        found = []
        for topic in record.topics:
            module = self.presenter.library.module(topic.module_id)
            link = self.presenter.section_link(topic.section)
            words = module.objective_words.get(topic.objective)
            found.append(
                TopicLine(
                    title=words[self.language] if words else link.title,
                    url=link.url,
                    module=f"{module.number}. {module.title[self.language]}",
                    percent=percent(topic.percent, self.language),
                )
            )
        return tuple(found)

    def code(self, cohort_id: int, code: StoredCode, *, closed: bool) -> CodeLine:
        if code.revoked_at or closed:
            word = self.say("Withdrawn") if code.revoked_at else self.say("Closed")
        elif code.expires_at <= self.now:
            word = self.say("Ended")
        else:
            word = self.say("Full") if code.is_full else self.say("Open")
        used = self.say("%(used)s of %(cap)s", used=code.used, cap=code.cap) if code.cap else str(code.used)
        return CodeLine(
            code=spaced_code(code.code),
            url=self.url("project_code", cohort_id=cohort_id, code_id=code.id),
            owner=code.owner,
            used=used,
            until=self.last_day(code),
            open=code.is_open(self.now) and not code.is_full and not closed,
            state_word=word,
            revoke_url=self.url("revoke_code", cohort_id=cohort_id, code_id=code.id),
        )

    def last_day(self, code: StoredCode) -> str:
        """A code ends with a day, and the day is named that it still works on."""
        return short_date(code.expires_at - timedelta(seconds=1), self.language)

    def chart(self, record: CohortRecord) -> tuple[Markup, list[PointLine]]:
        """The drawing and its table; both empty for a cohort without members."""
        points = over_time(record.members, record.modules, today=self.today)
        if not points:
            return Markup(), []
        drawing = line_chart(
            self.say("Members, and members who are done, over time"),
            self.day(points[0].day),
            self.day(points[-1].day),
            [
                Line(self.say("Members"), [point.members for point in points]),
                Line(self.say("Done"), [point.done for point in points]),
            ],
        )
        return drawing, [self._point(point) for point in points]

    def _point(self, point: Moment) -> PointLine:
        return PointLine(self.day(point.day), point.members, point.passed, point.done)

    # Files

    def sheet(
        self, members: Sequence[MemberProgress], modules: Sequence[str], *, scores: bool
    ) -> tuple[list[str], list[list[Cell]]]:
        """(headings, rows) of the list as a file: the day on which a module was passed, empty for not yet."""
        library = self.presenter.library
        titles = [f"{library.module(one).number}. {library.module(one).title[self.language]}" for one in modules]
        heading = [self.say("Name"), self.say("Joined"), self.say("Modules passed"), self.say("All done on"), *titles]
        if scores:
            heading += [self.say("Score: %(module)s", module=title) for title in titles]
        heading.append(self.say("Modules passed by a trainer’s decision"))
        numbers = {one: str(library.module(one).number) for one in modules}
        rows: list[list[Cell]] = []
        for one in members:
            passed = sum(module in one.passed for module in modules)
            row: list[Cell] = [one.name, one.joined_on, passed, one.done_on(modules)]
            row += [one.passed.get(module) for module in modules]
            row += [one.scores.get(module) for module in modules] if scores else []
            rows.append([*row, ", ".join(numbers[module] for module in modules if module in one.waived)])
        return heading, rows

    # A learner's own page

    def own(self, cohort: StoredCohort, as_name: str, trainers: Sequence[tuple[int, str]]) -> OwnCohort:
        plan: CohortPlan = cohort.plan
        return OwnCohort(
            name=plan.name,
            network=self.network(plan.network_id),
            track=self.track(plan.track_id),
            due=self.day(plan.due_on),
            as_name=as_name,
            trainers=", ".join(name for _, name in trainers),
            closed=cohort.closed_at is not None,
            leave_url=self.url("leave_cohort", cohort_id=cohort.id),
        )
