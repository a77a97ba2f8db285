"""The pages on which administrators report and answer for people's data, and those that learners see of it.

The site is that of the demonstration, so that the pages have much to show.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page
from sqlalchemy import select

from course.content.library import Library
from course.domain.permission import Staff
from course.services.api_keys import make_key
from course.services.audit import What, by_account, record_audit
from course.services.feedback import Typed, answer_feedback, give_feedback
from course.services.made_up.demo import half_way, make_demo
from course.services.mail import Letter, put_mail
from course.services.people import COOKIE, hash_of
from course.services.second_factor import SiteKeys
from course.services.sign_ins import open_sign_in
from course.storage import outbox, people
from course.storage.accounts import by_email
from course.storage.engine import Store
from course.storage.tables import Task
from tests.browser.staff_places import SECRET_KEY, StaffPlace, World
from tests.browser_fixtures import LiveSite

LEARNER = "admin-places-learner"
LONG = "Ruudunlukija ei lue kuvion lukuja, ja taulukon otsikot jäävät lukematta. " * 4


def make_admin_world(site: LiveSite, library: Library) -> World:
    """The demonstration, with deliveries given up, feedback in its states, and keys."""
    with site.store() as store:
        return _made(store, site, library)


def _made(store: Store, site: LiveSite, library: Library) -> World:
    now = datetime.now(UTC)
    make_demo(store, library, SiteKeys(SECRET_KEY, site.url, ""), verify_url=lambda code: code, now=now)
    with store.reading() as connection:
        account = by_email(connection, "admin@demo.example")
    assert account
    staff = Staff(account.id, account.name, administrator=True)
    learner = half_way(store)
    assert learner
    with store.writing() as session:
        sign_in = open_sign_in(session, account.id, now=now, device="Firefox, Linux")
        people.add_way_in(session, learner, kind=COOKIE, secret_hash=hash_of(LEARNER), now=now)
        for what, about in (
            (What.RECORDS, "completions"),
            (What.ERASED, "learner:77"),
            (What.REVOKED, "certificate:5"),
        ):
            record_audit(session, by_account(account.id), what, about, {"networks": sorted(library.networks)}, now=now)
    make_key(store, staff, "Ministeriön raporttipohja", now=now)
    _given_up(store, now)
    _feedback(store, staff, now)
    world = World(site.url, library, sign_in, LEARNER)
    world.paths["learner"] = f"admin/register/{learner}"
    return world


def _given_up(store: Store, now: datetime) -> None:
    with store.writing() as session:
        put_mail(session, to="a-very-long-address-of-somebody@organisation.example", subject="S", text="T", now=now)
        task = session.execute(select(Task.id).order_by(Task.id.desc()).limit(1)).scalar_one()
        error = "SMTPRecipientsRefused: 550 5.1.1 mailbox unavailable, and more words of the other server than fit"
        outbox.put_off(session, task, error=error, due_at=None, now=now)


def _feedback(store: Store, staff: Staff, now: datetime) -> None:
    """A case that is late, a new one without an address, and one that was answered."""

    def write(*_: object) -> Letter:
        return Letter("S", "T")

    for days, email in ((12, "aino@home.example"), (1, ""), (3, "eino@home.example")):
        typed = Typed("/fi/trainer/reach/", LONG, email, "fi")
        give_feedback(store, typed, write, now=now - timedelta(days=days))
    answer_feedback(store, 3, "Taulukko on nyt kuvion vieressä.", by=staff.account_id, write=write, now=now)


def _press(selector: str) -> Callable[[Page], None]:
    return lambda page: page.locator(selector).first.click()


def _open_all(page: Page) -> None:
    for summary in page.locator("main details summary").all():
        summary.click()


ADMIN_PLACES = (
    StaffPlace("administration", "admin/"),
    StaffPlace("content", "admin/content/"),
    StaffPlace("outbox", "admin/outbox/"),
    StaffPlace("audit", "admin/audit/"),
    StaffPlace("audit_of_one_kind", "admin/audit/?what=learner-erased"),
    StaffPlace("register", "admin/register/"),
    StaffPlace("register_with_nobody", "admin/register/?q=nobody@x.example"),
    StaffPlace("one_learner", "learner", _open_all),
    StaffPlace("feedback_list", "admin/feedback/"),
    StaffPlace("feedback_case", "admin/feedback/1/"),
    StaffPlace("feedback_case_without_words", "admin/feedback/1/", _press("main form button"), "422"),
    StaffPlace("feedback_case_answered", "admin/feedback/3/"),
    StaffPlace("counts", "admin/counts/", _open_all),
    StaffPlace("counts_by_three", "admin/counts/?by=network&by=language&by=month", _open_all),
    StaffPlace("counts_of_nothing", "admin/counts/?by=month&from=2001-01&to=2001-02"),
    StaffPlace("counts_refused", "admin/counts/?by=month&from=soon", status="422"),
    StaffPlace("counts_by_profession", "admin/counts/?by=profession"),
    StaffPlace("exact_counts", "admin/counts/", _press("form[action$='/exact'] button:not([formaction])")),
    StaffPlace("keys", "admin/api-keys/"),
    StaffPlace("records", "admin/records/"),
    StaffPlace("questions", "admin/items/", _open_all),
    StaffPlace("texts", "admin/texts/"),
    StaffPlace("texts_side_by_side", "admin/texts/signs/signs-at-work-border-police/?left=fi&right=sv"),
    StaffPlace("questions_side_by_side", "admin/texts/signs/quiz/?left=sv&right=en"),
    StaffPlace("one_text_twice", "admin/texts/signs/weighing-signs/?left=sv&right=sv"),
    StaffPlace("my_data", "progress/my-data/", _open_all),
    StaffPlace("erase_my_data", "progress/my-data/erase"),
    StaffPlace("erased", "progress/my-data/erased"),
    StaffPlace("privacy", "privacy/", _open_all),
    StaffPlace("accessibility_statement", "accessibility/"),
    StaffPlace("feedback", "accessibility/feedback"),
    StaffPlace("feedback_without_words", "accessibility/feedback", _press("main form button"), "422"),
)
