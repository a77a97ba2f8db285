"""Signing in: password and second factor for trainers and administrators, a code by mail for learners."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, redirect, request
from werkzeug.wrappers import Response as WerkzeugResponse
from wtforms import Form

from course.domain.errors import SignInRefused
from course.domain.permission import Permission
from course.services import invitations, sign_in
from course.services.learner_return import joins_on_return
from course.services.mail import Letter
from course.services.second_factor import authentication_options, registration_options, totp_words
from course.services.sign_in import SignedIn
from course.storage.sign_in_requests import CODE, PASSWORD, SECOND_FACTOR, SET_UP
from course.web.accounts_base import AccountsBase
from course.web.accounts_letters import code_letter, recovery_letter, staff_code_letter
from course.web.area import Route
from course.web.forms.accounts import Say, code_form, email_form, errors_of, password_form, sign_in_form
from course.web.guard import is_sent
from course.web.progress import qr_svg

BOTH = ("GET", "POST")


class SignInArea(AccountsBase):
    def routes(self) -> Iterable[Route]:
        anyone = Permission.ANYONE
        yield Route("/account/sign-in/", "sign_in", self.sign_in, anyone, BOTH)
        yield Route("/account/second-factor/", "second_factor", self.second_factor, anyone, BOTH)
        yield Route("/account/set-up/", "set_up_factor", self.set_up, anyone, BOTH)
        yield Route("/account/new-password/", "choose_password", self.choose_password, anyone, BOTH)
        yield Route("/account/code/", "ask_for_code", self.ask_for_code, anyone, BOTH)
        yield Route("/account/code/enter/", "enter_code", self.enter_code, Permission.OWN_RECORD, BOTH)
        yield Route("/account/recovery/", "recover", self.recover, anyone, BOTH)
        yield Route("/account/link/<token>/", "mailed_link", self.mailed_link, anyone, BOTH)

    def _say(self, language: str) -> Say:
        return lambda text, **values: self.site.say(language, text, **values)

    # Password

    def sign_in(self, lang: str) -> WerkzeugResponse:
        say = self._say(lang)
        form = sign_in_form(say)(request.form)
        if not is_sent():
            found = self.site.signed_in()
            if found is not None:
                return redirect(self.start_page(lang, found.staff), 302)
            return self._sign_in_page(lang, form)
        if not form.validate():
            return self._sign_in_page(lang, form, errors_of(form))
        try:
            begun = sign_in.begin_with_password(
                self.site.store,
                self.keys,
                self.browser(),
                email=form.data["email"],
                password=form.data["password"],
                now=self.site.now(),
            )
        except SignInRefused:
            refused = say("The address and the password do not fit together.")
            return self._sign_in_page(lang, form, [("#email", refused)])
        return self.go_on(lang, begun)

    def _sign_in_page(self, lang: str, form: Form, errors: Iterable[tuple[str, str]] = ()) -> Response:
        errors = list(errors)
        return self.account_page(
            lang,
            "account_sign_in.html",
            status=422 if errors else 200,
            form=form,
            errors=errors,
            form_url=self.site.url("sign_in", lang=lang),
            code_url=self.site.url("ask_for_code", lang=lang),
            recovery_url=self.site.url("recover", lang=lang),
            oidc_url=self.site.url("oidc_begin", lang=lang) if self.site.has("oidc_begin") else "",
        )

    def choose_password(self, lang: str) -> WerkzeugResponse:
        secret = self.under_way()
        pending = sign_in.pending_of(self.site.store, secret, PASSWORD, now=self.site.now())
        form = password_form(self._say(lang), pending.email, again=False)(request.form)
        if request.method == "POST" and form.validate():
            step = sign_in.choose_password(self.site.store, secret, form.data["new_password"], now=self.site.now())
            return self.go_on(lang, sign_in.Begun(secret, step))
        errors = errors_of(form)
        return self.account_page(
            lang,
            "account_password.html",
            status=422 if errors else 200,
            form=form,
            errors=errors,
            email=pending.email,
            form_url=self.site.url("choose_password", lang=lang),
        )

    # Second factor

    def second_factor(self, lang: str) -> WerkzeugResponse:
        secret = self.under_way()
        now = self.site.now()
        pending = sign_in.pending_of(self.site.store, secret, SECOND_FACTOR, now=now)
        form, errors = self._code_form(lang)
        if request.method == "POST" and not errors:
            try:
                done = sign_in.show_second_factor(
                    self.site.store,
                    self.keys,
                    self.browser(),
                    secret,
                    code=form.data["code"] or "",
                    passkey=form.data["passkey"] or "",
                    now=now,
                )
                return self.arrive(lang, done)
            except SignInRefused:
                errors = [
                    ("#code", self.site.say(lang, "This does not fit. A code can be used once, and not for long."))
                ]
        factors, passkeys = sign_in.factors_of(self.site.store, pending)
        return self.account_page(
            lang,
            "account_factor.html",
            status=422 if errors else 200,
            form=form,
            errors=errors,
            form_url=self.site.url("second_factor", lang=lang),
            has_app=factors.totp,
            passkey_options=authentication_options(self.keys, challenge=pending.challenge, known=passkeys)
            if passkeys
            else "",
            script=self.asset_url("passkey.js"),
        )

    def set_up(self, lang: str) -> WerkzeugResponse:
        secret = self.under_way()
        now = self.site.now()
        pending = sign_in.pending_of(self.site.store, secret, SET_UP, now=now)
        assert pending.account_id is not None
        form, errors = self._code_form(lang)
        if request.method == "POST" and not errors:
            try:
                done = sign_in.set_up_factor(
                    self.site.store,
                    self.keys,
                    self.browser(),
                    secret,
                    code=form.data["code"] or "",
                    passkey=form.data["passkey"] or "",
                    now=now,
                )
                return self._set_up_done(lang, done)
            except SignInRefused:
                errors = [("#code", self.site.say(lang, "This does not fit. Type the code that the app shows now."))]
        typed, address = totp_words(self.keys, pending.sealed_secret, pending.email)
        _, passkeys = sign_in.factors_of(self.site.store, pending)
        return self.account_page(
            lang,
            "account_set_up.html",
            status=422 if errors else 200,
            form=form,
            errors=errors,
            form_url=self.site.url("set_up_factor", lang=lang),
            qr_svg=qr_svg(address, self.site.say(lang, "The secret as a QR code")),
            typed=" ".join(typed[start : start + 4] for start in range(0, len(typed), 4)),
            passkey_options=registration_options(
                self.keys,
                account_id=pending.account_id,
                email=pending.email,
                challenge=pending.challenge,
                known=passkeys,
            )
            if self.keys.passkeys_work
            else "",
            script=self.asset_url("passkey.js"),
        )

    def _set_up_done(self, lang: str, done: SignedIn) -> WerkzeugResponse:
        arrived = self.arrive(lang, done)
        if not done.recovery_codes:
            return arrived
        page = self.account_page(lang, "account_codes.html", codes=done.recovery_codes, next_url=arrived.location)
        return self.signed_in_response(page, done)

    def _code_form(self, lang: str) -> tuple[Form, list[tuple[str, str]]]:
        form = code_form(self._say(lang), required=not request.form.get("passkey"))(request.form)
        if request.method == "POST":
            form.validate()
        return form, errors_of(form)

    # A code by mail

    def ask_for_code(self, lang: str) -> WerkzeugResponse:
        form = email_form(self._say(lang))(request.form)
        if request.method == "POST" and form.validate():
            say, title = self._say(lang), self.site.library.title[lang]
            begun = sign_in.ask_for_code(
                self.site.store,
                self.keys,
                self.browser(),
                email=form.data["email"],
                write=lambda code: code_letter(say, title, code),
                write_to_staff=staff_code_letter(say, title, self.site.outside("sign_in", lang=lang)),
                now=self.site.now(),
            )
            return self.go_on(lang, begun)
        return self._email_page(lang, "account_code_ask.html", form, "ask_for_code")

    def enter_code(self, lang: str) -> WerkzeugResponse:
        secret = self.under_way()
        now = self.site.now()
        pending = sign_in.pending_of(self.site.store, secret, CODE, now=now)
        form, errors = self._code_form(lang)
        here = self.learner_here()
        if request.method == "POST" and not errors:
            try:
                done = sign_in.enter_code(
                    self.site.store,
                    self.keys,
                    self.browser(),
                    secret,
                    form.data["code"],
                    here=here,
                    language=lang,
                    now=now,
                )
                return self.arrive(lang, done)
            except SignInRefused:
                errors = [("#code", self.site.say(lang, "This does not fit. Look at the newest mail."))]
        return self.account_page(
            lang,
            "account_code_enter.html",
            status=422 if errors else 200,
            form=form,
            errors=errors,
            email=pending.email,
            joins=joins_on_return(self.site.store, here),
            form_url=self.site.url("enter_code", lang=lang),
            again_url=self.site.url("ask_for_code", lang=lang),
        )

    def _email_page(self, lang: str, template: str, form: Form, endpoint: str) -> Response:
        errors = errors_of(form)
        return self.account_page(
            lang,
            template,
            status=422 if errors else 200,
            form=form,
            errors=errors,
            form_url=self.site.url(endpoint, lang=lang),
            sign_in_url=self.site.url("sign_in", lang=lang),
        )

    # Links in mails

    def recover(self, lang: str) -> WerkzeugResponse:
        """The same page whether the address has an account or not."""
        form = email_form(self._say(lang))(request.form)
        if request.method == "POST" and form.validate():
            invitations.ask_for_recovery(
                self.site.store,
                self.keys,
                self.browser(),
                email=form.data["email"],
                write=self._recovery_letter(lang),
                now=self.site.now(),
            )
            return self.account_page(
                lang,
                "account_sent.html",
                email=form.data["email"],
                again_url=self.site.url("recover", lang=lang),
            )
        return self._email_page(lang, "account_recover.html", form, "recover")

    def _recovery_letter(self, lang: str) -> invitations.WriteLetter:
        def write(secret: str, _language: str) -> Letter:
            link = self.site.outside("mailed_link", lang=lang, token=secret)
            return recovery_letter(self._say(lang), self.site.library.title[lang], link)

        return write

    def mailed_link(self, lang: str, token: str) -> WerkzeugResponse:
        """Only a button: programs that open links in mails must not use them up."""
        now = self.site.now()
        if request.method == "POST":
            return self.go_on(lang, invitations.open_link(self.site.store, self.keys, token, now=now))
        account = invitations.account_of_link(self.site.store, token, now=now)
        return self.account_page(
            lang,
            "account_link.html",
            email=account.email,
            form_url=self.site.url("mailed_link", lang=lang, token=token),
        )
