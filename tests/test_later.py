"""Libraries that few requests need are not loaded when the site starts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from course.later import Later

CHECKOUT = Path(__file__).parent.parent
HEAVY = {"alembic", "authlib", "ebooklib", "icalendar", "joserfc", "openpyxl", "requests", "webauthn", "xlsxwriter"}


def python(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_site_starts_without_them() -> None:
    assert python(f"import sys; import course.extension; print(*sorted({HEAVY!r} & sys.modules.keys()))") == ""


def test_the_first_who_asks_for_something_loads_the_module() -> None:
    program = (
        "import sys; from course.later import Later; one = Later('colorsys'); before = 'colorsys' in sys.modules;"
        "made = one.rgb_to_hsv(1, 1, 1); print(before, 'colorsys' in sys.modules, made)"
    )
    assert python(program) == "False True (0.0, 0.0, 1)"


def test_what_the_module_does_not_have_is_an_error_as_ever() -> None:
    with pytest.raises(AttributeError, match="json"):
        _ = Later("json").nothing
