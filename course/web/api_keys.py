"""Keys for other programs: made, shown once, and revoked."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, redirect, request
from werkzeug.wrappers import Response as WerkzeugResponse

from course.content.formats import moment
from course.domain.errors import NameNeeded
from course.domain.permission import Permission
from course.services.api_keys import NAME_MAX, REQUESTS, make_key, revoke_key
from course.storage.api_keys import all_keys
from course.web.area import Route
from course.web.pages_counts import KeyRow
from course.web.staff import StaffArea


class ApiKeysArea(StaffArea):
    def routes(self) -> Iterable[Route]:
        admin = Permission.ADMINISTRATOR
        yield Route("/admin/api-keys/", "api_keys", self.show, admin)
        yield Route("/admin/api-keys/", "make_api_key", self.make, admin, ("POST",))
        yield Route("/admin/api-keys/<int:key_id>/revoke", "revoke_api_key", self.revoke, admin, ("POST",))

    def show(self, lang: str, made: str = "", error: str = "", status: int = 200) -> Response:
        with self.site.store.reading() as connection:
            keys = all_keys(connection)
        return self.staff_page(
            lang,
            "api_keys.html",
            "counts",
            status=status,
            made=made,
            error=error,
            name_max=NAME_MAX,
            requests=REQUESTS,
            keys=tuple(
                KeyRow(
                    one.name,
                    moment(one.created_at, lang),
                    moment(one.revoked_at, lang) if one.revoked_at else "",
                    self.site.url("revoke_api_key", lang=lang, key_id=one.id),
                )
                for one in keys
            ),
            urls={
                "make": self.site.url("make_api_key", lang=lang),
                "counts": self.site.url("counts", lang=lang),
                "api": self.site.outside("api_counts"),
                "openapi": self.site.url("openapi"),
            },
        )

    def make(self, lang: str) -> Response:
        try:
            key = make_key(self.site.store, self.site.staff, request.form.get("name", ""), now=self.site.now())
        except NameNeeded:
            said = self.site.say(lang, "Write who will use the key, in at most %(most)s letters.", most=NAME_MAX)
            return self.show(lang, error=said, status=422)
        return self.show(lang, made=key)

    def revoke(self, lang: str, key_id: int) -> WerkzeugResponse:
        revoke_key(self.site.store, self.site.staff, key_id, now=self.site.now())
        return redirect(self.site.url("api_keys", lang=lang), 303)
