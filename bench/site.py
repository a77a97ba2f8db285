"""The course as it is served, with content, database and instance folder of the benchmark's own."""

from __future__ import annotations

import os

from course.extension import create_app

application = create_app(
    {
        "COURSE_INSTANCE_DIR": os.environ["BENCH_INSTANCE"],
        "COURSE_DATABASE_URL": os.environ["BENCH_DATABASE_URL"],
        "COURSE_CONTENT_DIR": os.environ["BENCH_CONTENT"],
        "COURSE_BASE_URL": "http://127.0.0.1:8000",
    }
)
