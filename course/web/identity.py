"""Whose request it is. A guest is a learner with a random cookie; Flask-Login carries it through the request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flask import Request, Response
from flask_login import UserMixin

from course.domain.permission import Staff
from course.services.accounts import staff_of_host
from course.services.people import HOST, NewSecret, hash_of, learner_of, start_learner, start_learner_of_host
from course.storage.engine import Store
from course.storage.people import KnownLearner

COOKIE = "learner"
#: As long as browsers keep one. The record itself stays until it is erased.
COOKIE_LASTS = 400 * 24 * 3600


@dataclass(frozen=True)
class SignedLearner(UserMixin):  # type: ignore[misc]
    """The learner of a request, as Flask-Login's current user."""

    learner: KnownLearner
    #: The cookie's secret: it names the learner in statements, and the forms' tokens are made of it.
    secret: str

    def get_id(self) -> str:
        return str(self.learner.id)


class Identity(Protocol):
    """How a request tells its learner. A host may bring its own."""

    def find(self, request: Request, store: Store, now: datetime) -> SignedLearner | None: ...

    def secret_of(self, cookies: str) -> str:
        """What the forms' tokens of this request are made of: the secret in its Cookie header, or an empty text."""
        ...

    def start(self, store: Store, *, language: str, now: datetime) -> NewSecret:
        """A learner for the first thing that somebody does; with an empty secret when no cookie need lead back."""
        ...

    def remember(self, response: Response, new: NewSecret) -> None: ...


class LearnerCookie:
    """The stand-alone site's identity: a random cookie, nothing else.

    Browsers know no prefix of a course beside another one: its cookie has a name of its own.
    """

    def __init__(self, *, secure: bool, name: str = COOKIE) -> None:
        self._secure = secure
        # The prefix makes browsers refuse the cookie from anywhere but this very host over HTTPS.
        self.name = f"__Host-{name}" if secure else name

    def find(self, request: Request, store: Store, now: datetime) -> SignedLearner | None:
        secret = request.cookies.get(self.name)
        if not secret:
            return None
        learner = learner_of(store, secret, now=now)
        return SignedLearner(learner, secret) if learner else None

    def secret_of(self, cookies: str) -> str:
        for cookie in cookies.split(";"):
            name, _, secret = cookie.strip().partition("=")
            if name == self.name:
                return secret
        return ""

    def start(self, store: Store, *, language: str, now: datetime) -> NewSecret:
        return start_learner(store, language=language, now=now)

    def remember(self, response: Response, new: NewSecret) -> None:
        response.set_cookie(
            self.name,
            new.secret,
            max_age=COOKIE_LASTS,
            secure=self._secure,
            httponly=True,
            samesite="Lax",
            path="/",
        )

    def forget(self, response: Response) -> None:
        """The learner of this device is no more."""
        response.delete_cookie(self.name, path="/", secure=self._secure, httponly=True, samesite="Lax")


@dataclass(frozen=True, slots=True)
class HostLearner:
    """What a host says of its signed-in user as somebody who studies. Neither name nor address is asked for."""

    #: The host's own id of the user; it stays the same when name or address change. Its hash alone is kept.
    subject: str
    #: Something of this sign-in that other sites cannot know; forms' tokens are made of it.
    secret: str


#: Given by a host: the user of the current request as a learner, or None when nobody is signed in.
LearnerOfRequest = Callable[[], "HostLearner | None"]


class LearnerOfHost(LearnerCookie):
    """The host's sign-in leads to the record, from every device and only while it lasts; guests have a cookie."""

    def __init__(self, user: LearnerOfRequest, *, secure: bool, name: str = COOKIE) -> None:
        super().__init__(secure=secure, name=name)
        self._user = user

    def find(self, request: Request, store: Store, now: datetime) -> SignedLearner | None:
        user = self._user()
        if user is None:
            return super().find(request, store, now)
        learner = learner_of(store, user.subject, now=now, kind=HOST)
        return SignedLearner(learner, user.secret) if learner else None

    def secret_of(self, cookies: str) -> str:
        user = self._user()
        return user.secret if user else super().secret_of(cookies)

    def start(self, store: Store, *, language: str, now: datetime) -> NewSecret:
        user = self._user()
        if user is None:
            return super().start(store, language=language, now=now)
        return start_learner_of_host(store, user.subject, language=language, now=now)

    def remember(self, response: Response, new: NewSecret) -> None:
        if new.secret and self._user() is None:
            super().remember(response, new)


@dataclass(frozen=True, slots=True)
class SignedStaff:
    """Someone signed in, for one request."""

    staff: Staff
    #: What the forms' tokens of this sign-in are made of.
    secret: str
    #: The row of the sign-in and the account's address; a host's users have neither.
    sign_in_id: int = 0
    email: str = ""


class StaffIdentity(Protocol):
    """How a request tells who is signed in: our own sessions, or the users of a host."""

    def find(self, request: Request, store: Store, now: datetime) -> SignedStaff | None: ...


class NoStaff:
    """A host that names no trainers and administrators: nobody is signed in."""

    def find(self, request: Request, store: Store, now: datetime) -> SignedStaff | None:
        return None


@dataclass(frozen=True, slots=True)
class HostUser:
    """What a host says of its signed-in user."""

    #: The host's own id of the user; it stays the same when name or address change.
    subject: str
    name: str
    administrator: bool = False
    #: Ids of the networks that the user is a trainer of.
    networks: frozenset[str] = frozenset()
    language: str = "en"
    #: Something of this sign-in that other sites cannot know; forms' tokens are made of it.
    secret: str = ""


#: Given by a host: the user of the current request, or None when nobody is signed in.
HostStaff = Callable[[], "HostUser | None"]


class StaffOfHost:
    """The host's users are used; an account row stands for each, so that cohorts can name their trainers."""

    def __init__(self, user: HostStaff) -> None:
        self._user = user

    def find(self, request: Request, store: Store, now: datetime) -> SignedStaff | None:
        user = self._user()
        if user is None:
            return None
        staff = staff_of_host(
            store,
            subject=user.subject,
            name=user.name,
            administrator=user.administrator,
            networks=user.networks,
            language=user.language,
            now=now,
        )
        return SignedStaff(staff, user.secret or user.subject)


def token_of(secret_key: str, secret: str) -> str:
    """The forms' token for a cookie's secret: it needs no store, so pages with a form stay cacheable."""
    return hash_of(f"{secret_key}:form:{secret}")[:24]
