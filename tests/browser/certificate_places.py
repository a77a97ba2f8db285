"""The pages about certificates in their states: of the holder, of whoever checks, of the register and the ZIP file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page
from sqlalchemy import select, update

from course.content.library import Library
from course.domain.certificate_state import Actor, Reason
from course.services import certificate_register, certificates
from course.services.certificate_zip import CERTIFICATE_ZIP, request_zip
from course.services.certificates import By, HeldCertificate
from course.services.people import start_learner
from course.services.sign_ins import open_sign_in
from course.storage import jobs, outbox
from course.storage.accounts import set_networks
from course.storage.engine import Store, make_engine
from course.storage.tables import Account, Certificate, Completion, Task
from tests.browser.staff_places import StaffPlace, World
from tests.browser_fixtures import LiveSite

NAME = "Aino-Kaarina Mäki-Petäjäniemi"
LONG_NAME = "Maximiliana-Bartholomea Wolfeschlegelsteinhausenbergerdorff-Hakkarainen"
ADMINISTRATOR = By(Actor.ADMINISTRATOR)
NO_SUCH_CODE = "0000-0000-0000-0000-0000-0000-0000"


class Register:
    """Certificates of a served site, made by the services: no page is needed."""

    def __init__(self, site: LiveSite, library: Library) -> None:
        self.site = site
        self.library = library
        self.store = Store(make_engine(site.database_url))
        self.now = datetime.now(UTC)

    def verify_url(self, code: str) -> str:
        return f"{self.site.url}/verify/{code}"

    def graduate(self) -> tuple[int, str]:
        """(id, secret) of a learner who has passed every module."""
        learner = start_learner(self.store, language="fi", now=self.now - timedelta(days=30))
        common = {"edition": self.library.edition, "language": "fi", "passed_at": self.now - timedelta(days=3)}
        with self.store.writing() as session:
            for module in self.library.modules:
                session.add(Completion(learner_id=learner.learner_id, module_id=module.id, **common))
        return learner.learner_id, learner.secret

    def issued(self, name: str = NAME, learner_id: int = 0) -> HeldCertificate:
        return certificates.issue_certificate(
            self.store,
            self.library,
            learner_id=learner_id or self.graduate()[0],
            track_id="core",
            name=name,
            language="fi",
            verify_url=self.verify_url,
            now=self.now,
        )

    def replaced(self, learner_id: int = 0) -> HeldCertificate:
        """The first of two: the name was corrected."""
        first = self.issued(learner_id=learner_id)
        certificates.replace_certificate(
            self.store,
            certificate_id=first.id,
            name=LONG_NAME,
            verify_url=self.verify_url,
            now=self.now,
            by=ADMINISTRATOR,
        )
        return first

    def revoked(self) -> HeldCertificate:
        one = self.issued()
        note = "Osallistuja ilmoitti itse, että todistus on toisen nimellä."
        certificate_register.revoke_certificate(
            self.store, certificate_id=one.id, reason=Reason.MISTAKE, note=note, by=ADMINISTRATOR, now=self.now
        )
        return one

    def expired(self) -> HeldCertificate:
        one = self.issued()
        with self.store.writing() as session:
            yesterday = (self.now - timedelta(days=1)).date()
            session.execute(update(Certificate).where(Certificate.id == one.id).values(valid_until=yesterday))
        return one

    def erased(self) -> HeldCertificate:
        learner_id, _ = self.graduate()
        one = self.issued(learner_id=learner_id)
        with self.store.writing() as session:
            certificate_register.erase_holder(session, learner_id, now=self.now)
        return one

    def administrator(self, network: str) -> tuple[int, str]:
        """(account, secret of the sign-in) of an administrator who is a trainer too."""
        with self.store.writing() as session:
            account = Account(
                email="hallinta@office.example", name="Hanna Hallinto", language="fi", administrator=True,
                created_at=self.now,
            )  # fmt: skip
            session.add(account)
            session.flush()
            set_networks(session, account.id, [network])
            return account.id, open_sign_in(session, account.id, now=self.now, device="Firefox, Linux")

    def jobs_of(self, account_id: int, certificate_ids: list[int]) -> dict[str, str]:
        """A job in each state: under way, in trouble, given up, done, and one whose file is gone."""
        states = ("open", "trouble", "given-up", "done", "dropped")
        ids = {state: request_zip(self.store, account_id, certificate_ids, self.now) for state in states}
        said = "PdfNotAvailable: the file was not ready within 60 seconds"
        with self.store.writing() as session:
            jobs.set_done(session, ids["open"], 2)
            for state in ("trouble", "given-up"):
                jobs.set_error(session, ids[state], said)
            tired = f"{CERTIFICATE_ZIP}:{ids['given-up']}"
            task = session.execute(select(Task.id).where(Task.key == tired)).scalar_one()
            outbox.put_off(session, task, error=said, due_at=None, now=self.now)
            jobs.set_done(session, ids["done"], len(certificate_ids))
            jobs.add_part(session, ids["done"], 0, b"PK")
            jobs.close(session, ids["done"], jobs.DONE)
            jobs.close(session, ids["dropped"], jobs.DROPPED)
        return {f"job-{state}": f"jobs/{job_id}/" for state, job_id in ids.items()}


def make_certificate_world(site: LiveSite, library: Library) -> World:
    register = Register(site, library)
    account_id, sign_in = register.administrator(next(iter(library.networks)))
    learner_id, learner = register.graduate()
    held = register.replaced(learner_id)
    valid = register.issued(LONG_NAME)
    states = {
        "valid": valid,
        "replaced": held,
        "revoked": register.revoked(),
        "expired": register.expired(),
        "erased": register.erased(),
    }
    world = World(site.url, library, sign_in, learner)
    world.paths = {f"check-{state}": f"verify/{one.facts.code}" for state, one in states.items()}
    world.paths |= {f"entry-{state}": f"admin/certificates/{one.id}/" for state, one in states.items()}
    world.paths |= register.jobs_of(account_id, [one.id for one in states.values()])
    world.paths["correct"] = f"certificates/{held.id + 1}/name"
    register.store.engine.dispose()
    return world


def _open_all(page: Page) -> None:
    for summary in page.locator("main details summary").all():
        summary.click()


def _ask_for(name: str) -> Callable[[Page], None]:
    def deed(page: Page) -> None:
        page.locator("[name=name]").fill(name)
        page.locator("main form[method=post]:has([name=name]) button").first.click()

    return deed


def _send(page: Page) -> None:
    page.locator("main form[method=post] .buttons button, main form[method=post] button").first.click()


def _wrong_file(page: Page) -> None:
    page.locator("#file").set_input_files({"name": "x.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 x"})
    page.locator("form[enctype] button").click()


def _wrong_statement(page: Page) -> None:
    page.locator("#statement").fill("https://course.example/verify/0000#not.a.statement")
    page.locator("main form:has(#statement) button").click()


def _no_file(page: Page) -> None:
    page.locator("form[enctype] button").click()


CERTIFICATE_PLACES = (
    StaffPlace("held", "certificate/", _open_all),
    StaffPlace("name_to_correct", "correct"),
    StaffPlace("name_refused", "correct", _ask_for(""), "422"),
    StaffPlace("check_form", "verify/", outside=True),
    StaffPlace("valid", "check-valid", outside=True),
    StaffPlace("name_matches", "check-valid", _ask_for(LONG_NAME), outside=True),
    StaffPlace("replaced", "check-replaced", outside=True),
    StaffPlace("revoked", "check-revoked", outside=True),
    StaffPlace("expired", "check-expired", outside=True),
    StaffPlace("erased", "check-erased", outside=True),
    StaffPlace("unknown", f"verify/{NO_SUCH_CODE}", None, "404", outside=True),
    StaffPlace("file_not_ours", "verify/", _wrong_file, outside=True),
    StaffPlace("no_file", "verify/", _no_file, "422", outside=True),
    StaffPlace("statement_form", "verify/statement", outside=True),
    StaffPlace("statement_refused", "verify/statement", _wrong_statement, outside=True),
    StaffPlace("register", "admin/certificates/"),
    StaffPlace("register_with_nobody", "admin/certificates/?q=Nobody"),
    StaffPlace("entry", "entry-valid", _open_all),
    StaffPlace("entry_replaced", "entry-replaced", _open_all),
    StaffPlace("entry_revoked", "entry-revoked", _open_all),
    StaffPlace("entry_erased", "entry-erased", _open_all),
    StaffPlace("to_revoke", "entry-valid+revoke"),
    StaffPlace("to_revoke_without_a_reason", "entry-valid+revoke", _send, "422"),
    StaffPlace("to_reissue", "entry-valid+reissue"),
    StaffPlace("to_reissue_without_a_name", "entry-valid+reissue", _ask_for(""), "422"),
    StaffPlace("templates", "admin/certificates/preview"),
    StaffPlace("job_under_way", "job-open"),
    StaffPlace("job_in_trouble", "job-trouble"),
    StaffPlace("job_given_up", "job-given-up"),
    StaffPlace("job_done", "job-done"),
    StaffPlace("job_dropped", "job-dropped"),
)
