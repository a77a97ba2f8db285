"""Nothing is deleted: a certificate is replaced, revoked or expires, its holder is erased, and its number answers."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from course.content.library import Library
from course.domain.certificate_state import CORRECTIONS_MAX, Actor, Deed, Reason, State
from course.domain.errors import CertificateClosed, NameNeeded, NotThere
from course.services import certificate_register, certificates
from course.services.certificate_checks import Answer
from course.services.certificate_files import LIST_SIZE, badge_token, revoked_indexes
from course.services.certificates import HOLDER, By, HeldCertificate
from course.storage.accounts import account_of_host
from course.storage.engine import Store
from course.storage.joining import move_certificates
from course.storage.people import drop_learner
from course.storage.tables import Certificate, CertificateEvent, Learner
from tests.services.graduates import NOW, Press, checked, file_of, graduate, held_by, issue, verify_url

ADMIN = By(Actor.ADMINISTRATOR)


@pytest.fixture
def store(engine) -> Store:
    return Store(engine)


@pytest.fixture
def press() -> Press:
    return Press()


def correct(
    store: Store, held: HeldCertificate, name: str = "Aino Oikea", by: By = HOLDER, **changes
) -> HeldCertificate:
    return certificates.replace_certificate(
        store, certificate_id=held.id, name=name, verify_url=verify_url, now=NOW, by=by, **changes
    )


def revoke(store: Store, held: HeldCertificate, reason: Reason = Reason.MISUSE, note: str = "", by: By = ADMIN) -> None:
    certificate_register.revoke_certificate(store, certificate_id=held.id, reason=reason, note=note, by=by, now=NOW)


def journal(store: Store, held: HeldCertificate) -> list[str]:
    with store.reading() as connection:
        entry = certificate_register.register_entry(connection, held.id, NOW)
    return [event.deed for event in entry.journal]


def two_years(library: Library) -> Library:
    """The course whose certificates are valid for two years."""
    return replace(library, tracks=tuple(replace(track, valid_years=2) for track in library.tracks))


# Replaced


def test_a_corrected_name_is_a_new_certificate_with_a_new_number(store, library):
    learner_id = graduate(store, library)
    old = issue(store, library, learner_id, "Aino Vaara")
    new = correct(store, old, learner_id=learner_id)
    assert new.facts.code != old.facts.code and new.facts.name == "Aino Oikea"
    assert replace(new.facts, name=old.facts.name, code=old.facts.code, verify_url=old.facts.verify_url) == old.facts
    answer, found = checked(store, old.facts.code)
    assert answer is Answer.REPLACED and found.standing.successor == new.facts.code
    assert checked(store, new.facts.code)[0] is Answer.VALID
    assert [one.id for one in held_by(store, learner_id)] == [new.id, old.id]
    assert journal(store, old) == [Deed.ISSUED, Deed.REPLACED] and journal(store, new) == [Deed.ISSUED]


def test_the_right_has_one_valid_certificate_after_a_correction(store, library):
    learner_id = graduate(store, library)
    new = correct(store, issue(store, library, learner_id))
    assert issue(store, library, learner_id, "Somebody Else") == new


def test_a_replaced_certificate_is_not_replaced_again(store, library):
    learner_id = graduate(store, library)
    old = issue(store, library, learner_id)
    correct(store, old)
    with pytest.raises(CertificateClosed):
        correct(store, old, "Third")


def test_a_holder_corrects_some_times_and_an_administrator_as_often_as_it_takes(store, library):
    learner_id = graduate(store, library)
    held = issue(store, library, learner_id)
    for number in range(CORRECTIONS_MAX):
        held = correct(store, held, f"Aino {'abc'[number]}", learner_id=learner_id)
    with pytest.raises(CertificateClosed):
        correct(store, held, "Once More", learner_id=learner_id)
    assert correct(store, held, "Once More", by=ADMIN).facts.name == "Once More"


def test_nobody_corrects_the_certificate_of_somebody_else(store, library):
    mine, theirs = graduate(store, library), graduate(store, library)
    held = issue(store, library, theirs)
    with pytest.raises(NotThere):
        correct(store, held, learner_id=mine)
    assert journal(store, held) == [Deed.ISSUED]


def test_a_correction_needs_a_name(store, library):
    held = issue(store, library, graduate(store, library))
    with pytest.raises(NameNeeded):
        correct(store, held, "  ")
    assert held.standing.is_valid and journal(store, held) == [Deed.ISSUED]


# Revoked


def test_a_revocation_says_when_and_why_and_the_note_is_for_administrators(store, library):
    held = issue(store, library, graduate(store, library))
    with store.writing() as session:
        account = account_of_host(session, subject="a", name="Aarne", administrator=True, language="fi", now=NOW)
    revoke(store, held, Reason.MISTAKE, " A mix-up. ", By(Actor.ADMINISTRATOR, account))
    answer, found = checked(store, held.facts.code)
    assert answer is Answer.REVOKED
    assert (found.standing.since, found.standing.reason) == (date(2026, 11, 22), Reason.MISTAKE)
    with store.reading() as connection:
        event = certificate_register.register_entry(connection, held.id, NOW).journal[-1]
    assert (event.account_name, event.actor, event.note) == ("Aarne", "administrator", "A mix-up.")


def test_a_revoked_certificate_stays_and_is_neither_replaced_nor_revoked_again(store, library, press):
    learner_id = graduate(store, library)
    held = issue(store, library, learner_id)
    file = file_of(store, press, held, learner_id)
    revoke(store, held)
    for again in (lambda: revoke(store, held), lambda: correct(store, held, by=ADMIN)):
        with pytest.raises(CertificateClosed):
            again()
    assert held_by(store, learner_id)[0].standing.state is State.REVOKED
    assert file_of(store, press, held, learner_id) == file


def test_who_asks_again_after_a_revocation_gets_no_second_certificate(store, library):
    learner_id = graduate(store, library)
    held = issue(store, library, learner_id)
    revoke(store, held)
    assert issue(store, library, learner_id).facts == held.facts
    assert len(held_by(store, learner_id)) == 1


def test_a_certificate_that_is_not_there_cannot_be_revoked(store):
    with pytest.raises(NotThere):
        certificate_register.revoke_certificate(
            store, certificate_id=4711, reason=Reason.MISUSE, note="", by=ADMIN, now=NOW
        )


def test_badges_of_revoked_and_replaced_certificates_are_listed(store, library, press):
    one, other, third = (graduate(store, library) for _ in range(3))
    valid, revoked, replaced = (issue(store, library, learner) for learner in (one, other, third))
    revoke(store, revoked)
    correct(store, replaced)
    with store.reading() as connection:
        assert revoked_indexes(connection, 0) == (revoked.id, replaced.id)
        assert revoked_indexes(connection, 1) == ()
    assert valid.id < LIST_SIZE
    assert badge_token(store, press, certificate_id=valid.id, learner_id=one, now=NOW).endswith(valid.facts.code)
    with pytest.raises(CertificateClosed):
        badge_token(store, press, certificate_id=revoked.id, learner_id=other, now=NOW)


# Expired


def test_a_certificate_expires_after_the_years_of_its_track_and_never_without_them(store, library):
    learner_id = graduate(store, library)
    held = issue(store, two_years(library), learner_id)
    lasting = issue(store, library, learner_id, track_id="drinks")
    assert held.facts.valid_until == date(2028, 11, 22) and lasting.facts.valid_until is None
    last_day = NOW + timedelta(days=731)
    assert checked(store, held.facts.code, last_day)[0] is Answer.VALID
    answer, found = checked(store, held.facts.code, last_day + timedelta(days=1))
    assert answer is Answer.EXPIRED and found.standing.since == date(2028, 11, 22)
    assert checked(store, lasting.facts.code, NOW + timedelta(days=3650))[0] is Answer.VALID


def test_the_end_is_frozen_with_the_facts(store, library):
    learner_id = graduate(store, library)
    held = issue(store, library, learner_id)
    assert issue(store, two_years(library), learner_id).facts.valid_until is None
    assert "valid_until" not in json.loads(_facts_of(store, held))


# Frozen


def test_the_file_is_the_same_after_a_change_of_name_template_title_and_edition(store, library, press):
    learner_id = graduate(store, library)
    held = issue(store, library, learner_id)
    before = hashlib.sha256(file_of(store, press, held, learner_id)).hexdigest()
    press.ink = b"another template"
    later = replace(
        library, edition="2040.1", title={language: f"New {title}" for language, title in library.title.items()}
    )
    issue(store, later, learner_id, "Another Name")
    correct(store, held, "Corrected Name")
    assert hashlib.sha256(file_of(store, press, held, learner_id)).hexdigest() == before
    [(kept,)] = _rows(store, "select sha256 from certificate_file")
    assert kept == before


# Erased


def test_after_an_erasure_number_edition_date_and_hash_stay_and_the_name_is_nowhere(store, library, press):
    learner_id = graduate(store, library)
    old = issue(store, library, learner_id, "Aino Vaara")
    new = correct(store, old, "Aino Oikea")
    for held in (old, new):
        file_of(store, press, held, learner_id)
    with store.writing() as session:
        assert certificate_register.erase_holder(session, learner_id, now=NOW) == 2
        drop_learner(session, learner_id)
    assert _rows(store, "select * from certificate_file") == []
    everything = str(_rows(store, "select * from certificate")) + str(_rows(store, "select * from certificate_event"))
    assert "Aino" not in everything and "aino" not in everything
    answer, found = checked(store, new.facts.code)
    assert answer is Answer.VALID and found.standing.erased_on == date(2026, 11, 22)
    assert (found.edition, found.issued_on) == (library.edition, date(2026, 11, 22))
    assert found.facts_hash == new.facts_hash and found.facts is None
    assert not found.is_holder("Aino Oikea")
    assert checked(store, old.facts.code)[0] is Answer.REPLACED


def test_an_erased_certificate_can_be_revoked_but_not_replaced_and_has_no_file(store, library):
    learner_id = graduate(store, library)
    held = issue(store, library, learner_id)
    with store.writing() as session:
        certificate_register.erase_holder(session, learner_id, now=NOW)
    with pytest.raises(NotThere):
        correct(store, held, by=ADMIN)
    revoke(store, held)
    assert checked(store, held.facts.code)[0] is Answer.REVOKED


def test_the_erasure_of_one_leaves_the_others_alone(store, library, press):
    one, other = graduate(store, library), graduate(store, library)
    issue(store, library, one)
    held = issue(store, library, other, "Väinö")
    file = file_of(store, press, held, other)
    with store.writing() as session:
        certificate_register.erase_holder(session, one, now=NOW)
    assert file_of(store, press, held, other) == file


def test_a_learner_with_a_certificate_cannot_vanish_with_it(store, library):
    """Only the erasure takes the name; deleting the learner's row by itself leaves the certificate in the register."""
    learner_id = graduate(store, library)
    held = issue(store, library, learner_id)
    with store.writing() as session:
        session.delete(session.get(Learner, learner_id))
    assert checked(store, held.facts.code)[0] is Answer.VALID


