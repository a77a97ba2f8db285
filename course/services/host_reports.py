"""What platforms are told and asked after the page has answered: scores go there, lists of members come from there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from course.content.library import Library
from course.domain.cohort import NAME_MAX, normal_text
from course.domain.launch import HostRole, Score, score_of
from course.domain.roster import ROWS_MAX, Person
from course.exports.launch_keys import launch_key
from course.lti import claims
from course.lti.addresses import PlatformFault
from course.lti.advantage import HostMember, Services
from course.lti.messages import Grades
from course.services.arrivals import ROSTER, ROW_KEY, row_key
from course.services.attendance import credit_roster_row
from course.services.certificates import counted_modules
from course.services.tally import counted
from course.services.work import GiveUp, Handler
from course.storage import cohorts, host_scores, launches, platforms, rosters
from course.storage.engine import Store
from course.storage.host_scores import WantedScore
from course.storage.platforms import StoredPlatform

#: What an administrator reads in the outbox where a number says too little.
_WORDS = {
    400: "It does not take this grade. Only people whom its course lists as learners have grades.",
    403: "It does not take this grade. Only people whom its course lists as learners have grades, and the tool must be "
    "allowed to send them.",
    404: "The link or its line of grades is not there any more.",
    422: "It does not take this grade. Only people whom its course lists as learners have grades.",
}


class _Reporter:
    """What both tasks stand on."""

    def __init__(self, store: Store, key_folder: Path, now: Callable[[], datetime]) -> None:
        self.store = store
        self.key_folder = key_folder
        self.now = now

    def services(self, platform_id: int) -> tuple[StoredPlatform, Services]:
        with self.store.reading() as connection:
            platform = platforms.platform_by_id(connection, platform_id)
        if platform is None or platform.disabled_at is not None:
            raise GiveUp("The platform is disabled.")
        return platform, Services(platform.known, launch_key(self.key_folder), self.now)


def _explained(platform: StoredPlatform, fault: PlatformFault) -> Exception:
    """A fault that lasts is given up, in words for an administrator; any other one is tried again."""
    said = f"{platform.name}: {fault}. {_WORDS.get(fault.status, '')}".strip()
    return GiveUp(said) if fault.lasting else PlatformFault(said)


class ScoreHandler(_Reporter):
    """Tells a platform what somebody has reached by now. Doing it twice tells the same once."""

    def __init__(self, store: Store, library: Library, key_folder: Path, now: Callable[[], datetime]) -> None:
        super().__init__(store, key_folder, now)
        self.library = library

    def __call__(self, payload: Mapping[str, Any]) -> None:
        link_id, user_id = int(payload["link"]), int(payload["user"])
        with self.store.reading() as connection:
            wanted = host_scores.wanted_score(connection, link_id, user_id)
            if wanted is None:
                return
            passed, best = host_scores.reached(connection, wanted.learner_id)
        modules = counted_modules(self.library, self.library.tracks[0])
        score = score_of(wanted.target, passed=passed, best=best, modules=modules)
        if score is None and wanted.told:
            # What the platform has rested on a waiver or an attendance that was taken back.
            score = Score(0, wanted.told.most, done=False)
        if score is None or score == wanted.told:
            return
        # The later message counts, also for a platform whose clock and ours agree too well.
        at = max(self.now(), wanted.sent_at + timedelta(microseconds=1)) if wanted.sent_at else self.now()
        platform, services = self.services(wanted.platform_id)
        try:
            line_item = wanted.line_item or self._line_item(services, link_id, wanted, score)
            services.send_score(line_item, wanted.subject, score, at)
        except PlatformFault as fault:
            raise _explained(platform, fault) from fault
        with self.store.writing() as session:
            host_scores.set_told(session, link_id, user_id, score, at=at)

    def _line_item(self, services: Services, link_id: int, wanted: WantedScore, score: Score) -> str:
        """The platform gave only the place where lines of grades are made."""
        grades = Grades((claims.SCORE_SCOPE, claims.LINE_ITEM_SCOPE), "", wanted.line_items)
        label = wanted.title or self.library.title[self.library.source_language]
        found = services.line_item(grades, wanted.link_id, label, score.most)
        with self.store.writing() as session:
            host_scores.set_line_item(session, link_id, found)
        return found


class RosterHandler(_Reporter):
    """Brings a group's roster to what the platform's course lists: who is expected, and who is expected no more."""

    def __call__(self, payload: Mapping[str, Any]) -> None:
        context_id = int(payload["context"])
        with self.store.reading() as connection:
            found = launches.course_by_id(connection, context_id)
        if found is None or found[1].cohort_id is None or not found[1].members_url:
            return
        platform_id, course = found
        platform, services = self.services(platform_id)
        try:
            members = list(services.members(course.members_url))
        except PlatformFault as fault:
            raise _explained(platform, fault) from fault
        assert course.cohort_id is not None
        with self.store.writing() as session:
            self._bring(session, platform_id, course.cohort_id, members)

    def _bring(self, session: Session, platform_id: int, cohort_id: int, members: list[HostMember]) -> None:
        cohorts.lock_cohort(session, cohort_id)
        listed = {row_key(one.subject): one for one in members if one.role is HostRole.LEARNER and one.name}
        wanted = {key: Person(normal_text(one.name)[:NAME_MAX]) for key, one in list(listed.items())[:ROWS_MAX]}
        rows = rosters.rows_of(session.connection(), cohort_id)
        known = {row.key: row for row in rows if row.key.startswith(ROW_KEY)}
        rosters.add_people(
            session, cohort_id, {key: one for key, one in wanted.items() if key not in known}, now=self.now()
        )
        changed = {key: one for key, one in wanted.items() if key in known and known[key].person.name != one.name}
        rosters.change_people(session, cohort_id, changed)
        gone = [key for key, row in known.items() if key not in listed and row.learner_id is None]
        rosters.drop_people(session, cohort_id, gone)
        self._take_rows(session, platform_id, cohort_id, listed)

    def _take_rows(self, session: Session, platform_id: int, cohort_id: int, listed: Mapping[str, HostMember]) -> None:
        """Whoever came by a launch before the list did is not expected any more."""
        learners = launches.learners_of_subjects(session.connection(), platform_id)
        there = {learner_id for learner_id, _, _ in cohorts.members_of(session.connection(), cohort_id)}
        for row in rosters.rows_of(session.connection(), cohort_id):
            member = listed.get(row.key)
            learner_id = learners.get(member.subject) if member else None
            if row.learner_id is None and learner_id in there:
                with counted(session, [learner_id], roster_rows=[row.id]):
                    if rosters.take_row(session, row.id, learner_id):
                        credit_roster_row(session, row.id, learner_id)


def host_handlers(store: Store, library: Library, key_folder: Path, now: Callable[[], datetime]) -> dict[str, Handler]:
    """What the tasks about platforms do, for the worker."""
    return {
        host_scores.KIND: ScoreHandler(store, library, key_folder, now),
        ROSTER: RosterHandler(store, key_folder, now),
    }
