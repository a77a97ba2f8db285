"""A certificate as one PDF file that is accessible (PDF/UA-1) and made to last (PDF/A-3a).

WeasyPrint and its libraries are loaded only when a file is made: the site runs on a machine without them.
"""

from __future__ import annotations

import atexit
import ctypes
import functools
import sys
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from course.domain.certificate import CertificateFacts
from course.domain.errors import PdfNotAvailable
from course.exports.certificate_template import CertificateTemplate, Templates

if TYPE_CHECKING:
    from course.exports.certificate_press import Press

_DEBIAN_PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
#: What WeasyPrint opens when it is imported, under the names it opens them by on Linux.
_LIBRARIES = (
    "libgobject-2.0.so.0",
    "libpango-1.0.so.0",
    "libharfbuzz.so.0",
    "libfontconfig.so.1",
    "libpangoft2-1.0.so.0",
)

_loading = threading.Lock()


@functools.cache
def available() -> str | None:
    """None when PDF files can be made here, or else a sentence for whoever looks after the machine.

    On Linux the libraries are only opened: to import WeasyPrint would cost each web worker 40 MB that it never uses.
    """
    how = f"Install them with: apt-get install --no-install-recommends {_DEBIAN_PACKAGES}"
    if find_spec("weasyprint") is None:
        return "PDF files cannot be made here: the Python package weasyprint is not installed."
    try:
        if sys.platform == "linux":
            for name in _LIBRARIES:
                ctypes.CDLL(name)
        else:
            import weasyprint  # noqa: F401
    except OSError as error:
        return f"PDF files cannot be made here, because a library of WeasyPrint is missing ({error}). {how}"
    return None


def render_certificate(facts: CertificateFacts, template: Path, *, code: str = "", badge: bytes = b"") -> bytes:
    """The certificate as a PDF file, not signed yet. The same facts and template give the same bytes.

    `code` is what the QR code holds, if more than the address of the check page; `badge` is a credential to attach.
    """
    if reason := available():
        raise PdfNotAvailable(reason)
    with _loading:
        press = _press(template.resolve())
    return press.render(facts, code=code, badge=badge)


def warm_up(template: Path) -> None:
    """Load WeasyPrint and the template ahead, so that the first certificate does not wait for them."""
    if available() is None:
        with _loading:
            _press(template.resolve())


def letters_without_font(text: str, templates: Templates) -> str:
    """The letters of a name that one of the templates cannot print, each once; empty when the name can be printed.

    A form asks this before a certificate is issued, so that nobody gets one with boxes in place of her name.
    """
    missing = (_template(folder.resolve()).letters_without_font(text) for folder in templates.folders)
    return "".join(dict.fromkeys("".join(missing)))


def signature_words(template: Path, language: str) -> str:
    """What a screen reader says of the signature in the file."""
    return _template(template.resolve()).language(language).signature


@functools.cache
def _template(folder: Path) -> CertificateTemplate:
    return CertificateTemplate(folder)


@functools.cache
def _press(folder: Path) -> Press:
    from course.exports.certificate_press import Press

    return Press(folder)


# WeasyPrint keeps copies of the fonts in a temporary folder and cannot remove it once the interpreter is half gone.
atexit.register(_press.cache_clear)
