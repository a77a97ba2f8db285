"""Fixtures for all tests. The parts live in plugins, one for each thing that a test may need."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# A machine under load is slow, and a slow test is no wrong result. On CI the examples are the same at every run.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")

pytest.register_assert_rewrite("tests.strict_client")
pytest_plugins = [
    "tests.network_guard",
    "tests.databases",
    "tests.site_fixtures",
    "tests.staff_fixtures",
    "tests.lti_fixtures",
    "tests.record_fixtures",
    "tests.browser_fixtures",
]
