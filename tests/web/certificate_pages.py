"""Certificates of a running site in every state, for the tests of their pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from sqlalchemy import update

from course.domain.certificate import CODE_BYTES, new_code
from course.domain.certificate_state import Actor, Reason
from course.services import certificate_register, certificates
from course.services.certificates import By, HeldCertificate
from course.storage.tables import Certificate
from course.web.site import Site
from tests.services.graduates import graduate

NAME = "Aino Esimerkki-Ääkkönen"
ADMIN = By(Actor.ADMINISTRATOR)
NEVER_GIVEN = new_code(bytes(CODE_BYTES))
NOTE = "Only administrators read this."


@dataclass(frozen=True, slots=True)
class Register:
    """The codes of one certificate in each state."""

    valid: str
    replaced: str
    successor: str
    revoked: str
    expired: str
    erased: str
    unknown: str = NEVER_GIVEN


def issued(
    app: Flask, site: Site, name: str = NAME, learner_id: int | None = None, language: str = "fi"
) -> HeldCertificate:
    """A certificate that somebody has earned."""
    with app.app_context():
        return certificates.issue_certificate(
            site.store,
            site.library,
            learner_id=learner_id or graduate(site.store, site.library),
            track_id="core",
            name=name,
            language=language,
            verify_url=site.verify_url,
            now=site.now(),
        )


def register(app: Flask, site: Site) -> Register:
    valid, replaced, revoked, expired = (issued(app, site) for _ in range(4))
    with app.app_context():
        successor = certificates.replace_certificate(
            site.store, certificate_id=replaced.id, name=NAME, verify_url=site.verify_url, now=site.now(), by=ADMIN
        )
    certificate_register.revoke_certificate(
        site.store, certificate_id=revoked.id, reason=Reason.MISTAKE, note=NOTE, by=ADMIN, now=site.now()
    )
    learner_id = graduate(site.store, site.library)
    erased = issued(app, site, learner_id=learner_id)
    with site.store.writing() as session:
        certificate_register.erase_holder(session, learner_id, now=site.now())
        yesterday = (site.now() - timedelta(days=1)).date()
        session.execute(update(Certificate).where(Certificate.id == expired.id).values(valid_until=yesterday))
    codes = (one.facts.code for one in (valid, replaced, successor, revoked, expired, erased))
    return Register(*codes)


def parts_of_name(name: str = NAME) -> list[str]:
    return re.split(r"[\s-]", name)
