"""The linter of a content package: every rule is one function with one sentence, every finding names the fix."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from course.content.check import (
    cases,
    editions,
    evidence,
    files,
    groups,
    keys,
    pre_test,
    registers,
    resting,
    searching,
    spelling,
    structure,
    texts,
    tools,
    translations,
    words,
)
from course.content.check.registry import RULES, Checked, Rule
from course.content.findings import ContentError, Finding
from course.content.package import Package, read
from course.content.practice_rendering import render_practice
from course.content.rendering import Rendered, render

__all__ = ["ROOMS", "RULES", "Rule", "check", "essential_findings"]

#: The rules are written down in these modules; docs/content-check.md follows the same order.
ROOMS = (
    files,
    structure,
    translations,
    texts,
    spelling,
    registers,
    groups,
    keys,
    pre_test,
    resting,
    evidence,
    words,
    cases,
    tools,
    editions,
    searching,
)


def check(root: Path, *, today: date) -> list[Finding]:
    """Everything that is wrong with the package, by file and line."""
    try:
        package = read(root)
    except ContentError as error:
        return list(error.findings)
    rendered = render(package)
    render_practice(package, rendered)
    checked = Checked(package, rendered, today)
    found = [finding for rule in RULES.values() for finding in rule.findings(checked)]
    return sorted(found, key=lambda finding: (finding.path, finding.line, finding.rule))


def essential_findings(package: Package, rendered: Rendered) -> list[Finding]:
    """Only what keeps the package from being used."""
    checked = Checked(package, rendered, package.spine.published)
    return [finding for rule in RULES.values() if rule.essential for finding in rule.findings(checked)]
