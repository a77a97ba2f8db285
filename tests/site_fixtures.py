"""The application for the tests: the fixture course on a fresh database, with a clock that a test can move."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from course.content.library import Library
from course.content.loading import load
from course.extension import Course, create_app
from course.web.site import Site
from tests.strict_client import StrictClient

CHECKOUT = Path(__file__).parents[1]
FIXTURE_COURSE = Path(__file__).parent / "fixture_course"


class Clock:
    """The application's clock. It stands still until a test moves it."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def move(self, **step: float) -> None:
        """Forward (or back) by `timedelta`'s arguments."""
        self.moment += timedelta(**step)


@pytest.fixture(scope="session")
def fixture_course() -> Path:
    """A small content package, made for the tests: three modules, of which nothing need be true."""
    return FIXTURE_COURSE


@pytest.fixture(scope="session")
def library(fixture_course: Path) -> Library:
    """The fixture course, loaded."""
    return load(fixture_course)


@pytest.fixture(scope="session")
def real_library() -> Library:
    """The course itself, loaded."""
    return load(CHECKOUT)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@contextmanager
def site_of(
    content: Path, database_url: str, instance: Path, clock: Clock, base_url: str = "http://localhost"
) -> Iterator[Flask]:
    """The stand-alone site with some content."""
    settings = {
        "TESTING": True,
        "SECRET_KEY": "tests only",
        "COURSE_DATABASE_URL": database_url,
        "COURSE_CONTENT_DIR": str(content),
        "COURSE_INSTANCE_DIR": str(instance),
        "COURSE_BASE_URL": base_url,
    }
    app = create_app(settings, course=Course(now=clock))
    yield app
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture
def app(database_url: str, fixture_course: Path, shared_folder: Path, clock: Clock) -> Iterator[Flask]:
    """The stand-alone site, on SQLite and on PostgreSQL."""
    # The folder is shared, so that the content is read once and not for every test.
    with site_of(fixture_course, database_url, shared_folder / "instance", clock) as app:
        yield app


@pytest.fixture
def real_app(database_url: str, shared_folder: Path, clock: Clock) -> Iterator[Flask]:
    """The same with the course itself."""
    with site_of(CHECKOUT, database_url, shared_folder / "real", clock) as app:
        yield app


@pytest.fixture
def site(app: Flask) -> Site:
    """What the application's pages work with: its store, its library, its clock."""
    found: Site = app.extensions["course"]
    return found


@pytest.fixture
def client(app: Flask) -> StrictClient:
    """A reader's browser without JavaScript, who looks at every page closely."""
    return StrictClient(app)


@pytest.fixture
def another_client(app: Flask) -> StrictClient:
    """A second reader, or the same one on another device."""
    return StrictClient(app)
