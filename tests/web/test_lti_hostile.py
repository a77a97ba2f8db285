"""Hostile launches: each is refused with a sentence, a status of its own and a line in the log, and leaves nothing."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest
from bs4 import BeautifulSoup
from cryptography.hazmat.primitives import serialization
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from course.domain.launch import LOGIN_LASTS, Refusal
from course.services.platforms import turn
from course.storage.tables import Base, LtiLogin
from course.web import lti
from course.web.lti_words import status_of, words_of
from course.web.translations import read_catalogues
from tests.strict_client import StrictClient, text_of
from tests.web.lti_journeys import HOST, LAUNCH, admin, begin, launch, register, send
from tests.web.lti_platform import AGS, DL, KEYS, LEARNER, LTI, Asked, LtiPlatform

HMAC_SECRET = "a secret that both could know, and long enough for it"
#: What a refused launch may leave: that it began, that it was counted, and that a deployment asked.
MAY_CHANGE = {"lti_login", "lti_deployment", "throttle"}


@dataclass
class Stage:
    """A site with a platform, and a browser on it."""

    site: Any
    app: Any
    client: StrictClient
    platform: LtiPlatform
    clock: Any
    registered: int

    def asked(self, target: str = LAUNCH) -> Asked:
        return begin(self.client, self.platform, target)

    def claims(self, asked: Asked, **changes: Any) -> dict[str, Any]:
        """A good message, but for these claims; None leaves one out."""
        said = {**self.platform.claims(asked, LEARNER, LAUNCH), **changes}
        return {name: value for name, value in said.items() if value is not None}

    def with_claims(self, **changes: Any) -> TestResponse:
        asked = self.asked()
        return send(self.client, asked.state, self.platform.signed(self.claims(asked, **changes)))

    def with_token(self, make: Callable[[dict[str, Any]], str]) -> TestResponse:
        asked = self.asked()
        return send(self.client, asked.state, make(self.claims(asked)))

    def login(self, **changes: str | None) -> TestResponse:
        return self.client.raw.get(f"/lti/login?{urlencode(self.platform.first_request(LAUNCH, **changes))}")

    @property
    def seconds(self) -> int:
        return int(self.clock().timestamp())


@pytest.fixture
def stage(site, app, client, clock) -> Iterator[Stage]:
    platform = LtiPlatform(now=lambda: clock().timestamp())
    yield Stage(site, app, client, platform, clock, register(site, platform))
    platform.close()


def unsigned(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, None, "none", headers={"kid": "first"})


def with_public_key_as_secret(claims: dict[str, Any]) -> str:
    """The old trick: the public key, which everybody knows, taken for a shared secret."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    secret = KEYS[0].public_key().public_bytes(serialization.Encoding.PEM, form)
    signed = f"{encoded({'alg': 'HS256', 'kid': 'first'})}.{encoded(claims)}"
    signature = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def with_own_key_inside(claims: dict[str, Any]) -> str:
    own = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEYS[1].public_key()))
    return jwt.encode(claims, KEYS[1], "RS256", headers={"kid": "first", "jwk": own, "jku": "https://evil.example/k"})


def changed_after_signing(token: str) -> str:
    head, body, signature = token.split(".")
    said = json.loads(base64.urlsafe_b64decode(f"{body}=="))
    return f"{head}.{encoded({**said, 'sub': 'the-boss'})}.{signature}"


# Each attack makes its last request; what comes before it must go well.


def replayed(stage: Stage) -> TestResponse:
    asked = stage.asked()
    token = stage.platform.signed(stage.claims(asked, sub="somebody-before"))
    assert send(stage.client, asked.state, token).status_code == 303
    return send(stage.client, asked.state, token)


def nonce_of_another_launch(stage: Stage) -> TestResponse:
    """A message that was made for one launch, brought into another one of the same browser."""
    first, second = stage.asked(), stage.asked()
    return send(stage.client, second.state, stage.platform.signed(stage.claims(first)))


