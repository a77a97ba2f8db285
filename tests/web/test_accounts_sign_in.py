"""Trainers and administrators sign in with a password and a second factor, and nobody else does."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select

from course.domain.account import new_one_time_password
from course.services.invitations import make_administrator
from course.storage.tables import MailedLink, Password, RecoveryCode, SignIn, SignInRequest, Totp
from tests.staff_fixtures import make_account
from tests.strict_client import StrictClient
from tests.web.accounts_journeys import (
    PASSWORD,
    accept_link,
    begin,
    invite,
    join_by_invitation,
    link_in,
    mails_to,
    set_up_app,
    totp_code,
)

IIDA = "iida@north.example"


@pytest.fixture
def iida(client, admin_client, site) -> tuple[str, list[str]]:
    """Iida, a trainer of the north with password and app: (the app's secret, her recovery codes)."""
    return join_by_invitation(client, admin_client, site, IIDA)


def rows(site, table) -> int:
    with site.store.reading() as connection:
        return len(connection.execute(select(table)).all())


def test_the_first_administrator_comes_from_the_command_line_and_sets_everything_up(client, app, site):
    said = app.test_cli_runner().invoke(args=["course", "create-admin", "Aada@Office.Example"])
    assert said.exit_code == 0, said.output
    password = next(line.strip() for line in said.output.splitlines() if line.startswith("    "))
    page = begin(client, "aada@office.example", password)
    assert "Choose a password" in page.h1.get_text()
    page = client.submit(page, "main form", new_password=PASSWORD)
    assert "second factor" in page.h1.get_text()
    _, codes, page = set_up_app(client, page, site)
    assert len(codes) == len(set(codes)) == 10
    page = client.get(page.select_one("main a.button")["href"])
    assert page.select("nav.staff-nav a[aria-current]")
    page = client.get("/en/admin/people/")
    assert "aada@office.example" in page.get_text()


def test_a_one_time_password_lets_nobody_in_after_an_own_one_was_chosen(client, another_client, site):
    password = make_administrator(site.store, email="aada@office.example", language="en", now=site.now())
    page = client.submit(begin(client, "aada@office.example", password), "main form", new_password=PASSWORD)
    set_up_app(client, page, site)
    begin(another_client, "aada@office.example", password, status=422)
    assert "second factor" in begin(another_client, "aada@office.example", PASSWORD).h1.get_text()


def test_a_one_time_password_runs_out(client, site, clock):
    password = make_administrator(site.store, email="aada@office.example", language="en", now=site.now())
    clock.move(days=7)
    begin(client, "aada@office.example", password, status=422)


def test_the_one_time_password_is_kept_as_a_hash_only(site):
    password = make_administrator(site.store, email="aada@office.example", language="en", now=site.now())
    with site.store.reading() as connection:
        kept = connection.execute(select(Password.hash)).scalar_one()
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$") and password not in kept
    assert new_one_time_password() != new_one_time_password()


def test_an_invited_trainer_signs_in_with_both_factors_and_lands_on_her_pages(iida, another_client, site, clock):
    clock.move(minutes=1)
    page = begin(another_client, IIDA, PASSWORD)
    page = another_client.submit(page, "main form", code=totp_code(iida[0], site))
    assert another_client.get("/en/account/").select_one("main .lead").get_text() == IIDA
    assert page.select("nav.staff-nav")


def test_the_password_alone_opens_nothing(iida, another_client):
    begin(another_client, IIDA, PASSWORD)
    assert another_client.raw.get("/en/account/").status_code == 302
    assert "session" not in {cookie.key for cookie in another_client.raw._cookies.values()}


def test_a_code_of_the_app_counts_once(iida, client, another_client, site, clock):
    clock.move(minutes=1)
    code = totp_code(iida[0], site)
    another_client.submit(begin(another_client, IIDA, PASSWORD), "main form", code=code)
    page = begin(StrictClient(client.raw.application), IIDA, PASSWORD)
    third = StrictClient(client.raw.application)
    page = begin(third, IIDA, PASSWORD)
    page = third.submit(page, "main form", code=code, status=422)
    assert "does not fit" in page.select_one(".error-summary").get_text()


def test_the_code_that_set_the_app_up_is_used_up_too(iida, another_client, site):
    page = begin(another_client, IIDA, PASSWORD)
    another_client.submit(page, "main form", code=totp_code(iida[0], site), status=422)


@pytest.mark.parametrize(("seconds", "status"), [(-30, 200), (30, 200), (-60, 422), (60, 422)])
def test_a_clock_may_be_half_a_minute_wrong_and_no_more(iida, another_client, site, clock, seconds, status):
    clock.move(minutes=5)
    clock.move(seconds=seconds)
    code = totp_code(iida[0], site)
    clock.move(seconds=-seconds)
    another_client.submit(begin(another_client, IIDA, PASSWORD), "main form", code=code, status=status)


def test_a_recovery_code_stands_in_for_the_app_once(iida, another_client, app):
    page = begin(another_client, IIDA, PASSWORD)
    another_client.submit(page, "main form", code=iida[1][0].upper().replace("-", " "))
    assert another_client.raw.get("/en/account/").status_code == 200
    third = StrictClient(app)
    third.submit(begin(third, IIDA, PASSWORD), "main form", code=iida[1][0], status=422)


def test_five_wrong_codes_end_the_sign_in_and_the_right_one_comes_too_late(iida, another_client, site, clock):
    clock.move(minutes=1)
    page = begin(another_client, IIDA, PASSWORD)
    for _ in range(5):
        another_client.submit(page, "main form", code="000000", status=422)
    another_client.submit(page, "main form", code=totp_code(iida[0], site), status=410)


def test_a_sign_in_under_way_belongs_to_the_browser_that_began(iida, another_client, app, site, clock):
    clock.move(minutes=1)
    begin(another_client, IIDA, PASSWORD)
    stranger = StrictClient(app)
    token = {"csrf_token": str(stranger.get("/en/account/sign-in/").select_one("[name=csrf_token]")["value"])}
    stranger.post("/en/account/second-factor/", {**token, "code": totp_code(iida[0], site)}, status=410)


def test_a_sign_in_under_way_runs_out(iida, another_client, site, clock):
    page = begin(another_client, IIDA, PASSWORD)
    clock.move(minutes=31)
    another_client.submit(page, "main form", code=totp_code(iida[0], site), status=410)


def test_a_wrong_password_and_an_unknown_address_get_the_same_page(iida, another_client, app):
    wrong = begin(another_client, IIDA, "not this one at all", status=422)
    unknown = begin(StrictClient(app), "nobody@nowhere.example", "not this one at all", status=422)
    shown = str(wrong.main).replace(IIDA, "…")
    assert shown == str(unknown.main).replace("nobody@nowhere.example", "…")


def test_a_disabled_account_is_refused_like_an_unknown_one(iida, another_client, admin_client, site):
    page = admin_client.get(f"/en/admin/people/{make_account(site, IIDA)}/")
    admin_client.submit(page, "form[action$='/do']", button="[value=disable]")
    begin(another_client, IIDA, PASSWORD, status=422)


def test_too_many_tries_close_the_way_from_one_network_and_leave_the_others_open(iida, app):
    here = StrictClient(app)
    for _ in range(10):
        begin(here, IIDA, "wrong wrong wrong", status=422)
    begin(here, IIDA, PASSWORD, status=429)
    assert here.response.headers["Retry-After"]
    elsewhere = StrictClient(app)
    elsewhere.raw.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert "second factor" in begin(elsewhere, IIDA, PASSWORD).h1.get_text()


def test_a_new_session_is_made_at_each_sign_in_and_a_planted_one_is_worth_nothing(iida, another_client, site, clock):
    clock.move(minutes=1)
    another_client.raw.set_cookie("session", "planted-by-somebody")
    page = begin(another_client, IIDA, PASSWORD)
    another_client.submit(page, "main form", code=totp_code(iida[0], site))
    made = another_client.raw.get_cookie("session").value
    assert made != "planted-by-somebody" and len(made) == 22
    stranger = StrictClient(another_client.raw.application)
    stranger.raw.set_cookie("session", "planted-by-somebody")
    assert stranger.raw.get("/en/account/").status_code == 302


def test_signing_in_again_on_the_same_device_replaces_the_sign_in(iida, client, site, clock):
    clock.move(minutes=1)
    before, kept = rows(site, SignIn), client.raw.get_cookie("session").value
    stranger = StrictClient(client.raw.application)
    page = begin(stranger, IIDA, PASSWORD)
    stranger.raw.set_cookie("session", kept)
    stranger.submit(page, "main form", code=totp_code(iida[0], site))
    assert rows(site, SignIn) == before
    assert client.raw.get("/en/account/").status_code == 302


def test_an_address_asked_for_before_signing_in_is_where_the_sign_in_leads(iida, another_client, site, clock):
    clock.move(minutes=1)
    page = another_client.get("/en/account/factors/")
    assert page.h1.get_text() == "Sign in"
    page = another_client.submit(page, "main form", email=IIDA, password=PASSWORD)
    another_client.submit(page, "main form", code=totp_code(iida[0], site))
    assert another_client.response.request.path == "/en/account/factors/"


@pytest.mark.parametrize(
    "planted",
    [
        "//evil.example",
        "/%5Cevil.example",
        "/\\evil.example",
        "https://evil.example",
        "%2F%2Fevil.example",
        "/evil%0d%0ab",
    ],
)
def test_the_way_back_leads_nowhere_else(iida, another_client, site, clock, planted):
    clock.move(minutes=1)
    another_client.raw.set_cookie("back", planted)
    page = begin(another_client, IIDA, PASSWORD)
    token = str(page.select_one("[name=csrf_token]")["value"])
    sent = {"csrf_token": token, "code": totp_code(iida[0], site)}
    answer = another_client.send("/en/account/second-factor/", sent)
    assert answer.status_code == 303
    assert answer.location.startswith("/en/") and "evil" not in answer.location


def test_recovery_by_mail_gives_a_new_password_and_keeps_the_second_factor(iida, client, another_client, site, clock):
    clock.move(minutes=1)
    another_client.submit(another_client.get("/en/account/recovery/"), "main form", email=IIDA)
    link = link_in(mails_to(site, IIDA)[-1])
    page = accept_link(another_client, link, "another long train home")
    assert "Your second factor" in page.h1.get_text()
    begin(StrictClient(client.raw.application), IIDA, PASSWORD)
    another_client.submit(page, "main form", code=totp_code(iida[0], site))
    assert client.raw.get("/en/account/").status_code == 302, "the other devices are signed out"
    begin(StrictClient(client.raw.application), IIDA, PASSWORD, status=422)
    another_client.get(link, status=410)


def test_the_page_of_recovery_is_the_same_for_an_unknown_address_and_no_mail_goes_out(
    iida, client, another_client, site
):
    known = another_client.submit(another_client.get("/en/account/recovery/"), "main form", email=IIDA)
    unknown = client.submit(client.get("/en/account/recovery/"), "main form", email="nobody@nowhere.example")
    assert str(known.main).replace(IIDA, "…") == str(unknown.main).replace("nobody@nowhere.example", "…")
    assert mails_to(site, "nobody@nowhere.example") == []


def test_looking_at_a_link_does_not_use_it_up(admin_client, client, site):
    invite(admin_client, IIDA)
    link = link_in(mails_to(site, IIDA)[-1])
    for _ in range(3):
        client.get(link)
        client.raw.head(link)
    assert "second factor" in accept_link(client, link).h1.get_text()


def test_an_invitation_runs_out_and_a_new_one_ends_the_old(admin_client, client, site, clock):
    page = invite(admin_client, IIDA)
    first = link_in(mails_to(site, IIDA)[-1])
    admin_client.submit(page, "form[action$='/do']", button="[value=invite]")
    second = link_in(mails_to(site, IIDA)[-1])
    client.get(first, status=410)
    client.get(second)
    clock.move(days=14)
    client.get(second, status=410)


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short", "at least 12"),
        ("aaaaaaaaaaaaaaaa", "easy to guess"),
        ("iida@north.example1", "mail address"),
        ("x" * 120 + "abcdefghijk", "at most 128"),
    ],
)
def test_a_password_that_is_easily_guessed_is_not_taken(admin_client, client, site, password, said):
    invite(admin_client, IIDA)
    page = client.submit(client.get(link_in(mails_to(site, IIDA)[-1])), "main form")
    page = client.submit(page, "main form", new_password=password, status=422)
    assert said in page.select_one(".error-summary").get_text()


def test_the_database_holds_no_secret_that_opens_something(iida, site):
    """Of the app only what is sealed, of all else hashes."""
    with site.store.reading() as connection:
        sealed = connection.execute(select(Totp.sealed_secret)).scalar_one()
        hashes = connection.execute(select(RecoveryCode.code_hash)).scalars().all()
        links = connection.execute(select(MailedLink.secret_hash)).scalars().all()
        sign_ins = connection.execute(select(SignIn.secret_hash)).scalars().all()
    assert iida[0].replace(" ", "") not in sealed and sealed.startswith("gAAAA")
    assert {len(one) for one in [*hashes, *links, *sign_ins]} == {43}
    assert not {code.replace("-", "") for code in iida[1]} & set(hashes)


def test_what_ran_out_is_forgotten(iida, another_client, site, clock):
    begin(another_client, IIDA, PASSWORD)
    clock.move(days=15)
    begin(another_client, IIDA, PASSWORD)
    assert rows(site, SignInRequest) == 1
    with site.store.writing() as session:
        session.execute(delete(SignInRequest))
