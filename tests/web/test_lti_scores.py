"""A platform is told what its people have reached: the best score once, also after an outage, and what goes."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from course.content.library import Library
from course.exports.launch_keys import rotate_launch_key
from course.services.platforms import turn
from course.storage import learning
from course.storage.host_scores import schedule_scores
from course.storage.tables import Completion, LtiUser, Task
from tests.strict_client import StrictClient, text_of
from tests.web.journeys import hand_in, pass_module, start_quiz, wrong_answers
from tests.web.lti_journeys import LAUNCH, admin, launch, register
from tests.web.lti_platform import AGS, INSTRUCTOR, LEARNER, LtiPlatform


@pytest.fixture
def worker(app):
    return app.extensions["course_worker"]


def errors(site) -> list[tuple[str, str]]:
    with site.store.reading() as connection:
        rows = connection.execute(select(Task.state, Task.error).where(Task.kind.like("lti-%"), Task.error != ""))
        return [(row[0], row[1]) for row in rows]


def test_a_module_passed_is_told_to_the_platform_with_the_best_score(site, client, platform, library, worker):
    register(site, platform)
    launch(client, platform, target=f"{LAUNCH}?module=tea")
    assert worker.run_due()[1] == 0
    assert platform.scores == []
    pass_module(client, library, "tea")
    assert worker.run_due() == (1, 0)
    [score] = platform.scores
    assert score == {
        "userId": LEARNER.subject,
        "scoreGiven": 100,
        "scoreMaximum": 100,
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "timestamp": "2026-11-22T09:30:00.000000+00:00",
        "line": "7",
    }


def test_the_course_counts_the_mean_of_its_modules_and_each_link_is_told_of_its_own(
    site, client, platform, library, worker
):
    register(site, platform)
    launch(client, platform)
    platform.link_id = "link-6"
    launch(client, platform, target=f"{LAUNCH}?quiz=tea")
    told = []
    for module_id in library.tracks[0].module_ids:
        pass_module(client, library, module_id)
        worker.run_due()
        told += [(one["scoreGiven"], one["scoreMaximum"], one["activityProgress"]) for one in platform.scores]
        platform.scores.clear()
    assert sorted(told) == [(50, 100, "InProgress"), (100, 100, "Completed"), (100, 100, "Completed")]


def test_a_score_arrives_after_an_outage_of_the_platform(site, client, platform, library, worker, clock):
    register(site, platform)
    launch(client, platform)
    worker.run_due()
    platform.outage = 503
    pass_module(client, library, "tea")
    assert worker.run_due() == (0, 1)
    assert errors(site) == [("open", "PlatformFault: Virasto: answered with status 503.")]
    clock.move(minutes=2)
    assert worker.run_due() == (0, 1)
    platform.outage = 0
    clock.move(minutes=11)
    assert worker.run_due() == (1, 0)
    assert [one["scoreGiven"] for one in platform.scores] == [50]
    assert errors(site) == []


def test_a_platform_that_does_not_answer_at_all_is_tried_again(site, client, platform, library, worker, clock):
    register(site, platform)
    launch(client, platform)
    worker.run_due()
    platform.close()
    pass_module(client, library, "tea")
    assert worker.run_due() == (0, 1)
    again = LtiPlatform(now=platform.now, tool_keys=platform.tool_keys, port=platform.port)
    try:
        clock.move(minutes=2)
        assert worker.run_due() == (1, 0)
        assert len(again.scores) == 1
    finally:
        again.close()


def test_a_score_that_the_platform_will_never_take_is_given_up_with_a_sentence(
    site, client, platform, library, worker, admin_client
):
    """Moodle answers so for somebody who is no learner of its course."""
    register(site, platform)
    launch(client, platform)
    worker.run_due()
    platform.outage = 403
    pass_module(client, library, "tea")
    assert worker.run_due() == (0, 1)
    page = text_of(admin_client.get("/en/admin/outbox/"))
    assert "Only people whom its course lists as learners have grades" in page


def test_the_same_score_is_told_once_and_a_later_one_has_a_later_moment(site, client, platform, library, worker):
    register(site, platform)
    launch(client, platform)
    pass_module(client, library, "tea")
    worker.run_due()
    launch(client, platform)
    worker.run_due()
    assert len(platform.scores) == 1
    pass_module(client, library, "bread")
    worker.run_due()
    first, second = (one["timestamp"] for one in platform.scores)
    assert second > first


def fail(client: StrictClient, library: Library) -> None:
    page = start_quiz(client, "tea")
    hand_in(client, page, wrong_answers(page, library, "tea"))


def attend(session: Session, learner_id: int, now: datetime) -> None:
    """Passed by attending a session: no score changes by it."""
    learning.add_completion(session, learner_id, "tea", attempt_id=None, edition="2030.1", language="fi", now=now)


def take_back(session: Session, learner_id: int, now: datetime) -> None:
    session.execute(delete(Completion).where(Completion.learner_id == learner_id))


@pytest.mark.parametrize(
    ("target", "begins", "changes", "told"),
    [
        # Done by now, although the score is what it was.
        ("quiz=tea", fail, [attend], lambda first: [(first, "InProgress"), (first, "Completed")]),
        # What is taken back is taken back from the platform.
        ("module=tea", lambda *_: None, [attend, take_back], lambda _: [(100, "Completed"), (0, "InProgress")]),
    ],
    ids=["done by now", "taken back"],
)
def test_what_changes_without_a_quiz_is_told_each_time_and_once(
    site, client, platform, library, worker, target, begins, changes, told
):
    register(site, platform)
    launch(client, platform, target=f"{LAUNCH}?{target}")
    begins(client, library)
    worker.run_due()
    for change in changes:
        with site.store.writing() as session:
            learner_id = session.execute(select(LtiUser.learner_id)).scalar_one()
            change(session, learner_id, site.now())
            schedule_scores(session, learner_id, now=site.now())
        worker.run_due()
        worker.run_due()
    found = [(one["scoreGiven"], one["activityProgress"]) for one in platform.scores]
    assert found == told(found[0][0])


def test_what_was_done_before_the_link_existed_is_told_at_its_first_launch(site, client, platform, library, worker):
    register(site, platform)
    platform.gives_line_item = True
    launch(client, platform, **{f"{AGS}claim/endpoint": None})
    pass_module(client, library, "tea")
    worker.run_due()
    assert platform.scores == []
    launch(client, platform)
    worker.run_due()
    assert len(platform.scores) == 1


def test_a_link_without_a_line_of_grades_gets_one(site, client, platform, library, worker):
    register(site, platform)
    platform.gives_line_item = False
    launch(client, platform)
    pass_module(client, library, "tea")
    worker.run_due()
    [line] = platform.line_items
    assert line["resourceLinkId"] == platform.link_id and line["label"] == "Ihmiskauppa"
    assert [one["line"] for one in platform.scores] == ["70"]
    pass_module(client, library, "bread")
    worker.run_due()
    assert len(platform.line_items) == 1 and len(platform.scores) == 2


def test_who_teaches_gets_no_score_and_a_disabled_platform_is_told_nothing(site, client, platform, library, worker):
    made = register(site, platform)
    launch(client, platform, INSTRUCTOR)
    pass_module(client, library, "tea")
    worker.run_due()
    assert platform.scores == []
    launch(client, platform)
    pass_module(client, library, "tea")
    turn(site.store, admin(site), made, on=False, now=site.now())
    platform.requests.clear()
    worker.run_due()
    assert platform.requests == []
    assert ("failed", "GiveUp: The platform is disabled.") in errors(site)


def test_our_key_is_changed_in_the_middle_and_scores_go_on(site, client, platform, library, worker):
    register(site, platform)
    launch(client, platform)
    pass_module(client, library, "tea")
    worker.run_due()
    rotate_launch_key(site.signing.folder)
    pass_module(client, library, "bread")
    assert worker.run_due() == (1, 0)
    assert [one["scoreGiven"] for one in platform.scores] == [50, 100]


def test_an_erased_learner_is_told_of_no_more(site, client, platform, library, worker):
    register(site, platform)
    launch(client, platform)
    pass_module(client, library, "tea")
    client.submit(client.get("/fi/progress/my-data/erase"))
    assert worker.run_due()[1] == 0
    assert platform.scores == []
