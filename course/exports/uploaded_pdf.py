"""Looks at a PDF file that somebody brings. Imported only in a process of its own: the file may be made to do harm.

It is ours and intact when its one signature was made with a key of ours, covers the whole file, and allows no change.
Whether anybody vouches for the key does not matter here: we know our own.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from course.domain.certificate import normal_code
from course.domain.certificate_file import LARGEST_FILE, CheckedFile, Finding

_CHANGED, _FOREIGN = CheckedFile(Finding.CHANGED), CheckedFile(Finding.FOREIGN)
#: Bytes of a certificate that tell whose file it was. One damaged byte spoils one such piece and leaves the others.
_PIECE = 16


def check_pdf(pdf: bytes, certificates: Iterable[x509.Certificate]) -> CheckedFile:
    """Is it a certificate of ours, and as we made it? `certificates` are those of all our keys, former ones too.

    In any signed PDF some twenty bytes of the signature's own wrapping may differ without a change to anything that is
    read or shown. Whoever keeps the hash of the file can compare that as well.
    """
    if len(pdf) > LARGEST_FILE or not pdf.startswith(b"%PDF-"):
        return _FOREIGN
    known = tuple(certificates)
    ours = {one.public_bytes(serialization.Encoding.DER) for one in known}
    try:
        code = _code_of_intact(pdf, ours)
    # A broken file breaks the reader in more ways than one could list.
    except Exception:  # noqa: BLE001
        code = None
    if code is not None:
        return CheckedFile(Finding.INTACT, code)
    return _CHANGED if _has_traces(pdf, known) else _FOREIGN


def _code_of_intact(pdf: bytes, ours: set[bytes]) -> str | None:
    reader = PdfFileReader(io.BytesIO(pdf), strict=True)
    signatures = reader.embedded_signatures
    if len(signatures) != 1 or signatures[0].signer_cert.dump() not in ours:
        return None
    return _code(reader) if _is_whole(signatures[0], pdf) else None


def _is_whole(signature: EmbeddedPdfSignature, pdf: bytes) -> bool:
    signature.compute_integrity_info()  # type: ignore[no-untyped-call]
    said = signature.summarise_integrity_info()
    intact, valid = validate_sig_integrity(
        signature.signer_info,
        signature.signer_cert,
        expected_content_type="data",
        actual_digest=signature.compute_digest(),
    )
    return bool(
        intact
        and valid
        and said["coverage"] == SignatureCoverageLevel.ENTIRE_FILE
        and said["docmdp_ok"]
        and signature.docmdp_level == MDPPerm.NO_CHANGES
        and _is_written_as_we_write(signature, pdf)
    )


def _is_written_as_we_write(signature: EmbeddedPdfSignature, pdf: bytes) -> bool:
    """The signature does not cover the place where it stands, so that place must hold it and zeros, and no more."""
    start, end = int(signature.byte_range[1]), int(signature.byte_range[2])
    written = cms.ContentInfo.load(signature.pkcs7_content).dump().hex().upper().encode()
    return bool(pdf[start:end] == b"<" + written.ljust(end - start - 2, b"0") + b">")


def _code(reader: PdfFileReader) -> str | None:
    """The number of the certificate: the first half of the file's identifier, where we wrote it."""
    identifier = reader.trailer["/ID"][0]
    written = identifier.original_bytes if hasattr(identifier, "original_bytes") else bytes(identifier)
    return normal_code(written.decode("ascii"))


def _has_traces(pdf: bytes, certificates: Iterable[x509.Certificate]) -> bool:
    """A part of a certificate of ours stands in the file, as it does in every signature, whatever else was changed."""
    text = pdf.upper()
    return any(piece.hex().upper().encode() in text for one in certificates for piece in _pieces(one))


def _pieces(certificate: x509.Certificate) -> Iterator[bytes]:
    """Parts of the public key and of the signature: chance made them, so no certificate of another site has them."""
    key = certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    for made_by_chance in (key[-4 * _PIECE :], certificate.signature[-3 * _PIECE :]):
        for at in range(0, len(made_by_chance), _PIECE):
            yield made_by_chance[at : at + _PIECE]
