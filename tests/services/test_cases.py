"""A case is decided once at each place, however many clicks arrive at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from course.services.cases import decide, go_back
from course.services.people import start_learner
from course.storage.cases import paths_of


def stored(site, learner_id):
    with site.store.reading() as connection:
        return paths_of(connection, learner_id).get("cold-guest", ())


def choose(site, learner_id, made, choice_id):
    return decide(
        site.store,
        site.library,
        learner_id=learner_id,
        case_id="cold-guest",
        made=made,
        choice_id=choice_id,
        language="fi",
        now=site.now(),
    )


def test_of_many_clicks_at_once_one_decides_and_the_others_see_where_it_led(site):
    learner_id = start_learner(site.store, language="fi", now=site.now()).learner_id
    ready = threading.Barrier(8)

    def click(number: int):
        ready.wait()
        return choose(site, learner_id, 0, "let-in" if number % 2 else "close").path

    with ThreadPoolExecutor(8) as clicks:
        seen = set(clicks.map(click, range(8)))

    assert seen == {stored(site, learner_id)}
    assert len(stored(site, learner_id)) == 1


def test_going_back_further_than_the_beginning_or_the_end_changes_nothing_else(site):
    learner_id = start_learner(site.store, language="fi", now=site.now()).learner_id
    choose(site, learner_id, 0, "let-in")
    for keep, left in ((9, 1), (1, 1), (-3, 0)):
        go_back(site.store, site.library, learner_id=learner_id, case_id="cold-guest", keep=keep, now=site.now())
        assert len(stored(site, learner_id)) == left
