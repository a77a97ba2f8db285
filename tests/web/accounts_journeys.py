"""Ways through the pages of accounts that several tests go."""

from __future__ import annotations

import re
from base64 import b32decode

from bs4 import BeautifulSoup
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import select

from course.storage.tables import Task
from course.web.site import Site
from tests.strict_client import StrictClient

SIGN_IN = "form[action$='/account/sign-in/']"
PASSWORD = "a long train to Oulu"


def mails_to(site: Site, email: str) -> list[dict[str, str]]:
    """Mails in the outbox for an address, the newest last."""
    with site.store.reading() as connection:
        payloads = connection.execute(select(Task.payload).where(Task.kind == "mail").order_by(Task.id)).scalars().all()
    return [payload for payload in payloads if payload["to"] == email]


def link_in(mail: dict[str, str]) -> str:
    """The path of the link in a mail."""
    found = re.search(r"http://localhost(/\S+)", mail["text"])
    assert found, mail["text"]
    return found[1]


def code_in(mail: dict[str, str]) -> str:
    found = re.search(r"^ {4}(\d{4} \d{4})$", mail["text"], flags=re.MULTILINE)
    assert found, mail["text"]
    return found[1]


def totp_code(secret: str, site: Site) -> str:
    """What an authenticator app with this secret shows now."""
    totp = TOTP(b32decode(secret.replace(" ", "")), 6, SHA1(), 30)
    return totp.generate(int(site.now().timestamp())).decode()


def secret_on(page: BeautifulSoup) -> str:
    """The secret that the page of the set-up shows."""
    return str(page.select_one("main p code").get_text())


def begin(client: StrictClient, email: str, password: str, status: int = 200) -> BeautifulSoup:
    """The first step of the sign-in."""
    page = client.get("/en/account/sign-in/")
    return client.submit(page, SIGN_IN, email=email, password=password, status=status)


def accept_link(client: StrictClient, link: str, password: str = PASSWORD) -> BeautifulSoup:
    """From a mailed link past the choice of a password, to the second factor."""
    page = client.submit(client.get(link), "main form")
    return client.submit(page, "main form", new_password=password)


def set_up_app(client: StrictClient, page: BeautifulSoup, site: Site) -> tuple[str, list[str], BeautifulSoup]:
    """Set up an app on the page for it: (its secret, the recovery codes, the page that follows)."""
    secret = secret_on(page)
    page = client.submit(page, "form:has(#code)", code=totp_code(secret, site))
    return secret, [str(code.get_text()) for code in page.select(".codes code")], page


def join_by_invitation(
    client: StrictClient, admin: StrictClient, site: Site, email: str, **fields: str | list[str]
) -> tuple[str, list[str]]:
    """Somebody is invited and sets everything up: (the app's secret, the recovery codes)."""
    invite(admin, email, **fields)
    page = accept_link(client, link_in(mails_to(site, email)[-1]))
    secret, codes, _ = set_up_app(client, page, site)
    return secret, codes


def invite(admin: StrictClient, email: str, status: int = 200, **fields: str | list[str]) -> BeautifulSoup:
    page = admin.get("/en/admin/people/invite/")
    given = {"name": "Iida Invited", "networks": ["north"], "language": "en", **fields}
    return admin.submit(page, "main form", email=email, status=status, **given)


def learn_by_code(client: StrictClient, site: Site, email: str) -> BeautifulSoup:
    """Sign a learner's account in by a code: the page that follows."""
    page = client.submit(client.get("/en/account/code/"), "main form", email=email)
    return client.submit(page, "main form", code=code_in(mails_to(site, email)[-1]))
