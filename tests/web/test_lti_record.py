"""One record: whoever came by a launch has the same as whoever came to the site by herself."""

from __future__ import annotations

from sqlalchemy import select

from course.services.people import start_learner
from course.storage.tables import LtiUser
from tests.packages.web_learner import MOMENT, ByTheRules, OnTheSite, script_of
from tests.strict_client import StrictClient
from tests.web.lti_journeys import launch, register
from tests.web.lti_platform import LEARNER, User

SCRIPTS = 6


def launched_learner(site, app, platform, number: int) -> int:
    user = User(f"user-{number}", f"Lauri {number}", LEARNER.roles)
    assert launch(StrictClient(app), platform, user).status_code == 303
    with site.store.reading() as connection:
        found = connection.execute(select(LtiUser.learner_id).where(LtiUser.subject == user.subject)).scalar_one()
    return int(found)


def test_a_scripted_learner_has_the_same_record_over_a_launch_and_on_the_site(site, app, client, platform):
    register(site, platform)
    records = []
    for number in range(SCRIPTS):
        script = script_of(site.library, number, steps=5)
        alone = start_learner(site.store, language="en", now=MOMENT).learner_id
        learners = (launched_learner(site, app, platform, number), alone)
        launched, by_herself = (
            OnTheSite(site.store, site.library, site.versions, learner_id).play(script) for learner_id in learners
        )
        assert launched == by_herself == ByTheRules(site.library).play(script)
        records.append(launched)
    assert any(record["completed"] for record in records)
    assert any(not record["completed"] for record in records)
