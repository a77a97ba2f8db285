"""Makes the PDF of a certificate. Imported only where a PDF is made; see `certificate_pdf`."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any

from course.domain.certificate import CertificateFacts
from course.exports.certificate_form import Form, Kind, kind_of, make_form
from course.exports.certificate_template import CertificateTemplate, TemplateFault
from course.exports.certificate_writing import CertificateFiles, Order, Typesetter, faults_raised

#: Forms that are kept: three languages, with names of three lengths.
FORMS_KEPT = 9
#: Kinds of which one certificate was made, with the drawings on it, remembered until a second one comes.
_SEEN_KEPT = 100


class Press:
    """One template. It prints one certificate at a time.

    The first of a kind is set as a page. When a second one comes, a form is made: whoever follows is written into it,
    in a quarter of the time, and her file is the same, byte for byte.
    """

    def __init__(self, folder: Path) -> None:
        self.template = CertificateTemplate(folder)
        self._typesetter = Typesetter(self.template)
        self._at_work = threading.Lock()
        self._seen: OrderedDict[Kind, tuple[str, ...]] = OrderedDict()
        #: None for a kind of which no form can be made.
        self._forms: OrderedDict[Kind, Form | None] = OrderedDict()

    def render(self, facts: CertificateFacts, *, code: str = "", badge: bytes = b"") -> bytes:
        if missing := self.template.letters_without_font(self.template.all_text(facts)):
            raise TemplateFault(f"no font of the certificate has {missing}")
        order = Order(facts, code, badge)
        with self._at_work:
            kind = kind_of(self.template, facts)
            if kind is not None and kind in self._seen:
                self._forms[kind] = make_form(self._typesetter, kind, order, self._seen.pop(kind))
                _keep(self._forms, FORMS_KEPT)
            return self._filled_in(kind, order) or self._set(kind, order)

    def _filled_in(self, kind: Kind | None, order: Order) -> bytes | None:
        """The file made with a form; None when there is none, or the facts do not go into it."""
        form = self._forms.get(kind) if kind else None
        if kind is None or form is None:
            return None
        self._forms.move_to_end(kind)
        with faults_raised():
            return form.print(order)

    def _set(self, kind: Kind | None, order: Order) -> bytes:
        files = CertificateFiles(self.template, order.facts, order.code)
        with faults_raised():
            document = self._typesetter.set(self.template.page(order.facts), files)
            pdf = self._typesetter.write(document, order.facts, order.badge)
        if kind is not None and kind not in self._forms:
            self._seen[kind] = tuple(sorted(files.drawings))
            _keep(self._seen, _SEEN_KEPT)
        return pdf


def _keep(kept: OrderedDict[Kind, Any], most: int) -> None:
    """Only so many: whoever was not asked for the longest time goes."""
    while len(kept) > most:
        kept.popitem(last=False)
