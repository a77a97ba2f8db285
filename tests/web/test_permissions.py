"""Every route by every role: the matrix is made of the routes themselves, so that none can be forgotten.

What is expected follows from the route's permission and from whose the objects in its address are (tests/web/world.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from course.domain.cohort import CohortPlan
from course.domain.permission import SIGNED_IN, Permission, Staff
from course.services.sign_ins import open_sign_in
from course.storage.accounts import account_of_host
from course.storage.cohorts import add_cohort
from course.storage.launches import add_trainer, host_course, set_cohort
from course.storage.tables import Base
from course.web.areas import areas_of
from course.web.identity import token_of as form_token_of
from course.web.site import Site
from tests.staff_fixtures import make_account, sign_in
from tests.strict_client import StrictClient
from tests.web.accounts_journeys import learn_by_code
from tests.web.journeys import READ
from tests.web.world import OWNERS, SECRET, SECRETS, Owner, World, first_id, make_world

TEACHER = "teacher on a platform"
ROLES = ("anonymous", "learner", "other learner", "trainer of A", "trainer of B", "administrator", TEACHER)
STAFF = {
    "learner": Staff(1, "learner"),
    "other learner": Staff(2, "other learner"),
    "trainer of A": Staff(3, "A", networks=frozenset({"north"})),
    "trainer of B": Staff(4, "B", networks=frozenset({"south"})),
    "administrator": Staff(5, "administrator", administrator=True),
    # The group of her own course is none of the world's.
    TEACHER: Staff(6, "teacher", cohorts=frozenset({0}), launched=True),
}
#: Rows that a mere look changes: counts of tries, and the months that the first look after their end publishes.
COUNTS = {"throttle", "closed_month", "published_count"}
#: Open to the role, but not there in this world.
ABSENT = {
    # The fixtures sign in without a password.
    "change_password",
    "factors",
    # Files that the worker makes, which does not run here.
    "job_file",
    "session_kit_file",
    # Stands below a prefix only.
    "did_json_below",
}
#: Buttons behind the signed link of a mail, or of an invitation.
MAILED = {"stop_now", "confirm_refreshers_now", "answer_refresher", "lti_register_now"}
#: Only a platform can open them: whoever looks by herself is refused for what she does not bring.
LAUNCHES = {"lti_login"}


class Expected(Enum):
    OPEN = "open"
    #: To the sign-in.
    SIGN_IN = "sign-in"
    #: Signed in, with another role.
    FORBIDDEN = "forbidden"
    #: The object is not there for this role.
    HIDDEN = "hidden"
    #: A key is asked for, whoever is signed in.
    KEY = "key"


def expected(role: str, permission: Permission, arguments: set[str]) -> Expected:
    """What the rules say of a role and a route."""
    owners = {OWNERS[one] for one in arguments}
    if permission is Permission.API_KEY:
        return Expected.KEY
    if permission in SIGNED_IN:
        return _expected_of_staff(role, permission, owners)
    # On a learner's own pages whatever belongs to somebody is hers: her cohorts, her certificates.
    private = permission is Permission.OWN_RECORD and owners & {Owner.LEARNER, Owner.NETWORK, Owner.ACCOUNT}
    return Expected.HIDDEN if private and role != "learner" else Expected.OPEN


def _expected_of_staff(role: str, permission: Permission, owners: set[Owner]) -> Expected:
    if role == "anonymous":
        return Expected.SIGN_IN
    if not STAFF[role].may(permission):
        return Expected.FORBIDDEN
    if Owner.NETWORK in owners and not STAFF[role].may_see_network("north"):
        return Expected.HIDDEN
    if Owner.ACCOUNT in owners and role != "trainer of A":
        return Expected.HIDDEN
    return Expected.OPEN


@pytest.fixture
def world(site, library, client, trainer_client) -> World:
    return make_world(site, library, client, trainer_client)


@pytest.fixture
def as_role(world, app, site, other_trainer_client, admin_client) -> Callable[[str], StrictClient]:
    """The browser of a role, signed in; again, when what it did before has signed it out."""
    clients = {
        "anonymous": StrictClient(app),
        "learner": world.learner,
        "other learner": StrictClient(app),
        "trainer of A": world.trainer,
        "trainer of B": other_trainer_client,
        "administrator": admin_client,
        TEACHER: teacher_of_a_platform(app, site),
    }
    other = clients["other learner"]
    other.submit(other.get("/fi/modules/tea/water/"), READ)
    learn_by_code(other, site, "other@learner.example")
    learn_by_code(world.learner, site, "aino@learner.example")
    return clients.__getitem__


def teacher_of_a_platform(app: Flask, site: Site) -> StrictClient:
    """Somebody who came by a launch, as the launch leaves her: signed in for the group of her course there."""
    client = StrictClient(app)
    now, platform_id = site.now(), first_id(site, "lti_platform")
    with site.store.writing() as session:
        account_id = account_of_host(
            session, subject=f"lti:{platform_id}:x", name="Inka", administrator=False, language="fi", now=now
        )
        cohort_id = add_cohort(session, CohortPlan("", "Course there", "core", "fi"), created_by=None, now=now)
        course = host_course(session, platform_id, "1", "9", members_url="", now=now)
        set_cohort(session, course.id, cohort_id)
        add_trainer(session, cohort_id, account_id)
        client.raw.set_cookie("lti-staff", open_sign_in(session, account_id, now=now))
    return client


def permissions(site: Site) -> dict[str, Permission]:
    return {f"{site.name}.{route.endpoint}": route.permission for area in areas_of(site) for route in area.routes()}


def matrix(app: Flask, site: Site) -> Iterator[tuple[Rule, str, Permission]]:
    """Every rule of the application with each of its methods; a rule without a permission is a KeyError."""
    stated = permissions(site)
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method, stated[rule.endpoint]


def token_of(site: Site, client: StrictClient, permission: Permission) -> str:
    """The token that a page of ours would carry for this browser."""
    names = ("session", "lti-staff") if permission in SIGNED_IN else ("learner",)
    cookie = next((found for name in names if (found := client.raw.get_cookie(name))), None)
    return form_token_of(site.secret_key, cookie.value if cookie else "")


def ask(client: StrictClient, method: str, address: str, token: str) -> TestResponse:
    if method == "GET":
        return client.raw.get(address)
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    return client.raw.open(address, method=method, data={"csrf_token": token}, headers=headers)


def rows(site: Site) -> dict[str, list[str]]:
    with site.store.reading() as connection:
        return {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            for table in Base.metadata.sorted_tables
            if table.name not in COUNTS
        }


def is_sign_in(answer: TestResponse) -> bool:
    return answer.status_code in (302, 303) and answer.location.endswith("/account/sign-in/")


def fault(wanted: Expected, method: str, rule: Rule, answer: TestResponse) -> str:
    """What is wrong with an answer; empty when it is as the rules say."""
    status, endpoint = answer.status_code, rule.endpoint.rpartition(".")[2]
    if wanted is Expected.SIGN_IN:
        right = is_sign_in(answer)
    elif wanted is Expected.FORBIDDEN:
        right = status == 403
    elif wanted is Expected.KEY:
        right = status == 401
    elif wanted is Expected.HIDDEN:
        # A form that would only take something of one's own away may say that it is done, as nothing is left to do.
        right = status == 404 or (method == "POST" and status in (303, 409))
    elif method == "GET":
        right = status in (200, 302, 410) and not is_sign_in(answer)
        right = right or (status == 404 and endpoint in ABSENT) or (status == 400 and endpoint in LAUNCHES)
    else:
        # What a mail leads to needs no form of this device: its link is the proof, and here it is a wrong one.
        right = status == 400 or (status == 410 and endpoint in MAILED)
    return "" if right else f"{method} {rule.rule}: {wanted.value} expected, got {answer.status}"


def test_every_argument_of_an_address_has_an_owner(app):
    arguments = {argument for rule in app.url_map.iter_rules() for argument in rule.arguments}
    assert arguments - set(OWNERS) == set()


@pytest.mark.parametrize("role", ROLES)
def test_every_route_is_open_to_whom_it_should_be_and_to_nobody_else(role, app, site, world, as_role):
    client = as_role(role)
    before, faults, asked = rows(site), [], 0
    for rule, method, permission in matrix(app, site):
        wanted = expected(role, permission, set(rule.arguments))
        # Where it is open, a form without its token shows that the guard let the role pass, and changes nothing.
        token = "" if wanted is Expected.OPEN else token_of(site, client, permission)
        answer = ask(client, method, world.address(app, rule), token)
        faults.append(fault(wanted, method, rule, answer))
        if wanted is not Expected.OPEN and SECRET in answer.text:
            faults.append(f"{method} {rule.rule}: {role} reads a name")
        asked += 1
    found = [one for one in faults if one]
    assert not found, "\n".join(found)
    assert asked == len(list(matrix(app, site))) > 100
    assert {name for name, kept in rows(site).items() if kept != before[name]} == set()


@pytest.mark.parametrize("role", ["anonymous", "other learner", "trainer of B"])
def test_no_page_anywhere_shows_a_name_to_those_who_may_not_read_it(role, app, site, world, as_role):
    client = as_role(role)
    leaks = []
    for rule, method, _ in matrix(app, site):
        if method == "GET" and not rule.arguments & SECRETS:
            for language in ("fi", "sv", "en") if "lang" in rule.arguments else ("fi",):
                answer = client.raw.get(world.address(app, rule, language), follow_redirects=True)
                leaks += [rule.rule] if SECRET.encode() in answer.data else []
    assert leaks == []


def test_the_guard_sees_a_leak(app, site, world, as_role):
    """The fault that the matrix looks for: the owner's page does show the name."""
    answer = as_role("learner").raw.get("/fi/progress/")
    assert SECRET in answer.text
    assert fault(Expected.HIDDEN, "GET", next(app.url_map.iter_rules()), answer)
    assert fault(Expected.SIGN_IN, "GET", next(app.url_map.iter_rules()), answer)


