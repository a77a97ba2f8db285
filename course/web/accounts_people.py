"""The administrator's pages about people: who has a role, invitations, networks, and the end of an account."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, redirect, request
from werkzeug.wrappers import Response as WerkzeugResponse
from wtforms import Form

from course.content.formats import short_date
from course.domain.errors import HasRole, NotThere
from course.domain.permission import Permission
from course.services import accounts, invitations
from course.services.mail import Letter
from course.storage.accounts import AccountRow, PersonRow
from course.web.accounts_base import AccountsBase
from course.web.accounts_letters import invitation_letter
from course.web.area import Route
from course.web.forms.accounts import Say, errors_of, person_form
from course.web.pages_accounts import PersonLine


class PeopleArea(AccountsBase):
    def routes(self) -> Iterable[Route]:
        administrator = Permission.ADMINISTRATOR
        yield Route("/admin/people/", "people", self.people, administrator)
        yield Route("/admin/people/invite/", "invite_person", self.invite, administrator, ("GET", "POST"))
        yield Route("/admin/people/<int:account_id>/", "person", self.person, administrator, ("GET", "POST"))
        yield Route("/admin/people/<int:account_id>/do", "person_do", self.do, administrator, ("POST",))

    def _say(self, language: str) -> Say:
        return lambda text, **values: self.site.say(language, text, **values)

    # The list

    def people(self, lang: str) -> Response:
        words = request.args.get("q", "").strip()[:100]
        rows = accounts.people(self.site.store, words)
        return self.staff_page(
            lang,
            "account_people.html",
            "people",
            people=[self._line(lang, row) for row in rows],
            words=words,
            most=accounts.MOST_PEOPLE,
            list_url=self.site.url("people", lang=lang),
            invite_url=self.site.url("invite_person", lang=lang),
        )

    def _line(self, lang: str, row: PersonRow) -> PersonLine:
        state, word = self._state(lang, row)
        names = dict(self._networks(lang, row.account))
        return PersonLine(
            name=row.account.name or row.account.email,
            email=row.account.email,
            url=self.site.url("person", lang=lang, account_id=row.account.id),
            role=self._role(lang, row.account),
            networks=", ".join(names[one] for one in sorted(row.account.networks, key=list(names).index)),
            state=state,
            state_word=word,
            seen=short_date(row.seen_at, lang) if row.seen_at else "",
        )

    def _state(self, lang: str, row: PersonRow) -> tuple[str, str]:
        say = self._say(lang)
        if row.account.disabled:
            return "off", say("Disabled")
        if not row.has_password:
            return "none", say("Invited")
        if not row.has_second_factor:
            return "late", say("No second factor yet")
        return "done", say("In use")

    def _role(self, lang: str, account: AccountRow) -> str:
        say = self._say(lang)
        if account.administrator:
            return say("Administrator")
        return say("Trainer") if account.networks else say("No role")

    def _networks(self, lang: str, account: AccountRow | None = None) -> list[tuple[str, str]]:
        """All networks with their names, in the order of the content; one that left the content keeps its id."""
        known = [(one.id, one.name[lang]) for one in self.site.library.networks.values()]
        gone = sorted((account.networks if account else frozenset()) - {id_ for id_, _ in known})
        return known + [(id_, id_) for id_ in gone]

    # Invitations

    def invite(self, lang: str) -> WerkzeugResponse:
        kind = person_form(self._say(lang), self._networks(lang), self.language_choices(), invites=True)
        form = kind(request.form, data={"language": lang})
        errors: list[tuple[str, str]] = []
        if request.method == "POST":
            if form.validate():
                try:
                    return self._invited(lang, form)
                except HasRole as error:
                    url = self.site.url("person", lang=lang, account_id=error.account_id)
                    errors = [(url, self.site.say(lang, "This address has a role already. Open it here to change it."))]
            errors = errors or errors_of(form)
        return self.staff_page(
            lang,
            "account_invite.html",
            "people",
            status=422 if errors else 200,
            form=form,
            errors=errors,
            networks=self._networks(lang),
            languages=self.language_choices(),
            form_url=self.site.url("invite_person", lang=lang),
        )

    def _invited(self, lang: str, form: Form) -> WerkzeugResponse:
        account_id = invitations.invite(
            self.site.store,
            self.keys,
            by=self.site.staff.account_id,
            email=form.data["email"],
            name=form.data["name"],
            language=form.data["language"],
            administrator=form.data["administrator"],
            networks=frozenset(form.data["networks"]),
            write=self._invitation_letter,
            now=self.site.now(),
        )
        return redirect(self.site.url("person", lang=lang, account_id=account_id), 303)

    def _invitation_letter(self, secret: str, language: str) -> Letter:
        link = self.site.outside("mailed_link", lang=language, token=secret)
        return invitation_letter(self._say(language), self.site.library.title[language], self.site.staff.name, link)

    # One person

    def person(self, lang: str, account_id: int) -> WerkzeugResponse:
        account = accounts.person(self.site.store, account_id)
        networks = self._networks(lang, account)
        kind = person_form(self._say(lang), networks, (), invites=False)
        if request.method == "POST":
            form = kind(request.form)
            if form.validate():
                accounts.change_roles(
                    self.site.store,
                    account_id,
                    by=self.site.staff.account_id,
                    name=form.data["name"],
                    administrator=form.data["administrator"],
                    networks=frozenset(form.data["networks"]),
                    now=self.site.now(),
                )
                return redirect(self.site.url("people", lang=lang), 303)
        else:
            form = kind(
                data={
                    "name": account.name,
                    "administrator": account.administrator,
                    "networks": sorted(account.networks),
                }
            )
        errors = errors_of(form)
        return self.staff_page(
            lang,
            "account_person.html",
            "people",
            status=422 if errors else 200,
            form=form,
            errors=errors,
            networks=networks,
            heading=account.name or account.email,
            email=account.email,
            disabled=account.disabled,
            since=short_date(account.created_at, lang),
            form_url=self.site.url("person", lang=lang, account_id=account_id),
            do_url=self.site.url("person_do", lang=lang, account_id=account_id),
            list_url=self.site.url("people", lang=lang),
        )

    def do(self, lang: str, account_id: int) -> WerkzeugResponse:
        """What buttons of the person's page do: disable, enable, sign out, invite again."""
        account = accounts.person(self.site.store, account_id)
        action, store, now = request.form.get("action", ""), self.site.store, self.site.now()
        by = self.site.staff.account_id
        if action == "disable":
            accounts.disable(store, account_id, by=by, now=now)
        elif action == "enable":
            accounts.enable(store, account_id, by=by, now=now)
        elif action == "sign-out":
            accounts.end_sign_ins(store, account_id, by=by, now=now)
        elif action == "invite" and account.email and account.is_staff and not account.disabled:
            invitations.invite_again(store, self.keys, account_id, by=by, write=self._invitation_letter, now=now)
        else:
            raise NotThere(action[:20])
        return redirect(self.site.url("person", lang=lang, account_id=account_id), 303)
