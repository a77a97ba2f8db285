"""How many SQL statements a page takes, counted by the driver itself: nothing that is sent can hide from it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import event

from bench.seeding import cookie_of
from course.extension import create_app


def statements_of(address: str, *, url: str, content: Path, instance: Path, learner_id: int) -> list[str]:
    """The statements of one request of a known learner, on SQLite."""
    app = create_app(
        {
            "COURSE_INSTANCE_DIR": str(instance),
            "COURSE_DATABASE_URL": url,
            "COURSE_CONTENT_DIR": str(content),
            "COURSE_BASE_URL": "http://127.0.0.1:8000",
        }
    )
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
    seen: list[str] = []
    event.listen(engine, "connect", lambda connection, _record: connection.set_trace_callback(seen.append))
    # Connections made before the listener are given back, so that every one is counted.
    engine.dispose()
    # With cookies of its own the test client would drop ours.
    client = app.test_client(use_cookies=False)
    headers = {"Cookie": cookie_of(learner_id)}
    for _ in range(2):
        # The first request prepares the page and opens the connection.
        seen.clear()
        answer = client.get(address, headers=headers)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")
    engine.dispose()
    if not seen:
        raise RuntimeError("a known learner's page asked nothing of the database: the count is wrong")
    return [statement for statement in seen if not statement.upper().startswith("PRAGMA")]
