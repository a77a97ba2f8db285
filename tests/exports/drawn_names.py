"""How a name looks: as the certificate prints it, and as the font file draws it when asked by another program.

A text layer can be right while the letters on the page are wrong, so the two are compared point by point.
"""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

_DPI = 200
#: The band of the page in which the name stands, in millimetres: left, top, right, bottom. Below it the table has a
#: rule that is as blue as the name.
_NAME_BAND = (20, 59, 188, 125)
#: Points of this much ink are part of a letter; less is the soft edge of one.
_INK = 90
_DRAWN_SIZE = 160
#: As the style sheet sets the name.
LINE_HEIGHT = 1.15

#: Printed and drawn letters differ by their soft edges only. Measured: right letters stay below 0.21, another weight
#: comes to 0.27 and more, one letter without its mark to 0.34.
ALIKE = 0.25


def printed(pdf: bytes) -> Image.Image:
    """The name on the certificate, as ink: 255 is full, 0 is paper."""
    left, top, right, bottom = (round(edge / 25.4 * _DPI) for edge in _NAME_BAND)
    band = ["-x", str(left), "-y", str(top), "-W", str(right - left), "-H", str(bottom - top)]
    command = ["pdftoppm", "-r", str(_DPI), *band, "-singlefile", "-"]
    picture = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout
    red, _, blue = Image.open(io.BytesIO(picture)).convert("RGB").split()
    # The name is the only text of the band in deep blue; grey text has as much red as blue, and drops out.
    return _cut(ImageChops.subtract(blue, red).point(lambda value: min(255, max(0, (value - 20) * 3))))


def drawn(
    name: str | list[str], font: Path, *, direction: str = "ltr", line_height: float = LINE_HEIGHT
) -> Image.Image:
    """The name drawn by FreeType and Raqm from the whole font file, without Pango, WeasyPrint or a PDF.

    A name of several lines is given as a list.
    """
    face = ImageFont.truetype(str(font), _DRAWN_SIZE, layout_engine=ImageFont.Layout.RAQM)
    lines = [name] if isinstance(name, str) else name
    width = _DRAWN_SIZE * (max(map(len, lines)) + 4)
    canvas = Image.new("L", (width, round(_DRAWN_SIZE * (line_height * len(lines) + 3))))
    for number, line in enumerate(lines):
        # The edge on which a line begins, and its baseline.
        place = (width - _DRAWN_SIZE if direction == "rtl" else _DRAWN_SIZE, _DRAWN_SIZE * (2 + line_height * number))
        ImageDraw.Draw(canvas).text(
            place,
            line,
            fill=255,
            font=face,
            anchor="rs" if direction == "rtl" else "ls",
            direction=direction,
            features=["-liga", "-clig", "-dlig"],
        )
    return _cut(canvas)


def difference(one: Image.Image, other: Image.Image, *, lines: int = 1) -> float:
    """Between 0 (alike) and 1: how much ink differs where the two differ most, over a spot of about half a letter."""
    proportion = (one.width / one.height) / (other.width / other.height)
    # A narrow letter is so few points wide that the soft edge alone changes its proportions.
    if abs(proportion - 1) > max(0.03, 2 / min(one.size)):
        return 1.0
    spot = max(1, min(one.size) // (10 * lines))
    same_size = other.resize(one.size, Image.Resampling.LANCZOS)
    apart = ImageChops.difference(
        one.filter(ImageFilter.GaussianBlur(1.5)), same_size.filter(ImageFilter.GaussianBlur(1.5))
    )
    return max(apart.filter(ImageFilter.BoxBlur(spot)).tobytes()) / 255


def _cut(ink: Image.Image) -> Image.Image:
    box = ink.point(lambda value: 255 if value > _INK else 0).getbbox()
    assert box is not None, "there is no name"
    return ink.crop(box)
