"""A certificate is issued once, says for ever what it said, and its file is made once."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from course.content.library import Library
from course.content.loading import load
from course.domain.certificate import CertificateFacts, canonical_json, facts_hash, new_code
from course.domain.errors import NameNeeded, NotEarnedYet, NotThere, PdfNotAvailable
from course.services import certificate_files, people
from course.services.certificate_checks import Answer
from course.services.certificate_files import Turnstile
from course.storage.engine import Store
from tests.services.graduates import NOW, Press, checked, file_of, graduate, held_by, issue


@pytest.fixture
def store(engine) -> Store:
    return Store(engine)


@pytest.fixture
def press() -> Press:
    return Press()


def test_it_states_course_track_edition_time_modules_and_where_to_check_it(store, library):
    facts = issue(store, library, graduate(store, library), "  Aino   Esimerkki ").facts
    assert facts.name == "Aino Esimerkki"
    assert (facts.course_title, facts.edition, facts.language) == (library.title["fi"], library.edition, "fi")
    assert facts.minutes == sum(module.minutes for module in library.modules)
    assert [name for name, _ in facts.modules] == [module.id for module in library.modules]
    assert facts.verify_url == f"https://course.example/verify/{facts.code}"


def test_the_day_is_the_day_in_finland(store, library):
    late = datetime(2026, 6, 30, 21, 30, tzinfo=UTC)
    assert issue(store, library, graduate(store, library), now=late).facts.issued_on == date(2026, 7, 1)


def test_it_is_not_issued_before_everything_is_passed_nor_without_a_name(store, library):
    beginner = people.start_learner(store, language="fi", now=NOW).learner_id
    with pytest.raises(NotEarnedYet) as refused:
        issue(store, library, beginner)
    assert refused.value.missing == tuple(module.id for module in library.modules)
    graduated = graduate(store, library)
    with pytest.raises(NameNeeded):
        issue(store, library, graduated, name="   ")
    assert held_by(store, beginner) == held_by(store, graduated) == []


def test_a_second_request_gives_the_first_certificate(store, library):
    learner_id = graduate(store, library)
    first = issue(store, library, learner_id, "Aino")
    assert issue(store, library, learner_id, "Someone Else", language="sv", now=NOW + timedelta(days=3)) == first
    assert held_by(store, learner_id) == [first]


def test_another_track_is_another_certificate(store, library):
    learner_id = graduate(store, library)
    codes = {issue(store, library, learner_id, track_id=track).facts.code for track in ("core", "drinks")}
    assert len(codes) == 2


@pytest.fixture
def renamed(fixture_course: Path, tmp_path: Path) -> Library:
    """The course under other titles, everything else alike."""
    package = Path(shutil.copytree(fixture_course, tmp_path / "package"))
    library = load(package)
    return replace(library, title={language: f"New {title}" for language, title in library.title.items()})


def test_what_it_states_is_frozen_when_the_course_gets_another_title(store, library, renamed):
    learner_id = graduate(store, library)
    issued = issue(store, library, learner_id)
    assert issue(store, renamed, learner_id) == issued
    [held] = held_by(store, learner_id)
    assert held.facts.course_title == library.title["fi"] != renamed.title["fi"]
    assert held.facts_hash == facts_hash(held.facts)


def test_its_hash_tells_when_a_fact_was_changed(store, library):
    held = issue(store, library, graduate(store, library))
    assert facts_hash(replace(held.facts, name="Somebody Else")) != held.facts_hash


def test_the_file_is_made_at_the_first_request_and_never_again(store, library, press):
    learner_id = graduate(store, library)
    held = issue(store, library, learner_id)
    assert press.printed == []
    first = file_of(store, press, held, learner_id)
    press.ink = b"another template"
    assert file_of(store, press, held, learner_id, now=NOW + timedelta(days=900)) == first
    assert press.printed == [held.facts]
    assert first.startswith(b"first template")


def test_the_file_is_kept_with_its_hash(store, library, press):
    learner_id = graduate(store, library)
    held = issue(store, library, learner_id)
    made = file_of(store, press, held, learner_id)
    with store.reading() as connection:
        kept = connection.exec_driver_sql("select sha256 from certificate_file").scalar_one()
    assert kept == hashlib.sha256(made).hexdigest()


def test_when_two_requests_make_the_file_at_once_the_first_one_stands(store, library, press):
    learner_id = graduate(store, library)
    held = issue(store, library, learner_id)

    class Slow(Press):
        """While it prints, another request is done first."""

        def render(self, facts: CertificateFacts, status_index: int) -> bytes:
            file_of(store, press, held, learner_id)
            return b"too late"

    assert file_of(store, Slow(), held, learner_id) == file_of(store, press, held, learner_id)


def test_a_crash_between_issuing_and_printing_is_mended_at_the_next_request(store, library, press):
    learner_id = graduate(store, library)
    held = issue(store, library, learner_id)
    press.broken = True
    with pytest.raises(PdfNotAvailable):
        file_of(store, press, held, learner_id)
    assert held_by(store, learner_id) == [held]
    press.broken = False
    assert file_of(store, press, held, learner_id) == press.ink + canonical_json(held.facts)


def test_two_learners_never_see_each_others_certificate(store, library, press):
    one, other = (graduate(store, library) for _ in range(2))
    mine, theirs = issue(store, library, one, "Aino"), issue(store, library, other, "Väinö")
    assert held_by(store, one) == [mine] and held_by(store, other) == [theirs]
    for learner_id, held in ((one, theirs), (other, mine)):
        with pytest.raises(NotThere):
            file_of(store, press, held, learner_id)
    file_of(store, press, mine, one)
    with pytest.raises(NotThere):
        file_of(store, press, mine, other)


def test_a_certificate_that_does_not_exist_is_not_there(store, library, press):
    learner_id = graduate(store, library)
    with pytest.raises(NotThere):
        certificate_files.certificate_pdf(
            store, press, Turnstile(), certificate_id=4711, learner_id=learner_id, now=NOW
        )


def test_its_number_leads_to_it_and_another_number_to_nothing(store, library):
    held = issue(store, library, graduate(store, library))
    answer, found = checked(store, held.facts.code)
    assert answer is Answer.VALID and found.facts == held.facts
    assert checked(store, "0000") == (Answer.MISTYPED, None)
    assert checked(store, new_code(bytes(16))) == (Answer.UNKNOWN, None)


def test_the_name_that_an_employer_types_is_compared_with_the_frozen_one(store, library):
    held = issue(store, library, graduate(store, library), "Áŋŋel Eŋŋa-Šoŋ")
    _, found = checked(store, held.facts.code)
    assert found.is_holder("áŋŋel eŋŋa šoŋ")
    assert not found.is_holder("Annel Enna Son")


def test_the_certificate_goes_along_when_two_records_are_joined(store, library, press):
    here, there = graduate(store, library), people.start_learner(store, language="fi", now=NOW).learner_id
    held = issue(store, library, here)
    with store.writing() as session:
        people.join_learners(session, kept=there, other=here)
    assert held_by(store, there) == [held]
    assert file_of(store, press, held, there)
