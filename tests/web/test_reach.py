"""Reach is counted from what people did, and what is public hides small numbers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert

from course.domain.reach import Contact, Way, count_reach
from course.services.reach import reach_of
from course.storage.tables import (
    Attempt,
    Attendance,
    Cohort,
    CohortMember,
    Completion,
    Learner,
    LearnerProfile,
    RosterRow,
    TrainingSession,
)
from tests.strict_client import text_of


class Records:
    """Writes what happened straight into the tables."""

    def __init__(self, session) -> None:
        self.session = session

    def add(self, row):
        self.session.add(row)
        self.session.flush()
        return row

    def learner(self, *, passed: datetime | None = None, cohort: int | None = None, network: str = "") -> int:
        learner = self.add(Learner(language="fi", created_at=datetime(2025, 1, 1, tzinfo=UTC), version=0)).id
        if cohort:
            self.add(
                CohortMember(cohort_id=cohort, learner_id=learner, name="X", joined_at=datetime(2025, 1, 1, tzinfo=UTC))
            )
        if network:
            asked = datetime(2025, 1, 1, tzinfo=UTC)
            self.add(LearnerProfile(learner_id=learner, network_id=network, asked_at=asked))
        if passed:
            self.passes(learner, passed)
        return learner

    def passes(self, learner: int, at: datetime, *, session_id: int | None = None, module: str = "tea") -> None:
        attempt = None
        if session_id is None:
            attempt = self.add(
                Attempt(
                    learner_id=learner,
                    quiz_id=module,
                    number=1,
                    state="graded",
                    edition="1",
                    seed=1,
                    pass_mark=80,
                    language="fi",
                    questions=[],
                    started_at=at,
                )
            ).id
        row = {"learner_id": learner, "module_id": module, "passed_at": at, "edition": "1", "language": "fi"}
        self.session.execute(insert(Completion).values(**row, attempt_id=attempt, session_id=session_id))

    def cohort(self, network: str) -> int:
        values = {"name": network, "track_id": "core", "language": "fi", "created_at": datetime(2025, 1, 1, tzinfo=UTC)}
        return self.add(Cohort(network_id=network, **values)).id

    def training(self, network: str, at: datetime, *, unnamed: int = 0, cancelled: bool = False) -> int:
        key = f"{network}{at.isoformat()}{unnamed}"
        return self.add(
            TrainingSession(
                network_id=network,
                title="T",
                track_id="core",
                module_ids=["tea"],
                language="fi",
                starts_at=at,
                ends_at=at,
                place="",
                link="",
                agenda="",
                uid=key,
                code=f"{abs(hash(key)) % 10**8:08}",
                without_names=unnamed,
                created_at=at,
                changed_at=at,
                cancelled_at=at if cancelled else None,
            )
        ).id

    def attends(self, training: int, *, learner: int | None = None, row: int | None = None, name: str = "") -> None:
        values = {"how": "list", "credited": [], "edition": "1", "recorded_at": datetime(2026, 1, 1, tzinfo=UTC)}
        self.add(
            Attendance(
                session_id=training, learner_id=learner, roster_row_id=row, name=name, name_key=name or None, **values
            )
        )


JUNE = datetime(2026, 6, 1, tzinfo=UTC)


def reached(site):
    with site.store.reading() as connection:
        return reach_of(connection)


def test_what_people_did_is_counted_and_nobody_twice(site):
    with site.store.writing() as session:
        records = Records(session)
        north, training = records.cohort("north"), records.training("north", JUNE, unnamed=7)
        both = records.learner(passed=JUNE, cohort=north)
        records.passes(both, JUNE, module="bread")
        records.attends(training, learner=both)
        records.attends(training, learner=records.learner())
        records.attends(training, name="matti")
        records.attends(records.training("north", JUNE.replace(month=9)), name="matti")
        records.learner(passed=JUNE, network="south")
        records.learner(passed=JUNE)
    reach = reached(site)
    north = reach.cells["north", 2026]
    assert (north.online, north.sessions, north.people, north.both) == (1, 3, 3, 1)
    assert reach.cells["south", 2026].people == reach.cells["", 2026].people == 1
    assert reach.total.people == 5
    assert reach.without_names == {("north", 2026): 7}


def test_a_person_of_the_roster_is_the_learner_she_became(site):
    with site.store.writing() as session:
        records = Records(session)
        cohort = records.cohort("north")
        learner = records.learner(passed=JUNE, cohort=cohort)
        row = records.add(
            RosterRow(
                cohort_id=cohort,
                key="r",
                name="R",
                email="",
                organisation="",
                profession="",
                created_at=JUNE,
                learner_id=learner,
            )
        ).id
        records.attends(records.training("north", JUNE), row=row)
    assert reached(site).total == count_reach([Contact("north", 2026, way, "one person") for way in Way], {}).total


def test_a_module_passed_by_attending_is_no_reach_online_and_a_cancelled_session_none_at_all(site):
    with site.store.writing() as session:
        records = Records(session)
        training = records.training("north", JUNE)
        learner = records.learner(cohort=records.cohort("north"))
        records.passes(learner, JUNE, session_id=training)
        records.attends(training, learner=learner)
        records.attends(records.training("south", JUNE, unnamed=30, cancelled=True), name="nobody")
    reach = reached(site)
    assert (reach.total.online, reach.total.sessions) == (0, 1)
    assert reach.all_networks == ["north"]


def test_the_last_hours_of_december_belong_to_the_year_in_finland(site):
    with site.store.writing() as session:
        records = Records(session)
        records.learner(passed=datetime(2026, 12, 31, 21, 59, tzinfo=UTC), network="north")
        records.learner(passed=datetime(2026, 12, 31, 22, 0, tzinfo=UTC), network="north")
    assert {year: found.people for year, found in reached(site).years.items()} == {2026: 1, 2027: 1}


def fill(site, network: str, people: int, *, unnamed: int = 0) -> None:
    with site.store.writing() as session:
        records = Records(session)
        cohort = records.cohort(network)
        for _ in range(people):
            records.learner(passed=JUNE, cohort=cohort)
        if unnamed:
            records.training(network, JUNE, unnamed=unnamed)


def test_a_trainer_sees_her_own_networks_in_full_and_no_other(site, trainer_client, admin_client):
    fill(site, "north", 2, unnamed=3)
    fill(site, "south", 9)
    page = trainer_client.get("/en/trainer/reach/")
    assert [text_of(cell) for cell in page.select("tbody td")] == ["2", "2", "0", "0", "3"]
    assert "9" not in [text_of(cell) for cell in page.select("td")]
    together = admin_client.get("/en/trainer/reach/").select("table")[-1]
    assert text_of(together.select_one("tbody td")) == "11"


def test_the_public_page_shows_numbers_in_fives_only(site, client):
    fill(site, "north", 3, unnamed=2)
    fill(site, "south", 21)
    page = client.get("/en/reach/")
    numbers = [int(text_of(cell)) for cell in page.select("tbody td")]
    assert numbers and all(number % 5 == 0 for number in numbers)
    assert "rounded to a multiple of 5" in text_of(page.main)


def test_the_public_page_names_what_was_reached_before_with_its_source(client, library):
    said = text_of(client.get("/en/reach/").main)
    assert "over 40 professionals by 31 December 2024" in said
    assert client.get("/en/reach/").select_one(".notice a[href*='/sources/#tea-book']")
    assert "Nobody has been counted here yet." in said


def test_the_public_page_is_counted_anew_after_a_while(site, client, clock):
    client.get("/en/reach/")
    fill(site, "north", 8)
    assert "Nobody has been counted" in text_of(client.get("/en/reach/").main)
    clock.move(minutes=15)
    assert "2026" in text_of(client.get("/en/reach/").main)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_pages_of_reach_are_good_pages_in_every_language(site, client, trainer_client, language):
    fill(site, "north", 8, unnamed=9)
    assert client.get(f"/{language}/reach/").select_one(".chart svg[role=img]")
    trainer_client.get(f"/{language}/trainer/reach/")


def test_a_reach_row_is_never_about_one_person_alone(site, client):
    fill(site, "north", 1)
    said = {text_of(cell) for cell in client.get("/en/reach/").select("tbody td")}
    assert said <= {"0", "5"}
