"""One record: whoever comes by a launch has the same as everybody else, and her platform is told of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from course.content.library import Library
from course.storage.tables import LtiUser
from course.web.site import Site
from tests.packages.by_the_rules import ByTheRules
from tests.packages.page_learner import OnThePages, chosen_seeds, earns_certificate, record_on_the_site
from tests.packages.scripts import in_turn, scripts_of
from tests.site_fixtures import Clock
from tests.strict_client import StrictClient
from tests.web.lti_journeys import LAUNCH, launch, register
from tests.web.lti_platform import LEARNER, LtiPlatform, User

#: The link to the course in the platform's course; the others are called after their modules.
COURSE = "the-course"
#: Scripts between two runs of the worker.
AT_ONCE = 25


@pytest.fixture
def real_platform(real_app: Flask) -> Iterator[LtiPlatform]:
    """One that launches the course itself, and lets the tool make its lines of grades."""
    site: Site = real_app.extensions["course"]
    keys = StrictClient(real_app)
    made = LtiPlatform(
        now=lambda: site.now().timestamp(),
        tool_keys=lambda: keys.raw.get("/lti/jwks.json").json,
        gives_line_item=False,
    )
    register(site, made)
    yield made
    made.close()


class Launched:
    """A learner of the platform. Each device is another launch: the first by the course's link, then by a module's."""

    def __init__(self, platform: LtiPlatform, library: Library, number: int) -> None:
        self._platform, self._library = platform, library
        self.user = User(f"user-{number}", f"Lauri {number}", LEARNER.roles)
        self.links = [COURSE]

    def enter(self, client: StrictClient, number: int) -> None:
        target = LAUNCH
        if number:
            module = self._library.modules[number % len(self._library.modules)]
            self.links.append(module.id)
            target = f"{LAUNCH}?quiz={module.id}"
        self._platform.link_id = self.links[-1]
        assert launch(client, self._platform, self.user, target).status_code == 303


def learner_of_platform(site: Site, user: User) -> int:
    with site.store.reading() as connection:
        found = connection.execute(select(LtiUser.learner_id).where(LtiUser.subject == user.subject)).scalar_one()
    return int(found)


def grades_of(platform: LtiPlatform) -> dict[tuple[str, str], tuple[int, str]]:
    """(subject, link) -> what the platform was told last, of a hundred."""
    links = {one["id"].split("?")[0].rpartition("/")[2]: one["resourceLinkId"] for one in platform.line_items}
    assert {one["scoreMaximum"] for one in platform.scores} == {100}
    return {
        (one["userId"], links[one["line"]]): (one["scoreGiven"], one["activityProgress"]) for one in platform.scores
    }


def wanted_grades(record: dict[str, Any], launched: Launched) -> dict[tuple[str, str], tuple[int, str]]:
    reached = {one["module"]: (one["best"], one["passed"]) for one in record["modules"]}
    reached[COURSE] = (record["score"], record["completed"])
    return {
        (launched.user.subject, link): (reached[link][0], "Completed" if reached[link][1] else "InProgress")
        for link in launched.links
        if reached[link][0] is not None
    }


def test_every_learner_has_the_same_record_over_launches_and_her_platform_has_the_score(
    real_app: Flask, real_platform: LtiPlatform, clock: Clock
) -> None:
    site: Site = real_app.extensions["course"]
    library, wanted = site.library, {}
    numbers = in_turn(library, site.store.engine.dialect.name, every=10)
    with chosen_seeds() as seeds:
        for number, script in zip(numbers, scripts_of(library, numbers), strict=True):
            launched = Launched(real_platform, library, number)
            OnThePages(real_app, site, seeds, scripted=number % 3 > 0, enter=launched.enter).play(script)
            # Nobody's network begins so many launches within ten minutes.
            clock.move(minutes=1)
            learner_id = learner_of_platform(site, launched.user)
            record = record_on_the_site(site, library, learner_id)
            assert record == ByTheRules(library).play(script), number
            assert earns_certificate(site, learner_id) == record["completed"], number
            wanted |= wanted_grades(record, launched)
            if number % AT_ONCE < 2:
                assert real_app.extensions["course_worker"].run_due()[1] == 0
    assert real_app.extensions["course_worker"].run_due()[1] == 0
    assert grades_of(real_platform) == wanted
    assert {progress for _, progress in wanted.values()} == {"Completed", "InProgress"}
    assert len({link for _, link in wanted}) > 1
