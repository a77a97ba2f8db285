"""A site that tells a learning record store what learners do, for the tests of what it tells."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from course.extension import Course, create_app
from tests.services.learning_record_store import LoopbackStore, loopback_store

HOME = "http://localhost/"
SECRET = "tests only"


@pytest.fixture
def record_store() -> Iterator[LoopbackStore]:
    with loopback_store() as store:
        yield store
    assert store.faults == []


@pytest.fixture
def instance(tmp_path: Path, shared_folder: Path) -> Path:
    """A folder of this test's own; the content is read once for all."""
    folder = tmp_path / "instance"
    folder.mkdir()
    for name in ("library.json", "search.json"):
        if (shared_folder / "instance" / name).exists():
            shutil.copy(shared_folder / "instance" / name, folder / name)
    return folder


def application(database_url: str, content: Path, instance: Path, clock, **settings: object) -> Flask:
    return create_app(
        {
            "TESTING": True,
            "SECRET_KEY": SECRET,
            "COURSE_DATABASE_URL": database_url,
            "COURSE_CONTENT_DIR": str(content),
            "COURSE_INSTANCE_DIR": str(instance),
            "COURSE_BASE_URL": "http://localhost",
            **settings,
        },
        course=Course(now=clock),
    )


@pytest.fixture
def telling(database_url, fixture_course, instance, clock, record_store) -> Iterator[Flask]:
    app = application(database_url, fixture_course, instance, clock, COURSE_LRS_URL=record_store.setting)
    yield app
    app.extensions["course"].store.engine.dispose()


def work(app: Flask) -> tuple[int, int]:
    return app.extensions["course_worker"].run_due()