# Joined records


def test_two_certificates_for_one_right_both_stay_with_the_person_when_records_are_joined(store, library):
    here, there = graduate(store, library), graduate(store, library)
    first, second = issue(store, library, here), issue(store, library, there)
    with store.writing() as session:
        move_certificates(session, from_learner=here, to_learner=there)
    assert {one.facts.code for one in held_by(store, there)} == {first.facts.code, second.facts.code}
    with store.writing() as session:
        assert certificate_register.erase_holder(session, there, now=NOW) == 2


# Search


def test_the_register_is_searched_by_number_by_words_of_the_name_and_by_track(store, library):
    learner_id = graduate(store, library)
    aino = issue(store, library, learner_id, "Aino Öhman-Lehtisaari")
    drinks = issue(store, library, learner_id, "Aino Öhman-Lehtisaari", track_id="drinks")
    vaino = issue(store, library, graduate(store, library), "Väinö 100% Mäki")

    def found(text: str, track_id: str = "") -> list[int]:
        with store.reading() as connection:
            entries, _ = certificate_register.search_register(
                connection, text=text, track_id=track_id, before=None, now=NOW
            )
        return [entry.id for entry in entries]

    assert found(aino.facts.code.lower().replace("-", " ")) == [aino.id]
    assert found("öhman aino") == [drinks.id, aino.id]
    assert found("LEHTISAARI", "core") == [aino.id]
    assert found("") == [vaino.id, drinks.id, aino.id]
    assert found("100%") == [vaino.id] and found("%") == [vaino.id] and found("_") == []


def test_the_register_is_shown_a_page_at_a_time(store, library, monkeypatch):
    monkeypatch.setattr(certificate_register, "PAGE_SIZE", 2)
    ids = [issue(store, library, graduate(store, library)).id for _ in range(5)]
    shown, before = [], None
    while True:
        with store.reading() as connection:
            entries, before = certificate_register.search_register(
                connection, text="", track_id="", before=before, now=NOW
            )
        shown += [entry.id for entry in entries]
        if before is None:
            break
    assert shown == ids[::-1]


def test_every_certificate_has_the_line_of_its_issue(store, library):
    for _ in range(3):
        issue(store, library, graduate(store, library))
    with store.reading() as connection:
        issued = connection.execute(
            select(func.count()).select_from(CertificateEvent).where(CertificateEvent.deed == "issued")
        ).scalar_one()
        assert issued == connection.execute(select(func.count()).select_from(Certificate)).scalar_one() == 3


def _facts_of(store: Store, held: HeldCertificate) -> str:
    with store.reading() as connection:
        return str(connection.execute(select(Certificate.facts).where(Certificate.id == held.id)).scalar_one())


def _rows(store: Store, sql: str) -> list[tuple[object, ...]]:
    with store.reading() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(sql)]
