"""Sessions as their pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from course.content.formats import clock_time, moment, short_date
from course.domain.home_time import day_at_home
from course.domain.reach import NO_NETWORK
from course.domain.session import How, modules_credited
from course.services.sessions import SessionLine, code_times
from course.storage.sessions import StoredAttendance, StoredKit, StoredSession
from course.web.area import LANGUAGE_NAMES
from course.web.pages_sessions import AttendanceRow, KitRow, SessionRow, SessionView
from course.web.presenting import Presenter


@dataclass(frozen=True, slots=True)
class SessionPresenter:
    """For one language of one site, inside a request."""

    presenter: Presenter
    now: datetime

    @property
    def language(self) -> str:
        return self.presenter.language

    def say(self, text: str, **values: object) -> str:
        return self.presenter.say(text, **values)

    def url(self, endpoint: str, **values: object) -> str:
        return self.presenter.site.url(endpoint, lang=self.language, **values)

    # Names: what this edition has no more is shown by its id, as its records stay.

    def network(self, network_id: str) -> str:
        if network_id == NO_NETWORK:
            return self.say("No network")
        group = self.presenter.library.networks.get(network_id)
        return group.name[self.language] if group else network_id

    def track(self, track_id: str) -> str:
        tracks = self.presenter.library.tracks
        return next((track.title[self.language] for track in tracks if track.id == track_id), track_id)

    def topic(self, module_id: str) -> str:
        modules = self.presenter.library.modules
        return next((f"{one.number}. {one.title[self.language]}" for one in modules if one.id == module_id), module_id)

    def when(self, starts_at: datetime, ends_at: datetime) -> str:
        """One day says its day once; a night training says both."""
        if day_at_home(starts_at) == day_at_home(ends_at):
            return f"{moment(starts_at, self.language)}–{clock_time(ends_at, self.language)}"
        return f"{moment(starts_at, self.language)} – {moment(ends_at, self.language)}"

    # The list

    def row(self, line: SessionLine) -> SessionRow:
        training = line.session
        state, word = self._state(training, line.known + training.without_names)
        return SessionRow(
            title=training.title,
            url=self.url("session", session_id=training.id),
            when=self.when(training.starts_at, training.ends_at),
            where=training.place or self.say("On a call"),
            network=self.network(training.network_id),
            state=state,
            state_word=word,
            known=line.known,
            without_names=training.without_names,
        )

    def _state(self, training: StoredSession, there: int) -> tuple[str, str]:
        if training.cancelled_at is not None:
            return "off", self.say("Cancelled")
        if self.now < training.starts_at:
            return "none", self.say("Coming")
        if self.now < training.ends_at:
            return "partly", self.say("Going on")
        if not there:
            return "late", self.say("Attendance is missing")
        return "done", self.say("Held")

    # One session

    def view(self, training: StoredSession, known: int, cohort: str) -> SessionView:
        tracks = {track.id: track for track in self.presenter.library.tracks}
        track = tracks.get(training.track_id)
        passing = modules_credited(training.module_ids, track.passed_by_attendance) if track else ()
        times = code_times(training)
        return SessionView(
            title=training.title,
            when=self.when(training.starts_at, training.ends_at),
            place=training.place,
            link=training.link,
            network=self.network(training.network_id),
            cohort=cohort,
            cohort_url=self.url("cohort", cohort_id=training.cohort_id) if training.cohort_id else "",
            track=self.track(training.track_id),
            topics=tuple(self.topic(one) for one in training.module_ids),
            passing=tuple(self.topic(one) for one in passing),
            agenda=tuple(line for line in training.agenda.splitlines() if line.strip()),
            cancelled=training.cancelled_at is not None,
            begun=training.cancelled_at is None and self.now >= times.opens,
            opens=moment(times.opens, self.language),
            code_open=times.open_at(self.now),
            known=known,
            without_names=training.without_names,
        )

    def attendance(self, training: StoredSession, one: StoredAttendance) -> AttendanceRow:
        how = self.say("By the code") if one.how == How.CODE else self.say("From a list")
        url = self.url("strike_attendance", session_id=training.id, attendance_id=one.id)
        return AttendanceRow(one.name or self.say("Somebody without a name"), how, url)

    def kit(self, training: StoredSession, language: str, found: tuple[StoredKit, bool] | None) -> KitRow:
        state, made = "none", ""
        if found is not None:
            kit, current = found
            state = "old" if not current else "waiting" if kit.made_at is None else "ready"
            made = short_date(kit.made_at, self.language) if kit.made_at else ""
        url = self.url("session_kit_file", session_id=training.id, kit_language=language)
        return KitRow(LANGUAGE_NAMES.get(language, language), language, state, made, url)