def other_browser(stage: Stage) -> TestResponse:
    asked = stage.asked()
    victim = StrictClient(stage.app)
    begin(victim, stage.platform)
    return send(victim, asked.state, stage.platform.signed(stage.claims(asked)))


def no_cookie(stage: Stage) -> TestResponse:
    asked = stage.asked()
    return send(StrictClient(stage.app), asked.state, stage.platform.signed(stage.claims(asked)))


def too_late(stage: Stage) -> TestResponse:
    asked = stage.asked()
    stage.clock.move(seconds=LOGIN_LASTS.total_seconds())
    return send(stage.client, asked.state, stage.platform.signed(stage.claims(asked)))


def of_a_disabled_platform(stage: Stage, *, when: str) -> TestResponse:
    asked = stage.asked() if when == "under way" else None
    turn(stage.site.store, admin(stage.site), stage.registered, on=False, now=stage.clock())
    if asked is None:
        return stage.login()
    return send(stage.client, asked.state, stage.platform.signed(stage.claims(asked)))


def choosing(stage: Stage, **settings: Any) -> TestResponse:
    asked = stage.asked()
    claims = stage.platform.choosing_claims(asked, LEARNER)
    claims[f"{DL}deep_linking_settings"] |= settings
    return send(stage.client, asked.state, stage.platform.signed(claims))


def while_keys_are_away(stage: Stage) -> TestResponse:
    asked = stage.asked()
    stage.platform.outage = 503
    return send(stage.client, asked.state, stage.platform.signed(stage.claims(asked)))


def target_of_another_page(stage: Stage) -> TestResponse:
    """Begun with one module, signed for another."""
    asked = stage.asked(f"{LAUNCH}?module=tea")
    claims = stage.claims(asked, **{f"{LTI}target_link_uri": f"{LAUNCH}?module=bread"})
    return send(stage.client, asked.state, stage.platform.signed(claims))


