"""Numbers, dates and times as a reader of each language writes them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date as babel_date
from babel.dates import format_time as babel_time
from babel.numbers import format_decimal, format_percent

from course.content.typography import NBSP

#: Swedish as it is written in Finland, English as it is written in Britain.
LOCALES = {"fi": Locale.parse("fi_FI"), "sv": Locale.parse("sv_FI"), "en": Locale.parse("en_GB")}
#: Babel's own short date for sv_FI is 2026-03-02, which nobody in Finland writes.
DATES = {"fi": "d.M.y", "sv": "d.M.y", "en": "d MMMM y"}
LONG_DATES = {"fi": "d. MMMM y", "sv": "d MMMM y", "en": "d MMMM y"}
TIMES = {"fi": "H.mm", "sv": "H.mm", "en": "HH:mm"}
MONTHS = {"fi": "LLLL y", "sv": "LLLL y", "en": "LLLL y"}

HELSINKI = ZoneInfo("Europe/Helsinki")


def number(value: float, language: str) -> str:
    """1 234 567,5 in Finnish and Swedish, 1,234,567.5 in English."""
    return _unbroken(str(format_decimal(value, locale=_locale(language))))


def percent(value: float, language: str) -> str:
    """A whole percentage: 34 % in Finnish and Swedish, 34% in English. `value` is 34, not 0.34."""
    return _unbroken(str(format_percent(value / 100, locale=_locale(language))))


def short_date(value: date, language: str) -> str:
    """2.3.2026, in English 2 March 2026. A moment is shown as the day it is in Helsinki."""
    return babel_date(_local(value), DATES.get(language, DATES["en"]), locale=_locale(language))


def partial_date(text: str, language: str) -> str:
    """A date of which only the year, or the year and the month, may be known: "2024", "2024-02", "2024-02-16"."""
    if len(text) == len("2024"):
        return text
    if len(text) == len("2024-02"):
        return month(date.fromisoformat(f"{text}-01"), language)
    return short_date(date.fromisoformat(text), language)


def long_date(value: date, language: str) -> str:
    """The date in words: 2. maaliskuuta 2026."""
    return babel_date(_local(value), LONG_DATES.get(language, LONG_DATES["en"]), locale=_locale(language))


def month(value: date, language: str) -> str:
    """The month as a heading: maaliskuu 2026."""
    return babel_date(_local(value), MONTHS.get(language, MONTHS["en"]), locale=_locale(language))


def moment(value: datetime, language: str) -> str:
    """Date and time in Helsinki: 2.3.2026 klo 16.05."""
    before = {"fi": f" klo{NBSP}", "sv": f" kl.{NBSP}"}.get(language, ", ")
    return f"{short_date(value, language)}{before}{clock_time(value, language)}"


def clock_time(value: datetime, language: str) -> str:
    """The time of day in Helsinki: 16.05."""
    local = value.astimezone(HELSINKI)
    return babel_time(local.timetz(), TIMES.get(language, TIMES["en"]), locale=_locale(language))


def _local(value: date) -> date:
    return value.astimezone(HELSINKI).date() if isinstance(value, datetime) else value


def _locale(language: str) -> Locale:
    return LOCALES.get(language, LOCALES["en"])


def _unbroken(text: str) -> str:
    """Babel puts a narrow space into some numbers, which the fonts of the pages and certificates lack."""
    return text.replace("\u202f", NBSP)
