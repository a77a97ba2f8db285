"""A learner's account: a code by mail signs it in, and leads any device to the same record."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from course.storage.tables import Account, Learner, SignIn
from tests.staff_fixtures import make_account
from tests.strict_client import StrictClient
from tests.web.accounts_journeys import code_in, learn_by_code, mails_to
from tests.web.journeys import READ

LEA = "lea@kela.example"
ASK = "/en/account/code/"


def read(client: StrictClient, lesson: str) -> None:
    client.submit(client.get(f"/fi/modules/tea/{lesson}/"), READ)


def read_by(client: StrictClient) -> int:
    """How many pages the progress shows as read."""
    return len(client.get("/en/progress/").select(".module-row li .icon"))


def learners(site) -> int:
    with site.store.reading() as connection:
        return len(connection.execute(select(Learner.id)).all())


def test_a_code_leads_a_new_device_to_the_record(client, another_client, site):
    read(client, "water")
    learn_by_code(client, site, LEA)
    assert client.response.request.path == "/en/progress/"
    learn_by_code(another_client, site, LEA)
    assert read_by(another_client) == read_by(client) == 1
    assert learners(site) == 1


def test_what_was_done_on_both_devices_is_joined(client, another_client, site, library):
    first, second = library.module("tea").lesson_ids[:2]
    read(client, first)
    learn_by_code(client, site, LEA)
    read(another_client, second)
    page = another_client.submit(another_client.get(ASK), "main form", email=LEA)
    assert "is joined" in page.select_one(".notice").get_text()
    another_client.submit(page, "main form", code=code_in(mails_to(site, LEA)[-1]))
    assert read_by(another_client) == read_by(client) == 2
    assert learners(site) == 1


def test_on_a_shared_device_two_accounts_stay_apart(client, site):
    read(client, "water")
    learn_by_code(client, site, LEA)
    learn_by_code(client, site, "onni@police.example")
    assert read_by(client) == 0
    learn_by_code(client, site, LEA)
    assert read_by(client) == 1
    assert learners(site) == 2


def test_signing_out_leaves_nothing_on_the_device_and_the_code_brings_it_back(client, site):
    read(client, "water")
    learn_by_code(client, site, LEA)
    page = client.get("/en/account/")
    token = str(page.select_one("nav form[action$='/sign-out'] [name=csrf_token]")["value"])
    answer = client.send("/en/account/sign-out", {"csrf_token": token})
    assert answer.status_code == 303 and "cache" in answer.headers["Clear-Site-Data"]
    assert read_by(client) == 0
    learn_by_code(client, site, LEA)
    assert read_by(client) == 1


def test_a_device_that_was_lost_is_signed_out_from_another_one(client, another_client, site):
    read(client, "water")
    learn_by_code(client, site, LEA)
    learn_by_code(another_client, site, LEA)
    page = another_client.get("/en/account/")
    another_client.submit(page, "form:has([value=others])")
    assert read_by(client) == 0
    assert client.raw.get("/en/account/").status_code == 302
    assert read_by(another_client) == 1


def test_a_wrong_code_is_refused_and_five_of_them_end_the_right_one(client, site):
    page = client.submit(client.get(ASK), "main form", email=LEA)
    code = code_in(mails_to(site, LEA)[-1])
    wrong = str((int(code.replace(" ", "")) + 1) % 10**8).zfill(8)
    for _ in range(5):
        client.submit(page, "main form", code=wrong, status=422)
    client.submit(page, "main form", code=code, status=410)


def test_a_code_counts_once(client, another_client, site):
    page = client.submit(client.get(ASK), "main form", email=LEA)
    code, kept = code_in(mails_to(site, LEA)[-1]), client.raw.get_cookie("sign-in").value
    client.submit(page, "main form", code=code)
    another_client.raw.set_cookie("sign-in", kept)
    token = str(another_client.get("/en/account/sign-in/").select_one("[name=csrf_token]")["value"])
    another_client.post("/en/account/code/enter/", {"csrf_token": token, "code": code}, status=410)


def test_a_code_runs_out_after_ten_minutes(client, site, clock):
    page = client.submit(client.get(ASK), "main form", email=LEA)
    clock.move(minutes=10)
    client.submit(page, "main form", code=code_in(mails_to(site, LEA)[-1]), status=410)


def test_a_code_is_worth_nothing_in_another_browser(client, another_client, site):
    client.submit(client.get(ASK), "main form", email=LEA)
    page = another_client.submit(another_client.get(ASK), "main form", email=LEA)
    first, second = (code_in(mail) for mail in mails_to(site, LEA))
    assert first != second
    another_client.submit(page, "main form", code=first, status=422)
    another_client.submit(page, "main form", code=second)


def test_looking_at_the_page_signs_nobody_in(client, site):
    client.submit(client.get(ASK), "main form", email=LEA)
    code = code_in(mails_to(site, LEA)[-1]).replace(" ", "")
    client.get(f"/en/account/code/enter/?code={code}")
    with site.store.reading() as connection:
        assert connection.execute(select(SignIn)).all() == []


def test_no_more_than_five_mails_an_hour_go_to_an_address(client, site, clock):
    for _ in range(5):
        client.submit(client.get(ASK), "main form", email=LEA)
    client.submit(client.get(ASK), "main form", email=LEA, status=429)
    assert len(mails_to(site, LEA)) == 5
    clock.move(hours=1)
    client.submit(client.get(ASK), "main form", email=LEA)


@pytest.mark.parametrize("role", [{"networks": ("north",)}, {"administrator": True}])
def test_the_code_never_opens_the_account_of_a_trainer_or_an_administrator(client, site, role):
    make_account(site, "tuuli@north.example", **role)
    page = client.submit(client.get(ASK), "main form", email="tuuli@north.example")
    [mail] = mails_to(site, "tuuli@north.example")
    assert "/en/account/sign-in/" in mail["text"] and "code is" not in mail["text"]
    client.submit(page, "main form", code="00000000", status=422)


def test_a_role_given_between_the_mail_and_the_code_keeps_the_code_from_working(client, admin_client, site):
    learn_by_code(client, site, LEA)
    page = client.submit(client.get(ASK), "main form", email=LEA)
    account = make_account(site, LEA)
    form = admin_client.get(f"/en/admin/people/{account}/")
    admin_client.submit(form, "main form[action$='/']", name="Lea", networks=["north"])
    client.submit(page, "main form", code=code_in(mails_to(site, LEA)[-1]), status=410)


def test_the_page_after_asking_is_the_same_for_a_learner_a_trainer_and_a_stranger(site, app):
    make_account(site, "tuuli@north.example", networks=("north",))
    make_account(site, LEA)
    shown = set()
    for email in (LEA, "tuuli@north.example", "new@nowhere.example"):
        client = StrictClient(app)
        page = client.submit(client.get(ASK), "main form", email=email)
        shown.add(str(page.main).replace(email, "…"))
    assert len(shown) == 1


@pytest.mark.parametrize(
    "typed", ["", "lea", "lea@", "@kela.example", "lea@kela..example", "a b@k.example", "a\nb@k.fi"]
)
def test_what_is_no_address_gets_no_mail(client, site, typed):
    client.submit(client.get(ASK), "main form", email=typed, status=422)
    with site.store.reading() as connection:
        assert connection.execute(select(Account)).all() == []
