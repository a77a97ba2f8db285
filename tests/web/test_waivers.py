"""The page on which a trainer passes somebody without the quiz, and where it is seen."""

from __future__ import annotations

import csv
from io import StringIO

from tests.strict_client import text_of
from tests.web.journeys import hand_in, pass_module, start_quiz, wrong_answers
from tests.web.test_cohorts import code_of, join, make_cohort, rows_of

WHY = "Teaches this subject at the police college"


def waive(trainer, cohort: str, module: str = "tea", reason: str = WHY, **more):
    page = trainer.get(f"{cohort}waivers/")
    learner = page.select_one("#learner option:not([value=''])")["value"]
    return trainer.submit(page, "main form:has(#reason)", learner=learner, module=module, reason=reason, **more)


def test_a_trainer_passes_a_member_and_it_is_seen_as_her_decision_by_all_who_should(trainer_client, client):
    cohort = make_cohort(trainer_client)
    join(client, code_of(trainer_client, cohort), "Aino")
    link = trainer_client.get(cohort).select_one("a[href$='/waivers/']")
    assert text_of(link) == "Pass somebody without the quiz"
    page = waive(trainer_client, cohort)
    row = text_of(page.select_one("#given-title").find_parent("section").select_one("tbody tr"))
    assert all(word in row for word in ("Aino", WHY, "Tuuli", "In force"))
    assert rows_of(trainer_client.get(cohort))["Aino"][1:3] == ["◇ By decision", "– Not yet"]
    sent = trainer_client.raw.get(f"{cohort}members.csv").text.lstrip("\ufeff")
    sheet = list(csv.reader(StringIO(sent), delimiter=";"))
    assert (sheet[0][-1], sheet[1][-1]) == ("Modules passed by a trainer’s decision", "1")

    mine = text_of(client.get("/en/progress/").select_one("main"))
    assert "Passed by a trainer’s decision" in mine and f"{WHY} · Tuuli" in mine
    assert WHY in text_of(client.get("/en/progress/my-data/").select_one("main"))
    assert client.get("/en/modules/bread/quiz/").select_one("main form"), "the next module is open"


def test_taken_back_it_is_gone_from_all_pages(trainer_client, client):
    cohort = make_cohort(trainer_client)
    join(client, code_of(trainer_client, cohort), "Aino")
    page = waive(trainer_client, cohort)
    page = trainer_client.submit(page, "form[action$='/take-back']")
    assert "Nobody was passed this way" in text_of(page.select_one("main"))
    assert rows_of(trainer_client.get(cohort))["Aino"][1] == "– Not yet"
    assert WHY not in text_of(client.get("/en/progress/").select_one("main"))


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(trainer_client, client, library):
    cohort = make_cohort(trainer_client)
    join(client, code_of(trainer_client, cohort), "Aino")
    page = trainer_client.submit(
        trainer_client.get(f"{cohort}waivers/"), "main form:has(#reason)", status=422, reason="because"
    )
    links = [link["href"] for link in page.select(".error-summary a")]
    assert links == ["#learner", "#module", "#reason"]
    assert text_of(page.select_one("#reason")) == "because"
    pass_module(client, library, "tea")
    refused = waive(trainer_client, cohort, status=422)
    assert "has passed the module already" in text_of(refused.select_one(".error-summary"))


def test_another_trainer_of_the_network_sees_it_and_cannot_do_it(
    trainer_client, signed_in_client, client, admin_client
):
    cohort = make_cohort(trainer_client)
    join(client, code_of(trainer_client, cohort), "Aino")
    waive(trainer_client, cohort)
    colleague = signed_in_client("kaisa@north.example", networks=("north",))
    page = colleague.get(cohort)
    assert rows_of(page)["Aino"][1] == "◇ By decision" and not page.select("a[href$='/waivers/']")
    colleague.get(f"{cohort}waivers/", 404)
    admin_client.get(f"{cohort}waivers/")


def test_after_a_failed_quiz_the_learner_who_passes_it_later_has_earned_it(trainer_client, client, library):
    cohort = make_cohort(trainer_client)
    join(client, code_of(trainer_client, cohort), "Aino")
    page = start_quiz(client, "tea")
    hand_in(client, page, wrong_answers(page, library, "tea"))
    waive(trainer_client, cohort)
    pass_module(client, library, "tea")
    assert rows_of(trainer_client.get(cohort))["Aino"][1] == "✓ Done"
    assert "Passed herself since" in text_of(trainer_client.get(f"{cohort}waivers/").select_one("main"))
    assert "Passed by a trainer’s decision" not in text_of(client.get("/en/progress/").select_one("main"))


def test_an_administrator_reads_in_the_log_who_passed_whom_and_not_why(trainer_client, client, admin_client):
    cohort = make_cohort(trainer_client)
    join(client, code_of(trainer_client, cohort), "Aino")
    waive(trainer_client, cohort)
    log = text_of(admin_client.get("/en/admin/audit/").select_one("main"))
    assert "Module passed by a trainer’s decision" in log and "Tuuli" in log and WHY not in log


def test_the_export_of_records_says_it_in_a_column_of_its_own(trainer_client, client, admin_client):
    cohort = make_cohort(trainer_client)
    join(client, code_of(trainer_client, cohort), "Aino")
    waive(trainer_client, cohort)
    token = admin_client.get("/en/admin/records/").select_one("[name=csrf_token]")["value"]
    sent = admin_client.send("/en/admin/records.csv", {"csrf_token": token})
    heading, row = csv.reader(StringIO(sent.text.lstrip("\ufeff")), delimiter=";")
    assert (heading[-2:], row[-2:]) == (["By attendance", "By a trainer’s decision"], ["", "yes"])
