"""What the administrators' pages of learning platforms show."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlatformLine:
    name: str
    issuer: str
    mark: str
    state: str
    registered: str
    url: str


@dataclass(frozen=True, slots=True)
class DeploymentLine:
    id: str
    mark: str
    state: str
    seen: str
    allowed: bool
