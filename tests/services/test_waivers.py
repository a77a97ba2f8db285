"""A trainer passes a member of her own cohort with a reason: it counts, is shown as such, and can be taken back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from course.domain.cohort import CohortPlan
from course.domain.errors import NotEarnedYet, NotThere
from course.domain.permission import Staff
from course.domain.session import SessionDetails
from course.domain.waiver import REASON_MAX, Refusal
from course.services import attendance, certificates, sessions
from course.services.cohorts import cohort_for, create_cohort, member_progress
from course.services.erasure import erase_learner
from course.services.people import join_learners, start_learner
from course.services.register import register_of
from course.services.tally import counted, drift, finish_tracks
from course.services.waivers import take_back, waive_module
from course.storage import cohorts, learning, retention, waivers
from course.storage.engine import Store
from course.storage.tables import Account, AuditRow, Completion, TrackCompletion, Waiver
from tests.services.graduates import verify_url

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
WHY = "Teaches this subject at the police college"


class Group:
    """A cohort of the north with two trainers' accounts, one of them its own."""

    def __init__(self, store: Store, library) -> None:
        self.store, self.library = store, library
        self.trainer, self.colleague, self.admin = (
            self.account(name, administrator=name == "Aarne") for name in ("Tuuli", "Sanna", "Aarne")
        )
        plan = CohortPlan("north", "Group", "core", "fi")
        self.id = create_cohort(store, library, self.trainer, plan, trainers=[self.trainer.account_id], now=NOW)

    def account(self, name: str, *, administrator: bool = False) -> Staff:
        with self.store.writing() as session:
            row = Account(
                email=f"{name}@x.example", name=name, language="fi", administrator=administrator, created_at=NOW
            )
            session.add(row)
            session.flush()
            networks = frozenset() if administrator else frozenset({"north"})
            return Staff(row.id, name, administrator=administrator, networks=networks)

    def member(self, *passed: str) -> int:
        learner = start_learner(self.store, language="fi", now=NOW).learner_id
        with self.store.writing() as session, counted(session, [learner]):
            cohorts.add_member(session, self.id, learner, name=f"Learner {learner}", now=NOW)
        self.pass_quizzes(learner, *passed)
        return learner

    def pass_quizzes(self, learner: int, *modules: str, at: datetime = NOW) -> None:
        with self.store.writing() as session, counted(session, [learner]):
            for module in modules:
                learning.add_completion(
                    session, learner, module, attempt_id=None, edition="2030.1", language="fi", now=at
                )
            finish_tracks(session, self.library, learner, language="fi")

    def waive(self, learner: int, module: str = "tea", *, staff: Staff | None = None, reason: str = WHY):
        return waive_module(
            self.store,
            self.library,
            staff or self.trainer,
            self.id,
            learner_id=learner,
            module_id=module,
            reason=reason,
            now=NOW,
        )

    def take_back(self, learner: int, module: str = "tea", *, at: datetime = NOW) -> None:
        with self.store.reading() as connection:
            given = waivers.waivers_of_learner(connection, learner)[module]
        take_back(self.store, self.trainer, self.id, given.id, now=at)

    def passed(self, learner: int) -> dict[str, bool]:
        """module id -> whether only the waiver passes it"""
        with self.store.reading() as connection:
            rows = connection.execute(
                select(Completion.module_id, Completion.waiver_id).where(Completion.learner_id == learner)
            )
            return {module: waiver is not None for module, waiver in rows}

    def count(self, table) -> int:
        with self.store.reading() as connection:
            return connection.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.fixture
def group(engine, library) -> Group:
    return Group(Store(engine), library)


def test_a_member_is_passed_with_a_reason_and_an_author_and_the_counters_follow(group, library):
    learner = group.member("bread")
    assert group.waive(learner) is None
    assert group.passed(learner) == {"tea": True, "bread": False}
    assert group.count(TrackCompletion) > 0, "the track is complete"
    with group.store.reading() as connection:
        given = waivers.waivers_of_cohort(connection, group.id)
        assert [(one.reason, one.author, one.counts) for one in given] == [(WHY, "Tuuli", True)]
        member = member_progress(connection, library, cohort_for(connection, group.trainer, group.id))[0]
        assert member.waived == {"tea"} and member.is_done(["tea", "bread"])
        line = connection.execute(select(AuditRow.who, AuditRow.what, AuditRow.about, AuditRow.details)).all()[-1]
    assert line[:3] == (f"account:{group.trainer.account_id}", "module-waived", f"learner:{learner}")
    assert json.loads(line.details) == {"cohort": group.id, "module": "tea"}, "without the reason"
    assert drift(group.store) == {}


def test_only_the_cohorts_own_trainers_and_administrators_pass_only_members_and_only_in_its_track(group):
    learner, stranger = group.member(), start_learner(group.store, language="fi", now=NOW).learner_id
    with pytest.raises(NotThere):
        group.waive(learner, staff=group.colleague)
    with pytest.raises(NotThere):
        group.waive(stranger)
    with pytest.raises(NotThere):
        group.waive(learner, "geography")
    assert group.count(Waiver) == group.count(Completion) == 0
    assert group.waive(learner, staff=group.admin) is None


