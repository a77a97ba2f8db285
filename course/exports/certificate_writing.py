"""Sets a certificate's page with WeasyPrint and writes it as a file. Imported only where a PDF is made."""

from __future__ import annotations

import io
import logging
import mimetypes
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, NamedTuple

import pydyf
import segno
from PIL import Image, ImageColor
from PIL.ImageCms import ImageCmsProfile, createProfile
from weasyprint import CSS, HTML, Attachment
from weasyprint.css import ColorProfile
from weasyprint.document import Document
from weasyprint.logger import LOGGER
from weasyprint.pdf.metadata import DocumentMetadata
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from course.domain.certificate import CertificateFacts
from course.exports.certificate_template import STYLE, CertificateTemplate, TemplateFault

#: PDF/A knows no PDF/UA property, so the file describes the property it carries.
_PDF_UA = b"""\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">\
<pdfuaid:part>1</pdfuaid:part></rdf:Description>\
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""

#: The colours are sRGB. Under WeasyPrint's own name for it ("srgb") it would open its profile anew for each file, and
#: leave it open.
_COLOURS = "--srgb"

#: Where a colour profile has the version of its form, and the day it was made.
_ICC_VERSION, _ICC_DATE = slice(8, 12), slice(24, 36)

#: What the file is to be, for the layout and for the writing alike.
_KIND = {"pdf_variant": "pdf/a-3a", "pdf_tags": True, "output_intent": _COLOURS}

#: What a page calls the QR code by.
QR = "qr:verify"

#: The name of the credential inside the file.
BADGE_FILE = "open-badge.json"

#: The mask is fixed: to try all eight takes longer than the rest of the code, and any of them can be read.
_QR_MASK = 3
_QR_PIXELS = 2


class Order(NamedTuple):
    """What one file is made of."""

    facts: CertificateFacts
    #: What the QR code holds, if more than the address of the check page.
    code: str = ""
    #: A credential to attach, if there is one.
    badge: bytes = b""


class CertificateFiles(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types.
    """A certificate may show the files of its own folder and the shared fonts, and nothing else.

    `template:` is a file of the folder, `drawing:` an SVG file of the folder that is filled in with the facts,
    `fonts:` a shared font, `qr:verify` (QR) the address of the check page and the signed statement as a QR code.
    """

    def __init__(self, template: CertificateTemplate, facts: CertificateFacts | None = None, code: str = "") -> None:
        # A picture that is missing stops the work; a certificate with a gap is worse than none.
        super().__init__(fail_on_errors=True)
        self._template = template
        self._facts = facts
        self._code = code or (facts.verify_url if facts else "")
        #: The names of the drawings that were asked for.
        self.drawings: set[str] = set()

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        scheme, _, name = url.partition(":")
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        if scheme == "template":
            body = _file_in(self._template.folder, name)
        elif scheme == "fonts":
            body = _file_in(self._template.fonts, name)
        elif scheme == "drawing" and self._facts:
            body, kind = self._template.drawing(name, self._facts), "image/svg+xml"
            self.drawings.add(name)
        elif url == QR and self._facts:
            body, kind = _qr_code(self._code, *self._template.qr_colours), "image/png"
        else:
            raise TemplateFault(f"a certificate may not load {url}")
        return URLFetcherResponse(url, body, {"Content-Type": kind})


class ArchivalMetadata(DocumentMetadata):  # type: ignore[misc]  # WeasyPrint has no types.
    """Says that the file is PDF/UA as well as PDF/A, in plain text that an archive can read without unpacking."""

    def generate_rdf_metadata(self, variant: str, version: int, conformance: str) -> bytes:
        end = b"</rdf:RDF>"
        written: bytes = super().generate_rdf_metadata(variant, version, conformance)
        return written.replace(end, _PDF_UA + end)

    def include_in_pdf(self, pdf: object, variant: str, version: int, conformance: str, compress: bool) -> None:
        super().include_in_pdf(pdf, variant, version, conformance, False)


class Colours(ColorProfile):  # type: ignore[misc]  # WeasyPrint has no types.
    """sRGB in 600 bytes, where the profile that WeasyPrint brings takes five times as much of the file."""

    def __init__(self) -> None:
        profile = bytearray(ImageCmsProfile(createProfile("sRGB")).tobytes())
        # Its form is that of version 4.2, which PDF/A-3 allows, and it must be the same on every day.
        profile[_ICC_VERSION] = b"\4\x20\0\0"
        profile[_ICC_DATE] = struct.pack(">6H", 2026, 1, 1, 0, 0, 0)
        super().__init__(io.BytesIO(profile), "sRGB.icc", "relative-colorimetric", (["r"], ["g"], ["b"]))
        self._profile_as_made = bytes(profile)

    @property
    def content(self) -> bytes:
        # Pillow would write it with one tag more after the first time.
        return self._profile_as_made


class Typesetter:
    """One template with its fonts and its style sheet loaded. It sets one page at a time.

    To read fonts and style anew for each certificate takes twice the time, and the memory never comes back.
    """

    def __init__(self, template: CertificateTemplate) -> None:
        self.template = template
        self._fonts = FontConfiguration()
        self._colours = {_COLOURS: Colours()}
        with faults_raised():
            self._style = CSS(
                string=(template.folder / STYLE).read_text(encoding="utf-8"),
                font_config=self._fonts,
                url_fetcher=CertificateFiles(template),
            )

    def set(self, page: str, files: CertificateFiles, pictures: dict[str, Any] | None = None) -> Document:
        """The page as WeasyPrint lays it out. `pictures` are those that need not be fetched: address -> image."""
        document = HTML(string=page, url_fetcher=files).render(
            font_config=self._fonts, color_profiles=self._colours, stylesheets=[self._style], cache=pictures, **_KIND
        )
        if len(document.pages) != 1:
            raise TemplateFault("the certificate does not fit on one page")
        return document

    def write(self, document: Document, facts: CertificateFacts, badge: bytes) -> bytes:
        """The file. The document is of no use afterwards; write a copy of one that is to be kept."""
        metadata = ArchivalMetadata(**vars(document.metadata))
        # The day of issue and not the day of printing, so that the same facts give the same bytes.
        metadata.created = metadata.modified = facts.issued_on.isoformat()
        if metadata.lang != facts.language or facts.name not in (metadata.title or ""):
            raise TemplateFault("the page must say its language, and its title must have the holder's name")
        if badge:
            metadata.attachments = [_attachment(badge, facts)]
        document.metadata = metadata
        pdf: bytes = document.write_pdf(pdf_identifier=facts.code.encode(), finisher=_finish, **_KIND)
        return pdf


def _attachment(badge: bytes, facts: CertificateFacts) -> Attachment:
    """The credential as a file inside the file. It says the same as the page, in data."""
    day = datetime.combine(facts.issued_on, time(), UTC)
    return Attachment(
        file_obj=io.BytesIO(badge),
        name=BADGE_FILE,
        description="Open Badges 3.0",
        created=day,
        modified=day,
        relationship="Data",
    )


def _finish(_document: object, pdf: pydyf.PDF) -> None:
    """WeasyPrint 70 lists an attachment twice in a PDF/A-3 file: as an attachment, and as an object that it finds."""
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
    # The first object is the free one that every file begins with.
    pdf.objects[1:] = [_Packed(one) for one in pdf.objects[1:]]


class _Packed(pydyf.Object):  # type: ignore[misc]  # pydyf has no types.
    """An object as it will stand in the file. pydyf would pack each twice: for the file, and for the file's hash."""

    def __init__(self, whole: pydyf.Object) -> None:
        super().__init__()
        self.number = whole.number
        self._data: bytes = whole.data
        self._compressible: bool = whole.compressible

    @property
    def data(self) -> bytes:
        return self._data

    @property
    def compressible(self) -> bool:
        return self._compressible


