"""Branching cases: decide, read what follows, go back and decide otherwise. There is no score."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import redirect, request
from werkzeug.wrappers import Response as WerkzeugResponse

from course.content.practice import Case
from course.domain.case import End, Harm, Step, Walk
from course.domain.errors import NotThere
from course.domain.permission import Permission
from course.services import cases
from course.storage.cases import paths_of
from course.web.area import Area, Route
from course.web.pages import OptionView
from course.web.practice_pages import CaseCard, CaseView, Decided
from course.web.presenting import Presenter


class CasesArea(Area):
    def routes(self) -> Iterable[Route]:
        own = Permission.OWN_RECORD
        yield Route("/cases/", "cases", self.all_cases, Permission.ANYONE)
        yield Route("/cases/<case_id>/", "case", self.case, own, ("GET", "POST"))
        yield Route("/cases/<case_id>/back", "case_back", self.back, own, ("POST",))

    def all_cases(self, lang: str) -> WerkzeugResponse:
        pages = CasePresenter(Presenter(self.site, lang))
        paths = self._paths()
        cards = tuple(
            pages.card(case, case.graph.walk(paths[case.id]) if case.id in paths else None)
            for case in self.site.library.practice.cases.values()
        )
        return self.page(
            lang,
            "cases.html",
            "tools",
            style=self.asset_url("tools.css"),
            cases=cards,
            tools_url=self.site.page_url("tools", lang=lang),
        )

    def _paths(self) -> dict[str, tuple[str, ...]]:
        found = self.site.visitor()
        if found is None:
            return {}
        with self.site.store.reading() as connection:
            return paths_of(connection, found.learner.id)

    def case(self, lang: str, case_id: str) -> WerkzeugResponse:
        """The place that the learner has reached; with POST a decision at it."""
        case = self.site.library.case(case_id)
        if request.method != "POST":
            return self._page(lang, case, case.graph.walk(self._paths().get(case_id, ())))
        choice_id, made = request.form.get("choice", ""), _number("made")
        if not choice_id:
            return self._page(lang, case, case.graph.walk(self._paths().get(case_id, ())), unchosen=True)
        learner_id, new = self.learner_or_new(lang)
        cases.decide(
            self.site.store,
            self.site.library,
            learner_id=learner_id,
            case_id=case_id,
            made=made,
            choice_id=choice_id,
            language=lang,
            now=self.site.now(),
        )
        return self.remembering(redirect(self.site.url("case", lang=lang, case_id=case_id), 303), new)

    def back(self, lang: str, case_id: str) -> WerkzeugResponse:
        """Take back the decision that was pressed, and all after it."""
        self.site.library.case(case_id)
        found = self.site.visitor()
        if found is not None:
            cases.go_back(
                self.site.store,
                self.site.library,
                learner_id=found.learner.id,
                case_id=case_id,
                keep=_number("keep"),
                now=self.site.now(),
            )
        return redirect(self.site.url("case", lang=lang, case_id=case_id), 303)

    def _page(self, lang: str, case: Case, walk: Walk, *, unchosen: bool = False) -> WerkzeugResponse:
        presenter = Presenter(self.site, lang)
        view = CasePresenter(presenter).view(case, walk)
        return self.page(
            lang,
            "case.html",
            "tools",
            style=self.asset_url("tools.css"),
            status=422 if unchosen else 200,
            case=view,
            error=presenter.say("Choose what you do first.") if unchosen else "",
            form_url=self.site.url("case", lang=lang, case_id=case.id),
            back_url=self.site.url("case_back", lang=lang, case_id=case.id),
            cases_url=self.site.page_url("cases", lang=lang),
            tools_url=self.site.page_url("tools", lang=lang),
            csrf=self.csrf(),
        )


def _number(field: str) -> int:
    """A number out of the form; what is none was not made by our page."""
    try:
        return int(request.form.get(field, ""))
    except ValueError:
        raise NotThere(field) from None


@dataclass(frozen=True, slots=True)
class CasePresenter:
    presenter: Presenter

    def card(self, case: Case, walk: Walk | None) -> CaseCard:
        say, words = self.presenter.say, case.words[self.presenter.language]
        state = "none" if walk is None or not walk.steps else "done" if walk.ended else "open"
        state_words = {"none": say("Not begun"), "open": say("Under way"), "done": say("Gone through")}
        return CaseCard(
            title=words.title,
            summary=words.summary,
            url=self.presenter.site.page_url("case", lang=self.presenter.language, case_id=case.id),
            tracks=self._tracks(case),
            state=state,
            state_word=state_words[state],
        )

    def _tracks(self, case: Case) -> str:
        shown = [track for track in self.presenter.library.tracks if track.id in case.track_ids]
        return "; ".join(track.title[self.presenter.language] for track in shown)

    def view(self, case: Case, walk: Walk) -> CaseView:
        words, linked = case.words[self.presenter.language], self.presenter.linked
        here = words.nodes[walk.node.id]
        return CaseView(
            title=words.title,
            summary=words.summary,
            tracks=self._tracks(case),
            text_html=linked(here.text),
            choices=tuple(
                OptionView(choice.id, linked(here.choices[choice.id].text), chosen=False)
                for choice in walk.node.choices
            ),
            decided=tuple(self._decided(case, step, number) for number, step in enumerate(walk.steps, 1)),
            lost=walk.node.end is End.LOSS,
            why_html=linked(here.why),
            section=self.presenter.section_link(walk.node.section) if walk.node.end else None,
        )

    def _decided(self, case: Case, step: Step, number: int) -> Decided:
        say, linked = self.presenter.say, self.presenter.linked
        node = case.words[self.presenter.language].nodes[step.node_id]
        verdicts = {
            Harm.NONE: say("This helps"),
            Harm.MISSED: say("Someone may go without help"),
            Harm.SAFETY: say("This may put someone at risk"),
        }
        return Decided(
            number=number,
            situation_html=linked(node.text),
            choice_html=linked(node.choices[step.choice.id].text),
            why_html=linked(node.choices[step.choice.id].why),
            harm=step.choice.harm.value,
            verdict=verdicts[step.choice.harm],
            section=self.presenter.section_link(step.choice.section),
        )
