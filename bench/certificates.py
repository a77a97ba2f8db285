"""A certificate beside a bare `HTML(…).write_pdf()` of the same page, in one process: time, size and memory.

Run as a program it prints its figures as JSON; `measure_certificates` runs it, because it wants a process to itself.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from weasyprint import HTML

from course.domain.certificate import CertificateFacts
from course.exports.certificate_pdf import render_certificate
from course.exports.certificate_press import CertificateFiles
from course.exports.certificate_template import STYLE, CertificateTemplate, Sample, Templates
from course.exports.jobs import MakeFile
from course.exports.rendering_process import RenderingProcess
from course.exports.signing_keys import SigningSettings
from course.exports.workshop import Workshop

_FEW = 4


@dataclass(frozen=True)
class Figures:
    #: CPU milliseconds of a piece.
    plain: float
    unsigned: float
    signed: float
    #: The median of the ratios of each round.
    unsigned_to_plain: float
    signed_to_plain: float
    #: Bytes of the largest file.
    size: int
    #: MiB that the process which makes them has grown by while it made so many signed certificates.
    growth: float
    made: int


def measure_certificates(template: Path, *, rounds: int, many: int) -> Figures:
    """In a process of its own, warm, with interleaved rounds."""
    command = [sys.executable, "-m", "bench.certificates", str(template), str(rounds), str(many)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Figures(**json.loads(done.stdout))


def _measured(template: Path, rounds: int, many: int) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        workshop = Workshop(Templates(template), SigningSettings(Path(folder), "https://course.example"))
        facts = [Sample(template, language).facts() for language in ("fi", "sv", "en")]
        style = (template / STYLE).read_text(encoding="utf-8")
        loaded = CertificateTemplate(template)

        def plain(one: CertificateFacts) -> bytes:
            page = loaded.page(one).replace("</head>", f"<style>{style}</style></head>")
            made: bytes = HTML(string=page, url_fetcher=CertificateFiles(loaded, one)).write_pdf()
            return made

        def unsigned(one: CertificateFacts) -> bytes:
            return render_certificate(one, template)

        def signed(one: CertificateFacts) -> bytes:
            made = workshop.do(MakeFile(one, 1))
            assert isinstance(made, bytes)
            return made

        size, growth = _many(template, Path(folder), facts, many)
        ways = (plain, unsigned, signed)
        times = [[_milliseconds(way, facts) for way in ways] for _ in range(rounds)]
    plain_ms, unsigned_ms, signed_ms = (statistics.median(column) for column in zip(*times, strict=True))
    return Figures(
        plain_ms,
        unsigned_ms,
        signed_ms,
        unsigned_to_plain=statistics.median(row[1] / row[0] for row in times),
        signed_to_plain=statistics.median(row[2] / row[0] for row in times),
        size=size,
        growth=growth,
        made=many,
    )


def _many(template: Path, folder: Path, facts: list[CertificateFacts], many: int) -> tuple[int, float]:
    """The largest size, and what the process that makes them as the site has it grows by after the first tenth."""
    process = RenderingProcess(Templates(template), SigningSettings(folder, "https://course.example"))
    size, after_a_tenth, most = 0, 0.0, 0.0
    for number in range(many):
        one = replace(facts[number % len(facts)], name=f"Person {number}")
        size = max(size, len(process.render(one, number)))
        most = max(most, process.memory())
        if number <= many // 10:
            after_a_tenth = most
    process.close()
    return size, most - after_a_tenth


def _milliseconds(make: Callable[[CertificateFacts], bytes], facts: list[CertificateFacts]) -> float:
    make(facts[0])
    before = time.process_time()
    for number in range(_FEW):
        make(facts[number % len(facts)])
    return (time.process_time() - before) / _FEW * 1000


if __name__ == "__main__":
    _template, _rounds, _many_times = sys.argv[1:]
    print(json.dumps(asdict(_measured(Path(_template), int(_rounds), int(_many_times)))))
