"""Reminders are few, shown before they are sent, and stopped with one click."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from course.domain.home_time import HOME
from course.storage.tables import Account, Cohort, CohortMember, Learner, MailStop, Reminder, RosterRow, Task
from tests.strict_client import StrictClient, text_of
from tests.web.journeys import pass_module
from tests.web.test_cohorts import code_of, join, make_cohort
from tests.web.test_sessions import counts, statements_of


@pytest.fixture
def outbox(app) -> Path:
    """The folder of the mails, empty at first: the instance folder is shared by the tests of a run."""
    folder = Path(app.instance_path) / "outbox"
    app.extensions["course_worker"].handlers["mail"]._postman._folder = folder = folder / str(id(app))
    return folder


def mails(folder: Path):
    found = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in folder.glob("*.eml")]
    return sorted(found, key=lambda one: one["To"])


def work(app) -> None:
    with app.app_context():
        app.extensions["course_worker"].run_due()


def add_member(client: StrictClient, site, cohort: str, code: str, name: str, *, mail: str = "", language="fi") -> int:
    """Somebody joins; with a mail address, as the roster has it."""
    join(client, code, name)
    cohort_id = int(cohort.split("/")[-2])
    with site.store.writing() as session:
        members = select(CohortMember.learner_id).where(CohortMember.name == name, CohortMember.cohort_id == cohort_id)
        learner_id = session.execute(members).scalar_one()
        session.execute(update(Learner).where(Learner.id == learner_id).values(language=language))
        if mail:
            row = {"key": name, "name": name, "email": mail, "organisation": "", "profession": ""}
            session.add(RosterRow(cohort_id=cohort_id, learner_id=learner_id, created_at=site.now(), **row))
    return learner_id


@pytest.fixture
def group(trainer_client, site, app):
    """A group with a due date and three members: one with an address, one in Swedish, one without any."""
    cohort = make_cohort(trainer_client, due_on="2027-01-20", track="drinks")
    code = code_of(trainer_client, cohort)
    clients = {name: StrictClient(app) for name in ("Aino", "Bo", "Cia")}
    add_member(clients["Aino"], site, cohort, code, "Aino", mail="aino@work.example")
    add_member(clients["Bo"], site, cohort, code, "Bo", mail="bo@work.example", language="sv")
    add_member(clients["Cia"], site, cohort, code, "Cia")
    return cohort, clients


@pytest.fixture
def tuuli(signed_in_client):
    """The trainer, signed in anew: a sign-in does not last over the days that these tests pass."""
    return lambda: signed_in_client("tuuli@north.example", networks=("north",))


def preview(trainer: StrictClient, cohort: str):
    return trainer.get(f"{cohort}reminder/")


def test_the_group_page_leads_to_the_reminder(trainer_client, group):
    cohort, _ = group
    assert trainer_client.get(cohort).select_one(f"a[href='{cohort}reminder/']")


def test_a_trainer_sees_to_how_many_it_goes_and_what_it_says_before_anything_is_sent(trainer_client, group, site):
    page = preview(trainer_client, group[0])
    said = text_of(page.main)
    assert "The reminder would go to 2 members." in said
    assert "No mail address: 1" in said
    assert [panel["lang"] for panel in page.select(".panel")] == ["fi", "sv"]
    assert counts(site, Reminder) == 0 and counts(site, Task, Task.kind == "mail") == 0


def test_a_reminder_goes_to_each_member_in_her_language_with_what_she_lacks(trainer_client, group, app, outbox):
    cohort, _ = group
    trainer_client.submit(preview(trainer_client, cohort), "form[action$='/reminder/']")
    work(app)
    [to_aino, to_bo] = mails(outbox)
    assert (to_aino["To"], to_bo["To"]) == ("aino@work.example", "bo@work.example")
    assert "Spring group" in to_aino.get_content() and "– Tee" in to_aino.get_content()
    assert "– Te\n" in to_bo.get_content() and "20.1.2027" in to_bo.get_content()
    assert "/sv/" in to_bo.get_content() and "leip" not in to_aino.get_content().lower()
    assert re.fullmatch(r"<http://localhost/stop/[\w.-]+>", to_aino["List-Unsubscribe"])
    assert to_aino["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_whoever_is_done_gets_none(trainer_client, group, library):
    cohort, clients = group
    pass_module(clients["Aino"], library, "tea")
    said = text_of(preview(trainer_client, cohort).main)
    assert "would go to 1 member." in said and "Done: 1" in said


def test_two_clicks_are_one_reminder_and_the_next_one_waits_a_week(trainer_client, group, clock, site, tuuli):
    cohort, _ = group
    page = preview(trainer_client, cohort)
    for _ in range(2):
        trainer_client.submit(page, "form[action$='/reminder/']")
    assert counts(site, Reminder) == counts(site, Task, Task.kind == "mail") == 2
    clock.move(days=6)
    said = text_of(preview(tuuli(), cohort).main)
    assert "would go to 0 members" in said and "Reminded in the last 7 days: 2" in said
    clock.move(days=1)
    assert "would go to 2 members" in text_of(preview(tuuli(), cohort).main)


def stop_link(mail) -> str:
    return mail["List-Unsubscribe"].strip("<>").removeprefix("http://localhost")


def test_the_link_in_the_mail_stops_reminders_without_signing_in(trainer_client, group, app, outbox, client, site):
    cohort, _ = group
    trainer_client.submit(preview(trainer_client, cohort), "form[action$='/reminder/']")
    work(app)
    link = stop_link(mails(outbox)[0])
    page = client.get(f"{link}?lang=en")
    assert counts(site, MailStop) == 0, "a program that looks into the link stops nothing"
    assert page.h1 and client.submit(page).select(".notice.good")
    assert counts(site, MailStop) == 1
    assert not client.get(link).select("main form"), "it is stopped already"
    assert "Reminders stopped: 1" in text_of(preview(trainer_client, cohort).main)
    with site.store.reading() as connection:
        assert "aino" not in connection.execute(select(MailStop.address_key)).scalar_one()


def test_a_mail_program_stops_with_its_own_button(trainer_client, group, app, outbox, site):
    cohort, _ = group
    trainer_client.submit(preview(trainer_client, cohort), "form[action$='/reminder/']")
    work(app)
    # RFC 8058: no cookie, no token of a form, from wherever.
    answer = StrictClient(app).raw.post(
        stop_link(mails(outbox)[0]),
        data={"List-Unsubscribe": "One-Click"},
        headers={"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 200 and counts(site, MailStop) == 1


@pytest.mark.parametrize("token", ["", "x", "a.b", "ä.ö"])
def test_a_link_that_we_did_not_sign_stops_nothing(client, site, token):
    assert client.raw.get(f"/stop/{token}").status_code in (404, 410)
    assert client.raw.post(f"/stop/{token}").status_code in (404, 405, 410)
    assert counts(site, MailStop) == 0


def test_a_signature_belongs_to_one_address(trainer_client, group, app, outbox, client, site):
    cohort, _ = group
    trainer_client.submit(preview(trainer_client, cohort), "form[action$='/reminder/']")
    work(app)
    one, other = (stop_link(mail) for mail in mails(outbox))
    mixed = f"{one.partition('.')[0]}.{other.partition('.')[2]}"
    assert client.raw.post(mixed).status_code == 410 and counts(site, MailStop) == 0


# Before the due date


def test_two_reminders_go_by_themselves_in_the_morning_and_no_third(trainer_client, group, app, clock, site):
    cohort, _ = group
    coming = text_of(preview(trainer_client, cohort).select_one("#coming-title").find_parent("section"))
    assert "6 January 2027, 09:00" in coming and "17 January 2027, 09:00" in coming
    for day in range(1, 75):
        clock.moment = datetime(2026, 11, 22, 7, 1, tzinfo=UTC)
        clock.move(days=day)
        work(app)
    with site.store.reading() as connection:
        sent = connection.execute(select(Reminder.occasion, Reminder.sent_at).order_by(Reminder.id)).all()
    assert [one[0] for one in sent] == ["due-first"] * 2 + ["due-last"] * 2
    assert {one[1].astimezone(HOME).date() for one in sent} == {date(2027, 1, 6), date(2027, 1, 17)}


def test_a_moved_due_date_takes_its_reminders_with_it_and_does_not_add_any(group, app, clock, site, tuuli):
    cohort, _ = group
    clock.moment = datetime(2027, 1, 6, 7, 1, tzinfo=UTC)
    work(app)
    assert counts(site, Reminder) == 2
    trainer = tuuli()
    trainer.submit(trainer.get(f"{cohort}edit"), due_on="2027-03-31")
    for day in range(1, 90):
        clock.moment = datetime(2027, 1, 6, 7, 1, tzinfo=UTC)
        clock.move(days=day)
        work(app)
    with site.store.reading() as connection:
        sent = connection.execute(select(Reminder.occasion, Reminder.sent_at).order_by(Reminder.id)).all()
    assert [one[0] for one in sent] == ["due-first"] * 2 + ["due-last"] * 2
    # Nine in the morning on the day on which summer time has begun: three days before the last of March.
    assert sent[-1][1] == datetime(2027, 3, 28, 7, 1, tzinfo=UTC)


def test_the_morning_keeps_its_hour_when_the_clocks_change(trainer_client, site):
    make_cohort(trainer_client, due_on="2027-03-31")
    with site.store.reading() as connection:
        due = connection.execute(select(Task.due_at).where(Task.kind == "due-reminder").order_by(Task.due_at)).scalars()
        assert [(one.hour, one.astimezone(HOME).hour) for one in due] == [(7, 9), (6, 9)]


def test_a_worker_that_stood_still_for_days_sends_no_late_reminders(group, app, clock, site):
    clock.moment = datetime(2027, 1, 19, 12, 0, tzinfo=UTC)
    work(app)
    assert counts(site, Reminder) == 0


def test_whoever_was_reminded_by_hand_yesterday_is_left_in_peace(group, app, clock, site, tuuli):
    cohort, _ = group
    clock.moment = datetime(2027, 1, 5, 10, 0, tzinfo=UTC)
    trainer = tuuli()
    trainer.submit(preview(trainer, cohort), "form[action$='/reminder/']")
    clock.moment = datetime(2027, 1, 6, 7, 1, tzinfo=UTC)
    work(app)
    assert counts(site, Reminder) == 2


def test_a_cohort_that_is_gone_reminds_nobody(group, app, clock, site):
    with site.store.writing() as session:
        session.execute(delete(Cohort))
    clock.moment = datetime(2027, 1, 6, 7, 1, tzinfo=UTC)
    work(app)
    assert counts(site, Reminder) == 0


# Whom it concerns


def test_a_group_of_another_network_cannot_be_reminded(trainer_client, other_trainer_client, group, site):
    cohort, _ = group
    other_trainer_client.get(f"{cohort}reminder/", status=404)
    token = other_trainer_client.get("/en/trainer/sessions/").select_one("[name=csrf_token]")["value"]
    assert other_trainer_client.send(f"{cohort}reminder/", {"csrf_token": token}).status_code == 404
    assert counts(site, Reminder) == 0


def test_the_address_of_an_account_comes_before_that_of_the_roster(trainer_client, group, app, outbox, site):
    cohort, _ = group
    with site.store.writing() as session:
        learner = select(CohortMember.learner_id).where(CohortMember.name == "Aino").scalar_subquery()
        row = {"email": "aino@home.example", "name": "", "language": "fi", "administrator": False}
        session.add(Account(learner_id=session.execute(select(learner)).scalar(), created_at=site.now(), **row))
    trainer_client.submit(preview(trainer_client, cohort), "form[action$='/reminder/']")
    work(app)
    assert [mail["To"] for mail in mails(outbox)] == ["aino@home.example", "bo@work.example"]


def test_people_on_the_roster_who_have_not_joined_are_said_and_not_reminded(trainer_client, group, site):
    cohort, _ = group
    with site.store.writing() as session:
        row = {"key": "x", "name": "Olli", "email": "olli@work.example", "organisation": "", "profession": ""}
        session.add(RosterRow(cohort_id=int(cohort.split("/")[-2]), created_at=site.now(), **row))
    said = text_of(preview(trainer_client, cohort).main)
    assert "would go to 2 members" in said and "On the roster, not joined yet: 1" in said


def test_the_preview_takes_as_many_statements_for_three_members_as_for_thirty(trainer_client, group, site):
    cohort, _ = group
    with statements_of(site) as few:
        preview(trainer_client, cohort)
    with site.store.writing() as session:
        for number in range(27):
            learner = Learner(language="fi", created_at=site.now(), version=0)
            session.add(learner)
            session.flush()
            member = {"learner_id": learner.id, "name": f"M{number}", "joined_at": site.now()}
            session.add(CohortMember(cohort_id=int(cohort.split("/")[-2]), **member))
    with statements_of(site) as many:
        preview(trainer_client, cohort)
    assert len(few) == len(many)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_pages_of_reminders_are_good_pages_in_every_language(trainer_client, group, language):
    cohort, _ = group
    trainer_client.get(f"/{language}{cohort.removeprefix('/en')}reminder/")
