"""Tunnista ja ohjaa: an open course platform for Flask. Begin at `course.extension`."""

from __future__ import annotations

__version__ = "2026.1"
