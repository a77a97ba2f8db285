"""Certificates in the reader's words: what one is worth, what is known of it, and what happened to it."""

from __future__ import annotations

from dataclasses import dataclass

from course.content.formats import number, short_date
from course.content.library import Library
from course.domain.certificate import CertificateFacts, nominal_hours
from course.domain.certificate_file import Finding
from course.domain.certificate_state import Actor, Deed, Reason, Standing, State
from course.domain.errors import NotThere
from course.domain.statement import Statement
from course.services.certificate_checks import Answer, CheckedCertificate, StatementFinding
from course.services.certificate_register import Entry
from course.services.certificates import HeldCertificate
from course.storage.certificate_journal import StoredEvent
from course.web.pages import Link
from course.web.pages_certificates import (
    CertificateCard,
    CheckView,
    FileView,
    JournalLine,
    RegisterEntry,
    RegisterRow,
    StandingView,
    StatementView,
)
from course.web.site import Site

#: A certificate that never runs out says nothing of it.
_NONE = ""
Rows = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CertificateWords:
    """For one language of one site, inside a request (it makes addresses)."""

    site: Site
    language: str

    @property
    def library(self) -> Library:
        return self.site.library

    def say(self, text: str, **values: object) -> str:
        return self.site.say(self.language, text, **values)

    def verify_url(self, code: str) -> str:
        return self.site.url("verify", code=code)

    # What it is worth

    def standing(self, standing: Standing) -> StandingView:
        day = short_date(standing.since, self.language) if standing.since else ""
        make = {
            State.VALID: self._valid,
            State.REPLACED: self._replaced,
            State.REVOKED: self._revoked,
            State.EXPIRED: self._expired,
        }
        return make[standing.state](standing, day)

    def _valid(self, standing: Standing, day: str) -> StandingView:
        title, text = self.say("This certificate is genuine and valid"), self.say("It was given by this site.")
        return StandingView("valid", "good", "done", self.say("Valid"), title, text)

    def _replaced(self, standing: Standing, day: str) -> StandingView:
        successor = standing.successor or ""
        return StandingView(
            "replaced",
            "info",
            "late",
            self.say("Replaced"),
            self.say("This certificate was replaced on %(date)s", date=day),
            self.say("Its holder’s name was corrected, and another certificate stands in its place."),
            Link(successor, self.verify_url(successor)) if successor else None,
        )

    def _revoked(self, standing: Standing, day: str) -> StandingView:
        return StandingView(
            "revoked",
            "warn",
            "off",
            self.say("Revoked"),
            self.say("This certificate was revoked on %(date)s", date=day),
            self.say(
                "It is not valid any more: %(reason)s",
                reason=self.reason(standing.reason),
            ),
        )

    def _expired(self, standing: Standing, day: str) -> StandingView:
        return StandingView(
            "expired",
            "warn",
            "late",
            self.say("Expired"),
            self.say("This certificate expired: its last day was %(date)s", date=day),
            self.say("It was given by this site and was valid until that day."),
        )

    def reason(self, reason: Reason | None) -> str:
        words = {
            Reason.MISTAKE: self.say("it was issued by mistake."),
            Reason.HOLDER_ASKED: self.say("its holder asked for it."),
            Reason.NOT_OWN_WORK: self.say("the quizzes were not its holder’s own work."),
            Reason.MISUSE: self.say("it was used by somebody else or changed."),
        }
        return words[reason] if reason else self.say("no reason is known.")

    def reasons(self) -> tuple[tuple[str, str], ...]:
        """The closed list, for a form."""
        return tuple((reason.value, self.reason(reason).rstrip(".")) for reason in Reason)

    # Everybody's check

    def check(
        self, typed: str, answer: Answer, found: CheckedCertificate | None, typed_name: str | None = None
    ) -> CheckView:
        if found is None:
            return CheckView(typed, self._no_certificate(answer), (), asks_name=False)
        erased = found.standing.erased_on
        name_result = ""
        if typed_name is not None:
            name_result = "match" if found.is_holder(typed_name) else "no-match"
        return CheckView(
            code=found.code,
            standing=self.standing(found.standing),
            facts=self._checked_facts(found),
            erased=self.say(
                "Issued; the holder’s data was erased on %(date)s. The name cannot be compared any more.",
                date=short_date(erased, self.language),
            )
            if erased
            else "",
            name_result=name_result if found.facts else "",
            asks_name=found.facts is not None,
        )

    def _no_certificate(self, answer: Answer) -> StandingView:
        if answer is Answer.UNKNOWN:
            return StandingView(
                "unknown",
                "warn",
                "off",
                self.say("Unknown"),
                self.say("No certificate has this code"),
                self.say(
                    "Check the code letter by letter. If it is right, the certificate was not given by this site."
                ),
            )
        return StandingView(
            "mistyped",
            "info",
            "none",
            self.say("Mistyped"),
            self.say("This is not a code of a certificate"),
            self.say("The code stands at the foot of the certificate. Type it with or without the hyphens."),
        )

    def _checked_facts(self, found: CheckedCertificate) -> Rows:
        if found.facts is not None:
            return self.facts(found.facts)
        return (
            (self.say("Edition"), found.edition),
            (self.say("Issued"), short_date(found.issued_on, self.language)),
            (self.say("Code"), found.code),
            (self.say("Hash of the facts"), found.facts_hash),
        )

    def facts(self, facts: CertificateFacts) -> Rows:
        """Everything but the name, which an employer types."""
        hours = number(float(nominal_hours(facts.minutes)), self.language)
        until = facts.valid_until
        rows = [
            (self.say("Course"), facts.course_title),
            (self.say("Track"), facts.track_title),
            (self.say("Edition"), facts.edition),
            (self.say("Extent"), self.say("%(hours)s h", hours=hours)),
            (self.say("Issued"), short_date(facts.issued_on, self.language)),
            (self.say("Valid until"), short_date(until, self.language) if until else _NONE),
            (self.say("Code"), facts.code),
        ]
        return tuple((label, value) for label, value in rows if value)

    def file(self, finding: Finding) -> FileView:
        if finding is Finding.INTACT:
            title = self.say("The file is as we made it")
            text = self.say("It was signed by this site, and not a byte was changed since.")
            return FileView(finding.value, "good", title, text)
        if finding is Finding.CHANGED:
            title = self.say("The file was changed")
            text = self.say(
                "It was made by this site, and something in it was changed afterwards. Do not rely on what it says. "
                "Ask for the file as it was downloaded here, or type the code."
            )
            return FileView(finding.value, "warn", title, text)
        title = self.say("The file was not made by this site")
        text = self.say("A scanned print, or a copy saved by another program, is not the file itself. Type the code.")
        return FileView(finding.value, "warn", title, text)

    # The statement in the code

    def statement(
        self, finding: StatementFinding, said: Statement | None, typed_name: str | None = None
    ) -> StatementView:
        if said is None:
            return self._no_statement(finding)
        name_result = ""
        if typed_name is not None:
            name_result = "match" if said.is_holder(typed_name) else "no-match"
        return StatementView(
            finding.value,
            "good",
            self.say("The statement is genuine"),
            self.say("This site signed it when the certificate was made. It cannot tell whether it was revoked later."),
            facts=(
                (self.say("Course"), self._course(said)),
                (self.say("Track"), self._track(said)),
                (self.say("Edition"), said.edition),
                (self.say("Issued"), short_date(said.issued_on, self.language)),
                (self.say("Code"), said.code),
            ),
            code=said.code,
            verify_url=self.verify_url(said.code),
            name_result=name_result,
        )

    def _no_statement(self, finding: StatementFinding) -> StatementView:
        if finding is StatementFinding.FOREIGN:
            title = self.say("The statement was signed with a key that this site does not know")
            text = self.say("It is another site’s, or was made up. Look which site the address in the code names.")
        else:
            title = self.say("This is no statement of a certificate, or it was changed")
            text = self.say("Read the code once more with a telephone and copy all of it.")
        return StatementView(finding.value, "warn", title, text)

    def _course(self, said: Statement) -> str:
        return self.library.title[self.language] if said.course_id == self.library.id else said.course_id

    def _track(self, said: Statement) -> str:
        return self.track(said.track_id)

    def track(self, track_id: str) -> str:
        """The track's title today; its id when the course has it no more."""
        try:
            return self.library.track(track_id).title[self.language]
        except NotThere:
            return track_id

    # The holder's card

    def card(self, one: HeldCertificate, *, may_correct: bool) -> CertificateCard:
        facts, valid = one.facts, one.standing.is_valid
        pages = {"lang": self.language, "certificate_id": one.id}
        issued = short_date(facts.issued_on, self.language)
        until = short_date(facts.valid_until, self.language) if facts.valid_until else ""
        return CertificateCard(
            name=facts.name,
            track=facts.track_title,
            edition=facts.edition,
            issued=issued,
            valid_until=until,
            code=facts.code,
            standing=self.standing(one.standing),
            pdf_url=self.site.url("certificate_pdf", **pages),
            badge_url=self.site.url("certificate_badge", **pages) if valid else "",
            verify_url=facts.verify_url,
            correct_url=self.site.url("correct_certificate", **pages) if may_correct else "",
            profile=(
                (self.say("Name of the certificate"), f"{facts.course_title}: {facts.track_title}"),
                (self.say("Given by"), facts.issuer),
                (self.say("Issued"), issued),
                *(((self.say("Valid until"), until),) if until else ()),
                (self.say("Code"), facts.code),
                (self.say("Address of the check"), facts.verify_url),
            ),
        )

    # The register

    def row(self, entry: Entry) -> RegisterRow:
        facts = entry.facts
        return RegisterRow(
            name=facts.name if facts else "",
            code=entry.code,
            track=self.track(entry.track_id),
            edition=entry.edition,
            issued=short_date(entry.issued_at, self.language),
            url=self.site.url("admin_certificate", lang=self.language, certificate_id=entry.id),
            standing=self.standing(entry.standing),
        )

    def entry(self, entry: Entry) -> RegisterEntry:
        pages = {"lang": self.language, "certificate_id": entry.id}
        closed = entry.standing.state in (State.REVOKED, State.REPLACED)
        correctable = entry.facts is not None and entry.standing.is_valid
        return RegisterEntry(
            row=self.row(entry),
            facts=self.facts(entry.facts) if entry.facts else (),
            facts_hash=entry.facts_hash,
            journal=(*map(self._line, entry.journal), *self._end(entry)),
            verify_url=self.verify_url(entry.code),
            revoke_url="" if closed else self.site.url("revoke_certificate", **pages),
            reissue_url=self.site.url("reissue_certificate", **pages) if correctable else "",
        )

    def _end(self, entry: Entry) -> tuple[JournalLine, ...]:
        """That its time was over is no deed of anybody, and yet a line of its story."""
        if entry.standing.state is not State.EXPIRED or entry.valid_until is None:
            return ()
        return (JournalLine(short_date(entry.valid_until, self.language), self.say("Last day of validity"), ""),)

    def _line(self, event: StoredEvent) -> JournalLine:
        deeds = {
            Deed.ISSUED: self.say("Issued"),
            Deed.REPLACED: self.say("Replaced"),
            Deed.REVOKED: self.say("Revoked"),
            Deed.ERASED: self.say("Holder’s data erased"),
        }
        actors = {
            Actor.HOLDER: self.say("the holder"),
            Actor.ADMINISTRATOR: self.say("an administrator"),
            Actor.OPERATOR: self.say("from the command line"),
        }
        return JournalLine(
            date=short_date(event.at, self.language),
            deed=deeds[Deed(event.deed)],
            by=event.account_name or actors[Actor(event.actor)],
            reason=self.reason(Reason(event.reason)) if event.reason else "",
            note=event.note,
            successor=Link(event.successor_code, self.verify_url(event.successor_code))
            if event.successor_code
            else None,
        )
