"""Makes certificates as signed files and badges. Imported only in the process that makes them: it loads much."""

from __future__ import annotations

from course.domain.certificate import CertificateFacts
from course.domain.statement import statement_of
from course.exports.badge import BadgeMaker
from course.exports.certificate_pdf import render_certificate, signature_words, warm_up
from course.exports.certificate_template import Templates
from course.exports.jobs import Job, MakeBadge, MakeFile, MakeStatusList
from course.exports.pdf_signature import CertificateSigner
from course.exports.signed_statement import sign_statement
from course.exports.signing_keys import SigningKeys, SigningSettings, signing_keys


class Workshop:
    """Templates, keys and libraries, loaded once."""

    def __init__(self, templates: Templates, signing: SigningSettings) -> None:
        self._templates = templates
        self._signing = signing
        self._take(signing_keys(signing))
        warm_up(templates.default)

    def do(self, job: Job) -> bytes | str:
        # Asked for each time, because the keys may have been changed while this process lives.
        keys = signing_keys(self._signing)
        if (keys.document.id, keys.badge.id) != (self._keys.document.id, self._keys.badge.id):
            self._take(keys)
        match job:
            case MakeFile(facts, index):
                return self._file(facts, index)
            case MakeBadge(facts, index):
                return self._badges.token(facts, index)
            case MakeStatusList(number, revoked):
                return self._badges.status_list(number, revoked)

    def _take(self, keys: SigningKeys) -> None:
        self._keys = keys
        self._signer = CertificateSigner(keys.document, self._signing.timestamp_url)
        self._badges = BadgeMaker(keys.badge, self._signing.base_url)

    def _file(self, facts: CertificateFacts, status_index: int) -> bytes:
        statement = sign_statement(statement_of(facts), self._keys.badge)
        folder = self._templates.of(facts)
        pdf = render_certificate(
            facts,
            folder,
            code=f"{facts.verify_url}#{statement}",
            badge=self._badges.embedded(facts, status_index),
        )
        return self._signer.sign(pdf, field_name=signature_words(folder, facts.language))
