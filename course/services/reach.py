"""How many professionals were reached."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import Connection

from course.domain.home_time import morning_of, year_at_home
from course.domain.reach import Reach, count_reach
from course.storage import reach as stored


def reach_of(connection: Connection, networks: Collection[str] | None = None) -> Reach:
    """The reach of some networks, or of all, in years as Finland counts them."""
    found = stored.first_and_last(connection)
    if found is None:
        return Reach()
    years = [(year, new_year(year)) for year in range(year_at_home(found[0]), year_at_home(found[1]) + 1)]
    without_names = stored.without_names(connection, years)
    wanted = {key: count for key, count in without_names.items() if networks is None or key[0] in networks}
    return count_reach(stored.contacts(connection, years, networks), wanted)


def new_year(year: int) -> datetime:
    """The moment at which a year begins in Finland."""
    return morning_of(date(year, 1, 1), hour=0)
