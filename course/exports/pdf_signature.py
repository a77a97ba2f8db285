"""Signs a certificate's PDF (PAdES B-B, or B-T with a time stamp). Imported only in the process that makes the files.

The signature certifies the file: nothing may be changed or added. Three things keep the file PDF/UA-1 and PDF/A-3a:
the XMP stays as it was written, the field has a name that can be read aloud, and it is printable, not hidden, and lies
outside the page.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import asn1crypto.cms
import asn1crypto.keys
import asn1crypto.x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.timestamps.api import TimeStamper
from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from course.exports.signing_keys import DocumentKey, OwnKey

FIELD = "Signature"
#: Bytes of what stands around signature and certificates, and of a time stamp token. Without the room being
#: told, pyHanko signs twice to find it.
_AROUND = 450
_TOKEN = 8_192
_TIMESTAMP_SECONDS = 10


class CertificateSigner:
    """Signs with one key. Made anew when the key is another one."""

    def __init__(self, key: OwnKey[DocumentKey], timestamp_url: str = "") -> None:
        self.key = key
        self._timestamper = _timestamper(timestamp_url) if timestamp_url else None
        # Each byte is written as two digits.
        self._room = 2 * (_size(key) + (_TOKEN if timestamp_url else 0))
        self._signer = _SameAttributes(
            signing_cert=_for_pyhanko(key.certificate),
            signing_key=asn1crypto.keys.PrivateKeyInfo.load(
                key.private.private_bytes(
                    serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
                )
            ),
            cert_registry=SimpleCertificateStore.from_certs(  # type: ignore[no-untyped-call]
                _all_for_pyhanko(key.chain)
            ),
        )

    def sign(self, pdf: bytes, *, field_name: str) -> bytes:
        """The signed file. `field_name` is what a screen reader says of the signature, in the file's language."""
        metadata = PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
        )
        field = SigFieldSpec(
            FIELD,
            readable_field_name=field_name,
            invis_sig_settings=InvisSigSettings(set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True),
        )
        signer = PdfSigner(metadata, self._signer, timestamper=self._timestamper, new_field_spec=field)
        # pyHanko signs in an event loop of its own, and a thread in which another one runs cannot begin it.
        with ThreadPoolExecutor(max_workers=1) as thread:
            signed = thread.submit(signer.sign_pdf, _SameXmp(io.BytesIO(pdf)), bytes_reserved=self._room).result()
        return bytes(signed.getvalue())


def _timestamper(url: str) -> TimeStamper:
    return RequestsHTTPTimeStamper(url, timeout=_TIMESTAMP_SECONDS)  # type: ignore[no-untyped-call]


def _size(key: OwnKey[DocumentKey]) -> int:
    """Bytes that a signature with this key takes at most, its certificates included."""
    certificates = sum(len(one.public_bytes(serialization.Encoding.DER)) for one in (key.certificate, *key.chain))
    # An ECDSA signature is two numbers of the key's size; the issuer is named once more beside the certificate.
    signature = key.private.key_size // 8 * 2
    return _AROUND + signature + certificates + len(key.certificate.issuer.public_bytes())


class _SameAttributes(SimpleSigner):
    """Puts together once what is signed beside the hash of a file: with one key all of it is the same but the hash.

    pyHanko puts it together for each file, and asn1crypto packs it some hundred times on the way: that took four fifths
    of a signature.
    """

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._asked: tuple[object, ...] = ()
        self._hash = self._packed = b""

    async def signed_attrs(
        self,
        data_digest: bytes,
        digest_algorithm: str,
        attr_settings: PdfCMSSignedAttributes | None = None,
        *given: Any,
        **named: Any,
    ) -> asn1crypto.cms.CMSAttributes:
        # The time is told here too, but a PAdES signature must not have it among its attributes.
        timeless = replace(attr_settings, signing_time=None) if attr_settings and named.get("use_pades") else None
        asked = (digest_algorithm, timeless or attr_settings, given, named)
        if self._asked != asked:
            attributes = await super().signed_attrs(data_digest, digest_algorithm, attr_settings, *given, **named)
            self._asked, self._hash, self._packed = asked, data_digest, attributes.dump()
        parts = self._packed.split(self._hash)
        assert len(parts) == 2, "the hash stands among the attributes once"
        return asn1crypto.cms.CMSAttributes.load(data_digest.join(parts))


class _SameXmp(IncrementalPdfFileWriter):
    """Adds the signature and leaves the description of the file byte for byte as it is.

    pyHanko would write it anew in a form that is no valid PDF/A extension schema any more.
    """

    def _update_meta(self) -> None:
        pass


def _for_pyhanko(certificate: x509.Certificate) -> asn1crypto.x509.Certificate:
    return asn1crypto.x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def _all_for_pyhanko(certificates: Iterable[x509.Certificate]) -> list[asn1crypto.x509.Certificate]:
    return [_for_pyhanko(one) for one in certificates]
