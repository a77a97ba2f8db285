"""The rules of cases and tools, each tried on a fault planted in a copy of the fixture course."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from course.content.check import RULES, cases, check, tools
from course.content.findings import ContentError
from course.content.loading import load
from course.content.stamping import stamp
from tests.content.test_check_rules import FIXTURE, TODAY, Plant, line_of, plant

CASE = "modules/cases/cold-guest.yaml"
CASE_FI = "modules/fi/cases/cold-guest.yaml"
CASE_SV = "modules/sv/cases/cold-guest.yaml"
REFERRAL = "modules/tools/referral.yaml"
INDICATORS = "modules/tools/indicators.yaml"


def shorter(case: str) -> str:
    """One decision less: the bread is an end."""
    before, _, after = case.partition("- id: bread\n")
    rest = after[after.index("- id: question") :]
    return f"{before}- id: bread\n  end: good\n  section: offer-it\n{rest}"


PLANTS = [
    plant("case-track", CASE, "- drinks", "- cakes"),
    plant("case-node", CASE, "to: cup", "to: cellar", "- id: pour"),
    plant("case-node", CASE, "- id: kettle", "- id: cold", "- id: cold"),
    # Four faults that would leave a reader stuck, lost or unanswered.
    plant("case-dead-end", CASE, "  end: good\n", "", "- id: thanks"),
    plant("case-unreachable", CASE, "to: cold", "to: kettle", "- id: cold"),
    plant(
        "case-loss-unexplained", CASE_FI, "    why: Kukaan ei kysynyt. Kysymys ovella olisi riittänyt.\n", "", "  gone:"
    ),
    plant("case-feedback", CASE_SV, "        why: Gästen kommer in och sätter sig.\n", "", "let-in:"),
    plant("case-loss-unexplained", CASE, "    error: missed-a-victim\n- id: thanks", "- id: thanks", "- id: gone"),
    plant("case-circle", CASE, "to: question", "to: cup", "- id: offer"),
    plant("case-section", CASE, "section: hot-water", "section: cold-water", "- id: pour"),
    plant("case-section", CASE, "  end: good\n  section: offer-it", "  end: good", "- id: thanks"),
    plant("case-words", CASE_SV, "      let-in:", "      let-out:"),
    Plant("case-size", CASE, shorter, 1),
    plant("track-without-case", CASE, "- drinks\n", "", "- id: drinks", "modules/course.yaml"),
    plant("tool-rests", REFERRAL, "section: hot-water", "section: cold-water"),
    plant("tool-rests", INDICATORS, "sources: [bread-law]", "sources: [cake-law]"),
    plant("tool-words", "modules/en/tools/referral.yaml", "  boil: Boil", "  fry: Boil"),
    plant("tool-words", "modules/en/tools/indicators.yaml", "steam:", "smoke:"),
    plant("tool-words", "modules/sv/tools/indicators.yaml", "pour-tea:", "pour-milk:"),
    plant("referral-when", REFERRAL, "guest: [hungry, unknown]}, contact", "guest: [angry]}, contact"),
    plant("referral-when", REFERRAL, ", contact: bakery", "", "id: bakery"),
    plant("referral-when", REFERRAL, "contact: tea-line", "contact: tea-shop"),
    plant("referral-complete", REFERRAL, "when: {who: [baker]}", "when: {who: [cook]}", "advice:"),
]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FIXTURE, tmp_path / "package"))


def changed(package: Path, path: str, old: str, new: str) -> None:
    text = (package / path).read_text("utf-8")
    assert old in text, f"{old!r} is not in {path}"
    (package / path).write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize("fault", PLANTS, ids=[f"{fault.rule}-{place}" for place, fault in enumerate(PLANTS)])
def test_a_planted_fault_is_found_on_its_line_with_a_fix(package: Path, fault: Plant) -> None:
    assert fault.change is not None
    file = package / fault.path
    file.write_text(fault.change(file.read_text("utf-8")), "utf-8")
    line = fault.at if isinstance(fault.at, int) else line_of((package / fault.where).read_text("utf-8"), fault.at)

    found = [finding for finding in check(package, today=TODAY) if finding.rule == fault.rule]

    assert (fault.where, line) in [(finding.path, finding.line) for finding in found]
    assert all(finding.what and finding.fix for finding in found)


def test_every_rule_of_cases_and_tools_has_a_planted_fault() -> None:
    rooms = {cases.__name__, tools.__name__}
    assert {fault.rule for fault in PLANTS} == {rule.name for rule in RULES.values() if rule.room in rooms}


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (CASE, "  end: good\n", ""),
        (CASE, "to: question", "to: cup"),
        (CASE_FI, "      let-in:", "      let-out:"),
        (REFERRAL, "contact: tea-line", "contact: tea-shop"),
    ],
)
def test_the_site_does_not_start_with_a_case_or_tool_that_would_fail_a_reader(
    package: Path, path: str, old: str, new: str
) -> None:
    changed(package, path, old, new)
    with pytest.raises(ContentError):
        load(package)


def test_a_changed_case_makes_its_translations_stale_until_they_are_stamped(package: Path) -> None:
    changed(package, CASE_FI, "Vesi kiehuu.", "Vesi kiehuu jo.")
    stale = {finding.path for finding in check(package, today=TODAY) if finding.rule == "translation-stale"}
    assert stale == {CASE_SV, "modules/en/cases/cold-guest.yaml"}

    assert set(stamp(package)) == stale
    assert check(package, today=TODAY) == []


def test_a_changed_section_names_the_cases_and_tools_that_rest_on_it(package: Path) -> None:
    changed(package, "modules/fi/010-tea/010-water.md", "Keitä vesi", "Kuumenna vesi")
    stale = {finding.path for finding in check(package, today=TODAY) if finding.rule == "question-stale"}
    assert {CASE, REFERRAL, INDICATORS} <= stale


def test_a_package_without_cases_and_tools_is_whole(package: Path) -> None:
    for path in [*package.rglob("cases/*.yaml"), *package.rglob("tools/*.yaml")]:
        path.unlink()
    assert check(package, today=TODAY) == []
    practice = load(package).practice
    assert (practice.cases, practice.referral, practice.indicators) == ({}, None, None)


def test_the_words_of_a_case_missing_in_one_language_are_named(package: Path) -> None:
    (package / CASE_SV).unlink()
    found = [finding.path for finding in check(package, today=TODAY) if finding.rule == "file-missing"]
    assert found == [CASE_SV]
