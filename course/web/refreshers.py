"""Refreshers: the page where they are asked for, the link that confirms an address, and the questions of a mail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Response, redirect, request
from werkzeug.wrappers import Response as WerkzeugResponse
from wtforms import Form

from course.content.formats import short_date
from course.domain.account import network_of
from course.domain.permission import Permission
from course.domain.quiz import Kind
from course.services.attempts import AskedQuestion
from course.services.refresher_letters import LetterSite
from course.services.refreshers import (
    RefresherSite,
    Wish,
    answer_round,
    ask_for_refreshers,
    confirm_refreshers,
    end_refreshers,
    require_confirm_link,
    view_round,
    wish_of,
)
from course.services.throttle import count_try
from course.web.area import Area, Route
from course.web.forms.accounts import email_form
from course.web.forms.quiz import read_answer
from course.web.pages_refreshers import Answered, RefresherItem, WishView
from course.web.presenting import Presenter
from course.web.quiz_pages import QuizPresenter
from course.web.reviewed_questions import verdict_of
from course.web.site import Site

#: Mails that ask whether an address is right: to one address, and from one network, in a day.
ASKED_A_DAY = 3
ASKED_A_DAY_FROM_A_NETWORK = 30
_DAY = 24 * 60 * 60


def refresher_site(site: Site) -> RefresherSite:
    """What refreshers need of a site."""
    letters = LetterSite(
        library=site.library,
        say=site.say,
        stop=lambda token: site.outside("stop", token=token),
        questions=lambda token: site.outside("refresher", token=token),
        confirm=lambda secret: site.outside("confirm_refreshers", secret=secret),
    )
    return RefresherSite(site.store, site.library, site.versions, site.secret_key, letters)


class RefreshersArea(Area):
    """The learner's own page: wants them, waits for the mail, has them, or has nothing to be reminded of yet."""

    def routes(self) -> Iterable[Route]:
        own = Permission.OWN_RECORD
        yield Route("/refreshers/", "refreshers", self.show, own)
        yield Route("/refreshers/", "ask_for_refreshers", self.ask, own, ("POST",))
        yield Route("/refreshers/end", "end_refreshers", self.end, own, ("POST",))

    def show(self, lang: str) -> Response:
        return self._page(lang, self._form(lang)())

    def _form(self, lang: str) -> type[Form]:
        return email_form(Presenter(self.site, lang).say)

    def _page(self, lang: str, form: Form, status: int = 200) -> Response:
        found = self.site.visitor()
        wish = Wish(possible=False)
        if found is not None:
            with self.site.store.reading() as connection:
                wish = wish_of(connection, found.learner.id, now=self.site.now())
        return self.page(
            lang,
            "refreshers.html",
            "progress",
            status=status,
            form=form,
            wish=wish_view(wish, lang),
            csrf=self.csrf(),
            form_url=self.site.url("refreshers", lang=lang),
            end_url=self.site.url("end_refreshers", lang=lang),
            style=self.asset_url("staff.css"),
        )

    def ask(self, lang: str) -> WerkzeugResponse:
        found = self.site.visitor()
        form = self._form(lang)(request.form)
        if found is None or not form.validate():
            return self._page(lang, form, 422)
        email, now = str(form.data["email"]), self.site.now()
        self._count("refresher-address", email, ASKED_A_DAY)
        self._count("refresher-network", network_of(request.remote_addr or ""), ASKED_A_DAY_FROM_A_NETWORK)
        ask_for_refreshers(refresher_site(self.site), found.learner.id, email, language=lang, now=now)
        return redirect(self.site.url("refreshers", lang=lang), 303)

    def _count(self, what: str, who: str, limit: int) -> None:
        store, key, now = self.site.store, self.site.secret_key, self.site.now()
        count_try(store, key, what=what, who=who, limit=limit, per_seconds=_DAY, now=now)

    def end(self, lang: str) -> WerkzeugResponse:
        found = self.site.visitor()
        if found is not None:
            end_refreshers(self.site.store, found.learner.id)
        return redirect(self.site.url("refreshers", lang=lang), 303)