@pytest.mark.parametrize("reason", ["", "because", " \u200b\n ", "x" * (REASON_MAX + 1)])
def test_without_a_reason_nothing_happens(group, reason):
    assert group.waive(group.member(), reason=reason) is Refusal.NO_REASON
    assert group.count(Waiver) == 0


def test_nobody_is_passed_twice_and_nobody_passes_herself(group):
    learner = group.member("tea")
    assert group.waive(learner) is Refusal.PASSED
    assert group.waive(learner, "bread") is None
    assert group.waive(learner, "bread") is Refusal.PASSED
    own = group.member()
    with group.store.writing() as session:
        session.get(Account, group.trainer.account_id).learner_id = own
    assert group.waive(own) is Refusal.ONESELF
    assert group.count(Waiver) == 1


def test_taken_back_it_takes_what_rests_on_it_alone(group):
    learner = group.member("bread")
    group.waive(learner)
    group.take_back(learner)
    assert group.passed(learner) == {"bread": False}
    assert (group.count(Waiver), group.count(TrackCompletion), drift(group.store)) == (0, 0, {})
    assert group.waive(learner) is None, "it can be given anew"


def test_a_quiz_passed_later_takes_its_place_and_is_not_taken_back_with_it(group):
    learner = group.member()
    group.waive(learner)
    group.pass_quizzes(learner, "tea", at=NOW + timedelta(days=40))
    assert group.passed(learner) == {"tea": False}
    group.take_back(learner)
    assert group.passed(learner) == {"tea": False} and drift(group.store) == {}


def test_an_attendance_takes_its_place_and_when_that_is_struck_out_the_waiver_counts_again(group, library):
    learner = group.member()
    group.waive(learner)
    details = SessionDetails(
        title="Tea", network_id="north", track_id="drinks", module_ids=("tea",), language="fi",
        starts_at=NOW, ends_at=NOW + timedelta(hours=2), place="Hall",
    )  # fmt: skip
    training = sessions.create_session(group.store, library, group.trainer, details, now=NOW)
    attendance.attend(group.store, library, training, learner_id=learner, name="Aino", now=NOW)
    assert group.passed(learner) == {"tea": False}
    attendance.strike_out(group.store, group.trainer, training, 1, now=NOW)
    assert group.passed(learner) == {"tea": True} and drift(group.store) == {}


def test_the_certificate_counts_it_and_says_so_for_ever(group, library):
    learner = group.member("bread")
    with pytest.raises(NotEarnedYet):
        issue(group, learner, library)
    group.waive(learner)
    facts = issue(group, learner, library).facts
    assert [title for _, title in facts.modules] == [
        f"{library.module('tea').title['sv']} (enligt utbildarens beslut)",
        library.module("bread").title["sv"],
    ]
    group.take_back(learner)
    assert issue_again(group, learner).facts == facts, "what was issued stays"


def issue(group: Group, learner: int, library):
    common = {"track_id": "core", "name": "Aino", "language": "sv", "verify_url": verify_url, "now": NOW}
    return certificates.issue_certificate(group.store, library, learner_id=learner, **common)


def issue_again(group: Group, learner: int):
    with group.store.reading() as connection:
        return certificates.certificates_held(connection, learner, NOW)[0]


def test_a_certificate_for_a_module_passed_by_herself_since_says_nothing_of_the_waiver(group, library):
    learner = group.member("bread")
    group.waive(learner)
    group.pass_quizzes(learner, "tea")
    assert all("beslut" not in title for _, title in issue(group, learner, library).facts.modules)


@pytest.mark.parametrize("kept_first", [True, False])
def test_two_learners_who_are_one_keep_what_was_earned_and_one_waiver(group, kept_first):
    one, other = group.member(), group.member("bread")
    for learner in (one, other):
        group.waive(learner)
    group.waive(one, "bread")
    kept, gone = (one, other) if kept_first else (other, one)
    with group.store.writing() as session:
        join_learners(session, kept=kept, other=gone)
    assert group.passed(kept) == {"tea": True, "bread": False}
    with group.store.reading() as connection:
        found = waivers.waivers_of_learner(connection, kept)
    assert {module: waiver.counts for module, waiver in found.items()} == {"tea": True, "bread": False}
    assert drift(group.store) == {}


def test_the_learner_reads_it_in_her_data_and_its_author_goes_with_her_account(group, tmp_path):
    learner = group.member()
    group.waive(learner)
    with group.store.reading() as connection:
        assert register_of(connection, learner)["waivers"] == [
            {"module_id": "tea", "reason": WHY, "author": "Tuuli", "waived_at": NOW.isoformat()}
        ]
    with group.store.writing() as session:
        session.delete(session.get(Account, group.trainer.account_id))
    with group.store.reading() as connection:
        given = waivers.waivers_of_learner(connection, learner)["tea"]
        assert (given.author, given.counts) == ("", True)
    erase_learner(group.store, learner, instance=tmp_path, now=NOW)
    assert (group.count(Waiver), group.count(Completion), drift(group.store)) == (0, 0, {})


def test_a_record_that_is_nobodys_any_more_keeps_no_reason(group):
    learner = group.member()
    group.waive(learner)
    with group.store.writing() as session, counted(session, [learner]):
        retention.empty_learner(session, learner, now=NOW)
    with group.store.reading() as connection:
        assert connection.execute(select(Waiver.reason)).scalar_one() == ""
