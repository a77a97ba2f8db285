"""A passkey is a second factor: set up once, and then it signs what this very sign-in asks for."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from tests.strict_client import StrictClient
from tests.web.accounts_journeys import PASSWORD, accept_link, begin, invite, link_in, mails_to, set_up_app
from tests.web.soft_passkey import SoftPasskey

IIDA = "iida@north.example"
FORM = "form[data-passkey]"


def options_on(page: BeautifulSoup) -> str:
    return str(page.select_one(FORM)["data-options"])


@pytest.fixture
def at_set_up(client, admin_client, site) -> BeautifulSoup:
    """Iida's page for setting up a second factor."""
    invite(admin_client, IIDA)
    return accept_link(client, link_in(mails_to(site, IIDA)[-1]))


@pytest.fixture
def key(client, at_set_up) -> SoftPasskey:
    """Iida's passkey, set up."""
    made = SoftPasskey()
    client.submit(at_set_up, FORM, passkey=made.create(options_on(at_set_up)))
    return made


def test_a_passkey_is_set_up_and_ten_recovery_codes_are_shown(client, at_set_up):
    page = client.submit(at_set_up, FORM, passkey=SoftPasskey().create(options_on(at_set_up)))
    assert len(page.select(".codes code")) == 10
    assert client.raw.get("/en/account/").status_code == 200


def test_a_passkey_signs_in(key, another_client):
    page = begin(another_client, IIDA, PASSWORD)
    another_client.submit(page, FORM, passkey=key.get(options_on(page)))
    assert another_client.raw.get("/en/account/").status_code == 200


def test_a_passkey_of_somebody_else_does_not_sign_in(key, another_client):
    page = begin(another_client, IIDA, PASSWORD)
    another_client.submit(page, FORM, passkey=SoftPasskey().get(options_on(page)), status=422)


def test_a_key_that_only_bears_the_same_name_does_not_sign_in(key, another_client):
    page = begin(another_client, IIDA, PASSWORD)
    copy = SoftPasskey()
    copy.id = key.id
    another_client.submit(page, FORM, passkey=copy.get(options_on(page)), status=422)


def test_what_was_signed_for_one_sign_in_is_worth_nothing_in_another(key, another_client, app):
    page = begin(another_client, IIDA, PASSWORD)
    signed = key.get(options_on(page))
    third = StrictClient(app)
    page = begin(third, IIDA, PASSWORD)
    third.submit(page, FORM, passkey=signed, status=422)


def test_a_copied_passkey_is_noticed_by_its_count(key, another_client, app):
    page = begin(another_client, IIDA, PASSWORD)
    key.count = 5
    another_client.submit(page, FORM, passkey=key.get(options_on(page)))
    third = StrictClient(app)
    page = begin(third, IIDA, PASSWORD)
    key.count = 2
    third.submit(page, FORM, passkey=key.get(options_on(page)), status=422)


@pytest.mark.parametrize("origin", ["https://localhost", "http://localhost.evil.example", "http://evil.example"])
def test_a_page_of_another_site_cannot_have_it_signed(key, another_client, origin):
    page = begin(another_client, IIDA, PASSWORD)
    key.origin = origin
    another_client.submit(page, FORM, passkey=key.get(options_on(page)), status=422)


@pytest.mark.parametrize("answer", ["{}", "[]", "no json", '{"id": 5}', '{"id": "ä"}', "x" * 30_000, "null"])
def test_an_answer_that_is_none_is_refused_in_words(key, another_client, answer):
    page = begin(another_client, IIDA, PASSWORD)
    another_client.submit(page, FORM, passkey=answer, status=422)


@pytest.mark.parametrize("answer", ["{}", "[]", "no json", "x" * 30_000])
def test_a_set_up_that_is_none_is_refused_in_words(client, at_set_up, answer):
    client.submit(at_set_up, FORM, passkey=answer, status=422)


def test_the_same_passkey_cannot_stand_for_two_people(key, admin_client, app, site):
    other = StrictClient(app)
    invite(admin_client, "olli@north.example")
    page = accept_link(other, link_in(mails_to(site, "olli@north.example")[-1]))
    other.submit(page, FORM, passkey=key.create(options_on(page)), status=422)


def test_whoever_has_an_app_and_a_passkey_may_remove_one_of_them_and_not_both(client, at_set_up, site, clock):
    set_up_app(client, at_set_up, site)
    page = client.get("/en/account/factors/")
    assert not page.select("[value=drop-app]")
    page = client.submit(page, "main form", button="[value=add]", password=PASSWORD)
    page = client.submit(page, FORM, passkey=SoftPasskey().create(options_on(page)))
    assert not page.select(".codes"), "the codes that were printed still count"
    page = client.submit(client.get("/en/account/factors/"), "main form", button="[value=drop-app]", password=PASSWORD)
    assert not page.select("[value^=drop-]")
    fields = {"csrf_token": str(page.select_one("[name=csrf_token]")["value"]), "password": PASSWORD}
    kept = page.select(".mark-done")
    client.post("/en/account/factors/", {**fields, "action": "drop-passkey-1"}, status=409)
    assert client.get("/en/account/factors/").select(".mark-done") == kept
