"""The stand-alone site, for any WSGI server: `granian --interface wsgi wsgi:application`."""

from __future__ import annotations

from course.extension import create_app

application = create_app()
