"""For machines: is the process up, can it work, and the files of the pages."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from course.domain.permission import Permission
from course.exports.certificate_pdf import available
from course.web.area import Area, Route


class HealthArea(Area):
    def routes(self) -> Iterable[Route]:
        yield Route("//healthz", "healthz", self.healthz, Permission.ANYONE)
        yield Route("//readyz", "readyz", self.readyz, Permission.ANYONE)
        yield Route("//assets/<path:name>", "asset", self.asset, Permission.ANYONE)

    def healthz(self) -> Response:
        return jsonify(status="ok")

    def readyz(self) -> Response:
        """200 when pages can be served. Without PDF the site works, and says so here."""
        database = self._database()
        ready = database == "ok" and bool(self.site.library.modules)
        response = jsonify(
            status="ok" if ready else "not ready",
            database=database,
            content=f"edition {self.site.library.edition}, {len(self.site.library.modules)} modules",
            pdf=available() or "ok",
        )
        response.status_code = 200 if ready else 503
        return response

    def _database(self) -> str:
        try:
            with self.site.store.reading() as connection:
                connection.execute(text("SELECT version_num FROM course_version")).one()
        except SQLAlchemyError:
            return "not ready: run flask --app wsgi course init-db"
        return "ok"

    def asset(self, name: str) -> Response:
        return self.site.assets.response(name)