ATTACKS: dict[str, tuple[Callable[[Stage], TestResponse], Refusal]] = {
    # The seventeen that other libraries were tried with
    "a wrong signature": (
        lambda stage: stage.with_token(lambda said: jwt.encode(said, KEYS[1], "RS256", headers={"kid": "first"})),
        Refusal.SIGNATURE_WRONG,
    ),
    "no signature (alg none)": (lambda stage: stage.with_token(unsigned), Refusal.SIGNATURE_WRONG),
    "a shared secret (HS256)": (
        lambda stage: stage.with_token(lambda said: jwt.encode(said, HMAC_SECRET, "HS256", headers={"kid": "first"})),
        Refusal.SIGNATURE_WRONG,
    ),
    "another audience": (lambda stage: stage.with_claims(aud="somebody-else"), Refusal.AUDIENCE_WRONG),
    "another issuer": (lambda stage: stage.with_claims(iss="https://other.example"), Refusal.ISSUER_WRONG),
    "another nonce": (lambda stage: stage.with_claims(nonce="n" * 43), Refusal.NONCE_WRONG),
    "another state": (
        lambda stage: send(stage.client, "s" * 43, stage.platform.signed(stage.claims(stage.asked()))),
        Refusal.STATE_UNKNOWN,
    ),
    "another deployment": (
        lambda stage: stage.with_claims(**{f"{LTI}deployment_id": "77"}),
        Refusal.DEPLOYMENT_WRONG,
    ),
    "another version": (lambda stage: stage.with_claims(**{f"{LTI}version": "1.1"}), Refusal.VERSION_WRONG),
    "expired": (lambda stage: stage.with_claims(exp=stage.seconds - 61), Refusal.TIME_WRONG),
    "issued in the future": (lambda stage: stage.with_claims(iat=stage.seconds + 61), Refusal.TIME_WRONG),
    "an unknown key": (
        lambda stage: stage.with_token(lambda said: stage.platform.signed(said, kid="other")),
        Refusal.SIGNATURE_WRONG,
    ),
    "no link": (lambda stage: stage.with_claims(**{f"{LTI}resource_link": {}}), Refusal.LINK_MISSING),
    "another browser": (other_browser, Refusal.OTHER_BROWSER),
    "the same message twice": (replayed, Refusal.STATE_USED),
    "several audiences and no authorized party": (
        lambda stage: stage.with_claims(aud=[stage.platform.client_id, "somebody-else"]),
        Refusal.AUDIENCE_WRONG,
    ),
    "another page than it began with": (target_of_another_page, Refusal.TARGET_CHANGED),
    # And more
    "a key inside the message": (lambda stage: stage.with_token(with_own_key_inside), Refusal.SIGNATURE_WRONG),
    "the public key as a secret": (lambda stage: stage.with_token(with_public_key_as_secret), Refusal.SIGNATURE_WRONG),
    "no key named": (
        lambda stage: stage.with_token(lambda said: jwt.encode(said, KEYS[0], "RS256")),
        Refusal.SIGNATURE_WRONG,
    ),
    "changed after signing": (
        lambda stage: stage.with_token(lambda said: changed_after_signing(stage.platform.signed(said))),
        Refusal.SIGNATURE_WRONG,
    ),
    "no message": (lambda stage: send(stage.client, stage.asked().state, ""), Refusal.TOKEN_UNREADABLE),
    "half a message": (lambda stage: send(stage.client, stage.asked().state, "a.b"), Refusal.TOKEN_UNREADABLE),
    "a senseless message": (lambda stage: send(stage.client, stage.asked().state, "a.b.c"), Refusal.SIGNATURE_WRONG),
    "a huge message": (
        lambda stage: stage.with_claims(padding="x" * 70_000),
        Refusal.TOKEN_UNREADABLE,
    ),
    "no state": (
        lambda stage: send(stage.client, "", stage.platform.signed(stage.claims(stage.asked()))),
        Refusal.STATE_UNKNOWN,
    ),
    "no cookie": (no_cookie, Refusal.OTHER_BROWSER),
    "too late": (too_late, Refusal.STATE_EXPIRED),
    "the message of another launch": (nonce_of_another_launch, Refusal.NONCE_WRONG),
    "no nonce": (lambda stage: stage.with_claims(nonce=None), Refusal.NONCE_WRONG),
    "no end": (lambda stage: stage.with_claims(exp=None), Refusal.TIME_WRONG),
    "an end that is no number": (lambda stage: stage.with_claims(exp=True), Refusal.TIME_WRONG),
    "no beginning": (lambda stage: stage.with_claims(iat=None), Refusal.TIME_WRONG),
    "kept for a long time": (
        lambda stage: stage.with_claims(iat=stage.seconds - 3600, exp=stage.seconds + 86_400),
        Refusal.TIME_WRONG,
    ),
    "not before tomorrow": (lambda stage: stage.with_claims(nbf=stage.seconds + 86_400), Refusal.TIME_WRONG),
    "another authorized party": (lambda stage: stage.with_claims(azp="somebody-else"), Refusal.AUDIENCE_WRONG),
    "no audience": (lambda stage: stage.with_claims(aud=None), Refusal.AUDIENCE_WRONG),
    "no deployment": (lambda stage: stage.with_claims(**{f"{LTI}deployment_id": None}), Refusal.DEPLOYMENT_WRONG),
    "nobody": (lambda stage: stage.with_claims(sub=None), Refusal.PERSON_UNKNOWN),
    "an endless person": (lambda stage: stage.with_claims(sub="x" * 256), Refusal.PERSON_UNKNOWN),
    "no roles": (lambda stage: stage.with_claims(**{f"{LTI}roles": None}), Refusal.ROLES_MISSING),
    "roles of another form": (
        lambda stage: stage.with_claims(**{f"{LTI}roles": [{"a": 1}]}),
        Refusal.ROLES_MISSING,
    ),
    "another kind of message": (
        lambda stage: stage.with_claims(**{f"{LTI}message_type": "LtiStartProctoring"}),
        Refusal.MESSAGE_WRONG,
    ),
    "no target": (lambda stage: stage.with_claims(**{f"{LTI}target_link_uri": None}), Refusal.TARGET_CHANGED),
    "the platform's own no": (
        lambda stage: stage.client.raw.post("/lti/launch", data={"error": "login_required", "state": "x"}),
        Refusal.PLATFORM_SAYS_NO,
    ),
    "keys out of reach": (while_keys_are_away, Refusal.KEYS_UNREACHABLE),
    "an unknown platform": (lambda stage: stage.login(iss="https://nobody.example"), Refusal.PLATFORM_UNKNOWN),
    "an unknown client": (lambda stage: stage.login(client_id="x"), Refusal.PLATFORM_UNKNOWN),
    "a login without an issuer": (lambda stage: stage.login(iss=None), Refusal.REQUEST_INCOMPLETE),
    "a login without a person": (lambda stage: stage.login(login_hint=None), Refusal.REQUEST_INCOMPLETE),
    "a login to another site": (
        lambda stage: stage.login(target_link_uri="https://evil.example/lti/launch"),
        Refusal.TARGET_FOREIGN,
    ),
    "a login to a site that begins like ours": (
        lambda stage: stage.login(target_link_uri=f"{HOST}.evil.example/lti/launch"),
        Refusal.TARGET_FOREIGN,
    ),
    "a login to another page of ours": (
        lambda stage: stage.login(target_link_uri=f"{HOST}/fi/admin/"),
        Refusal.TARGET_FOREIGN,
    ),
    "a login to no module": (
        lambda stage: stage.login(target_link_uri=f"{LAUNCH}?module=none"),
        Refusal.TARGET_FOREIGN,
    ),
    "a choice that goes nowhere": (
        lambda stage: choosing(stage, deep_link_return_url="javascript:alert(1)"),
        Refusal.CHOICE_IMPOSSIBLE,
    ),
    "a choice of other things": (lambda stage: choosing(stage, accept_types=["file"]), Refusal.CHOICE_IMPOSSIBLE),
    "a disabled platform under way": (
        lambda stage: of_a_disabled_platform(stage, when="under way"),
        Refusal.PLATFORM_DISABLED,
    ),
    "a disabled platform": (lambda stage: of_a_disabled_platform(stage, when="before"), Refusal.PLATFORM_DISABLED),
}


