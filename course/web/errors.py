"""One place turns what went wrong into a page: what happened, and what to do now, in the reader's language.

An error of the rules without an entry here fails a test; it would otherwise be an unexplained 500.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

from flask import Response, redirect, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response as WerkzeugResponse

from course.domain import errors
from course.domain.launch import LaunchRefused
from course.web.area import Area
from course.web.guard import TOKEN_FIELD, SignInNeeded, StaleForm, is_sent
from course.web.headers import secure
from course.web.launch_cookie import LearnerOfLaunch
from course.web.sign_in_cookie import BACK, BACK_LASTS, SignInCookie

log = logging.getLogger("course")

Say = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Explained:
    title: str
    what: str
    todo: str


STATUS: dict[type[Exception], HTTPStatus] = {
    errors.NotThere: HTTPStatus.NOT_FOUND,
    errors.ModuleLocked: HTTPStatus.CONFLICT,
    errors.NoOpenAttempt: HTTPStatus.CONFLICT,
    errors.UnknownOption: HTTPStatus.BAD_REQUEST,
    errors.NotEarnedYet: HTTPStatus.CONFLICT,
    errors.NameNeeded: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.SessionNotOpen: HTTPStatus.CONFLICT,
    errors.CertificateClosed: HTTPStatus.CONFLICT,
    errors.LinkNotValid: HTTPStatus.GONE,
    errors.CohortFull: HTTPStatus.CONFLICT,
    errors.RosterChanged: HTTPStatus.CONFLICT,
    errors.TooManyTries: HTTPStatus.TOO_MANY_REQUESTS,
    errors.SignInRefused: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.SignInEnded: HTTPStatus.GONE,
    errors.LastAdministrator: HTTPStatus.CONFLICT,
    errors.LastSecondFactor: HTTPStatus.CONFLICT,
    errors.HasRole: HTTPStatus.CONFLICT,
    errors.RoleMissing: HTTPStatus.FORBIDDEN,
    errors.LaunchOver: HTTPStatus.GONE,
    LaunchRefused: HTTPStatus.BAD_REQUEST,
    errors.PdfNotAvailable: HTTPStatus.SERVICE_UNAVAILABLE,
    StaleForm: HTTPStatus.BAD_REQUEST,
    SignInNeeded: HTTPStatus.UNAUTHORIZED,
    OperationalError: HTTPStatus.SERVICE_UNAVAILABLE,
}


def explained(name: str, say: Say) -> Explained:
    """The words for an error class or an HTTP status; the general ones for what has none of its own."""
    known = {
        "NotThere": Explained(
            say("This page does not exist"),
            say("The address may be mistyped, or what it led to is yours only on another device."),
            say("Go to the course map and choose from there."),
        ),
        "ModuleLocked": Explained(
            say("This module is not open yet"),
            say("Modules open one after the other: pass the quiz of the one before first."),
            say("You may read every text in the handbook at any time."),
        ),
        "NoOpenAttempt": Explained(
            say("This attempt is closed"),
            say("The answers were handed in before, or they belong to another device."),
            say("Open the quiz from the course map to see where you are. Nothing that was saved is lost."),
        ),
        "UnknownOption": Explained(
            say("An answer could not be read"),
            say("The page sent an answer that the question does not have."),
            say("Open the quiz again and choose your answer once more. Your other answers are kept."),
        ),
        "NotEarnedYet": Explained(
            say("The certificate is not ready yet"),
            say("Some modules of the course are not passed."),
            say("The certificate page lists what is missing."),
        ),
        "SessionNotOpen": Explained(
            say("Attendance cannot be recorded now"),
            say("The code works from an hour before the session to an hour after it, until the trainer ends it."),
            say("Ask the trainer to write you down."),
        ),
        "NameNeeded": Explained(
            say("A name is needed"),
            say("The certificate cannot be made without a name."),
            say("Type your name as it should stand on the certificate."),
        ),
        "CertificateClosed": Explained(
            say("This certificate cannot be changed any more"),
            say("It was revoked or replaced, it has expired, or its name was corrected as often as a holder may."),
            say("Open the page Certificate to see what it is worth now, or turn to the course’s administrator."),
        ),
        "LinkNotValid": Explained(
            say("This link does not work any more"),
            say("It may be mistyped, replaced by a newer one, or older than 90 days."),
            say("Make a new link on the device where you studied, on the page My progress."),
        ),
        "CohortFull": Explained(
            say("This group is full"),
            say("As many people have joined by this code as the trainer allowed."),
            say("Ask the trainer for a new code. You can study without joining a group."),
        ),
        "RosterChanged": Explained(
            say("The roster has changed meanwhile"),
            say("Somebody else has changed the same people since this page was made. Nothing was done."),
            say("Go back to the roster and look at it as it is now."),
        ),
        "SignInNeeded": Explained(
            say("Please sign in"),
            say("This page is for trainers and administrators, and nobody is signed in on this device."),
            say("Sign in, and you come back here."),
        ),
        "TooManyTries": Explained(
            say("Too many tries"),
            say("To keep others from guessing, only some tries an hour are answered."),
            say("Wait a while and try again."),
        ),
        "PdfNotAvailable": Explained(
            say("The PDF cannot be made right now"),
            say("Your certificate is issued and kept. Only its file is missing."),
            say("Try again in a few minutes."),
        ),
        "StaleForm": Explained(
            say("Please send this once more"),
            say("The page was opened before you began to study on this device, so we could not be sure it was you."),
            say("Press the button below. What you chose is kept."),
        ),
        "SignInRefused": Explained(
            say("That does not fit"),
            say("What was typed is not what we know, or it does not count any more."),
            say("Go back and try again, or begin the sign-in anew."),
        ),
        "SignInEnded": Explained(
            say("This sign-in or link works no more"),
            say("It was used before, was tried too often, or has run out. For your safety it cannot be opened again."),
            say("Begin the sign-in anew. If you had an invitation, ask its sender for another one."),
        ),
        "LastAdministrator": Explained(
            say("Somebody must look after the site"),
            say("This is the only administrator who can sign in."),
            say("Invite another administrator first."),
        ),
        "LastSecondFactor": Explained(
            say("One second factor must stay"),
            say("Without it nobody could tell you from somebody who has found out your password."),
            say("Add another app or passkey first, and then remove this one."),
        ),
        "HasRole": Explained(
            say("This person has a role already"),
            say("Nothing was changed, and no mail was sent."),
            say("Open the person in the list of people and change the role there."),
        ),
        "RoleMissing": Explained(
            say("This page is for another role"),
            say("You are signed in, but your account is not that of an administrator or a trainer who may use it."),
            say("Ask an administrator of the site if you need it for your work."),
        ),
        "LaunchOver": Explained(
            say("Please open the course again from where you came"),
            say("You came here from a learning platform, and that was more than twelve hours ago."),
            say("Open the link there once more. What you had done is kept, and you go on where you were."),
        ),
        "LaunchRefused": Explained(
            say("The launch was not taken"),
            say("The learning platform sent something that cannot be taken."),
            say("Go back to your learning platform and open the link once more."),
        ),
        "OperationalError": Explained(
            say("The site is busy"),
            say("The database did not answer in time. What you had saved is safe."),
            say("Wait a moment and try again."),
        ),
        "403": Explained(
            say("This request came from another site"),
            say("For your safety, only pages of this site may change your record."),
            say("Open the page here and try again."),
        ),
        "405": Explained(
            say("This address cannot be opened like that"),
            say("It only takes what a button on one of our pages sends."),
            say("Go to the course map and choose from there."),
        ),
        "413": Explained(
            say("That was too much at once"),
            say("The page sent more than this site takes."),
            say("Go back and send less."),
        ),
        "500": Explained(
            say("Something went wrong here"),
            say("The fault is ours, not yours. It has been written down with the reference below."),
            say("Try again. What you had saved is safe."),
        ),
    }
    general = Explained(
        say("This did not work"),
        say("The server could not do what the page asked for."),
        say("Go back and try again, or go to the course map."),
    )
    return known.get(name, known["NotThere"] if name == "404" else general)


class ErrorPages(Area):
    """Turns exceptions into pages; registered for the mount, and for the whole of a stand-alone site."""

    def show_course_error(self, error: Exception) -> Response:
        found = next(kind for kind in type(error).__mro__ if kind in STATUS)
        response = self._page(found.__name__, STATUS[found], resend=isinstance(error, StaleForm))
        if isinstance(error, errors.LaunchOver) and isinstance(self.site.identity, LearnerOfLaunch):
            self.site.identity.forget_launch(response)
        if isinstance(error, errors.TooManyTries):
            response.headers["Retry-After"] = str(error.retry_after)
        if isinstance(error, OperationalError):
            log.warning("the database did not answer: %s", error.orig)
            response.headers["Retry-After"] = "5"
        return response

    def show_sign_in(self, error: Exception) -> WerkzeugResponse:
        """Lead to the sign-in, and remember where to go back to. A host has a sign-in of its own."""
        cookie = self.site.staff_identity
        if not isinstance(cookie, SignInCookie):
            return self.show_course_error(error)
        response = redirect(self.site.url("sign_in", lang=self.language_here()), 303 if is_sent() else 302)
        if not is_sent():
            cookie.put(response, BACK, quote(request.script_root + request.full_path.rstrip("?")), lasts=BACK_LASTS)
        secure(response, https=self.site.https)
        return response

    def show_http_error(self, error: HTTPException) -> Response:
        if isinstance(error, SecurityError):
            # Asked for by a name that is not the site's: no address can be made, and so no page.
            return Response("This site does not have that name.\n", 400, content_type="text/plain; charset=utf-8")
        response = self._page(str(error.code or 500), error.code or 500)
        if error.code == 405 and (allowed := getattr(error, "valid_methods", None)):
            response.headers["Allow"] = ", ".join(sorted(allowed))
        return response

    def show_unexpected_error(self, error: Exception) -> Response:
        reference = secrets.token_hex(4)
        log.error("unexpected error %s", reference, exc_info=error)
        return self._page("500", 500, reference=reference)

    def _page(self, name: str, status: int, *, reference: str = "", resend: bool = False) -> Response:
        language = self.language_here()
        words = explained(name, lambda text: self.site.say(language, text))
        fields = (
            [(field, value) for field, values in request.form.lists() if field != TOKEN_FIELD for value in values]
            if resend
            else []
        )
        response = self.page(
            language,
            "error.html",
            status=status,
            title=words.title,
            what=words.what,
            todo=words.todo,
            reference=reference,
            resend={"url": request.script_root + request.path, "fields": fields} if resend else None,
            csrf=self.csrf(),
        )
        secure(response, https=self.site.https)
        return response

    def language_here(self) -> str:
        """From the address; an address without one takes the browser's wish."""
        languages = self.site.library.languages
        asked = (request.view_args or {}).get("lang") or request.path.strip("/").partition("/")[0]
        if asked in languages:
            return str(asked)
        return request.accept_languages.best_match(languages) or self.site.library.source_language
