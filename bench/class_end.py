"""The end of a class: everybody asks for the certificate at once, beside a reader who turns the pages of a lesson.

`python -m bench.class_end --learners 300` prints what it measured; `./run bench` shows it among the other lines.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import insert

from bench.client import Client
from bench.package import copy_package
from bench.seeding import BEGAN, cookie_of, seed
from bench.server import CHECKOUT, Server
from course.content.library import Library
from course.storage.engine import make_engine
from course.storage.tables import Completion

TRACK = "core"
#: Looks at a lesson before the class asks, and the pause between two looks, then and later.
WARM_UP, LOOKS = 50, 200
PAUSE = 0.02
#: Whoever has waited so long has not been served.
LONGEST = 900.0


@dataclass
class ClassEnd:
    """What the class and the reader saw."""

    learners: int
    served: int = 0
    #: Answers that were neither a page nor a file.
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0
    #: Milliseconds of the reader's page at the median, alone and while the class is served.
    before: float = 0.0
    during: float = 0.0

    @property
    def ratio(self) -> float:
        return self.during / self.before


def measure_class_end(folder: Path, library: Library, environment: Mapping[str, str], learners: int) -> ClassEnd:
    """The server and its worker, as `./run` starts them, for a class of so many."""
    url = environment["BENCH_DATABASE_URL"]
    seed(url, library, learners + 1)
    _graduate(url, library, learners)
    server = Server.start("bench.site:application", environment=environment)
    try:
        with _worker(environment, folder / "worker.log"):
            return _asked(server.port, library, learners)
    finally:
        server.stop()


def _graduate(url: str, library: Library, learners: int) -> None:
    """All but the last learner have passed what the certificate asks for; the first module they have passed already."""
    lacking = [one for one in library.track(TRACK).module_ids if one != library.modules[0].id]
    common = {"passed_at": BEGAN, "attempt_id": None, "edition": library.edition, "language": "fi"}
    rows = [{"learner_id": one, "module_id": name, **common} for one in range(1, learners + 1) for name in lacking]
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(insert(Completion), rows)
    engine.dispose()


@contextmanager
def _worker(environment: Mapping[str, str], log: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "flask", "--app", "bench.site", "course", "work", "--every", "1"]
    with log.open("wb") as said:
        worker = subprocess.Popen(command, cwd=CHECKOUT, env={**os.environ, **environment}, stdout=said, stderr=said)
        try:
            yield
        finally:
            worker.terminate()
            worker.wait(20)


def _asked(port: int, library: Library, learners: int) -> ClassEnd:
    found = ClassEnd(learners)
    lesson = f"/fi/modules/{library.modules[0].id}/{library.modules[0].lesson_ids[0]}/"
    reader = Client(port, cookie_of(learners + 1))
    for _ in range(WARM_UP):
        _look(reader, lesson)
    found.before = statistics.median(_look(reader, lesson) for _ in range(LOOKS))
    began = time.monotonic()
    with ThreadPoolExecutor(learners) as class_room:
        asking = [class_room.submit(_certificate, port, one, found) for one in range(1, learners + 1)]
        during = []
        while not all(one.done() for one in asking):
            during.append(_look(reader, lesson))
    found.seconds = time.monotonic() - began
    found.during = statistics.median(during)
    return found


def _look(reader: Client, address: str) -> float:
    began = time.perf_counter()
    if reader.get(address).status != 200:
        raise RuntimeError("the lesson was not shown")
    took = time.perf_counter() - began
    time.sleep(PAUSE)
    return took * 1000


_counting = threading.Lock()


def _certificate(port: int, learner: int, found: ClassEnd) -> None:
    """One of the class: she types her name, asks for the file, and comes back when the page says so."""
    try:
        said = _served(port, learner)
    except OSError as error:
        said = repr(error)
    with _counting:
        found.served += not said
        if said:
            found.faults.append(f"learner {learner}: {said}")


def _served(port: int, learner: int) -> str:
    client = Client(port, cookie_of(learner))
    [token] = re.findall(r'name="csrf_token" value="([^"]+)"', client.get("/fi/certificate/").text)[:1]
    answer = client.post("/fi/certificate/", [("csrf_token", token), ("name", f"Oppija Numero {learner}")])
    if answer.status != 303:
        return f"the name was answered with {answer.status}"
    links = client.get("/fi/certificate/").text.split('href="')
    address = next(link.partition('"')[0] for link in links if link.partition('"')[0].endswith(".pdf"))
    end = time.monotonic() + LONGEST
    while time.monotonic() < end:
        answer = client.get(address)
        if answer.status == 200 and answer.headers["Content-Type"] == "application/pdf":
            return ""
        if answer.status != 202:
            return f"the file was answered with {answer.status}"
        time.sleep(float(answer.headers["Retry-After"]))
    return f"no file in {LONGEST:g} seconds"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--learners", type=int, default=300)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="course-class-") as name:
        folder = Path(name)
        library = copy_package(folder / "content")
        environment = {
            "BENCH_INSTANCE": str(folder / "instance"),
            "BENCH_DATABASE_URL": f"sqlite:///{folder / 'class'}.sqlite3",
            "BENCH_CONTENT": str(folder / "content"),
        }
        found = measure_class_end(folder, library, environment, options.learners)
    rate = found.learners / found.seconds
    print(f"{found.served} of {found.learners} served in {found.seconds:.0f} s, {rate:.1f} a second")
    print(
        f"lesson page at the median: {found.before:.1f} ms before and {found.during:.1f} ms during, × {found.ratio:.2f}"
    )
    for fault in found.faults[:5]:
        print(fault)


if __name__ == "__main__":
    main()
