"""People who are signed in, without the pages that lead there: their accounts and sign-ins are made directly.

Networks of the fixture course: "north" and "south". `trainer_client` is a trainer of "north", `other_trainer_client`
one of "south", `admin_client` an administrator who is a trainer of none.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from course.services.sign_ins import open_sign_in
from course.storage.accounts import set_networks
from course.storage.tables import Account
from course.web.site import Site
from tests.strict_client import StrictClient

MakeClient = Callable[..., StrictClient]


def make_account(
    site: Site, email: str, *, name: str = "", administrator: bool = False, networks: tuple[str, ...] = ()
) -> int:
    """An account as it is after an invitation was accepted; its id. One that is there already is used."""
    with site.store.writing() as session:
        found = session.execute(select(Account.id).where(Account.email == email)).scalar()
        if found is not None:
            return int(found)
        account = Account(
            email=email,
            name=name or email.partition("@")[0].title(),
            language="fi",
            administrator=administrator,
            created_at=site.now(),
        )
        session.add(account)
        session.flush()
        set_networks(session, account.id, networks)
        return account.id


def sign_in(client: StrictClient, site: Site, account_id: int) -> None:
    """Sign an account in on a client's device."""
    with site.store.writing() as session:
        secret = open_sign_in(session, account_id, now=site.now(), device="Test")
    client.raw.set_cookie("session", secret)


@pytest.fixture
def signed_in_client(app: Flask, site: Site) -> MakeClient:
    """`signed_in_client(email, administrator=…, networks=…)`: a browser of that person, signed in."""

    def make(
        email: str, *, name: str = "", administrator: bool = False, networks: tuple[str, ...] = ()
    ) -> StrictClient:
        client = StrictClient(app)
        sign_in(client, site, make_account(site, email, name=name, administrator=administrator, networks=networks))
        return client

    return make


@pytest.fixture
def trainer_client(signed_in_client: MakeClient) -> StrictClient:
    """Tuuli, a trainer of the network "north"."""
    return signed_in_client("tuuli@north.example", networks=("north",))


@pytest.fixture
def other_trainer_client(signed_in_client: MakeClient) -> StrictClient:
    """Sanna, a trainer of the network "south"."""
    return signed_in_client("sanna@south.example", networks=("south",))


@pytest.fixture
def admin_client(signed_in_client: MakeClient) -> StrictClient:
    """Aarne, an administrator."""
    return signed_in_client("aarne@office.example", administrator=True)