def wish_view(wish: Wish, lang: str) -> WishView:
    """Where a learner stands with refreshers, as the pages show it. Of the address only so much that she knows it."""
    name, at, host = wish.email.partition("@")
    return WishView(
        possible=wish.possible,
        address=f"{name[:1]}…{at}{host}" if wish.email else "",
        confirmed=wish.confirmed,
        coming=tuple(short_date(one, lang) for one in wish.coming),
    )


class RefresherLinksArea(Area):
    """The links of the mails. They work without signing in, on any device, and know nothing but their own matter."""

    def routes(self) -> Iterable[Route]:
        signed = Permission.SIGNED_LINK
        yield Route("//refreshers/<secret>", "confirm_refreshers", self.ask, signed)
        yield Route("//refreshers/<secret>", "confirm_refreshers_now", self.confirm, signed, ("POST",))
        yield Route("//refresher/<token>", "refresher", self.questions, signed)
        yield Route("//refresher/<token>", "answer_refresher", self.answer, signed, ("POST",))

    def ask(self, secret: str) -> Response:
        """Only a button: programs that look into links must not confirm anything."""
        with self.site.store.reading() as connection:
            found = require_confirm_link(connection, secret, now=self.site.now())
        url = self.site.url("confirm_refreshers_now", secret=secret)
        confirmed = found.confirmed_at is not None
        return self._page(found.language, "refresher_confirm.html", confirmed=confirmed, form_url=url)

    def confirm(self, secret: str) -> Response:
        found = confirm_refreshers(self.site.store, secret, now=self.site.now())
        return self._page(found.language, "refresher_confirm.html", confirmed=True, form_url="")

    def _page(self, fallback: str, template: str, **values: Any) -> Response:
        """In the language of the mail, unless another one is chosen on the page."""
        languages = self.site.library.languages
        asked = request.args.get("lang", "")
        known = fallback if fallback in languages else self.site.library.source_language
        response = self.page(asked if asked in languages else known, template, csrf=self.csrf(), **values)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def questions(self, token: str) -> Response:
        """The questions; each that is answered with its reasons, the others to be answered."""
        site = self.site
        with site.store.reading() as connection:
            view = view_round(connection, site.versions, site.secret_key, token, now=site.now())
        languages = site.library.languages
        asked = request.args.get("lang", "")
        lang = asked if asked in languages else view.stored.language
        pages = QuizPresenter(Presenter(site, lang if lang in languages else site.library.source_language))
        items = [_item(pages, asked, number) for number, asked in enumerate(view.questions, 1)]
        return self._page(
            lang,
            "refresher.html",
            items=items,
            total=len(items),
            unanswered=sum(item.answered is None for item in items),
            form_url=site.url("answer_refresher", token=token, **({"lang": asked} if asked in languages else {})),
        )

    def answer(self, token: str) -> WerkzeugResponse:
        site = self.site
        answer_round(
            site.store,
            site.versions,
            site.secret_key,
            token,
            posted=lambda question: read_answer(question, request.form),
            now=site.now(),
        )
        lang = request.args.get("lang", "")
        kept = {"lang": lang} if lang in site.library.languages else {}
        return redirect(site.url("refresher", token=token, **kept), 303)


def _item(pages: QuizPresenter, asked: AskedQuestion, number: int) -> RefresherItem:
    if not asked.answer.chosen:
        return RefresherItem(open=pages.question(asked, str(number), "0"), answered=None)
    question = asked.question
    order = question.correct if question.kind is Kind.ORDER else asked.option_order
    reviewed = pages.reviewed(asked, str(number), verdict_of(asked))
    return RefresherItem(
        open=None, answered=Answered(reviewed, tuple(pages.reviewed_option(asked, one) for one in order))
    )
