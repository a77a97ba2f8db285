"""Counts on a page and as files, protected for everybody and exact for administrators who ask for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from flask import Response, request
from markupsafe import Markup

from course.content.formats import number
from course.domain.counts import (
    EXACT,
    FROM,
    TO,
    UNKNOWN,
    CountQuery,
    CountTable,
    Dimension,
    Kind,
    QueryRefused,
    query_of,
    words_of,
)
from course.domain.permission import Permission
from course.exports.count_files import count_file
from course.services.audit import by_account
from course.services.counts import count, count_exactly
from course.services.gain import gain_of_all
from course.web.area import Route
from course.web.bar_chart import Bar, bar_chart
from course.web.count_words import CountNames
from course.web.line_chart import Line, line_chart
from course.web.pages_counts import CountsForm, CountsView, FilterField
from course.web.pre_test_pages import GainPresenter
from course.web.presenting import Presenter
from course.web.staff import StaffArea
from course.web.trainer import sent_file

HERE = "counts"
#: More bars than these are no picture any more; the table has them all.
BARS_MOST = 20
LABEL_WIDTH, LABEL_LETTERS = 250, 36
ROWS_MOST = 500
FILES = ("csv", "xlsx", "json")
FILTERS = tuple(one for one in Dimension if one is not Dimension.MONTH)
_NOTHING_ASKED = {"by": ["month"]}


class CountsArea(StaffArea):
    def routes(self) -> Iterable[Route]:
        trainer, admin = Permission.TRAINER, Permission.ADMINISTRATOR
        yield Route("/admin/counts/", "counts", self.show, trainer)
        yield Route("/admin/counts/file.<any(csv,xlsx,json):kind>", "counts_file", self.file, trainer)
        yield Route("/admin/counts/exact", "exact_counts", self.show_exact, admin, ("POST",))
        yield Route("/admin/counts/exact.<any(csv,xlsx,json):kind>", "exact_counts_file", self.exact, admin, ("POST",))

    # Protected

    def show(self, lang: str) -> Response:
        try:
            query = _asked(request.args.to_dict(flat=False) or _NOTHING_ASKED)
        except QueryRefused as refused:
            return self._page(lang, _asked(_NOTHING_ASKED), refused=refused, status=422)
        return self._page(lang, query)

    def file(self, lang: str, kind: str) -> Response:
        try:
            query = _asked(request.args.to_dict(flat=False))
        except QueryRefused as refused:
            return self._page(lang, _asked(_NOTHING_ASKED), refused=refused, status=422)
        return self._sent(lang, self._table(query), kind)

    def _table(self, query: CountQuery) -> CountTable:
        site = self.site
        return count(site.store, query, key=site.counts_key, small=site.small_count, now=site.now())

    # Exact

    def show_exact(self, lang: str) -> Response:
        try:
            query = self._query_of_form()
        except QueryRefused as refused:
            return self._page(lang, _asked(_NOTHING_ASKED), refused=refused, status=422)
        return self._page(lang, query, self._exact_table(query))

    def exact(self, lang: str, kind: str) -> Response:
        try:
            query = self._query_of_form()
        except QueryRefused as refused:
            return self._page(lang, _asked(_NOTHING_ASKED), refused=refused, status=422)
        return self._sent(lang, self._exact_table(query), kind)

    def _query_of_form(self) -> CountQuery:
        return _asked({name: values for name, values in request.form.lists() if name != "csrf_token"})

    def _exact_table(self, query: CountQuery) -> CountTable:
        site = self.site
        who = by_account(site.staff.account_id)
        return count_exactly(site.store, query, who=who, small=site.small_count, now=site.now())

    # What is sent

    def _names(self, lang: str) -> CountNames:
        return CountNames(self.site.library, lang, Presenter(self.site, lang).say)

    def _sent(self, lang: str, table: CountTable, kind: str) -> Response:
        made, media_type = count_file(table, self._names(lang).words(), kind)
        exact = "-exact" if table.query.exact else ""
        return sent_file(made, media_type, f"counts{exact}.{kind}")

    def _page(
        self,
        lang: str,
        query: CountQuery,
        table: CountTable | None = None,
        *,
        refused: QueryRefused | None = None,
        status: int = 200,
    ) -> Response:
        table = table or self._table(query)
        names = self._names(lang)
        asked = words_of(query)
        with self.site.store.reading() as connection:
            gain = gain_of_all(connection, self.site.library, small=self.site.small_count)
        return self.staff_page(
            lang,
            "counts.html",
            HERE,
            status=status,
            refused=refused,
            form=_form(names, query, asked),
            view=self._view(lang, names, table, asked),
            exact=table.query.exact,
            until=names.value(Dimension.MONTH, table.until) if table.until else "",
            small=table.small,
            gain=GainPresenter(Presenter(self.site, lang)).group(gain),
            asks_before=self.site.library.pre_test is not None,
            may_exact=self.site.staff.administrator,
            urls={
                "counts": self.site.url("counts", lang=lang),
                "exact": self.site.url("exact_counts", lang=lang),
                "api_keys": self.site.url("api_keys", lang=lang),
                "records": self.site.url("records", lang=lang),
            },
        )

    def _view(self, lang: str, names: CountNames, table: CountTable, asked: list[tuple[str, str]]) -> CountsView:
        by, kinds = table.query.by, table.query.kinds
        rows = tuple(
            (
                *(names.value(one, value) for one, value in zip(by, row.key, strict=True)),
                *(number(one, lang) for one in row.counts),
            )
            for row in table.rows[:ROWS_MOST]
        )
        endpoint = "exact_counts_file" if table.query.exact else "counts_file"
        return CountsView(
            heads=(*(names.dimension(one) for one in by), *(names.kind(one) for one in kinds)),
            names=len(by),
            rows=rows,
            more=number(len(table.rows) - ROWS_MOST, lang) if len(table.rows) > ROWS_MOST else "",
            totals=tuple(number(one, lang) for one in table.totals),
            chart=_chart(names, table, lang),
            files=tuple((kind.upper(), self._file_url(endpoint, lang, kind, asked)) for kind in FILES),
        )

    def _file_url(self, endpoint: str, lang: str, kind: str, asked: list[tuple[str, str]]) -> str:
        if endpoint == "exact_counts_file":
            # The question goes along in the form that asks for it.
            return self.site.url(endpoint, lang=lang, kind=kind)
        several: dict[str, list[str]] = {}
        for name, value in asked:
            several.setdefault(name, []).append(value)
        return self.site.url(endpoint, lang=lang, kind=kind, **several)


def _asked(given: Mapping[str, Sequence[str]]) -> CountQuery:
    """The question of an address or a form: empty fields ask nothing, and exact counts are no matter of a field."""
    return query_of({name: values for name, values in given.items() if name != EXACT and any(values)})


def _form(names: CountNames, query: CountQuery, asked: list[tuple[str, str]]) -> CountsForm:
    where = dict(query.where)
    return CountsForm(
        by=tuple((one.value, names.dimension(one)) for one in Dimension),
        chosen_by=tuple(query.by),
        counts=tuple((one.value, names.kind(one)) for one in Kind),
        chosen_counts=tuple(query.kinds),
        filters=tuple(
            FilterField(
                one.value,
                names.dimension(one),
                (("", names.say("All of them")), *names.values(one).items(), (UNKNOWN, names.say("Not known"))),
                next(iter(where[one])) or UNKNOWN if one in where else "",
            )
            for one in FILTERS
            if names.values(one)
        ),
        first_month=next((value for name, value in asked if name == FROM), ""),
        last_month=next((value for name, value in asked if name == TO), ""),
        hidden=tuple(asked),
    )


def _chart(names: CountNames, table: CountTable, lang: str) -> Markup:
    """Months as lines; anything else as bars of the first kind that has any."""
    by, kinds = table.query.by, table.query.kinds
    if not by or not table.rows:
        return Markup()
    if by == (Dimension.MONTH,) and len(table.rows) > 1:
        # What happened most often stands out.
        drawn = sorted((total, place) for place, total in enumerate(table.totals) if total)
        lines = [Line(names.kind(kinds[place]), [row.counts[place] for row in table.rows]) for _, place in drawn]
        first, last = (names.value(Dimension.MONTH, row.key[0]) for row in (table.rows[0], table.rows[-1]))
        return line_chart(names.say("Counts by month"), first, last, lines, written=lambda one: number(one, lang))
    place = next(place for place, total in enumerate(table.totals) if total)
    highest = sorted(table.rows, key=lambda row: -row.counts[place])[:BARS_MOST]
    kept = set(highest)
    bars = [
        Bar(_label(names, by, row.key), [row.counts[place]], number(row.counts[place], lang))
        for row in table.rows
        if row in kept and row.counts[place]
    ]
    kind = names.kind(kinds[place])
    return bar_chart(kind, [kind], bars, left=LABEL_WIDTH)


def _label(names: CountNames, by: Sequence[Dimension], key: Sequence[str]) -> str:
    label = " · ".join(names.value(one, value) for one, value in zip(by, key, strict=True))
    return label if len(label) <= LABEL_LETTERS else f"{label[: LABEL_LETTERS - 1].rstrip()}…"
