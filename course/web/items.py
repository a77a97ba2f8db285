"""The analysis of questions, for the editor of the content."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import Response, request

from course.content.formats import number, percent
from course.domain.item_analysis import FEWEST, Estimate, Flag, ItemReport
from course.domain.permission import Permission
from course.services.items import ATTEMPTS_MOST, item_reports
from course.services.regrading import count_marked_by_other_keys
from course.web.area import LANGUAGE_NAMES, Route
from course.web.pages_counts import ItemRow, OptionRow
from course.web.presenting import Presenter
from course.web.staff import StaffArea

NBSP = "\u00a0"


class ItemsArea(StaffArea):
    def routes(self) -> Iterable[Route]:
        yield Route("/admin/items/", "items", self.show, Permission.ADMINISTRATOR)

    def show(self, lang: str) -> Response:
        library = self.site.library
        module = library.module(request.args.get("module", "") or library.modules[0].id)
        with self.site.store.streaming() as connection:
            reports = item_reports(connection, library, module.id)
            earlier = count_marked_by_other_keys(connection, library, module.id, [one.item for one in reports])
        rows = [self._row(lang, module.id, report, earlier.get(report.item, 0)) for report in reports]
        return self.staff_page(
            lang,
            "items.html",
            "items",
            rows=[row for row in rows if not row.flags],
            flagged=[row for row in rows if row.flags],
            module=f"{module.number}. {module.title[lang]}",
            chosen=module.id,
            modules=[(one.id, f"{one.number}. {one.title[lang]}") for one in library.modules],
            languages=[LANGUAGE_NAMES.get(one, one) for one in library.languages],
            fewest=FEWEST,
            most=number(ATTEMPTS_MOST, lang),
            items_url=self.site.url("items", lang=lang),
        )

    def _row(self, lang: str, module_id: str, report: ItemReport, earlier: int) -> ItemRow:
        say = Presenter(self.site, lang).say
        flags = [self._flag(flag, report, say) for flag in Flag if flag in report.flags]
        if earlier:
            flags.insert(0, say("Attempts marked by an earlier key: %(number)s", number=number(earlier, lang)))
        question = self.site.library.quiz(module_id).question(report.item)
        shown = self.site.versions.shown[self.site.versions.current[module_id, report.item]]
        words = shown.words[lang]
        return ItemRow(
            id=report.item,
            text=words.ask,
            answers=number(report.answers, lang),
            difficulty=_share(report.difficulty, lang),
            discrimination=_coefficient(report.discrimination, lang),
            languages=tuple(_share(report.by_language.get(one), lang) for one in self.site.library.languages),
            flags=tuple(flags),
            options=tuple(
                OptionRow(
                    words.options[option].text, option in question.correct, _share(share, lang), share.high < 0.05
                )
                for option, share in report.options.items()
            ),
        )

    def _flag(self, flag: Flag, report: ItemReport, say: Callable[..., str]) -> str:
        harder = report.harder_in
        if flag is Flag.LANGUAGE and harder is not None:
            name = LANGUAGE_NAMES.get(harder.language, harder.language)
            return say("Harder in %(name)s than in the others: look at the translation", name=name)
        return {
            Flag.HARD: say("Too hard: fewer than 40 in 100 are right"),
            Flag.EASY: say("Too easy: more than 90 in 100 are right"),
            Flag.WEAK: say("Does not tell those who know from those who do not"),
            Flag.RARE_OPTION: say("Has an option that hardly anybody chooses"),
        }[flag]


def _share(estimate: Estimate | None, lang: str) -> str:
    """75 % (61–85), or nothing for too few answers."""
    if estimate is None:
        return ""
    low, high = (number(round(one * 100), lang) for one in (estimate.low, estimate.high))
    return f"{percent(round(estimate.value * 100), lang)}{NBSP}({low}–{high})"


def _coefficient(estimate: Estimate | None, lang: str) -> str:
    if estimate is None:
        return ""
    value, low, high = (number(round(one, 2), lang) for one in (estimate.value, estimate.low, estimate.high))
    return f"{value} ({low} … {high})"
