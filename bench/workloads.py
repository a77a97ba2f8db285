"""The workloads of the table: which requests, against which server, held against which bar."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, cycle

from bench.client import Client
from bench.journey import Attempt, whole_attempt
from bench.measuring import Line, Workload, ratio
from bench.package import QUESTIONS, measured_module
from bench.seeding import cookie_of
from bench.server import Server
from course.content.library import Library

#: How many learners take turns, so that no page is asked for by one learner only.
IN_TURN = 40
#: Attempts before the first that is measured: the parts of a quiz's pages are prepared when they are first asked for,
#: and a site in use has them.
ATTEMPTS_BEFORE = 40


@dataclass
class Sites:
    """The servers that are compared, and the number of learners in each database."""

    hello: Server
    few: Server
    few_learners: int
    many: Server
    many_learners: int
    #: The course on PostgreSQL, where there is one.
    postgres: Server | None


class Workloads:
    """All workloads, by what they are."""

    def __init__(self, sites: Sites, library: Library) -> None:
        self.sites = sites
        self.library = library
        self.module_id = measured_module(library)
        #: Learners who have not taken the quiz yet, from the last one down; readers and writers come from the front.
        self._fresh = count(sites.few_learners, -1)
        self.hello = Workload("hello", sites.hello, _get(sites.hello, "/"))
        self.lesson = Workload("lesson page", sites.few, self._lesson(sites.few, sites.few_learners))
        self.lesson_many = Workload("lesson page, many", sites.many, self._lesson(sites.many, sites.many_learners))
        self.own = Workload("own page unchanged", sites.few, self._unchanged(cookie_of(1)))
        self.public = Workload("public page unchanged", sites.few, self._unchanged(""))
        self.save = Workload("save on SQLite", sites.few, self._save(sites.few, 2))
        self.attempt = Workload(
            "whole attempt", sites.few, self._attempt(saves=True), share=1 / 20, warm_up=ATTEMPTS_BEFORE
        )
        self.pages = Workload("its pages", sites.few, self._attempt(saves=False), share=1 / 20, warm_up=ATTEMPTS_BEFORE)
        self.save_postgres = (
            Workload("save on PostgreSQL", sites.postgres, self._save(sites.postgres, 2)) if sites.postgres else None
        )

    def all(self) -> list[Workload]:
        found = [self.hello, self.lesson, self.lesson_many, self.own, self.public, self.save, self.attempt, self.pages]
        return [*found, self.save_postgres] if self.save_postgres else found

    @property
    def lesson_address(self) -> str:
        module = self.library.modules[0]
        return f"/fi/modules/{module.id}/{module.lesson_ids[0]}/"

    def _lesson(self, server: Server, learners: int) -> Callable[[], object]:
        client = Client(server.port)
        step = max(1, learners // IN_TURN)
        cookies = cycle([cookie_of(one) for one in range(1, learners + 1, step)])

        def ask() -> None:
            client.cookie = next(cookies)
            _must(client.get(self.lesson_address).status, 200)

        return ask

    def _unchanged(self, cookie: str) -> Callable[[], object]:
        client = Client(self.sites.few.port, cookie)
        tag = client.get(self.lesson_address).headers["ETag"]

        def ask() -> None:
            answer = client.get(self.lesson_address, **{"If-None-Match": tag})
            _must(answer.status, 304)
            _must(len(answer.body), 0)

        return ask

    def _save(self, server: Server, learner_id: int) -> Callable[[], object]:
        attempt = Attempt(Client(server.port, cookie_of(learner_id)), self.library, self.module_id)
        attempt.view()
        attempt.start()
        questions = cycle(list(attempt.questions()))
        return lambda: attempt.save(next(questions))

    def _attempt(self, *, saves: bool) -> Callable[[], object]:
        client = Client(self.sites.few.port)

        def take() -> None:
            client.cookie = cookie_of(next(self._fresh))
            whole_attempt(client, self.library, self.module_id, saves=saves)

        return take

    def lines(self, statements: int) -> Iterator[Line]:
        """The lines whose value is CPU beside hello."""
        flat = ratio(self.lesson_many, self.lesson)
        few, many = self.sites.few_learners, self.sites.many_learners
        yield self._line("lesson page of a known learner", self.lesson, 3)
        yield Line("  its SQL statements", f"{statements}", statements, 3, unit="")
        yield Line(
            f"  flat from {few:,} to {many:,} learners", f"{self.lesson_many.milliseconds:.3f} ms", flat, 1.2, "×"
        )
        yield self._line("own page unchanged: 304, no body", self.own, 1.2)
        yield self._line("public page unchanged: 304, no body", self.public, 1.2)
        yield self._line("save one answer, SQLite", self.save, 2)
        if self.save_postgres:
            yield self._line(
                "save one answer, PostgreSQL", self.save_postgres, 4, "the database's own work not counted"
            )
        yield self._line(f"whole attempt of {QUESTIONS} questions", self.attempt, 30)
        yield self._line("  its pages without the saves", self.pages, 12, "five requests: start and submit redirect")

    def _line(self, name: str, workload: Workload, bar: float, note: str = "") -> Line:
        return Line(name, f"{workload.milliseconds:.3f} ms", ratio(workload, self.hello), bar, note=note)


def _get(server: Server, path: str) -> Callable[[], object]:
    client = Client(server.port)
    return lambda: client.get(path)


def _must(found: int, wanted: int) -> None:
    if found != wanted:
        raise RuntimeError(f"the site answered {found} and not {wanted}")