@pytest.mark.parametrize("role", ["learner", "trainer of A"])
def test_a_role_cannot_be_posted(role, app, site, world, as_role):
    """Fields that no form has, sent to every form that is open to the role."""
    client = as_role(role)
    planted = {
        "role": "admin",
        "administrator": "y",
        "admin": "1",
        "is_admin": "true",
        "networks": ["north", "south"],
        "network_id": "south",
        "account_id": "1",
        "learner_id": "1",
        "score": "100",
        "passed": "1",
        "disabled_at": "",
    }
    names = ("account", "trainer_network", "completion", "attempt")
    before = {name: rows(site)[name] for name in names}
    for rule, method, permission in matrix(app, site):
        ends_it = {"sign_out", "end_sign_ins", "end_resume_links", "submit_quiz"}
        if method == "GET" or rule.endpoint.rpartition(".")[2] in ends_it:
            continue
        if expected(role, permission, set(rule.arguments)) is Expected.OPEN:
            token = token_of(site, client, permission)
            answer = client.send(world.address(app, rule), {"csrf_token": token, **planted})
            assert answer.status_code < 500, (rule.rule, answer.status)
    after = {name: rows(site)[name] for name in names}
    changed = {name: set(after[name]) ^ set(before[name]) for name in names if after[name] != before[name]}
    # The account page takes the name, which was not sent, and the attempt that a start button begins is empty.
    assert {name for name in changed if name in ("trainer_network", "completion")} == set()
    assert not [row for row in changed.get("account", ()) if "True" in row]


def test_a_form_of_one_sign_in_is_worth_nothing_in_another(site, trainer_client, other_trainer_client):
    stolen = token_of(site, other_trainer_client, Permission.ACCOUNT)
    own = token_of(site, trainer_client, Permission.ACCOUNT)
    assert stolen != own
    assert trainer_client.send("/en/account/sign-out", {"csrf_token": stolen}).status_code == 400
    assert trainer_client.send("/en/account/sign-out", {"csrf_token": own}).status_code == 303


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}])
def test_another_site_cannot_send_the_sign_in_form(client, site, headers):
    page = client.get("/en/account/sign-in/")
    token = str(page.select_one("[name=csrf_token]")["value"])
    fields = {"csrf_token": token, "email": "a@b.example", "password": "x"}
    assert client.raw.post("/en/account/sign-in/", data=fields, headers=headers).status_code == 403


def test_a_signed_in_learner_without_a_role_is_told_that_the_page_is_for_another_one(app, site):
    client = StrictClient(app)
    sign_in(client, site, make_account(site, "lea@kela.example"))
    assert client.raw.get("/en/admin/people/").status_code == 403
    assert client.raw.get("/en/account/").status_code == 200
