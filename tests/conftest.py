"""Fixtures for all tests. The parts live in plugins, one for each thing that a test may need."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("tests.strict_client")
pytest_plugins = ["tests.network_guard", "tests.databases", "tests.browser_fixtures"]
