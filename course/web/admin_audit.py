"""The audit log, to be read by administrators."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Response, request
from sqlalchemy import Connection

from course.content.formats import moment
from course.domain.audit import Line
from course.domain.permission import Permission
from course.services.audit import LEARNER, OPERATOR, WORKER, What
from course.storage import audit
from course.storage.accounts import by_id
from course.web.area import Route
from course.web.staff import StaffArea

PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class AuditLineCard:
    number: int
    at: str
    who: str
    what: str
    about: str
    details: str


class AuditArea(StaffArea):
    def routes(self) -> Iterable[Route]:
        yield Route("/admin/audit/", "admin_audit", self.show, Permission.ADMINISTRATOR)

    def show(self, lang: str) -> Response:
        what = request.args.get("what", "")[:40]
        before = request.args.get("before", type=int)
        words = self._words(lang)
        with self.site.store.reading() as connection:
            found = audit.latest(connection, what=what, before=before, limit=PAGE_SIZE + 1)
            kinds = audit.kinds(connection)
            shown = found[:PAGE_SIZE]
            names = {one: self._name(lang, connection, one) for one in {line.who for line in shown}}
        more = self.site.url("admin_audit", lang=lang, what=what or None, before=shown[-1].number) if shown else ""
        return self.staff_page(
            lang,
            "admin_audit.html",
            "admin",
            rows=[self._card(lang, line, names, words) for line in shown],
            what=what,
            kinds=[("", self.site.say(lang, "Everything")), *((one, words.get(one, one)) for one in kinds)],
            audit_url=self.site.url("admin_audit", lang=lang),
            next_url=more if len(found) > PAGE_SIZE else "",
            overview_url=self.site.url("admin", lang=lang),
        )

    def _card(self, lang: str, line: Line, names: dict[str, str], words: dict[str, str]) -> AuditLineCard:
        details = "" if line.details == "{}" else line.details
        return AuditLineCard(
            line.number, moment(line.at, lang), names[line.who], words.get(line.what, line.what), line.about, details
        )

    def _name(self, lang: str, connection: Connection, who: str) -> str:
        """An account's name as it is now; the log itself holds its number only."""
        fixed = {
            OPERATOR: self.site.say(lang, "Operator of the site"),
            LEARNER: self.site.say(lang, "The learner"),
            WORKER: self.site.say(lang, "By itself"),
        }
        if who in fixed:
            return fixed[who]
        account = by_id(connection, int(who.partition(":")[2]))
        return (account.name or account.email) if account else who

    def _words(self, lang: str) -> dict[str, str]:
        def say(text: str) -> str:
            return self.site.say(lang, text)

        return {
            What.INVITED: say("Person invited"),
            What.ROLES: say("Roles changed"),
            What.DISABLED: say("Person disabled"),
            What.ENABLED: say("Person enabled"),
            What.SIGNED_OUT: say("Person signed out"),
            What.REVOKED: say("Certificate revoked"),
            What.REPLACED: say("Certificate replaced"),
            What.ROSTER_APPLIED: say("Roster file applied"),
            What.ROSTER_UNDONE: say("Roster file taken back"),
            What.ERASED: say("Learner erased"),
            What.REGISTER: say("Learner’s data handed out"),
            What.RECORDS: say("Records exported"),
            What.EXACT_COUNTS: say("Exact counts asked for"),
            What.API_KEY: say("API key made or ended"),
            What.PLATFORM: say("Learning platform changed"),
            What.RETENTION: say("Removed as its time was over"),
            What.RETRIED: say("Delivery tried again"),
            What.ANSWERED: say("Feedback answered"),
            What.WAIVED: say("Module passed by a trainer’s decision"),
            What.WAIVER_BACK: say("Trainer’s decision taken back"),
            What.REGRADED: say("Attempts marked again"),
        }
