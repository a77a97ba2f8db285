"""One's own account: name and language, the devices that are signed in, password and second factors."""

from __future__ import annotations

from collections.abc import Iterable

from flask import redirect, request
from werkzeug.wrappers import Response as WerkzeugResponse

from course.content.formats import short_date
from course.domain.errors import NotThere, SignInRefused
from course.domain.permission import Permission
from course.services import accounts, sign_in, sign_ins
from course.storage.credentials import PasskeyRow
from course.web.accounts_base import AccountsBase
from course.web.area import Route
from course.web.forms.accounts import account_form, errors_of, password_form
from course.web.identity import SignedStaff
from course.web.pages_accounts import Device, KeptPasskey
from course.web.sign_in_cookie import SESSION

_PASSKEY = "drop-passkey-"


class OwnAccountArea(AccountsBase):
    def routes(self) -> Iterable[Route]:
        own = Permission.ACCOUNT
        both = ("GET", "POST")
        yield Route("/account/", "account", self.account, own, both)
        yield Route("/account/devices", "end_sign_ins", self.end_sign_ins, own, ("POST",))
        yield Route("/account/password/", "change_password", self.change_password, own, both)
        yield Route("/account/factors/", "factors", self.factors, own, both)
        yield Route("/account/sign-out", "sign_out", self.sign_out, own, ("POST",))

    @property
    def _here(self) -> SignedStaff:
        found = self.site.signed_in()
        assert found is not None
        return found

    def account(self, lang: str) -> WerkzeugResponse:
        account = accounts.person(self.site.store, self._here.staff.account_id)
        kind = account_form(lambda text: self.site.say(lang, text), self.language_choices())
        if request.method == "POST":
            form = kind(request.form)
            if form.validate():
                accounts.change_account(
                    self.site.store, account.id, name=form.data["name"], language=form.data["language"]
                )
                return redirect(self.site.url("account", lang=form.data["language"]), 303)
        else:
            form = kind(data={"name": account.name, "language": account.language})
        errors = errors_of(form)
        return self.staff_page(
            lang,
            "account.html",
            "account",
            status=422 if errors else 200,
            form=form,
            errors=errors,
            languages=self.language_choices(),
            email=account.email,
            devices=self._devices(lang),
            has_password=accounts.has_password(self.site.store, account.id),
            urls={
                name: self.site.url(name, lang=lang)
                for name in ("account", "end_sign_ins", "change_password", "factors", "sign_out")
            },
        )

    def _devices(self, lang: str) -> list[Device]:
        here = self._here
        rows = sign_ins.devices_of(self.site.store, here.staff.account_id, now=self.site.now())
        return [
            Device(
                id=row.id,
                name=row.device or self.site.say(lang, "Unknown device"),
                since=short_date(row.created_at, lang),
                used=short_date(row.seen_at, lang),
                here=row.id == here.sign_in_id,
            )
            for row in rows
        ]

    def end_sign_ins(self, lang: str) -> WerkzeugResponse:
        """One device, or all others."""
        here, store = self._here, self.site.store
        chosen = request.form.get("device", "")
        if chosen == "others":
            sign_ins.end_others(store, here.staff.account_id, but=here.sign_in_id)
        elif not sign_ins.end_one(store, here.staff.account_id, _number(chosen)):
            raise NotThere("a device")
        return redirect(self.site.url("account", lang=lang), 303)

    def sign_out(self, lang: str) -> WerkzeugResponse:
        here = self._here
        sign_ins.sign_out(self.site.store, here.staff.account_id, here.secret)
        response = redirect(self.site.url("home", lang=lang), 303)
        self.cookie.drop(response, SESSION)
        # Whoever sits down here next sees nothing by going back.
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    def change_password(self, lang: str) -> WerkzeugResponse:
        here = self._here
        if not accounts.has_password(self.site.store, here.staff.account_id):
            raise NotThere("a password")
        kind = password_form(lambda text, **values: self.site.say(lang, text, **values), here.email, again=True)
        form = kind(request.form)
        errors: list[tuple[str, str]] = []
        if request.method == "POST":
            form.validate()
            errors = errors_of(form) or self._password_errors(lang, form.data["password"])
            if not errors:
                accounts.change_password(
                    self.site.store,
                    here.staff.account_id,
                    form.data["new_password"],
                    sign_in_id=here.sign_in_id,
                    now=self.site.now(),
                )
                return redirect(self.site.url("account", lang=lang), 303)
        return self.staff_page(
            lang,
            "account_password_change.html",
            "account",
            status=422 if errors else 200,
            form=form,
            errors=errors,
            email=here.email,
            form_url=self.site.url("change_password", lang=lang),
        )

    def _password_errors(self, lang: str, password: str) -> list[tuple[str, str]]:
        account_id = self._here.staff.account_id
        try:
            accounts.check_password(self.site.store, self.keys, account_id, password, now=self.site.now())
        except SignInRefused:
            return [("#password", self.site.say(lang, "This is not the password now in use."))]
        return []

    def factors(self, lang: str) -> WerkzeugResponse:
        """Whatever is changed here asks for the password once more."""
        account_id = self._here.staff.account_id
        if not accounts.has_password(self.site.store, account_id):
            raise NotThere("second factors")
        errors: list[tuple[str, str]] = []
        if request.method == "POST":
            errors = self._password_errors(lang, request.form.get("password", "")[:1000])
            if not errors:
                return self._change_factors(lang, account_id, request.form.get("action", ""))
        factors, passkeys = accounts.factors_of(self.site.store, account_id)
        return self.staff_page(
            lang,
            "account_factors.html",
            "account",
            status=422 if errors else 200,
            errors=errors,
            has_app=factors.totp,
            codes_left=factors.recovery_codes,
            passkeys=[self._kept(lang, one) for one in passkeys],
            may_drop=factors.totp + factors.passkeys > 1,
            drop_passkey=_PASSKEY,
            form_url=self.site.url("factors", lang=lang),
        )

    def _kept(self, lang: str, passkey: PasskeyRow) -> KeptPasskey:
        used = short_date(passkey.used_at, lang) if passkey.used_at else ""
        return KeptPasskey(passkey.id, short_date(passkey.created_at, lang), used)

    def _change_factors(self, lang: str, account_id: int, action: str) -> WerkzeugResponse:
        store = self.site.store
        if action == "add":
            return self.go_on(lang, sign_in.begin_set_up(store, self.keys, account_id, now=self.site.now()))
        if action == "codes":
            codes = accounts.renew_recovery_codes(store, self.keys, account_id)
            next_url = self.site.url("account", lang=lang)
            return self.account_page(lang, "account_codes.html", codes=tuple(codes), next_url=next_url)
        if action == "drop-app":
            accounts.drop_factor(store, account_id)
        elif action.startswith(_PASSKEY):
            accounts.drop_factor(store, account_id, passkey_id=_number(action.removeprefix(_PASSKEY)))
        else:
            raise NotThere(action[:20])
        return redirect(self.site.url("factors", lang=lang), 303)


def _number(text: str) -> int:
    """The number of a row that a form names; 0, which no row has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
