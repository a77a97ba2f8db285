"""What guessing at a sign-in costs, and that it costs the same whatever is guessed at."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from course.domain.account import network_of, password_fault
from course.domain.errors import SignInEnded, SignInRefused, TooManyTries
from course.services import passwords, sign_in
from course.services.invitations import make_administrator
from course.services.mail import Letter
from course.services.passwords import hash_password, is_password
from course.services.second_factor import SiteKeys, step_of_code
from course.services.sign_in import Browser, ask_for_code, begin_with_password, enter_code
from course.storage.tables import SignIn, SignInRequest
from tests.site_fixtures import Clock

BROWSER = Browser(network="192.0.2.1", device="")
ADA = "ada@office.example"


@pytest.fixture
def keys(site) -> SiteKeys:
    return SiteKeys(site.secret_key, site.base_url, "Course")


def test_twenty_tries_at_once_are_five_tries(site, keys, clock: Clock):
    codes: list[str] = []

    def write(code: str) -> Letter:
        codes.append(code)
        return Letter("", code)

    begun = ask_for_code(site.store, keys, BROWSER, email=ADA, write=write, write_to_staff=Letter("", ""), now=clock())

    def try_once(number: int) -> str:
        wrong = str((int(codes[0]) + 1 + number) % 10**8).zfill(8)
        try:
            enter_code(site.store, keys, BROWSER, begun.secret, wrong, here=None, language="fi", now=clock())
        except SignInRefused:
            return "looked at"
        except SignInEnded:
            return "too late"
        return "in"

    with ThreadPoolExecutor(10) as pool:
        results = list(pool.map(try_once, range(20)))
    assert (results.count("looked at"), results.count("too late")) == (5, 15)


def test_one_code_sent_twenty_times_at_once_signs_in_once(site, keys, clock: Clock):
    codes: list[str] = []
    begun = ask_for_code(
        site.store,
        keys,
        BROWSER,
        email=ADA,
        write=lambda code: codes.append(code) or Letter("", code),
        write_to_staff=Letter("", ""),
        now=clock(),
    )

    def enter(_: int) -> bool:
        try:
            enter_code(site.store, keys, BROWSER, begun.secret, codes[0], here=None, language="fi", now=clock())
        except SignInEnded:
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(enter, range(20))) == 1
    with site.store.reading() as connection:
        assert len(connection.execute(select(SignIn)).all()) == 1


class CountedHasher:
    """Argon2 with a count of how many work at the same time."""

    def __init__(self) -> None:
        self.calls = self.now = self.most = 0
        self._lock = threading.Lock()

    def hash(self, password: str) -> str:
        with self._lock:
            self.calls += 1
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(0.01)
        with self._lock:
            self.now -= 1
        return "hash"

    def verify(self, kept: str, password: str) -> bool:
        self.hash(password)
        return False


def test_no_more_than_two_passwords_are_hashed_at_once(monkeypatch):
    counted = CountedHasher()
    monkeypatch.setattr(passwords, "HASHER", counted)
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(hash_password, ["x"] * 24))
    assert (counted.calls, counted.most) == (24, 2)


def test_whoever_waits_too_long_for_a_turn_is_asked_to_come_again(monkeypatch):
    monkeypatch.setattr(passwords, "PATIENCE", 0.01)
    taken = [passwords._TURNS.acquire() for _ in range(passwords.AT_ONCE)]
    try:
        with pytest.raises(TooManyTries):
            hash_password("x")
    finally:
        for _ in taken:
            passwords._TURNS.release()


@pytest.mark.parametrize("email", [ADA, "nobody@nowhere.example", "one-time@office.example"])
def test_a_refused_sign_in_hashes_once_whether_the_address_is_known_or_not(site, keys, clock, monkeypatch, email):
    make_administrator(site.store, email=ADA, language="fi", now=clock())
    make_administrator(site.store, email="one-time@office.example", language="fi", now=clock())
    clock.move(days=30)
    counted = CountedHasher()
    passwords._nobodys()
    monkeypatch.setattr(passwords, "HASHER", counted)
    with pytest.raises(SignInRefused):
        begin_with_password(site.store, keys, BROWSER, email=email, password="wrong one", now=clock())
    assert counted.calls == 1


def test_the_dummy_password_opens_nothing():
    assert not is_password(None, "nobody has this password")
    assert is_password(hash_password("a long train to Oulu"), "a long train to Oulu")


def test_a_hash_with_old_parameters_is_made_anew_at_the_next_sign_in(site, keys, clock, monkeypatch):
    password = make_administrator(site.store, email=ADA, language="fi", now=clock())
    monkeypatch.setattr(sign_in, "needs_new_hash", lambda _: True)
    renewed = []
    monkeypatch.setattr(sign_in.credentials, "set_hash", lambda *_, **given: renewed.append(given["new"]))
    begin_with_password(site.store, keys, BROWSER, email=ADA, password=password, now=clock())
    assert is_password(renewed[0], password)


def test_another_secret_key_opens_no_sealed_secret(keys, clock):
    other = SiteKeys("another key", keys.base_url, keys.title)
    sealed = keys.seal(b"secret")
    assert keys.unseal(sealed) == b"secret"
    assert other.unseal(sealed) is None
    assert step_of_code(other, sealed, "000000", now=clock()) is None
    assert keys.hash_of("a", "b") != other.hash_of("a", "b") != keys.hash_of("b", "a")


@pytest.mark.parametrize(
    ("base_url", "works"),
    [
        ("https://course.example", True),
        ("http://localhost:8000", True),
        ("http://127.0.0.1:8000", False),
        ("https://[::1]", False),
        ("http://course.example", False),
    ],
)
def test_passkeys_are_offered_where_browsers_make_them(base_url, works):
    assert SiteKeys("", base_url, "").passkeys_work is works


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("", "unknown"),
    ],
)
def test_one_connection_is_one_network(address, network):
    assert network_of(address) == network


def test_words_in_a_row_are_a_good_password():
    assert password_fault("hevonen juoksee mäkeä", "iida@north.example") is None


def test_a_sign_in_under_way_that_ran_out_is_deleted_by_the_next_one(site, keys, clock):
    for _ in range(2):
        ask_for_code(
            site.store,
            keys,
            BROWSER,
            email=ADA,
            write=lambda code: Letter("", code),
            write_to_staff=Letter("", ""),
            now=clock(),
        )
        clock.move(minutes=10)
    with site.store.reading() as connection:
        assert len(connection.execute(select(SignInRequest)).all()) == 1
