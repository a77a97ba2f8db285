"""Tools for the working day: the referral navigator and the indicator checklist. What is entered is kept nowhere.

The navigator's answers come in the body of a request and go out in a page that no cache may keep: never in an address,
a cookie, a log line or the database. The checklist's boxes belong to no form; they never leave the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import Response, request

from course.content.practice import Indicators, Reading, Referral, Setting
from course.domain.errors import NotThere
from course.domain.permission import Permission
from course.domain.referral import Advice, Asked, Part, answer_to
from course.web.area import Area, Route
from course.web.pages import OptionView
from course.web.practice_pages import AdviceView, AnswerPart, AnswerView, AskedView, SettingView, ToolCard
from course.web.presenting import Presenter
from course.web.reference import contact_card


class ToolsArea(Area):
    def routes(self) -> Iterable[Route]:
        anyone = Permission.ANYONE
        yield Route("/tools/", "tools", self.tools, anyone)
        yield Route("/tools/referral/", "referral", self.referral, anyone, ("GET", "POST"))
        yield Route("/tools/indicators/", "indicators", self.indicators, anyone)
        yield Route("/tools/indicators/<setting_id>/", "indicator_setting", self.setting, anyone)

    def tools(self, lang: str) -> Response:
        return self.record_page(lang, "tools.html", "tools", tools=tool_cards(Presenter(self.site, lang)))

    def referral(self, lang: str) -> Response:
        """The questions; with POST the answer, in the same response."""
        navigator = self.site.library.practice.referral
        if navigator is None:
            raise NotThere("referral")
        pages = ToolPresenter(Presenter(self.site, lang))
        sent = request.method == "POST"
        situation = {one.id: request.form.get(one.id, "") for one in navigator.questions} if sent else {}
        asked = tuple(pages.asked(navigator, one, situation) for one in navigator.questions)
        whole = sent and not any(one.error for one in asked)
        return self.page(
            lang,
            "referral.html",
            "tools",
            style=self.asset_url("tools.css"),
            status=422 if sent and not whole else 200,
            words=navigator.words[lang],
            asked=asked,
            answer=pages.answer(navigator, situation) if whole else None,
            form_url=self.site.page_url("referral", lang=lang),
            tools_url=self.site.page_url("tools", lang=lang),
            csrf=self.csrf(),
        )

    def indicators(self, lang: str) -> Response:
        checklist = self._checklist()
        words = checklist.words[lang]
        settings = tuple(
            ToolCard(
                words.settings[one.id],
                "",
                self.site.page_url("indicator_setting", lang=lang, setting_id=one.id),
            )
            for one in checklist.settings
        )
        pages = ToolPresenter(Presenter(self.site, lang))
        return self.record_page(
            lang,
            "indicators.html",
            "tools",
            words=words,
            settings=settings,
            means=pages.readings(checklist, checklist.means),
            means_not=pages.readings(checklist, checklist.means_not),
            tools_url=self.site.page_url("tools", lang=lang),
        )

    def setting(self, lang: str, setting_id: str) -> Response:
        """Kept nowhere, so that a browser does not bring ticked boxes back."""
        checklist = self._checklist()
        for setting in checklist.settings:
            if setting.id == setting_id:
                view = ToolPresenter(Presenter(self.site, lang)).setting(checklist, setting)
                return self.page(
                    lang,
                    "indicator_setting.html",
                    "tools",
                    style=self.asset_url("tools.css"),
                    setting=view,
                    title=checklist.words[lang].title,
                    indicators_url=self.site.page_url("indicators", lang=lang),
                    tools_url=self.site.page_url("tools", lang=lang),
                )
        raise NotThere(setting_id)

    def _checklist(self) -> Indicators:
        if self.site.library.practice.indicators is None:
            raise NotThere("indicators")
        return self.site.library.practice.indicators


def tool_cards(presenter: Presenter) -> tuple[ToolCard, ...]:
    """What the package has of cases and tools, the most urgent first."""
    practice, lang, url = presenter.library.practice, presenter.language, presenter.site.page_url
    cards = []
    if practice.referral is not None:
        words = practice.referral.words[lang]
        cards.append(ToolCard(words.title, words.summary, url("referral", lang=lang)))
    if practice.indicators is not None:
        signs = practice.indicators.words[lang]
        cards.append(ToolCard(signs.title, signs.summary, url("indicators", lang=lang)))
    if practice.cases:
        summary = presenter.say("Made-up cases in which you decide and see what follows.")
        cards.append(ToolCard(presenter.say("Cases to practise with"), summary, url("cases", lang=lang)))
    return tuple(cards)


@dataclass(frozen=True, slots=True)
class ToolPresenter:
    presenter: Presenter

    def asked(self, navigator: Referral, asked: Asked, situation: Mapping[str, str]) -> AskedView:
        """`situation` is empty before anything was sent."""
        words, given = navigator.words[self.presenter.language].questions[asked.id], situation.get(asked.id)
        missing = bool(situation) and given not in asked.options
        return AskedView(
            id=asked.id,
            ask=words.ask,
            options=tuple(OptionView(one, words.options[one], one == given) for one in asked.options),
            error=self.presenter.say("Answer this: %(question)s", question=words.ask) if missing else "",
        )

    def answer(self, navigator: Referral, situation: Mapping[str, str]) -> AnswerView:
        words, say = navigator.words[self.presenter.language], self.presenter.say
        titles = {
            Part.CALL: say("Whom to call"),
            Part.STEP: say("What to do, in this order"),
            Part.SAY: say("What you can say"),
            Part.AVOID: say("What not to do"),
            Part.WRITE: say("What to write down"),
        }
        found = answer_to(navigator.advice, situation)
        sources = dict.fromkeys(source for advice in found.values() for one in advice for source in one.sources)
        return AnswerView(
            situation=tuple(
                (words.questions[name].ask, words.questions[name].options[given]) for name, given in situation.items()
            ),
            parts=tuple(
                AnswerPart(part.value, titles[part], tuple(self._advice(one, words.advice[one.id]) for one in advice))
                for part, advice in found.items()
            ),
            sources=self.presenter.source_notes(tuple(sources)),
        )

    def _advice(self, advice: Advice, html: str) -> AdviceView:
        contact = self.presenter.library.contacts[advice.contact] if advice.contact else None
        return AdviceView(
            self.presenter.linked(html),
            self.presenter.section_link(advice.section),
            contact_card(self.presenter, contact) if contact else None,
        )

    def readings(self, checklist: Indicators, readings: Iterable[Reading]) -> tuple[AdviceView, ...]:
        words = checklist.words[self.presenter.language].readings
        return tuple(
            AdviceView(self.presenter.linked(words[one.id]), self.presenter.section_link(one.section))
            for one in readings
        )

    def setting(self, checklist: Indicators, setting: Setting) -> SettingView:
        words, linked = checklist.words[self.presenter.language], self.presenter.linked
        read = (*checklist.means, *checklist.means_not, *checklist.then)
        sources = dict.fromkeys([*setting.sources, *(source for one in read for source in one.sources)])
        return SettingView(
            title=words.settings[setting.id],
            signs=tuple(linked(words.signs[setting.id][sign]) for sign in setting.signs),
            everywhere=tuple(linked(words.everywhere[sign]) for sign in checklist.everywhere),
            means=self.readings(checklist, checklist.means),
            means_not=self.readings(checklist, checklist.means_not),
            then=self.readings(checklist, checklist.then),
            section=self.presenter.section_link(setting.section),
            sources=self.presenter.source_notes(tuple(sources)),
        )
