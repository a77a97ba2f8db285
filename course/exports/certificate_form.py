"""Many certificates of one kind: a page set once, in which what belongs to one person alone is changed for each.

Only the name, the number, the address and the code on the page differ between two people of a class. The page is laid
out by WeasyPrint with made-up facts whose words are as wide as the kind allows, and kept. For a real person WeasyPrint
lays out her three words anew, paints and writes the page as always; whatever would move something else on the page does
not go in, and is set in the ordinary way. The first file of a form must be that of the ordinary way, byte for byte.

This file alone reaches into WeasyPrint where nothing is documented: the boxes of a page, and the measuring of a line.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import combinations_with_replacement, groupby
from string import ascii_lowercase
from typing import Any, NamedTuple

from weasyprint import DEFAULT_OPTIONS
from weasyprint.document import DocumentMetadata, Page
from weasyprint.draw.text import draw_first_line
from weasyprint.formatting_structure.boxes import ReplacedBox, TextBox
from weasyprint.images import SVGImage, get_image_from_uri
from weasyprint.matrix import Matrix
from weasyprint.pdf.stream import Stream
from weasyprint.text.line_break import split_first_line

from course.domain.certificate import ALPHABET, NAME_MAX, CertificateFacts
from course.exports.certificate_template import CertificateTemplate, TemplateFault, printed_address
from course.exports.certificate_writing import QR, CertificateFiles, Order, Typesetter, faults_raised

#: Besides letters that run from the left. Nothing in such a name turns, joins or breaks a line.
_IN_NAMES = frozenset(" -'’.")
#: What made-up names are of: letters of middling width, or a single narrow one.
_MIDDLING, _NARROW = "n", "i"
#: What the code holds on the page that a form is made of: less than any real one, so that it has another size.
_LITTLE = "0"
#: How WeasyPrint says in a page how much of what follows shines through, for lines (A) and for areas (a).
_SHINE = re.compile(rb"/([aA])([\d.]+) gs")
#: By how many pairs of letters, of 351, made-up names are narrower that are tried when the widest one fits no line.
_NARROWER = (0, 30, 90, 180)


class Kind(NamedTuple):
    """What certificates have in common that one form is for."""

    #: Without name, number and address.
    facts: CertificateFacts
    skeleton: str


def kind_of(template: CertificateTemplate, facts: CertificateFacts) -> Kind | None:
    """None for a certificate that is always set in the ordinary way."""
    if not (_is_plain(facts.name) and _is_one_word(facts.code) and _is_one_word(facts.verify_url)):
        return None
    return Kind(replace(facts, name="", code="", verify_url=""), template.skeleton(facts))


def _is_plain(name: str) -> bool:
    return name == " ".join(name.split()) and all(
        letter in _IN_NAMES or (letter.isalpha() and unicodedata.bidirectional(letter) == "L") for letter in name
    )


def _is_one_word(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text


def make_form(typesetter: Typesetter, kind: Kind, order: Order, drawings: Iterable[str]) -> Form | None:
    """A form for this kind, made for an order and proven; None when pages of this kind cannot be made with one.

    `drawings` are the names of those that the page shows.
    """
    template = typesetter.template
    known = {name: template.drawing(name, order.facts) for name in drawings}
    try:
        for widest in _widest_first(template, kind, order.facts):
            with faults_raised():
                form = Form(typesetter, widest, known)
            if form.shows_the_name:
                narrow = _made_up(template, order.facts, _narrowest_name(template, kind, order.facts), min)
                return form if form.is_proven(order._replace(facts=narrow)) else None
    except TemplateFault:
        # A page that cannot be set for a made-up person may still be one for real people.
        return None
    return None


def _made_up(
    template: CertificateTemplate, facts: CertificateFacts, name: str, most: Callable[..., str]
) -> CertificateFacts:
    """Somebody of this name, with a number and an address of the widest or narrowest letters of numbers."""
    letter = most(ALPHABET, key=template.width)
    code = re.sub(r"[0-9A-Za-z]", letter, facts.code)
    return replace(facts, name=name, code=code, verify_url=re.sub(r"[0-9A-Za-z](?=[^/]*$)", letter, facts.verify_url))


def _widest_first(template: CertificateTemplate, kind: Kind, facts: CertificateFacts) -> Iterator[CertificateFacts]:
    """People with the widest names of this kind: the widest there is, and narrower ones if that one fits no line."""
    most, too_many = _of_its_size(template, kind, facts), NAME_MAX + 1
    while most and too_many - most > 1:
        middle = (most + too_many) // 2
        most, too_many = (middle, too_many) if _is_of(template, kind, facts, middle) else (most, middle)
    # The last letter gives way to two that fill up what is left of the width.
    two = sorted(map("".join, combinations_with_replacement(ascii_lowercase, 2)), key=template.width)
    names = [_MIDDLING * (most - 1) + pair for pair in two if most]
    filled = bisect_left(names, True, key=lambda name: template.skeleton(replace(facts, name=name)) != kind.skeleton)
    for narrower in _NARROWER:
        if filled > narrower and len(names[filled - 1 - narrower]) <= NAME_MAX:
            yield _made_up(template, facts, names[filled - 1 - narrower], max)


def _narrowest_name(template: CertificateTemplate, kind: Kind, facts: CertificateFacts) -> str:
    """As few letters as a name of this kind can have; for the shortest kind a single narrow one."""
    least, too_few = _of_its_size(template, kind, facts), 0
    while least - too_few > 1:
        middle = (least + too_few) // 2
        least, too_few = (middle, too_few) if _is_of(template, kind, facts, middle) else (least, middle)
    return _NARROW if least == 1 else _MIDDLING * least


def _of_its_size(template: CertificateTemplate, kind: Kind, facts: CertificateFacts) -> int:
    """About as many letters as make a name of the same width; 0 when no such name is of the kind."""
    about = round(template.width(facts.name) / template.width(_MIDDLING))
    near = (letters for letters in (about, about + 1, about - 1) if letters > 0)
    return next((letters for letters in near if _is_of(template, kind, facts, letters)), 0)


def _is_of(template: CertificateTemplate, kind: Kind, facts: CertificateFacts, letters: int) -> bool:
    return template.skeleton(replace(facts, name=_MIDDLING * letters)) == kind.skeleton


@dataclass(slots=True)
class _Text:
    """A word on the page that belongs to one person."""

    box: Any
    #: Which one it is: "name", "code" or "address".
    what: str
    #: As wide as the widest made-up word is. A line that held that one holds this one.
    room: float
    #: As wide as the narrowest one for which the page was seen to be the same.
    least: float = 0.0

    def set(self, word: str) -> float | None:
        """Put the word there. Its width, or None when it would not stand where the made-up one stands."""
        box = self.box
        layout, _, _, width, height, baseline = split_first_line(word, box.style, None, None, box.justification_spacing)
        same_line = (height, baseline + box.margin_top) == (box.height, box.baseline)
        if not (self.least <= width <= self.room and same_line):
            return None
        box.text, box.pango_layout, box.width = word, layout, width
        return float(width)


class Form:
    """A page that was set once. `print` writes it for one person."""

    def __init__(self, typesetter: Typesetter, made_up: CertificateFacts, drawings: Mapping[str, bytes]) -> None:
        self._typesetter = typesetter
        self._made_up = made_up
        self._drawings = dict(drawings)
        # A code of another size than any real one: a page that it moves cannot be a form.
        files = CertificateFiles(typesetter.template, made_up, _LITTLE)
        pictures = {
            url: _Drawing(get_image_from_uri({}, files, DEFAULT_OPTIONS, url))
            for url in (f"drawing:{name}" for name in drawings)
        }
        self._document = typesetter.set(typesetter.template.page(made_up), files, pictures)
        page = self._document.pages[0]
        self._links = tuple(page.links)
        boxes = tuple(_inside(page._page_box))
        self._codes = [box for box in boxes if isinstance(box, ReplacedBox) and box.element.get("src") == QR]
        words = {word: what for what, word in _words(made_up).items()}
        texts = [box for box in boxes if isinstance(box, TextBox)]
        self._texts = [_Text(box, words[box.text], box.width) for box in texts if box.text in words]
        lines = {box: _StandingLine.of(box) for box in texts if box.text not in words}
        self._page = _FormPage(page, {box: line for box, line in lines.items() if line})

    @property
    def shows_the_name(self) -> bool:
        """Whether the made-up name stands on the page in one line."""
        return any(text.what == "name" for text in self._texts)

    def is_proven(self, narrow: Order) -> bool:
        """Whether the form, made with wide words, makes a file with narrow ones as the ordinary way does.

        What any width between them would move on the page, one of the two moves. Names that are narrower do not go in.
        """
        template = self._typesetter.template
        with faults_raised():
            files = CertificateFiles(template, narrow.facts, narrow.code)
            document = self._typesetter.set(template.page(narrow.facts), files)
            proven = self.print(narrow) == self._typesetter.write(document, narrow.facts, narrow.badge)
        for text in self._texts:
            text.least = text.box.width
        return proven

    def print(self, order: Order) -> bytes | None:
        """The certificate of somebody of this kind; None when it has to be set in the ordinary way."""
        facts = order.facts
        template = self._typesetter.template
        if any(template.drawing(name, facts) != drawing for name, drawing in self._drawings.items()):
            return None
        words, widths = _words(facts), {}
        for text in self._texts:
            width = text.set(words[text.what])
            if width is None:
                return None
            widths[text.box] = (text.room, width)
        document = self._document.copy([self._page])
        self._page.fonts = document.fonts
        self._page.links = [self._link(link, facts, widths) for link in self._links]
        files = CertificateFiles(template, facts, order.code)
        for box in self._codes:
            box.replacement = get_image_from_uri({}, files, DEFAULT_OPTIONS, QR)
        said = vars(self._document.metadata)
        title = said["title"].replace(self._made_up.name, facts.name)
        document.metadata = DocumentMetadata(**{**said, "title": title})
        return self._typesetter.write(document, facts, order.badge)

    def _link(self, link: Any, facts: CertificateFacts, widths: Mapping[Any, tuple[float, float]]) -> Any:
        """A link to the check page goes to hers, and is as wide as her address if it was as wide as the other."""
        kind, target, (left, top, right, bottom), box = link
        if target == self._made_up.verify_url:
            target = facts.verify_url
        for room, width in (widths[inner] for inner in _inside(box) if inner in widths):
            if left + room == right:
                right = left + width
        return kind, target, (left, top, right, bottom), box


class _Noting(Stream):  # type: ignore[misc]  # WeasyPrint has no types.
    """Something to draw one line on, to see what is drawn."""

    def __init__(self) -> None:
        self.noted_fonts: dict[Any, Any] = {}
        super().__init__(self.noted_fonts, (0, 0, 0, 0), {}, {}, None, {}, None)
        self.asked_for: list[tuple[Any, float]] = []

    def add_font(self, pango_font: Any) -> Any:
        font, size = super().add_font(pango_font)
        self.asked_for.append((pango_font, size))
        return font, size


@dataclass(frozen=True, slots=True)
class _StandingLine:
    """A line that is the same on every certificate: how it stands in a file."""

    colour: Any
    #: Where it stands and its letters, as steps of a file.
    place: bytes
    letters: bytes
    #: What the letters are, and how wide: each a dictionary by glyph. The font itself is as large as its file.
    meaning: Mapping[int, str]
    widths: Mapping[int, float]
    #: The font as WeasyPrint knows it, and as Pango does. Pango has it as long as it has the line.
    key: Any
    pango_font: Any
    size: float
    line: Any

    @classmethod
    def of(cls, box: Any) -> _StandingLine | None:
        """None for a line that WeasyPrint is to draw each time: of two fonts, underlined, unseen or empty."""
        if box.style["visibility"] != "visible" or box.style["text_decoration_line"] != "none":
            return None
        stream = _Noting()
        box.pango_layout.reactivate(box.style)
        place = Matrix(d=-1, e=box.position_x, f=box.position_y + box.baseline)
        coloured = draw_first_line(stream, box, "clip", "none", place)
        if coloured or len(stream.stream) != 3 or len(stream.asked_for) != 1:
            box.pango_layout.deactivate()
            return None
        [(key, font)], [(pango_font, size)] = stream.noted_fonts.items(), stream.asked_for
        where, _, letters = stream.stream
        colour, line = box.style["color"], box.pango_layout
        return cls(colour, where, letters, font.to_unicode, font.widths, key, pango_font, size, line)

    def paint(self, stream: Any, fonts: Mapping[Any, Any]) -> None:
        """As WeasyPrint does. `fonts` are those of the file."""
        stream.set_color(self.colour)
        stream.begin_text()
        stream.stream.append(self.place)
        font = fonts[self.key] if self.key in fonts else stream.add_font(self.pango_font)[0]
        for glyph, letter in self.meaning.items():
            font.to_unicode.setdefault(glyph, letter)
        for glyph, width in self.widths.items():
            font.widths.setdefault(glyph, width)
        stream.set_font_size(font.hash, self.size)
        stream.stream.append(self.letters)
        stream.end_text()


class _Drawn:
    """Takes the place of the layout of a line that is painted already: WeasyPrint finds nothing to draw."""

    def reactivate(self, style: Any) -> None:
        """It stands."""

    def deactivate(self) -> None:
        """It stands."""


class _FormPage(Page):  # type: ignore[misc]  # WeasyPrint has no types.
    """A page of which the lines that stand are not drawn again."""

    def __init__(self, page: Page, lines: Mapping[Any, _StandingLine]) -> None:
        self.__dict__.update(vars(page))
        self._lines = lines
        for box in lines:
            box.text, box.pango_layout = "", _Drawn()
        #: Those of the file that is being written.
        self.fonts: Mapping[Any, Any] = {}

    def paint(self, stream: Any, scale: float = 1) -> None:
        mark = stream.marked

        @contextmanager
        def marked(box: Any, tag: str) -> Iterator[None]:
            with mark(box, tag):
                if box in self._lines:
                    self._lines[box].paint(stream, self.fonts)
                yield

        # Each line is marked before it is drawn. WeasyPrint goes on with the text that is begun then, and finds that
        # the box has no letters to add.
        stream.marked = marked
        super().paint(stream, scale)


class _Drawing(SVGImage):  # type: ignore[misc]  # WeasyPrint has no types.
    """A drawing that is worked out once: nothing in it changes from one certificate to the next.

    What was painted is painted again, as long as it names nothing of the file but how much of it shines through.
    """

    def __init__(self, drawing: SVGImage) -> None:
        self.__dict__.update(vars(drawing))
        self._painted: dict[tuple[float, float], list[bytes]] = {}

    def draw(self, stream: Any, concrete_width: float, concrete_height: float, style: Any) -> None:
        size = (concrete_width, concrete_height)
        if size in self._painted:
            for step in self._painted[size]:
                _paint(stream, step)
            return
        before = len(stream.stream)
        super().draw(stream, concrete_width, concrete_height, style)
        steps = stream.stream[before:]
        if all(isinstance(step, bytes) and (b"/" not in step or _SHINE.fullmatch(step)) for step in steps):
            runs = [(counted, list(run)) for counted, run in groupby(steps, key=_is_counted)]
            self._painted[size] = [step for counted, run in runs for step in (run if counted else [b"\n".join(run)])]


def _is_counted(step: bytes) -> bool:
    """Whether the stream keeps count of such steps."""
    return step in (b"q", b"Q") or _SHINE.fullmatch(step) is not None


def _paint(stream: Any, step: bytes) -> None:
    if step == b"q":
        stream.push_state()
    elif step == b"Q":
        stream.pop_state()
    elif shine := _SHINE.fullmatch(step):
        number = shine[2].decode()
        stream.set_alpha(float(number) if "." in number else int(number), stroke=shine[1] == b"A")
    else:
        stream.stream.append(step)


def _words(facts: CertificateFacts) -> dict[str, str]:
    return {"name": facts.name, "code": facts.code, "address": printed_address(facts)}


def _inside(box: Any) -> Iterator[Any]:
    """The box and all that is in it. Where one was taken out of the flow there is a placeholder that has it."""
    box = getattr(box, "_box", box)
    yield box
    for child in getattr(box, "children", ()):
        yield from _inside(child)
