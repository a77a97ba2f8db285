"""The matrix of docs/package-hosts.md. `python -m tests.packages.matrix` writes it anew."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from course.content.loading import load
from tests.packages.in_node import ask, key_for

CHECKOUT = Path(__file__).parents[2]
DOCUMENT = CHECKOUT / "docs/package-hosts.md"
KINDS = {"scorm12": "SCORM 1.2", "scorm2004": "SCORM 2004", "cmi5": "cmi5"}
#: What the learner is told, by the sign of the runtime.
TOLD = {
    "no-host": "no platform is told",
    "shut": "the platform did not let it begin",
    "refused": "the platform does not save",
    "lost": "the platform does not give it back",
    "untold": "the platform did not take in the pass",
    "ask": "there is earlier work on this device",
    "recovered": "work was missing and has been put back",
    "over": "this visit has ended",
}
HEAD = """# What packages do on platforms that fail

Written by `python -m tests.packages.matrix`, and held by `tests/packages/test_hosts.py`: do not edit it by hand.

An emulator plays a learner on platforms with one fault each, with the adapters and the keeper of the packages as they
are. Each fault was reported by somebody; the link leads to the report. The first visit ends in the middle of the
course, the second finishes it on the same device, the third is on another device.

- *Goes on*: whether the second visit finds what the first one did. "From the device" means that the platform had lost
  it and the copy in the browser put it back.
- *Pass reaches the platform*: whether the platform shows the course as passed after the second visit.
- *The learner is told*: the warnings and notices of the two visits, in short. Nothing stands there when all is well.
- *On another device*: what the third visit finds. Where the platform has nothing and says that this is the first visit,
  nobody can know better, and the learner is told nothing.

What was seen in a real Moodle stands in [moodle-packages.md](moodle-packages.md).

A fault counts as survived when nothing is lost and the pass is there, or when the learner is told in plain words.

Platforms in order: `EVERY_LOOK=1 ./run test tests/packages/test_one_record.py tests/web/test_lti_record.py` plays the
same 1,000 scripted learners on the pages of the site, over launches, in SCORM 1.2, SCORM 2004 and cmi5, and compares
every record.

| platform | fault | report | goes on | pass reaches the platform | the learner is told | on another device |
|---|---|---|---|---|---|---|
"""


def results(**given: Any) -> list[dict[str, Any]]:
    """What the emulator found, on the small course of the tests."""
    library = load(Path(__file__).parents[1] / "fixture_course")
    found: list[dict[str, Any]] = ask("", program="emulator.mjs", key=key_for(library), **given)
    return found


def survived(one: dict[str, Any]) -> bool:
    """Nothing is lost and the platform knows of the pass, or the learner was told; nobody passes who has not."""
    in_order: bool = one["sameDevice"] and one["told"]
    return not one["early"] and one["completed"] and (in_order or bool(one["warned"]))


def document(found: Sequence[dict[str, Any]]) -> str:
    return HEAD + "".join(f"| {' | '.join(_row(one))} |\n" for one in found if one["report"])


def _row(one: dict[str, Any]) -> list[str]:
    where = "/".join(one["report"].removeprefix("https://github.com/").split("/"))
    told = "; ".join(TOLD[sign] for sign in one["warned"])
    goes_on = "from the device" if one["putBack"] and one["sameDevice"] else "yes" if one["sameDevice"] else "no"
    there = "the same" if one["elsewhere"] else "nothing" + (", and says so" if one["elsewhereSaid"] else "")
    name = where.replace("/issues/", " ").replace("/pull/", " ")
    link = f"[{name}]({one['report']})"
    return [KINDS[one["kind"]], one["what"], link, goes_on, "yes" if one["told"] else "no", told, there]


if __name__ == "__main__":
    DOCUMENT.write_text(document(results()), encoding="utf-8")