def rows(site: Any) -> dict[str, list[str]]:
    with site.store.reading() as connection:
        return {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            for table in Base.metadata.sorted_tables
            if table.name not in MAY_CHANGE
        }


def test_every_hostile_launch_is_refused_with_a_sentence_and_a_line_in_the_log(stage, caplog):
    assert len(ATTACKS) >= 40
    faults, before = [], rows(stage.site)
    spoken = read_catalogues(("fi",))["fi"].gettext
    sentences = {why: words_of(why, lambda text: str(spoken(text)))[0] for why in Refusal}
    for name, (attack, why) in ATTACKS.items():
        caplog.clear()
        stage.platform.outage = 0
        caplog.set_level(logging.INFO, "course.lti")
        answer = attack(stage)
        said = text_of(BeautifulSoup(answer.text, "html.parser"))
        if answer.status_code != status_of(why) or sentences[why] not in said:
            faults.append(f"{name}: {answer.status}, {said[:200]}")
        [line] = [one for one in caplog.records if "refused" in one.getMessage()] or [None]
        if line is None or why.value not in line.getMessage() or line.levelname != "WARNING":
            faults.append(f"{name}: the log says {caplog.text!r}")
        if name == "the same message twice" or "disabled" in name:
            # Its first half was a good launch, or an administrator was at work.
            before = rows(stage.site)
        elif rows(stage.site) != before:
            faults.append(f"{name}: it left something behind")
            before = rows(stage.site)
        if answer.headers.getlist("Set-Cookie") and "lti-learner" in str(answer.headers):
            faults.append(f"{name}: a cookie was set")
    assert faults == []


