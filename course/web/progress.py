"""One's own progress, and the link that carries it to another device."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO

import segno
from flask import Response, redirect
from markupsafe import escape
from werkzeug.wrappers import Response as WerkzeugResponse

from course.content.formats import short_date
from course.domain.errors import LinkNotValid
from course.domain.permission import Permission
from course.services import people
from course.services.attempts import GRADED
from course.services.certificates import certificates_held
from course.services.gain import standing_of
from course.storage.accounts import holder_of
from course.storage.cohorts import cohorts_of_learner, trainers_of_cohorts
from course.storage.learning import all_attempts_of
from course.storage.sessions import earned_by_attendance
from course.storage.waivers import StoredWaiver, waivers_of_learner
from course.web.area import Area, Route
from course.web.certificate import card
from course.web.changes import changes_notice
from course.web.cohort_pages import CohortPresenter
from course.web.front import resume_link
from course.web.pages import ModuleProgress
from course.web.pre_test_pages import PreTestPresenter
from course.web.presenting import Presenter
from course.web.quiz_pages import QuizPresenter


class ProgressArea(Area):
    def routes(self) -> Iterable[Route]:
        own = Permission.OWN_RECORD
        yield Route("/progress/", "progress", self.show, own)
        yield Route("/progress/resume-link", "make_resume_link", self.make_link, own, ("POST",))
        yield Route("/progress/resume-link/end", "end_resume_links", self.end_links, own, ("POST",))
        yield Route("//resume/<token>", "resume", self.resume, own)
        yield Route("//resume/<token>", "carry_on", self.carry_on, own, ("POST",))

    def show(self, lang: str) -> Response:
        presenter = Presenter(self.site, lang)
        pages = QuizPresenter(presenter)
        found, progress = self.progress()
        with self.site.store.reading() as connection:
            taken = all_attempts_of(connection, found.learner.id) if found else {}
            held = certificates_held(connection, found.learner.id, self.site.now()) if found else []
            groups = cohorts_of_learner(connection, found.learner.id) if found else []
            trainers = trainers_of_cohorts(connection, [cohort.id for cohort, _ in groups])
            attended = earned_by_attendance(connection, found.learner.id) if found else {}
            waived = waivers_of_learner(connection, found.learner.id) if found else {}
            standing = standing_of(connection, self.site.library, found.learner.id if found else None, progress)
            has_account = found is not None and holder_of(connection, found.learner.id) is not None
        cohorts = CohortPresenter(presenter, self.site.now())
        course_map = presenter.course_map(progress)
        modules = []
        for module, station in zip(self.site.library.modules, course_map.stations, strict=True):
            graded = [attempt for attempt in taken.get(module.id, []) if attempt.state == GRADED]
            modules.append(
                ModuleProgress(
                    station=station,
                    lessons=presenter.lesson_links(module, progress),
                    quiz=presenter.quiz_state(module, progress, failed=bool(graded)),
                    attempts=tuple(pages.attempt_row(module.id, attempt) for attempt in graded),
                    attended=_attended(attended.get(module.id), lang),
                    waived=_waived(presenter, waived.get(module.id)),
                )
            )
        return self.page(
            lang,
            "progress.html",
            "progress",
            course_map=course_map,
            changes=changes_notice(self.site, lang, found),
            modules=tuple(modules),
            resume=resume_link(presenter, progress, found.learner.place if found else None),
            resume_link_url=self.site.url("make_resume_link", lang=lang),
            csrf=self.csrf(),
            certificates=tuple(card(self.site, lang, one) for one in held),
            known=found is not None,
            groups=[cohorts.own(cohort, name, trainers.get(cohort.id, [])) for cohort, name in groups],
            join_url=self.site.url("join_form"),
            about_url=self.site.url("about_you", lang=lang),
            # A host has a sign-in of its own.
            code_url=self.site.url("ask_for_code", lang=lang)
            if self.site.has("ask_for_code") and not has_account
            else "",
            refreshers_url=self.site.url("refreshers", lang=lang),
            pre_test=PreTestPresenter(presenter).line(standing),
            my_data_url=self.site.url("my_data", lang=lang),
            notes_url=self.site.url("notes", lang=lang),
        )

    def make_link(self, lang: str) -> Response:
        found = self.site.visitor()
        if found is None:
            return self.show(lang)
        new = people.make_resume_link(self.site.store, found.learner.id, now=self.site.now())
        link = self.site.outside("resume", token=new.secret)
        assert new.expires_at is not None
        return self.page(
            lang,
            "resume_made.html",
            "progress",
            link=link,
            qr_svg=qr_svg(link, self.site.say(lang, "The link as a QR code")),
            valid_until=short_date(new.expires_at, lang),
            csrf=self.csrf(),
            end_url=self.site.url("end_resume_links", lang=lang),
        )

    def end_links(self, lang: str) -> WerkzeugResponse:
        found = self.site.visitor()
        if found is not None:
            people.end_resume_links(self.site.store, found.learner.id)
        return redirect(self.site.url("progress", lang=lang), 303)

    def resume(self, token: str) -> Response:
        """Only a button: programs that open links in mails must not carry on in anybody's name."""
        now = self.site.now()
        target = people.learner_of(self.site.store, token, now=now, kind=people.RESUME)
        if target is None:
            raise LinkNotValid(token[:4])
        found = self.site.visitor()
        return self.page(
            target.language,
            "resume_confirm.html",
            form_url=self.site.url("carry_on", token=token),
            csrf=self.csrf(),
            joins=found is not None and found.learner.id != target.id,
        )

    def carry_on(self, token: str) -> WerkzeugResponse:
        now = self.site.now()
        found = self.site.visitor()
        new = people.carry_on(self.site.store, token, here=found.learner if found else None, now=now)
        target = people.learner_of(self.site.store, token, now=now, kind=people.RESUME)
        lang = target.language if target else self.site.library.source_language
        return self.remembering(redirect(self.site.url("progress", lang=lang), 303), new)


def _attended(session: tuple[str, datetime] | None, lang: str) -> str:
    """The session that passed a module, with its day."""
    return f"{session[0]}, {short_date(session[1], lang)}" if session else ""


def _waived(presenter: Presenter, waiver: StoredWaiver | None) -> str:
    """Why a trainer passed her in a module, who and when; nothing once she has passed it herself."""
    if waiver is None or not waiver.counts:
        return ""
    author = waiver.author or presenter.say("A trainer whose account is gone")
    parts = (waiver.reason, author, short_date(waiver.waived_at, presenter.language))
    return " · ".join(part for part in parts if part)


def qr_svg(link: str, label: str) -> str:
    """The link as a QR code: SVG without inline style, dark on light in every theme, with a quiet zone."""
    drawn = BytesIO()
    segno.make(link, error="m").save(
        drawn,
        kind="svg",
        xmldecl=False,
        svgns=True,
        scale=6,
        border=4,
        light="#fff",
        dark="#111",
        svgclass=None,
        omitsize=True,
    )
    return drawn.getvalue().decode().strip().replace("<svg ", f'<svg role="img" aria-label="{escape(label)}" ', 1)
