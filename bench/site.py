"""The course as it is served, on the database that BENCH_DATABASE_URL names and with its own instance folder."""

from __future__ import annotations

import os

from course.extension import create_app

application = create_app(
    {
        "COURSE_INSTANCE_DIR": os.environ["BENCH_INSTANCE"],
        "COURSE_DATABASE_URL": os.environ["BENCH_DATABASE_URL"],
        "COURSE_BASE_URL": "http://127.0.0.1:8000",
    }
)
