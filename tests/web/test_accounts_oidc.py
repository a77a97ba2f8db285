"""Signing in at an organisation's own service, against a real provider on this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from joserfc.jwk import RSAKey
from sqlalchemy import select
from werkzeug.test import TestResponse

from course.extension import Course, create_app
from course.services.oidc import provider_of
from course.storage.tables import Account, SignIn
from tests.staff_fixtures import make_account, sign_in
from tests.strict_client import StrictClient
from tests.web.accounts_journeys import invite, link_in, mails_to
from tests.web.oidc_provider import CLIENT, OidcProvider

IIDA = "iida@north.example"


@pytest.fixture
def provider(clock) -> Iterator[OidcProvider]:
    made = OidcProvider(lambda: int(clock().timestamp()))
    yield made
    made.close()


@pytest.fixture
def oidc_app(database_url, fixture_course, shared_folder, clock, provider) -> Iterator[Flask]:
    settings = {
        "TESTING": True,
        "SECRET_KEY": "tests only",
        "COURSE_DATABASE_URL": database_url,
        "COURSE_CONTENT_DIR": str(fixture_course),
        "COURSE_INSTANCE_DIR": str(shared_folder / "instance"),
        "COURSE_BASE_URL": "http://localhost",
        "COURSE_OIDC_URL": provider.setting,
    }
    app = create_app(settings, course=Course(now=clock))
    yield app
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture
def browser(oidc_app) -> StrictClient:
    return StrictClient(oidc_app)


@pytest.fixture
def invited(oidc_app) -> str:
    """Iida, invited as a trainer of the north; the link of her invitation."""
    site = oidc_app.extensions["course"]
    admin = StrictClient(oidc_app)
    sign_in(admin, site, make_account(site, "aarne@office.example", administrator=True))
    invite(admin, IIDA)
    return link_in(mails_to(site, IIDA)[-1])


def go(browser: StrictClient, provider: OidcProvider, *, change: str = "") -> TestResponse:
    """From our link to the provider and back."""
    page = browser.get("/en/account/sign-in/")
    there = browser.raw.get(page.select_one("a[href$='/account/oidc/']")["href"])
    assert there.status_code == 302 and there.location.startswith(provider.issuer)
    back = provider.authorize(there.location).removeprefix("http://localhost")
    return browser.raw.get(back + change, headers={"Sec-Fetch-Site": "cross-site"})


def signed_in(browser: StrictClient) -> bool:
    return browser.raw.get("/en/account/").status_code == 200


def test_an_invited_person_signs_in_there_and_her_account_is_hers_from_then_on(browser, provider, invited, oidc_app):
    assert go(browser, provider).status_code == 303
    assert signed_in(browser)
    # The address may change there; she is known by her subject.
    provider.user["email"] = "iida@married.example"
    again = StrictClient(oidc_app)
    assert go(again, provider).status_code == 303 and signed_in(again)
    with oidc_app.extensions["course"].store.reading() as connection:
        subject = connection.execute(select(Account.host_subject).where(Account.email == IIDA)).scalar_one()
    assert subject == f"{provider.issuer} user-17"


def test_the_invitation_is_used_up(browser, provider, invited):
    go(browser, provider)
    browser.get(invited, status=410)


def test_without_an_invitation_a_verified_address_is_not_enough(browser, provider, oidc_app):
    site = oidc_app.extensions["course"]
    make_account(site, IIDA, networks=("north",))
    assert go(browser, provider).status_code == 422
    assert not signed_in(browser)


def test_an_invitation_that_has_run_out_links_nobody(browser, provider, invited, clock):
    clock.move(days=14)
    assert go(browser, provider).status_code == 422


def test_a_learners_account_is_not_opened(browser, provider, oidc_app):
    make_account(oidc_app.extensions["course"], IIDA)
    assert go(browser, provider).status_code == 422


def test_a_disabled_account_stays_shut(browser, provider, invited, oidc_app):
    go(browser, provider)
    site = oidc_app.extensions["course"]
    with site.store.writing() as session:
        session.execute(select(Account).where(Account.email == IIDA)).scalar_one().disabled_at = site.now()
    assert go(StrictClient(oidc_app), provider).status_code == 422


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "http://evil.example"},
        {"iss": None},
        {"aud": "another site"},
        {"aud": [CLIENT, "another site"]},
        {"aud": None},
        {"azp": "another site"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1},
        {"exp": None},
        {"iat": None},
        {"iat": 4_000_000_000},
        {"sub": None},
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "true"},
        {"email": None},
        {"email": "somebody@else.example"},
        {"sub": "x" * 300},
    ],
    ids=str,
)
def test_a_token_that_says_something_else_signs_nobody_in(browser, provider, invited, oidc_app, changes):
    provider.changes = changes
    assert go(browser, provider).status_code == 422
    with oidc_app.extensions["course"].store.reading() as connection:
        assert len(connection.execute(select(SignIn)).all()) == 1, "the administrator's only"


def test_a_token_signed_by_somebody_else_signs_nobody_in(browser, provider, invited):
    provider.signing_key = RSAKey.generate_key(2048, {"kid": "first"})
    assert go(browser, provider).status_code == 422


def test_an_answer_belongs_to_the_browser_that_asked(browser, provider, invited, oidc_app):
    there = browser.raw.get("/en/account/oidc/")
    back = provider.authorize(there.location).removeprefix("http://localhost")
    victim = StrictClient(oidc_app)
    assert victim.raw.get(back).status_code == 410
    victim.raw.get("/en/account/oidc/")
    assert victim.raw.get(back).status_code == 410
    assert browser.raw.get(back).status_code == 303


def test_an_answer_counts_once_and_not_for_long(browser, provider, invited):
    there = browser.raw.get("/en/account/oidc/")
    back = provider.authorize(there.location).removeprefix("http://localhost")
    assert browser.raw.get(back).status_code == 303
    assert browser.raw.get(back).status_code == 410


@pytest.mark.parametrize("change", ["&iss=http://evil.example", "&iss="])
def test_an_answer_in_the_name_of_another_issuer_is_refused(browser, provider, invited, change):
    assert go(browser, provider, change=change).status_code == 422


def test_a_provider_that_calls_itself_something_else_is_not_used(browser, provider, invited):
    provider.issuer_said = "http://evil.example"
    assert browser.raw.get("/en/account/oidc/").status_code == 422


def test_a_provider_that_cannot_be_reached_is_a_page_in_words(browser, provider, invited):
    provider.close()
    browser.get("/en/account/oidc/", status=422)


def test_it_is_off_by_default(client):
    assert not client.get("/en/account/sign-in/").select("a[href*=oidc]")
    assert client.raw.get("/en/account/oidc/").status_code == 404
    assert provider_of("") is None


@pytest.mark.parametrize(
    "setting", ["https://issuer.example", "https://a@issuer.example", "http://a:b@issuer.example", "x"]
)
def test_a_setting_that_cannot_be_right_stops_the_start(setting):
    with pytest.raises(ValueError, match="COURSE_OIDC_URL"):
        provider_of(setting)
