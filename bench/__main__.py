"""`./run bench`: start the servers, measure, and print one line for each workload: met or not.

Everything happens in a temporary folder and on 127.0.0.1, and is gone afterwards.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Column, Table

from bench.certificates import MASS, measure_certificates
from bench.class_end import measure_class_end
from bench.first_load import heaviest_load
from bench.measuring import NOISY, Line, run_rounds, spread
from bench.package import copy_package, measured_module
from bench.postgres import NewDatabase, postgresql
from bench.reports import Reports, lines_of_counts, lines_of_records, prepare
from bench.search import measure_search
from bench.seeding import seed
from bench.server import Server
from bench.startup import REQUESTS, measure_start
from bench.statements import statements_of
from bench.workloads import Sites, Workloads
from bench.writers import waits_of_writers
from course.content.library import Library

FEW = 1_000
WRITERS = 16
#: No bar of the design's, which is about files that are not signed: one of a mass issue costs less with signature, code
#: and badge than one by itself may cost without.
SIGNED_BAR = 0.6
OF_A_MASS = f"{MASS:,} people in three languages, with the making of the forms"
#: No bar of the design's: a page takes a few milliseconds while every core makes certificates.
CLASS_PAGE_BAR = 4
#: Milliseconds by the clock, with the content that is served.
SEARCH_BAR = 30
console = Console()
#: A line of the table stays a line, also in a file.
WIDTH = 120


class Bench:
    """One run: what it has started, and the lines that it will print."""

    def __init__(self, options: argparse.Namespace, folder: Path, stack: ExitStack, progress: Progress) -> None:
        self._options = options
        self._folder = folder
        self._stack = stack
        self._progress = progress
        self._content = folder / "content"
        self._postgresql: NewDatabase | None = None
        self.lines: list[Line] = []
        self.noise = 0.0

    def run(self) -> None:
        quick = self._options.quick
        library = self._prepare()
        sites = self._serve(library)
        workloads = Workloads(sites, library)
        rounds, times = self._options.rounds or (5 if quick else 11), 60 if quick else 300
        every = workloads.all()
        step = self._progress.add_task("Rounds", total=rounds * len(every))
        run_rounds(every, rounds=rounds, times=times, tell=lambda: self._progress.advance(step))
        statements = statements_of(
            workloads.lesson_address,
            url=self._url("few"),
            content=self._content,
            instance=self._instance("counted"),
            learner_id=1,
        )
        self.noise = spread(workloads.hello)
        self.hello = workloads.hello.milliseconds
        self.lines += workloads.lines(len(statements))
        self._writers(sites, library)
        self._first_load(sites, library)
        self._search(sites, library)
        self._reports(workloads, library, rounds=rounds, times=times)
        self._certificates()
        self._class_end(library)
        if self._options.all:
            self._start(library)

    def _prepare(self) -> Library:
        step = self._progress.add_task("Content", total=None)
        library = copy_package(self._content)
        self._progress.update(step, total=1, completed=1)
        for name, learners in (("few", FEW), ("many", self._options.learners)):
            step = self._progress.add_task(f"{learners:,} learners", total=learners)
            seed(self._url(name), library, learners, lambda done, step=step: self._progress.advance(step, done))  # type: ignore[misc]
        return library

    def _serve(self, library: Library) -> Sites:
        step = self._progress.add_task("Servers", total=4)

        def started(target: str, url: str = "", name: str = "") -> Server:
            server = Server.start(target, workers=self._options.workers, environment=self._environment(url, name))
            self._stack.callback(server.stop)
            self._progress.advance(step)
            return server

        hello = started("bench.hello:application")
        few = started("bench.site:application", self._url("few"), "few")
        many = started("bench.site:application", self._url("many"), "many")
        postgres = None
        self._postgresql = self._stack.enter_context(postgresql(self._folder / "postgresql"))
        if self._postgresql:
            url = self._postgresql("bench")
            seed(url, library, FEW)
            postgres = started("bench.site:application", url, "postgres")
        self._progress.update(step, total=1, completed=1)
        return Sites(hello, few, FEW, many, self._options.learners, postgres)

    def _writers(self, sites: Sites, library: Library) -> None:
        saves = 40 if self._options.quick else 200
        ids = list(range(10, 10 + WRITERS))
        for name, server in (("SQLite", sites.few), ("PostgreSQL", sites.postgres)):
            if server is None:
                continue
            p50, p99 = waits_of_writers(server.port, library, measured_module(library), ids, saves=saves)
            self.lines.append(
                Line(f"{WRITERS} writers, {name}: p99 to p50", f"{p50:.1f} and {p99:.1f} ms", p99 / p50, 5, "×")
            )

    def _first_load(self, sites: Sites, library: Library) -> None:
        load = heaviest_load(sites.few.port, library)
        self.lines += [
            Line("first load of the heaviest lesson", "", load.size / 1000, 45, "kB", load.address),
            Line("  its requests", "", load.requests, 5, ""),
            Line("repeated load", "", load.repeat_size / 1000, 1, "kB"),
            Line("  its requests", "", load.repeat_requests, 1, ""),
        ]

    def _search(self, sites: Sites, library: Library) -> None:
        step = self._progress.add_task("Search", total=None)
        waits = measure_search(sites.few.port, library)
        self._progress.update(step, total=1, completed=1)
        measured = f"{waits.queries} queries, median {waits.median:.1f} ms"
        self.lines.append(Line("search: p95 of the wait", measured, waits.p95, SEARCH_BAR, "ms"))

    def _reports(self, workloads: Workloads, library: Library, *, rounds: int, times: int) -> None:
        sites = [self._site_of_reports("SQLite", self._url("reports"), library)]
        if self._postgresql:
            sites.append(self._site_of_reports("PostgreSQL", self._postgresql("reports"), library))
        step = self._progress.add_task("Counts and records", total=None)
        self.lines += lines_of_counts(workloads.hello, sites, rounds=rounds, times=times)
        for site in sites:
            self.lines += lines_of_records(site, rounds=2 if self._options.quick else 3)
        self._progress.update(step, total=1, completed=1)

    def _site_of_reports(self, name: str, url: str, library: Library) -> Reports:
        learners = self._options.learners
        step = self._progress.add_task(f"{learners:,} learners on {name}", total=learners)
        site = prepare(name, url, library, learners, lambda done: self._progress.advance(step, done))
        site.server = Server.start(
            "bench.site:application",
            workers=self._options.workers,
            environment=self._environment(url, f"reports-{name}"),
        )
        self._stack.callback(site.server.stop)
        return site

    def _certificates(self) -> None:
        step = self._progress.add_task("Certificates", total=None)
        many, rounds = (200, 3) if self._options.quick else (1_000, 7)
        figures = measure_certificates(self._content / "certificates" / "default", rounds=rounds, many=many)
        self._progress.update(step, total=1, completed=1)
        unsigned, mass, signed = (
            f"{figures.plain:.0f} and {one:.0f} ms" for one in (figures.unsigned, figures.mass, figures.mass_signed)
        )
        self.lines += [
            Line("certificate, not signed", unsigned, figures.unsigned_to_plain, 0.6, "× plain"),
            Line("  one of a mass issue", mass, figures.mass_to_plain, 0.15, "× plain", OF_A_MASS),
            Line("  with signature and badge", signed, figures.mass_signed_to_plain, SIGNED_BAR, "× plain"),
            Line("  its size", "", figures.size / 1000, 30, "kB"),
            Line(f"  growth over {figures.made:,} of them", "", figures.growth, 10, "MiB"),
        ]

    def _class_end(self, library: Library) -> None:
        learners = 60 if self._options.quick else 300
        step = self._progress.add_task(f"{learners} at the end of a class", total=None)
        environment = self._environment(self._url("class"), "class")
        found = measure_class_end(self._folder, library, environment, learners)
        self._progress.update(step, total=1, completed=1)
        pages = f"{found.before:.1f} and {found.during:.1f} ms"
        note = f"{found.served} files in {found.seconds:.0f} s; the lesson page of somebody else at the median"
        self.lines += [
            Line(f"{learners} certificates asked for at once: not served", "", learners - found.served, 0, ""),
            Line("  a page meanwhile, beside before", pages, found.ratio, CLASS_PAGE_BAR, "×", note),
        ]

    def _start(self, library: Library) -> None:
        requests = REQUESTS // 10 if self._options.quick else REQUESTS
        step = self._progress.add_task(f"{requests:,} requests", total=requests)
        pages = ["", "handbook/", "contacts/", "glossary/", "progress/", "certificate/"]
        for module in library.modules:
            pages += [f"modules/{module.id}/", *(f"modules/{module.id}/{lesson}/" for lesson in module.lesson_ids)]
        addresses = [f"/{language}/{page}" for page in pages for language in library.languages]
        start = measure_start(
            self._environment(self._url("few"), "few"),
            addresses,
            lambda done: self._progress.advance(step, done),
            requests=requests,
        )
        growth = start.memory_after - start.memory
        self.lines += [
            Line("start, content unchanged: first answer", "", start.seconds, 1.5, "s"),
            Line("two workers, warm (PSS)", "", start.memory_after, 130, "MiB"),
            # Allocators round up, so a megabyte more in ten thousand requests is not yet a leak.
            Line(f"  growth over {requests:,} requests", f"from {start.memory:.1f} MiB", growth, 1, "MiB"),
        ]

    def _url(self, name: str) -> str:
        return f"sqlite:///{self._folder / name}.sqlite3"

    def _instance(self, name: str) -> Path:
        return self._folder / f"instance-{name}"

    def _environment(self, url: str, name: str) -> dict[str, str]:
        return {
            "BENCH_INSTANCE": str(self._instance(name)),
            "BENCH_DATABASE_URL": url,
            "BENCH_CONTENT": str(self._content),
            # Nothing is written in the checkout.
            "PYTHONPYCACHEPREFIX": str(self._folder / "bytecode"),
        }


def table_of(lines: Sequence[Line]) -> Table:
    table = Table(Column("workload", no_wrap=True), title="CPU per request beside a bare Flask page")
    for heading in ("measured", "value", "bar"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for line in lines:
        verdict = "[green]met[/]" if line.met else "[red]not met[/]"
        value = f"{line.value:.2f}".rstrip("0").rstrip(".")
        table.add_row(
            line.workload,
            line.measured,
            f"{value} {line.unit}".strip(),
            f"{line.bar:g} {line.unit}".strip(),
            verdict,
        )
    return table


def notes_of(lines: Sequence[Line]) -> str:
    return "\n".join(f"{line.workload.strip()}: {line.note}" for line in lines if line.note)


def read_options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench", description="Measure the speed beside a bare Flask page.")
    parser.add_argument("--quick", action="store_true", help="a short run: rougher figures")
    parser.add_argument("--all", action="store_true", help="the start and the memory, too")
    parser.add_argument("--learners", type=int, help="how many learners the large databases have (100,000)")
    parser.add_argument("--workers", type=int, default=1, help="processes of each server (1)")
    parser.add_argument("--rounds", type=int, help="how often each workload is measured (11)")
    options = parser.parse_args(arguments)
    options.learners = options.learners or (20_000 if options.quick else 100_000)
    return options


def main() -> None:
    options = read_options()
    began = time.monotonic()
    progress = Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.completed:,.0f}"), TimeElapsedColumn(),
        console=console, transient=True,
    )  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="course-bench-") as folder, ExitStack() as stack:
        # PostgreSQL runs as a user who must be able to pass through.
        Path(folder).chmod(0o755)
        with progress:
            bench = Bench(options, Path(folder), stack, progress)
            bench.run()
    Console(width=max(console.width, WIDTH)).print(table_of(bench.lines))
    console.print(notes_of(bench.lines), highlight=False, soft_wrap=True)
    console.print(f"hello takes {bench.hello:.3f} ms of CPU; its rounds differ by {bench.noise:.0%}.", highlight=False)
    if bench.noise > NOISY:
        console.print("This machine has other things to do: run it again when it is quiet.", style="yellow")
    met = sum(line.met for line in bench.lines)
    took = time.monotonic() - began
    console.print(f"{met} of {len(bench.lines)} bars are met. It took {took:.0f} s.", highlight=False)


if __name__ == "__main__":
    main()
