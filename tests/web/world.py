"""One of everything that an address can name, and whose it is: what the tests of all routes by all roles stand on.

A new argument of an address needs an entry in OWNERS and a value in `World.value_of`; without them the tests fail and
say so. Whatever is made here carries the word SECRET where it has a person's name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from course.content.library import Library
from course.domain.launch import Platform
from course.domain.permission import Staff
from course.domain.refresher import round_token
from course.domain.roster import Person
from course.domain.session import SessionDetails
from course.services import rosters
from course.services.attendance import attend
from course.services.feedback import Typed, give_feedback
from course.services.mail import Letter
from course.services.people import hash_of, new_secret
from course.services.sessions import create_session
from course.storage.platforms import add_platform
from course.storage.refreshers import add_refresher, add_round
from course.storage.tables import Base, TrainingSession, Waiver
from course.web.site import Site
from tests.strict_client import StrictClient
from tests.web.journeys import pass_course

#: In every name that only its owner, her trainers and the administrators may read.
SECRET = "Salainen"


class Owner(Enum):
    #: Part of the content, or a secret that is meant to open the page for whoever has it.
    NOBODY = "nobody"
    #: The learner of the world.
    LEARNER = "learner"
    #: The network "north": its trainers, and administrators.
    NETWORK = "network"
    #: The trainer of the north herself, and no other account.
    ACCOUNT = "account"


OWNERS: dict[str, Owner] = {
    "lang": Owner.NOBODY,
    "module_id": Owner.NOBODY,
    "lesson_id": Owner.NOBODY,
    "case_id": Owner.NOBODY,
    "setting_id": Owner.NOBODY,
    "form": Owner.NOBODY,
    "name": Owner.NOBODY,
    "kind": Owner.NOBODY,
    "kit_language": Owner.NOBODY,
    "book": Owner.NOBODY,
    "waiver_id": Owner.NETWORK,
    "code": Owner.NOBODY,
    "token": Owner.NOBODY,
    "secret": Owner.NOBODY,
    # An administrator's pages name every account and every certificate; a learner's only her own.
    "account_id": Owner.NOBODY,
    "certificate_id": Owner.LEARNER,
    "number": Owner.LEARNER,
    "cohort_id": Owner.NETWORK,
    "code_id": Owner.NETWORK,
    "import_id": Owner.NETWORK,
    "row_id": Owner.NETWORK,
    "session_id": Owner.NETWORK,
    "attendance_id": Owner.NETWORK,
    "key_id": Owner.NOBODY,
    "platform_id": Owner.NOBODY,
    "job_id": Owner.ACCOUNT,
    # Only administrators have their pages.
    "learner_id": Owner.LEARNER,
    "feedback_id": Owner.NOBODY,
    "task_id": Owner.NOBODY,
}
#: Arguments that are secrets: their pages may name whom they are for.
SECRETS = {"code", "token", "secret"}


@dataclass
class World:
    site: Site
    learner: StrictClient
    trainer: StrictClient
    #: "argument", or "endpoint.argument" where addresses use one word for several things -> value.
    values: dict[str, object] = field(default_factory=dict)

    def value_of(self, rule: Rule, argument: str) -> object:
        endpoint = rule.endpoint.rpartition(".")[2]
        for key in (f"{endpoint}.{argument}", argument):
            if key in self.values:
                return self.values[key]
        raise LookupError(f"{rule.rule}: tests/web/world.py makes nothing for <{argument}>")

    def address(self, app: Flask, rule: Rule, language: str = "fi") -> str:
        values = {one: self.value_of(rule, one) for one in rule.arguments - {"lang"}}
        if "lang" in rule.arguments:
            values["lang"] = language
        return app.url_map.bind("localhost").build(rule.endpoint, values, method=min(rule.methods or {"GET"}))


def make_world(site: Site, library: Library, learner: StrictClient, trainer: StrictClient) -> World:
    """The learner has passed the course and is in a cohort of the trainer, who has one of everything."""
    world = World(site, learner, trainer)
    world.values.update(
        {
            "module_id": "tea",
            "lesson_id": "water",
            "case_id": "cold-guest",
            "setting_id": "kitchen",
            "form": "before",
            "kind": "csv",
            "key_id": 1,
            "platform_id": _platform(site),
            "name": site.assets.names["course.css"],
            "certificate_preview.name": "default",
            "status_list.number": 1,
            "kit_language": "fi",
            "book": "epub",
        }
    )
    _learn(world, library)
    _gather(world)
    _train(world, library)
    _refresh(world)
    return world


def _learn(world: World, library: Library) -> None:
    learner = world.learner
    pass_course(learner, library)
    page = learner.submit(learner.get("/fi/certificate/"), name=f"Aino {SECRET}")
    file = str(page.select_one("a[href$='.pdf']")["href"])
    learner.raw.get(file)
    made = learner.submit(learner.get("/fi/progress/"), "form[action$='/resume-link']")
    world.values.update(
        {
            "number": 1,
            "certificate_id": int(file.rpartition("/")[2].removesuffix(".pdf")),
            "code": str(page.select_one("a[href*='/verify/']")["href"]).rpartition("/")[2],
            "token": str(made.select_one("input[readonly]")["value"]).rpartition("/")[2],
        }
    )


def _gather(world: World) -> None:
    """A cohort of the north with a code, a roster, an import, a member, and a job."""
    trainer, site = world.trainer, world.site
    trainer.submit(trainer.get("/en/trainer/cohorts/new"), name=f"{SECRET} ryhmä", track="core")
    address = trainer.response.request.path
    cohort = int(address.rstrip("/").rpartition("/")[2])
    link = trainer.get(address).select_one("a[href*='/codes/'][href$='/']:not([href$='/codes/'])")
    code = link.get_text().replace(" ", "").strip()
    world.learner.submit(world.learner.get(f"/join/{code}?lang=en"), name=f"Aino {SECRET}")
    person = Person(f"Olli {SECRET}", "olli@secret.example")
    assert rosters.add_person(site.store, cohort, person, now=site.now()) is None
    planned = rosters.plan_import(
        site.store,
        cohort,
        f"name\nPia {SECRET}\n".encode(),
        file_name="list.csv",
        account_id=None,
        now=site.now(),
    )
    trainer.submit(trainer.get(address), "form[action$='/certificates']")
    row = first_id(site, "roster_row")
    with site.store.writing() as session:
        given = {"learner_id": first_id(site, "learner"), "author_id": first_id(site, "account"), "cohort_id": cohort}
        common = {"module_id": "tea", "reason": f"{SECRET} tietää tämän", "edition": "2029.1", "language": "fi"}
        session.add(Waiver(**given, **common, waived_at=site.now()))
    world.values.update(
        {
            "cohort_id": cohort,
            "code_id": int(str(link["href"]).rstrip("/").rpartition("/")[2]),
            "join.code": code,
            "join_now.code": code,
            "import_id": planned,
            "row_id": row,
            "waiver_id": 1,
            "job_id": first_id(site, "job"),
            "secret": rosters.personal_link(site.store, cohort, row, now=site.now()),
            "account_id": first_id(site, "account"),
            "learner_id": first_id(site, "learner"),
            "task_id": first_id(site, "task"),
            "feedback_id": _case(site),
        }
    )


def _case(site: Site) -> int:
    """Feedback on accessibility, from somebody with a name."""
    typed = Typed("", f"{SECRET} was here", "", "fi")
    give_feedback(site.store, typed, Letter, now=site.now())
    return first_id(site, "feedback")


def _train(world: World, library: Library) -> None:
    """A session of the north that is going on, and the learner is there."""
    site, now = world.site, world.site.now()
    trainer = Staff(first_id(site, "account"), "Tuuli", networks=frozenset({"north"}))
    details = SessionDetails(
        title=f"{SECRET} koulutus",
        network_id="north",
        track_id="core",
        module_ids=("tea",),
        language="fi",
        starts_at=now,
        ends_at=now + timedelta(hours=2),
        place=f"{SECRET} sali",
    )
    session = create_session(site.store, library, trainer, details, now=now)
    learner = first_id(site, "learner")
    attend(site.store, library, session, learner_id=learner, name=f"Aino {SECRET}", now=now)
    with site.store.reading() as connection:
        code = connection.execute(select(TrainingSession.code)).scalar_one()
    world.values.update(
        {
            "session_id": session,
            "attendance_id": first_id(site, "attendance"),
            "attend.code": code,
            "attend_now.code": code,
        }
    )


def _refresh(world: World) -> None:
    """The learner wants refreshers, at an address that waits to be confirmed; one was sent."""
    site = world.site
    learner = first_id(site, "learner")
    secret = new_secret()
    with site.store.writing() as session:
        row = {"email": f"{SECRET}@secret.example", "address_key": "key", "asked_at": site.now()}
        add_refresher(session, learner, row | {"link_hash": hash_of(secret), "counted_from": site.now().date()})
        module = site.library.modules[0].id
        questions = [
            {
                "id": one.id,
                "version": site.versions.current[module, one.id],
                "options": list(one.options),
                "module": module,
            }
            for one in site.library.quiz(module).questions[:4]
        ]
        sent = add_round(
            session, learner, counted_from=site.now().date(), occasion="two-weeks", questions=questions, now=site.now()
        )
    assert sent is not None
    token = round_token(site.secret_key, sent)
    world.values.update(
        {
            "refresher.token": token,
            "confirm_refreshers.secret": secret,
        }
    )


def _platform(site: Site) -> int:
    """A learning platform that is registered, and whose people have never come."""
    known = Platform("https://lms.example", "us", *(f"https://lms.example/{one}" for one in ("auth", "token", "keys")))
    with site.store.writing() as session:
        made = add_platform(session, known, name="LMS", frames="", network_id="", created_by=None, now=site.now())
    assert made is not None
    return made


def first_id(site: Site, table: str) -> int:
    """The id of the first row of a table."""
    column = Base.metadata.tables[table].c.id
    with site.store.reading() as connection:
        return int(connection.execute(select(column).order_by(column).limit(1)).scalar_one())
