"""Reach: how many professionals, for a trainer in her networks, and for everybody with small numbers hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from flask import Response

from course.content.formats import number, short_date
from course.domain.permission import Permission
from course.domain.reach import NO_NETWORK, NOBODY, Part, PublicReach, Reach, public_reach
from course.services.cohorts import visible_networks
from course.services.reach import reach_of
from course.web.area import Area, Route
from course.web.bar_chart import Bar, bar_chart
from course.web.pages_sessions import ReachRow
from course.web.presenting import Presenter
from course.web.session_pages import SessionPresenter
from course.web.site import Site
from course.web.staff import StaffArea

#: The public page counts over all records, so it counts at most this often.
COUNTED_EVERY = timedelta(minutes=15)


class TrainerReachArea(StaffArea):
    def routes(self) -> Iterable[Route]:
        yield Route("/trainer/reach/", "trainer_reach", self.show, Permission.TRAINER)

    def show(self, lang: str) -> Response:
        """The networks that she sees, in full numbers: she knows these people."""
        pages = SessionPresenter(Presenter(self.site, lang), self.site.now())
        shown = visible_networks(self.site.library, self.site.staff)
        administrator = self.site.staff.administrator
        with self.site.store.reading() as connection:
            reach = reach_of(connection, None if administrator else shown)
        networks = [*shown, *([NO_NETWORK] if administrator and NO_NETWORK in reach.networks else [])]
        return self.staff_page(
            lang,
            "trainer_reach.html",
            "trainer_reach",
            tables=[(pages.network(one), _network_rows(reach, one, lang)) for one in networks],
            together=_year_rows(reach, lang) if len(networks) > 1 else [],
            public_url=self.site.url("reach", lang=lang),
        )


def _network_rows(reach: Reach, network: str, lang: str) -> list[ReachRow]:
    rows = []
    for year in reversed(reach.all_years):
        found = reach.cells.get((network, year), NOBODY)
        unnamed = reach.without_names.get((network, year), 0)
        if found.people or unnamed:
            cells = (found.people, found.online, found.sessions, found.both, unnamed)
            rows.append(ReachRow(str(year), tuple(number(one, lang) for one in cells)))
    return rows


def _year_rows(reach: Reach, lang: str) -> list[ReachRow]:
    rows = []
    for year in reversed(reach.all_years):
        found = reach.years.get(year, NOBODY)
        cells = (found.people, found.online, found.sessions, found.both, reach.without_names_in(year))
        rows.append(ReachRow(str(year), tuple(number(one, lang) for one in cells)))
    return rows


class PublicReachArea(Area):
    def __init__(self, site: Site) -> None:
        super().__init__(site)
        self._counted: tuple[datetime, PublicReach] | None = None

    def routes(self) -> Iterable[Route]:
        yield Route("/reach/", "reach", self.show, Permission.ANYONE)

    def show(self, lang: str) -> Response:
        presenter = Presenter(self.site, lang)
        pages = SessionPresenter(presenter, self.site.now())
        counted_at, reach = self._reach()
        say = presenter.say
        names = [say("Online only"), say("In sessions only"), say("Both")]
        bars = [
            Bar(str(year), [reach.parts[year, part] for part in Part], number(reach.people[year], lang))
            for year in reach.years
        ]
        return self.page(
            lang,
            "reach.html",
            chart=bar_chart(say("Professionals reached, by year"), names, bars) if bars else "",
            years=[self._year_row(reach, year, lang) for year in reversed(reach.years)],
            networks=[
                ReachRow(pages.network(one), tuple(number(reach.by_network[one, year], lang) for year in reach.years))
                for one in reach.networks
            ],
            unnamed=[
                ReachRow(
                    pages.network(one), tuple(number(reach.without_names[one, year], lang) for year in reach.years)
                )
                for one in reach.networks
                if any(reach.without_names[one, year] != 0 for year in reach.years)
            ],
            year_heads=[str(year) for year in reach.years],
            before=self._before(lang, say),
            counted=short_date(counted_at, lang),
            small=reach.small,
            style=self.asset_url("staff.css"),
        )

    def _reach(self) -> tuple[datetime, PublicReach]:
        now = self.site.now()
        if self._counted is None or now - self._counted[0] >= COUNTED_EVERY:
            with self.site.store.reading() as connection:
                reach = reach_of(connection)
            networks = [*self.site.library.networks, *([NO_NETWORK] if NO_NETWORK in reach.networks else [])]
            # Two requests may both count; the numbers are the same.
            self._counted = (now, public_reach(reach, networks, key=self.site.counts_key, small=self.site.small_count))
        return self._counted

    def _year_row(self, reach: PublicReach, year: int, lang: str) -> ReachRow:
        cells = [reach.people[year], *(reach.parts[year, part] for part in Part)]
        return ReachRow(str(year), tuple(number(one, lang) for one in cells))

    def _before(self, lang: str, say: Callable[..., str]) -> dict[str, str]:
        """What was reached before this site began to count, as the content package says with its source."""
        before = self.site.library.reach_before
        if before is None:
            return {}
        people = number(before.people, lang)
        source = self.site.library.sources[before.source]
        return {
            "number": say("over %(number)s", number=people) if before.at_least else people,
            "until": short_date(before.until, lang),
            "source": source.title_in(lang)[0],
            "source_lang": source.title_in(lang)[1],
            "url": f"{self.site.page_url('sources', lang=lang)}#{before.source}",
        }
