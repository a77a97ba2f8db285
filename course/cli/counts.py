"""The command that writes counts into a file, and looks after the counters."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from course.cli.group import console, content_folder, course_commands, database, part, refuse, settings_here
from course.content.loading import load
from course.domain.counts import CountTable, Dimension, QueryRefused, query_of
from course.exports.count_files import CountWords, count_file
from course.services.audit import OPERATOR
from course.services.counts import count, count_exactly, key_of
from course.services.tally import drift, recount
from course.storage.engine import Store


@course_commands.command("counts")
@click.option("--by", default="", help="What to divide by: month, network, language … with commas.")
@click.option("--count", "kinds", default="", help="What to count: started, completed, track_completed …; else all.")
@click.option("--where", multiple=True, metavar="NAME=VALUE", help="Only these: network=oulu. May be given again.")
@click.option("--from", "first", default="", help="The first month, 2026-03.")
@click.option("--to", "last", default="", help="The last month.")
@click.option("--exact", is_flag=True, help="The true numbers up to now; written into the audit log.")
@click.option("--format", "kind", default="csv", type=click.Choice(["csv", "xlsx", "json"]), show_default=True)
@click.option("--lang", default="en", show_default=True, help="The language of names in CSV and XLSX.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The file; else to the screen.")
@click.option("--verify", is_flag=True, help="Compare the counters with the records.")
@click.option("--recount", "repair", is_flag=True, help="Make the counters say what the records say.")
@with_appcontext
def counts_command(verify: bool, repair: bool, kind: str, lang: str, output: Path | None, **asked: Any) -> None:
    """How many started, passed, completed, got certificates and attended. Small numbers are protected."""
    store = Store(database())
    if verify or repair:
        _look_after(store, repair=repair)
        return
    try:
        table = _table(store, **asked)
    except QueryRefused as refused:
        refuse(f"Not understood: {refused}", status=2)
    made, _ = count_file(table, _words(lang), kind)
    if output:
        output.write_bytes(made)
        console.print(f"{len(table.rows)} rows written to {output}", highlight=False, markup=False)
    elif kind == "xlsx":
        refuse("A workbook needs a file: -o counts.xlsx", status=2)
    else:
        click.echo(made, nl=False)


def _table(
    store: Store, *, by: str, kinds: str, where: tuple[str, ...], first: str, last: str, exact: bool
) -> CountTable:
    given: dict[str, list[str]] = {"by": [by], "count": [kinds], "from": [first], "to": [last]}
    for one in where:
        name, _, value = one.partition("=")
        if name not in set(Dimension):
            raise QueryRefused("where", one)
        given.setdefault(name, []).append(value)
    query, now = query_of(given), _now()
    small = int(settings_here()["COURSE_SMALL_COUNT"])
    if exact:
        return count_exactly(store, query, who=OPERATOR, small=small, now=now)
    return count(store, query, key=key_of(str(settings_here()["SECRET_KEY"])), small=small, now=now)


def _now() -> datetime:
    """By the clock of the mounted course; also where its content is broken and none is mounted."""
    mounted = part()
    now: datetime = mounted.now() if mounted else datetime.now(UTC)
    return now


def _words(lang: str) -> CountWords:
    made: object = part("count_words")
    assert callable(made)
    words: CountWords = made(lang)
    return words


def _look_after(store: Store, *, repair: bool) -> None:
    library = load(content_folder())
    missing = recount(store, library) if repair else drift(store)
    for cell, n in sorted(missing.items()):
        console.print(f"{n:+} {' '.join(part or '-' for part in cell)}", highlight=False, markup=False)
    if missing:
        console.print("mended" if repair else "run: flask course counts --recount", highlight=False)
        sys.exit(0 if repair else 1)
    console.print("The counters say what the records say.")
