"""A trainer closes a group: nobody joins, nobody is reminded, nothing is lost; and she can open it again."""

from __future__ import annotations

from sqlalchemy import func, select

from course.storage.tables import CohortMember, Reminder, Task
from tests.strict_client import text_of
from tests.web.test_cohorts import code_of, join, make_cohort, rows_of
from tests.web.test_reminders import add_member, work

CLOSE, REOPEN = "form[action$='/close']", "form[action$='/reopen']"


def close(trainer, cohort: str):
    return trainer.submit(trainer.get(cohort), CLOSE)


def count(site, table) -> int:
    with site.store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def test_a_closed_group_is_shown_apart_and_can_be_looked_at(trainer_client, client):
    cohort = make_cohort(trainer_client)
    join(client, code_of(trainer_client, cohort), "Aino")
    page = close(trainer_client, cohort)
    assert "This group was closed on 22 November 2026" in text_of(page.main)
    assert list(rows_of(page)) == ["Aino"]
    overview = trainer_client.get("/en/trainer/")
    assert "1 closed group" in text_of(overview.select_one("details summary"))
    assert "Spring group" in text_of(overview.select_one("details"))
    assert "Spring group" not in text_of(overview.main).replace(text_of(overview.select_one("details")), "")


def test_nobody_joins_a_closed_group_by_code_or_link_and_somebody_does_when_it_is_open_again(
    trainer_client, client, site
):
    cohort = make_cohort(trainer_client)
    code = code_of(trainer_client, cohort)
    roster = trainer_client.get(f"{cohort}roster/")
    roster = trainer_client.submit(roster, "form[action$='/people']", name="Olli", email="olli@kela.example")
    made = trainer_client.submit(roster, "form[action$='/link']")
    link = str(made.select_one("#person-link")["value"]).removeprefix("http://localhost")
    close(trainer_client, cohort)
    client.get(f"/join/{code}?lang=en", status=404)
    client.get(link, status=410)
    assert not trainer_client.get(f"{cohort}roster/").select("form[action$='/link'], form[action$='/invitations']")
    trainer_client.submit(trainer_client.get(cohort), REOPEN)
    client.submit(client.get(link), name="Olli")
    assert count(site, CohortMember) == 1


def test_an_invitation_into_a_closed_group_is_not_sent(trainer_client, site):
    cohort = make_cohort(trainer_client)
    roster = trainer_client.get(f"{cohort}roster/")
    roster = trainer_client.submit(roster, "form[action$='/people']", name="Olli", email="olli@kela.example")
    close(trainer_client, cohort)
    trainer_client.submit(roster, "form[action$='/invitations']", status=404)
    with site.store.reading() as connection:
        assert connection.execute(select(Task.id).where(Task.kind == "mail")).all() == []


def test_nobody_in_a_closed_group_is_reminded_by_hand_or_before_the_due_date(
    trainer_client, client, site, app, clock, signed_in_client
):
    cohort = make_cohort(trainer_client, due_on="2027-01-20", track="drinks")
    add_member(client, site, cohort, code_of(trainer_client, cohort), "Aino", mail="aino@work.example")
    page = trainer_client.get(f"{cohort}reminder/")
    close(trainer_client, cohort)
    trainer_client.submit(page, "form[action$='/reminder/']", status=404)
    clock.move(days=46)
    work(app)
    assert count(site, Reminder) == 0
    trainer = signed_in_client("tuuli@north.example", networks=("north",))
    trainer.submit(trainer.get(cohort), REOPEN)
    clock.move(days=11)
    work(app)
    assert count(site, Reminder) == 1


def test_a_member_is_told_that_it_is_closed_and_can_leave_it(trainer_client, client, site):
    cohort = make_cohort(trainer_client)
    join(client, code_of(trainer_client, cohort), "Aino")
    close(trainer_client, cohort)
    page = client.get("/en/progress/")
    assert "This group is closed." in text_of(page.main)
    client.submit(page, "form[action$='/leave']")
    assert count(site, CohortMember) == 0


def test_closing_twice_keeps_the_day_and_no_session_can_be_made_for_it(trainer_client, clock, signed_in_client):
    cohort = make_cohort(trainer_client)
    page = trainer_client.get(cohort)
    trainer_client.submit(page, CLOSE)
    clock.move(minutes=20 * 60)
    trainer = signed_in_client("tuuli@north.example", networks=("north",))
    token = trainer.get(cohort).select_one("[name=csrf_token]")["value"]
    trainer.send(f"{cohort}close", {"csrf_token": token})
    assert "22 November 2026" in text_of(trainer.get(cohort).main)
    assert "Spring group" not in text_of(trainer.get("/en/trainer/sessions/new").main)
