"""The pages of trainers, and those on which learners meet them, in their states; each with the way to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from playwright.sync_api import Page
from sqlalchemy import select

from course.content.library import Library
from course.domain.cohort import CohortPlan
from course.domain.gain import Pair
from course.domain.permission import Staff
from course.domain.reminder import address_key, stop_token
from course.domain.roster import Person
from course.domain.session import SessionDetails
from course.services import attendance, cohorts, rosters, sessions
from course.services.certificate_zip import request_zip
from course.services.cohort_joining import OpenDoor, join
from course.services.people import start_learner
from course.services.sign_ins import open_sign_in
from course.services.waivers import waive_module
from course.storage.accounts import set_networks
from course.storage.cohorts import codes_of, members_of
from course.storage.engine import Store
from course.storage.gain import add_gain
from course.storage.rosters import rows_of
from course.storage.tables import Account, Completion, TrainingSession
from tests.browser_fixtures import LiveSite

SECRET_KEY = "tests only"
NAMES = (
    "Aino-Kaarina Mäki-Petäjäniemi",
    "Åke Söderström",
    "Bertil",
    "Đorđe Živković",
    "Elina V.",
    "Fatima",
    "Áŋŋel Eŋŋa Šoŋ",
    "Hilkka Korhonen",
)
FILE = "name;email;organisation\nOlli Odotettu;olli@kela.example;Kela\nPia;pia@poliisi.example;\n;x@y.example;\n"


@dataclass
class World:
    """What the pages show, and whose it is."""

    site: str
    library: Library
    #: The secret of the trainer's sign-in.
    sign_in: str
    #: The learner who is a member.
    learner: str
    paths: dict[str, str] = field(default_factory=dict)


def make_staff_world(site: LiveSite, library: Library) -> World:
    """A trainer of two networks with groups and sessions in their states. Made by the services: no page is needed."""
    with site.store() as store:
        return _made(store, site, library)


def _made(store: Store, site: LiveSite, library: Library) -> World:
    now = datetime.now(UTC)
    networks = tuple(islice(library.networks, 2))
    trainer, sign_in = _trainer(store, networks, now)
    today = now.date()
    plan = CohortPlan(
        networks[0],
        "Sosiaali- ja terveydenhuollon kevätryhmä",
        library.tracks[0].id,
        "fi",
        today - timedelta(days=30),
        today + timedelta(days=60),
        today + timedelta(days=40),
        shows_scores=False,
    )
    cohort = cohorts.create_cohort(store, library, trainer, plan, trainers=[trainer.account_id], now=now)
    empty = cohorts.create_cohort(
        store,
        library,
        trainer,
        CohortPlan(networks[1], "Tyhjä ryhmä", library.tracks[0].id, "sv"),
        trainers=(),
        now=now,
    )
    closed = cohorts.create_cohort(
        store, library, trainer, CohortPlan(networks[0], "Päättynyt", library.tracks[0].id, "fi"), trainers=(), now=now
    )
    cohorts.close_cohort(store, trainer, closed, now=now)
    learner = _members(store, library, trainer, cohort, now)
    _waiver(store, library, trainer, cohort, now)
    world = World(site.url, library, sign_in, learner)
    world.paths = {"cohort": f"trainer/cohorts/{cohort}/", "empty": f"trainer/cohorts/{empty}/"}
    world.paths["closed"] = f"trainer/cohorts/{closed}/"
    _roster(store, world, cohort, now)
    _sessions(store, world, trainer, cohort, networks[0], today, now)
    job = request_zip(store, trainer.account_id, [], now)
    world.paths["job"] = f"jobs/{job}/"
    world.paths["stop"] = f"stop/{stop_token(SECRET_KEY, address_key(SECRET_KEY, 'olli@kela.example'))}"
    return world


def _waiver(store: Store, library: Library, trainer: Staff, cohort: int, now: datetime) -> None:
    """The member who joined last is passed in the last module."""
    with store.reading() as connection:
        member, _, _ = members_of(connection, cohort)[-1]
    last = library.tracks[0].module_ids[-1]
    why = "Opettaa tätä aihetta poliisiammattikorkeakoulussa ja on pitänyt siitä koulutuksen alueellisessa verkostossa."
    assert waive_module(store, library, trainer, cohort, learner_id=member, module_id=last, reason=why, now=now) is None


def _trainer(store: Store, networks: tuple[str, ...], now: datetime) -> tuple[Staff, str]:
    with store.writing() as session:
        account = Account(
            email="tuuli@north.example", name="Tuuli Tuulonen-Salmi", language="fi", administrator=False, created_at=now
        )
        session.add(account)
        session.flush()
        set_networks(session, account.id, networks)
        secret = open_sign_in(session, account.id, now=now, device="Firefox, Linux")
        return Staff(account.id, account.name, networks=frozenset(networks)), secret


def _members(store: Store, library: Library, trainer: Staff, cohort: int, now: datetime) -> str:
    """Some done, some under way, one not begun; the secret of the first."""
    with store.reading() as connection:
        found = cohorts.cohort_for(connection, trainer, cohort)
        code = codes_of(connection, cohort)[0]
    modules = cohorts.modules_of(library, found.plan)
    secrets = []
    for number, name in enumerate(NAMES):
        learner = start_learner(store, language="fi", now=now - timedelta(days=25 - number))
        secrets.append(learner.secret)
        joined = now - timedelta(days=20 - 2 * number)
        join(store, OpenDoor(found, code=code), learner_id=learner.learner_id, name=name, as_expected=None, now=joined)
        passed = modules[: max(len(modules) - number, 0)]
        with store.writing() as session:
            session.add_all(
                Completion(
                    learner_id=learner.learner_id,
                    module_id=module,
                    passed_at=joined + timedelta(days=1),
                    edition=library.edition,
                    language="fi",
                )
                for module in passed
            )
        with store.writing_hot() as hot:
            add_gain(hot, learner.learner_id, Pair(40 + number, 80), edition=library.edition, now=now)
    return secrets[0]


def _roster(store: Store, world: World, cohort: int, now: datetime) -> None:
    for person in (Person("Olli Odotettu", "olli@kela.example", "Kela", "sosiaalityöntekijä"), Person("Pia Poliisi")):
        assert rosters.add_person(store, cohort, person, now=now) is None
    values = {"account_id": None, "now": now}
    plan = rosters.plan_import(store, cohort, FILE.encode(), file_name="osallistujat-kevät.csv", **values)
    done = rosters.plan_import(store, cohort, FILE.replace("Pia", "Uusi").encode(), file_name="toinen.csv", **values)
    rosters.apply_import(store, cohort, done, now=now)
    with store.reading() as connection:
        rows = rows_of(connection, cohort)
    secret = rosters.personal_link(store, cohort, rows[-1].id, now=now)
    with store.reading() as connection:
        code = codes_of(connection, cohort)[0]
    base = world.paths["cohort"]
    world.paths |= {
        "plan": f"{base}roster/imports/{plan}/",
        "done": f"{base}roster/imports/{done}/",
        "code": f"{base}codes/{code.id}/",
        "join": f"join/{code.code}",
        "personal": f"join/person/{secret}",
    }


def _sessions(
    store: Store, world: World, trainer: Staff, cohort: int, network: str, today: date, now: datetime
) -> None:
    library = world.library
    topics = tuple(module.id for module in library.modules[:2])
    details = SessionDetails(
        title="Verkostopäivä: tunnistaminen käytännössä",
        network_id=network,
        track_id=library.tracks[0].id,
        module_ids=topics,
        language="fi",
        starts_at=now,
        ends_at=now + timedelta(hours=3),
        place="Kirkkokatu 2, sali 3",
        link="https://calls.example/a-rather-long-room-name-that-must-wrap",
        agenda="Tervetuloa\nKahvi",
        cohort_id=cohort,
    )
    held = sessions.create_session(store, library, trainer, details, now=now)
    attendance.record_list(
        store, library, trainer, held, members=[], roster_rows=[], names="Kalle Käynyt\nLiisa Läsnä", now=now
    )
    other = {"title": "Etäkoulutus", "place": "", "starts_at": now + timedelta(days=9)}
    ends = {"ends_at": now + timedelta(days=9, hours=1)}
    coming = sessions.create_session(store, library, trainer, replace(details, **other, **ends), now=now)
    gone = sessions.create_session(store, library, trainer, replace(details, title="Peruttu"), now=now)
    sessions.cancel_session(store, trainer, gone, now=now)
    with store.reading() as connection:
        code = connection.execute(select(TrainingSession.code).where(TrainingSession.id == held)).scalar_one()
    world.paths |= {
        "session": f"trainer/sessions/{held}/",
        "coming": f"trainer/sessions/{coming}/",
        "cancelled": f"trainer/sessions/{gone}/",
        "attend": f"attend/{code}",
    }


@dataclass(frozen=True)
class StaffPlace:
    """A page in a state: its key in `World.paths` or its path below the language, and what is done on it."""

    name: str
    path: str
    deed: Callable[[Page], None] | None = None
    #: What the browser complains about, and is meant to.
    status: str = ""
    #: Whether the address has no language in it.
    outside: bool = False

    def go(self, page: Page, world: World, language: str) -> None:
        path = world.paths.get(self.path.partition("+")[0], self.path) + self.path.partition("+")[2]
        query = f"?lang={language}" if self.outside else ""
        page.goto(f"{world.site}/{'' if self.outside else f'{language}/'}{path}{query}")
        if self.deed:
            self.deed(page)


def _press(selector: str) -> Callable[[Page], None]:
    return lambda page: page.locator(selector).first.click()


def _stay(page: Page) -> None:
    """A page that asks again by itself would be gone in the middle of a look."""
    page.evaluate("window.stop()")


def _open_all(page: Page) -> None:
    for summary in page.locator("main details summary").all():
        summary.click()


def _empty_name(page: Page) -> None:
    page.locator("#name").fill("")
    page.locator("main form .buttons button").click()


def _empty_file(page: Page) -> None:
    page.locator("#file").set_input_files({"name": "tyhjä.csv", "mimeType": "text/csv", "buffer": b""})
    page.locator("form[enctype] button").click()


SEND = "main form .buttons button"
STAFF_PLACES = (
    StaffPlace("groups", "trainer/", _open_all),
    StaffPlace("new_group", "trainer/cohorts/new"),
    StaffPlace("new_group_with_errors", "trainer/cohorts/new", _press(SEND), "422"),
    StaffPlace("group", "cohort", _open_all),
    StaffPlace("group_filtered_to_nobody", "cohort+?name=Nobody"),
    StaffPlace("group_without_members", "empty"),
    StaffPlace("group_closed", "closed"),
    StaffPlace("group_without_certificates", "cohort", _press("form[action$='/certificates'] button")),
    StaffPlace("change_group", "cohort+edit"),
    StaffPlace("waivers", "cohort+waivers/"),
    StaffPlace("waiver_without_a_reason", "cohort+waivers/", _press("form:has(#reason) button"), "422"),
    StaffPlace("waivers_without_members", "empty+waivers/"),
    StaffPlace("new_code", "cohort+codes/"),
    StaffPlace("code_on_the_screen", "code"),
    StaffPlace("roster", "cohort+roster/"),
    StaffPlace("roster_empty", "empty+roster/"),
    StaffPlace("roster_file_refused", "cohort+roster/", _empty_file, "422"),
    StaffPlace("roster_person_refused", "cohort+roster/", _press("form[action$='/people'] button"), "422"),
    StaffPlace("roster_link", "cohort+roster/", _press("form[action$='/link'] button")),
    StaffPlace("file_planned", "plan"),
    StaffPlace("file_done", "done"),
    StaffPlace("reminder", "cohort+reminder/"),
    StaffPlace("sessions", "trainer/sessions/"),
    StaffPlace("new_session", "trainer/sessions/new"),
    StaffPlace("new_session_with_errors", "trainer/sessions/new", _press(SEND), "422"),
    StaffPlace("session", "session", _open_all),
    StaffPlace("session_coming", "coming"),
    StaffPlace("session_cancelled", "cancelled"),
    StaffPlace("attendance_code", "session+attendance/"),
    StaffPlace("reach_of_a_trainer", "trainer/reach/"),
    StaffPlace("certificates_being_collected", "job", _stay),
    StaffPlace("join_form", "join/", outside=True),
    StaffPlace("join", "join", _open_all, outside=True),
    StaffPlace("join_without_a_name", "join", _empty_name, "422", outside=True),
    StaffPlace("attend_form", "attend/", outside=True),
    StaffPlace("attend", "attend", outside=True),
    StaffPlace("stop", "stop", outside=True),
    StaffPlace("public_reach", "reach/"),
    StaffPlace("progress_in_a_group", "progress/"),
    StaffPlace("about_you", "about-you/"),
)
