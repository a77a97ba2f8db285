"""The certificate as an Open Badges 3.0 credential, for digital wallets and for whoever checks by program.

Imported only in the process that makes the files. The credential has no name in it but a salted hash of one, so that
it can be shown to anybody. Nothing is fetched: the contexts that the signature depends on come with the library.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, time

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from openbadgeslib.ob3 import Achievement, Issuer, OB3LdpSigner, OpenBadgeCredential
from openbadgeslib.ob3.credential import IdentityObject
from openbadgeslib.ob3.ldp import add_data_integrity_proof
from openbadgeslib.ob3.status_list import DEFAULT_SIZE_BITS, build_status_list_credential, status_entry

from course.domain.certificate import CertificateFacts, comparable_name
from course.exports.published_keys import issuer_did, verification_method
from course.exports.signing_keys import OwnKey

#: How many certificates share one status list: among so many, asking about one tells nobody which.
LIST_SIZE = DEFAULT_SIZE_BITS
_PURPOSE = "revocation"


class BadgeMaker:
    """Makes and signs credentials with one key. `status_index` is the certificate's own number from 0 upwards."""

    def __init__(self, key: OwnKey[Ed25519PrivateKey], base_url: str) -> None:
        self._key = key
        self._base_url = base_url.rstrip("/")
        self._method = verification_method(base_url, key.id)
        self._pem = key.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self._signer = OB3LdpSigner(self._pem, verification_method=self._method)
        #: The kinds of credential of which one was signed with every check of the library.
        self._checked: set[tuple[str, ...]] = set()

    def embedded(self, facts: CertificateFacts, status_index: int) -> bytes:
        """The credential as JSON with its proof inside (eddsa-rdfc-2022): what is attached to the PDF."""
        credential = self._credential(facts, status_index)
        kind = (facts.course_id, facts.track_id, facts.edition, facts.language)
        if kind in self._checked:
            signed = add_data_integrity_proof(credential.to_vc(), self._pem, self._method)
        else:
            # The library looks whether its proof covers every member, which takes as long as all the rest; of a second
            # one of the kind only numbers, a day and a hash are different.
            signed = self._signer.sign(credential)
            self._checked.add(kind)
        return json.dumps(signed, ensure_ascii=False, separators=(",", ":")).encode()

    def token(self, facts: CertificateFacts, status_index: int) -> str:
        """The credential as a signed token (VC-JWT): what a wallet takes in."""
        payload = self._credential(facts, status_index).to_jwt_payload()
        # The library's own signer names no key, and after a change of keys nobody would know with which one to check.
        return jwt.encode(payload, self._key.private, algorithm="EdDSA", headers={"kid": self._method, "typ": "vc+jwt"})

    def status_list(self, number: int, revoked: Iterable[int]) -> bytes:
        """Which of the certificates of list `number` are revoked (Bitstring Status List), as JSON with its proof.

        `revoked` are status indexes; those of other lists are left out.
        """
        bits = [index % LIST_SIZE for index in revoked if index // LIST_SIZE == number]
        address = status_list_address(self._base_url, number)
        issued = datetime.now(UTC).replace(microsecond=0)
        credential = build_status_list_credential(issuer_did(self._base_url), address, _PURPOSE, bits, issued=issued)
        signed = add_data_integrity_proof(credential, self._pem, self._method)
        return json.dumps(signed, ensure_ascii=False, separators=(",", ":")).encode()

    def _credential(self, facts: CertificateFacts, status_index: int) -> OpenBadgeCredential:
        number, bit = divmod(status_index, LIST_SIZE)
        achievement = f"{self._base_url}/#{facts.course_id}/{facts.track_id}/{facts.edition}"
        return OpenBadgeCredential(
            id=facts.verify_url,
            name=f"{facts.course_title}: {facts.track_title}",
            issuer=Issuer(id=issuer_did(self._base_url), name=facts.issuer, url=f"{self._base_url}/"),
            recipient_id=None,
            identifiers=[_holder(facts)],
            achievement=Achievement(
                id=achievement,
                name=f"{facts.course_title}: {facts.track_title}",
                description=f"{facts.course_title}, {facts.track_title}, {facts.edition}",
                criteria_narrative="; ".join(title for _, title in facts.modules),
                achievement_type="Course",
            ),
            issuance_date=datetime.combine(facts.issued_on, time(), UTC),
            credential_status=[status_entry(status_list_address(self._base_url, number), _PURPOSE, bit)],
        )


def status_list_address(base_url: str, number: int) -> str:
    """Where a status list is to be found: credentials carry this address for ever."""
    return f"{base_url.rstrip('/')}/verify/status/{number}"


def _holder(facts: CertificateFacts) -> IdentityObject:
    """The name as the verification page compares names, hashed together with the certificate's number."""
    return IdentityObject.create(comparable_name(facts.name), salt=facts.code, identity_type="name")
