"""What a trainer and the people of her group do in a browser, step by step."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from base64 import b32decode
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from playwright.sync_api import Page, expect

from course.domain.home_time import HOME
from course.services.invitations import make_administrator
from course.services.sign_ins import open_sign_in
from course.storage.accounts import set_networks
from course.storage.tables import Account
from tests.browser_fixtures import CHECKOUT, LiveSite

PASSWORD = "a long train to Oulu"
#: A code of an app counts once; the one after it is taken half a minute early, as a clock may be that wrong.
STEP = 30


class App:
    """An authenticator app on a phone."""

    def __init__(self, secret: str) -> None:
        self.totp = TOTP(b32decode(re.sub(r"\s", "", secret)), 6, SHA1(), STEP)
        self.used = 0

    def code(self) -> str:
        """The next code that was not used before; waits for it where it must."""
        step = max(int(time.time()) // STEP, self.used + 1)
        while step > int(time.time()) // STEP + 1:
            time.sleep(0.2)
        self.used = step
        return self.totp.generate(step * STEP).decode()


def run_worker(site: LiveSite, content: Path, instance: Path) -> None:
    """Do what is in the outbox, once, as the server's own worker does it."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(CHECKOUT),
        "FLASK_COURSE_DATABASE_URL": site.database_url,
        "FLASK_COURSE_CONTENT_DIR": str(content),
        "FLASK_COURSE_INSTANCE_DIR": str(instance),
        "FLASK_COURSE_BASE_URL": site.url,
        "FLASK_SECRET_KEY": "tests only",
    }
    command = [sys.executable, "-m", "flask", "--app", "course.extension", "course", "work", "--once"]
    done = subprocess.run(command, cwd=site.log.parent, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert ", 0 to be tried again" in done.stdout and "0 done" not in done.stdout, done.stdout + done.stderr


def mails_in(instance: Path, email: str) -> list[str]:
    """The texts of the mails that were sent to an address, the oldest first."""
    found = []
    for file in sorted((instance / "outbox").glob("*.eml"), key=lambda one: one.stat().st_mtime_ns):
        mail = message_from_bytes(file.read_bytes(), policy=policy.default)
        if email in str(mail["To"]):
            found.append(f"{mail['Subject']}\n\n{mail.get_content()}")
    return found


def link_in(text: str, part: str) -> str:
    found = re.search(rf"http\S*{re.escape(part)}\S*", text)
    assert found, text
    return found[0]


def one_time_password(site: LiveSite, email: str) -> str:
    with site.store() as store:
        return make_administrator(store, email=email, language="en", now=datetime.now(UTC))


def begin_sign_in(page: Page, site: LiveSite, email: str, password: str) -> None:
    page.goto(f"{site.url}/en/account/sign-in/")
    page.locator("#email").fill(email)
    page.locator("#password").fill(password)
    page.locator("#password").press("Enter")


def choose_password(page: Page) -> None:
    page.locator("#new_password").fill(PASSWORD)
    page.locator("#new_password").press("Enter")


def set_up_app(page: Page) -> App:
    app = App(page.locator("main p code").inner_text())
    page.locator("#code").fill(app.code())
    page.locator("#code").press("Enter")
    expect(page.locator(".codes code")).to_have_count(10)
    return app


def sign_out(page: Page) -> None:
    page.locator("nav form[action$='/sign-out'] button").click()


def signed_in(page: Page, site: LiveSite, email: str, *, networks: tuple[str, ...] = (), administrator: bool) -> None:
    """Where the way in is not the matter: an account that is there, and its cookie on this device."""
    now = datetime.now(UTC)
    with site.store() as store, store.writing() as session:
        name = email.partition("@")[0].title()
        account = Account(email=email, name=name, language="fi", administrator=administrator, created_at=now)
        session.add(account)
        session.flush()
        set_networks(session, account.id, networks)
        secret = open_sign_in(session, account.id, now=now, device="Test")
    page.context.add_cookies([{"name": "session", "value": secret, "url": site.url}])


def hours_of_now() -> tuple[str, str, str]:
    """(day, begins, ends) of a session that is going on in Finland now; it never runs past midnight."""
    now = datetime.now(HOME)
    begins = min(now, now.replace(hour=21, minute=55))
    ends = min(begins + timedelta(hours=2), begins.replace(hour=23, minute=55))
    return begins.date().isoformat(), f"{begins:%H:%M}", f"{ends:%H:%M}"


def code_on_screen(page: Page) -> str:
    return page.locator(".big-code").inner_text()
