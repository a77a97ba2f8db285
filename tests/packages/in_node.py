"""Asks the runtime of the packages, in node, without a browser."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from course.content.library import Library
from course.exports.packages.key import key_of

HERE = Path(__file__).parent


def key_for(library: Library) -> dict[str, Any]:
    """The key of the whole course, as it stands in a package."""
    found: dict[str, Any] = json.loads(json.dumps(key_of(library, library.modules, library.languages)))
    return found


def ask(what: str, *, program: str = "runtime.mjs", **given: Any) -> Any:
    done = subprocess.run(
        ["node", program, what], cwd=HERE, input=json.dumps(given), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