def test_the_launch_that_the_attacks_are_made_of_is_a_good_one(stage):
    """Otherwise the attacks might be refused for something else."""
    assert stage.with_claims().status_code == 303
    assert stage.with_claims(aud=[stage.platform.client_id]).status_code == 303
    several = {"aud": [stage.platform.client_id, "other"], "azp": stage.platform.client_id}
    assert stage.with_claims(**several).status_code == 303
    assert stage.with_claims(exp=stage.seconds - 59).status_code == 303
    assert stage.with_claims(**{f"{AGS}claim/endpoint": {"scope": "no list"}}).status_code == 303
    assert stage.with_claims(**{f"{LTI}context": "no object"}).status_code == 303
    # As much as a platform with many custom parameters says.
    assert stage.with_claims(**{f"{LTI}custom": {str(number): "x" * 100 for number in range(300)}}).status_code == 303


def test_of_one_message_that_arrives_twice_at_the_same_moment_one_counts(stage):
    asked = stage.asked()
    token = stage.platform.signed(stage.claims(asked))
    cookie = stage.client.raw.get_cookie("lti-browser").value
    barrier, found = threading.Barrier(4), []

    def post() -> None:
        client = StrictClient(stage.app)
        client.raw.set_cookie("lti-browser", cookie)
        barrier.wait()
        found.append(send(client, asked.state, token).status_code)

    threads = [threading.Thread(target=post) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [303, 410, 410, 410]


def test_a_network_that_begins_too_many_launches_waits_and_its_frame_says_so(stage, monkeypatch):
    monkeypatch.setattr(lti, "LOGINS_OF_NETWORK", ("lti-login", 3, 600))
    assert [stage.login().status_code for _ in range(4)] == [302, 302, 302, 429]
    with stage.site.store.reading() as connection:
        assert connection.execute(select(func.count()).select_from(LtiLogin)).scalar_one() == 3
    refused = stage.login()
    assert f"frame-ancestors {stage.platform.issuer}" in refused.headers["Content-Security-Policy"]
    assert "too-many" in refused.text
    # Unknown platforms are counted, too, and told no more than others.
    assert stage.login(iss="https://nobody.example").status_code == 403
    stage.client.raw.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert stage.login().status_code == 302
    stage.client.raw.environ_base["REMOTE_ADDR"] = "127.0.0.1"
    stage.clock.move(minutes=10)
    assert stage.login().status_code == 302


def test_a_refusal_is_shown_in_the_frame_of_the_platform_that_is_let_in(stage):
    [policy] = stage.with_claims(nonce="x").headers.getlist("Content-Security-Policy")
    assert f"frame-ancestors {stage.platform.issuer}" in policy
    policy = stage.login(iss="https://nobody.example").headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_refusal_has_a_sentence_of_its_own_in_every_language(language):
    say = read_catalogues(("fi", "sv", "en"))[language].gettext
    sentences = {why: words_of(why, lambda text: str(say(text))) for why in Refusal}
    assert all(what and todo for what, todo in sentences.values())
    assert len({what for what, _ in sentences.values()}) == len(Refusal)
    if language != "en":
        english = {words_of(why, lambda text: text)[0] for why in Refusal}
        assert not english & {what for what, _ in sentences.values()}


def test_the_first_launch_of_one_person_in_two_windows_at_once_makes_one_learner(stage):
    answers, barrier = [], threading.Barrier(3)

    def whole() -> None:
        client = StrictClient(stage.app)
        barrier.wait()
        answers.append(launch(client, stage.platform).status_code)

    threads = [threading.Thread(target=whole) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [303] * 3
    assert len(rows(stage.site)["learner"]) == len(rows(stage.site)["lti_user"]) == 1
