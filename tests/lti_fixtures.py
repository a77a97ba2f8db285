"""A learning platform that answers on this machine, for the tests of LTI."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.lti_platform import LtiPlatform


@pytest.fixture
def platform(site, client, clock) -> Iterator[LtiPlatform]:
    made = LtiPlatform(now=lambda: clock().timestamp(), tool_keys=lambda: client.raw.get("/lti/jwks.json").json)
    yield made
    made.close()
