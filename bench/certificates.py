"""A certificate beside a bare `HTML(…).write_pdf()` of the same page, in one process: time, size and memory.

One by itself is set as a page; a mass issue is made of forms, and its price is that of everything, the forms included.

Run as a program it prints its figures as JSON; `measure_certificates` runs it, because it wants a process to itself.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from weasyprint import HTML

from course.domain.certificate import CODE_BYTES, CertificateFacts, new_code
from course.exports.certificate_press import Press
from course.exports.certificate_template import STYLE, CertificateTemplate, Sample, Templates
from course.exports.certificate_writing import CertificateFiles, Typesetter
from course.exports.jobs import MakeFile
from course.exports.rendering_process import RenderingProcess
from course.exports.signing_keys import SigningSettings
from course.exports.workshop import Workshop

_FEW = 4
#: People of the mass issue; a part of them is made in each round.
MASS = 1_000
_FIRST = (
    *(
        "Aino",
        "Åsa",
        "Liisa",
        "Per-Erik",
        "Mohamed",
        "Anna-Kaisa",
        "Olga",
        "Eeva",
        "Hüseyin",
        "Thi",
        "Jón",
        "Wilhelmiina",
    ),
    *("Matti", "Sofia", "Kari", "Ulla-Maija", "Björn", "Fatima", "Juhani", "Riikka"),
)
_LAST = (
    *(
        "Öhman",
        "Korhonen",
        "af Ek",
        "Nguyen",
        "Virtanen-Mäkeläinen",
        "Łukasik",
        "O’Brien",
        "Sjöström",
        "Abdullahi",
        "Niemi",
    ),
    *("Nieminen", "Lindqvist", "Hämäläinen", "Berg", "Laine", "Rantanen", "Šimić", "Salo", "Kovačević", "Wikström"),
)


@dataclass(frozen=True)
class Figures:
    #: CPU milliseconds of a piece: bare, one by itself, and one of a mass issue, not signed and signed.
    plain: float
    unsigned: float
    mass: float
    mass_signed: float
    #: The median of the ratios of each round; for a mass issue the mean piece of all rounds to the median bare one.
    unsigned_to_plain: float
    mass_to_plain: float
    mass_signed_to_plain: float
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
        typesetter, press = Typesetter(loaded), Press(template)

        def plain(one: CertificateFacts) -> None:
            page = loaded.page(one).replace("</head>", f"<style>{style}</style></head>")
            HTML(string=page, url_fetcher=CertificateFiles(loaded, one)).write_pdf()

        def unsigned(one: CertificateFacts) -> None:
            typesetter.write(typesetter.set(loaded.page(one), CertificateFiles(loaded, one)), one, b"")

        def mass(one: CertificateFacts) -> None:
            press.render(one)

        def mass_signed(one: CertificateFacts) -> None:
            workshop.do(MakeFile(one, 1))

        size, growth = _many(template, Path(folder), facts, many)
        people, part = _people(facts, MASS), MASS // rounds
        # What is loaded once is loaded. The forms are not: no kind has been seen twice.
        workshop.do(MakeFile(people[0], 1))
        times = []
        for number in range(rounds):
            these = people[number * part : (number + 1) * part]
            alone = [_milliseconds(way, these[:_FEW]) for way in (plain, unsigned)]
            times.append([*alone, *(_milliseconds(way, these) for way in (mass, mass_signed))])
    plain_ms, unsigned_ms, *_ = (statistics.median(column) for column in zip(*times, strict=True))
    mass_ms, signed_ms = (statistics.fmean(row[column] for row in times) for column in (2, 3))
    return Figures(
        plain_ms,
        unsigned_ms,
        mass_ms,
        signed_ms,
        unsigned_to_plain=statistics.median(row[1] / row[0] for row in times),
        mass_to_plain=mass_ms / plain_ms,
        mass_signed_to_plain=signed_ms / plain_ms,
        size=size,
        growth=growth,
        made=many,
    )


def _people(facts: list[CertificateFacts], number: int) -> list[CertificateFacts]:
    """Those of a mass issue: everyone has her own name and number, and the languages take turns."""
    chosen, people = random.Random(0), []
    for index in range(number):
        name = " ".join((*chosen.choices(_FIRST, k=chosen.choice((1, 1, 1, 2))), chosen.choice(_LAST)))
        code = new_code(chosen.randbytes(CODE_BYTES))
        address = f"https://course.example/verify/{code}"
        people.append(replace(facts[index % len(facts)], name=name, code=code, verify_url=address))
    return people


def _many(template: Path, folder: Path, facts: list[CertificateFacts], many: int) -> tuple[int, float]:
    """The largest size, and what the process that makes them as the site has it grows by after the first tenth."""
    process = RenderingProcess(Templates(template), SigningSettings(folder, "https://course.example"))
    size, after_a_tenth, most = 0, 0.0, 0.0
    for number, one in enumerate(_people(facts, many)):
        size = max(size, len(process.render(one, number)))
        most = max(most, process.memory())
        if number <= many // 10:
            after_a_tenth = most
    process.close()
    return size, most - after_a_tenth


def _milliseconds(make: Callable[[CertificateFacts], None], facts: list[CertificateFacts]) -> float:
    before = time.process_time()
    for one in facts:
        make(one)
    return (time.process_time() - before) / len(facts) * 1000


if __name__ == "__main__":
    _template, _rounds, _many_times = sys.argv[1:]
    print(json.dumps(asdict(_measured(Path(_template), int(_rounds), int(_many_times)))))
