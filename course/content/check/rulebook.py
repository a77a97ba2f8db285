"""The page that lists every rule, made from the rules themselves: docs/content-check.md."""

from __future__ import annotations

from course.content.check import ROOMS, RULES

HEAD = """\
# What the content check looks at

`flask --app wsgi course check` reads a content package the way the site does and names, for every fault, the file, the
line and the fix. An **error** is wrong for a learner; a **warning** is for somebody to look at. The site does not start
with a package that breaks a rule marked \u25cf.

This page is made from the code in `course/content/check/`; a test keeps them the same.
"""


def rulebook() -> str:
    """The rules in one line each, in the order in which they are written down."""
    parts = [HEAD]
    for room in ROOMS:
        title = (room.__doc__ or room.__name__).strip().splitlines()[0].rstrip(".")
        parts.append(f"\n## {title}\n\n| rule | level | |\n|---|---|---|\n")
        for rule in RULES.values():
            if rule.room == room.__name__:
                mark = " \u25cf" if rule.essential else ""
                parts.append(f"| `{rule.name}` | {rule.level}{mark} | {rule.says} |\n")
    return "".join(parts)