def _file_in(folder: Path, name: str) -> bytes:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise TemplateFault(f"{name} lies outside the template")
    return path.read_bytes()


def _qr_code(text: str, dark: str, light: str) -> bytes:
    rows = segno.make_qr(text, error="m", mask=_QR_MASK, boost_error=False).matrix
    size = len(rows)
    dots = Image.frombytes("P", (size, size), b"".join(bytes(row) for row in rows))
    dots.putpalette([*ImageColor.getrgb(light)[:3], *ImageColor.getrgb(dark)[:3]])
    picture = io.BytesIO()
    # WeasyPrint reads it and packs it in its own way.
    dots.resize((size * _QR_PIXELS,) * 2, Image.Resampling.NEAREST).save(picture, "PNG", compress_level=1)
    return picture.getvalue()


@contextmanager
def faults_raised() -> Iterator[None]:
    """What WeasyPrint only warns of (a letter without a glyph, a font that does not load) is a fault here."""
    warnings = _Warnings()
    LOGGER.addHandler(warnings)
    try:
        yield
    except FatalURLFetchingError as error:
        # WeasyPrint derives it from BaseException; as such it would end a thread of the web server.
        raise TemplateFault(str(error.__cause__ or error)) from error
    finally:
        LOGGER.removeHandler(warnings)
    if warnings.messages:
        raise TemplateFault("; ".join(dict.fromkeys(warnings.messages)))


class _Warnings(logging.Handler):
    """Keeps the warnings of this thread: somebody else may be making another document at the same time."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread:
            self.messages.append(record.getMessage())
