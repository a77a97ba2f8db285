"""What changed since the reader studied: the line that says so, and the page that tells it section by section."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, redirect
from werkzeug.wrappers import Response as WerkzeugResponse

from course.content.formats import short_date
from course.domain.edition import Edition
from course.domain.permission import Permission
from course.services.changes import Changes, changes_of, mark_changes_read, minutes_to_read
from course.web.area import Area, Route
from course.web.identity import SignedLearner
from course.web.pages_changes import ChangedSection, ChangesNotice, EditionChanges
from course.web.presenting import Presenter
from course.web.site import Site


class ChangesArea(Area):
    def routes(self) -> Iterable[Route]:
        own = Permission.OWN_RECORD
        yield Route("/progress/changed/", "changed", self.show, own)
        yield Route("/progress/changed/", "mark_changes_read", self.mark, own, ("POST",))

    def show(self, lang: str) -> Response:
        found = self.site.visitor()
        changes = changes_of(self.site.store.engine, self.site.library, found.learner.id) if found else Changes()
        presenter = Presenter(self.site, lang)
        return self.page(
            lang,
            "changed.html",
            "progress",
            editions=[edition_changes(presenter, one) for one in changes.editions],
            unread=notice_of(presenter, changes),
            csrf=self.csrf(),
            form_url=self.site.url("mark_changes_read", lang=lang),
        )

    def mark(self, lang: str) -> WerkzeugResponse:
        found = self.site.visitor()
        if found is not None:
            mark_changes_read(self.site.store, self.site.library, found.learner.id, now=self.site.now())
        return redirect(self.site.url("changed", lang=lang), 303)


def changes_notice(site: Site, lang: str, found: SignedLearner | None) -> ChangesNotice | None:
    """The line for the front page and the page of one's progress; None when there is nothing to read."""
    if found is None:
        return None
    return notice_of(Presenter(site, lang), changes_of(site.store.engine, site.library, found.learner.id))


def notice_of(presenter: Presenter, changes: Changes) -> ChangesNotice | None:
    if not changes.unread:
        return None
    minutes = minutes_to_read(presenter.library, changes, presenter.language)
    return ChangesNotice(changes.sections, minutes, presenter.site.page_url("changed", lang=presenter.language))


def edition_changes(presenter: Presenter, edition: Edition) -> EditionChanges:
    texts = presenter.library.changes[presenter.language][edition.id]
    return EditionChanges(
        edition=edition.id,
        published=short_date(edition.published, presenter.language),
        sections=tuple(
            ChangedSection(presenter.section_link(one), _where(presenter, one), presenter.linked(texts[one].html))
            for one in edition.changed
        ),
    )


def _where(presenter: Presenter, section_id: str) -> str:
    """The module in which the section stands."""
    module_id, _ = presenter.library.lesson_of_section(section_id)
    module = presenter.library.module(module_id)
    return f"{module.number}. {module.title[presenter.language]}"
