"""Makes a tagged PDF (PDF/UA-1) of a page, in a process of its own that ends when the file is made."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from course.domain.errors import PdfNotAvailable
from course.exports.certificate_pdf import available

#: A session kit takes some seconds, the whole handbook a minute or two.
TIMEOUT_SECONDS = 600.0
#: A page that must be one sheet is set in the first of these sizes in which it is, in points.
SIZES_OF_ONE_SHEET = (14.0, 13.0, 12.0, 11.5, 11.0, 10.5, 10.0, 9.5, 9.0, 8.5)


def print_tagged(page: str, styles: Sequence[Path], fonts: Path, *, one_sheet: bool = False) -> bytes:
    """The PDF of a page. WeasyPrint's memory goes with the child. `one_sheet` sets it as large as one sheet allows."""
    if reason := available():
        raise PdfNotAvailable(reason)
    # Spawn, not fork: a fork would copy the parent's locks and connections in whatever state they are.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as beside:
        try:
            return beside.submit(render_tagged, page, styles, fonts, one_sheet=one_sheet).result(TIMEOUT_SECONDS)
        except (BrokenProcessPool, TimeoutError) as error:
            raise PdfNotAvailable(f"the process that makes the file gave none: {error!r}") from error


def render_tagged(page: str, styles: Sequence[Path], fonts: Path, *, one_sheet: bool = False) -> bytes:
    """What the child does. It may read the fonts of the course and nothing else."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class Fonts(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types.
        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            scheme, _, name = url.partition(":")
            if scheme != "fonts" or name not in {path.name for path in fonts.iterdir()}:
                raise ValueError(f"this page may not load {url}")
            return URLFetcherResponse(url, (fonts / name).read_bytes(), {"Content-Type": "font/ttf"})

    files, loaded = Fonts(fail_on_errors=True), FontConfiguration()
    options = {"font_config": loaded, "pdf_variant": "pdf/ua-1", "pdf_tags": True}
    try:
        text = "\n".join(style.read_text(encoding="utf-8") for style in styles)
        sheet = CSS(string=text, font_config=loaded, url_fetcher=files)
        whole = HTML(string=page, url_fetcher=files)
        for size in SIZES_OF_ONE_SHEET if one_sheet else ():
            sized = [sheet, CSS(string=f"html {{ font-size: {size}pt }}")]
            document = whole.render(stylesheets=sized, **options)
            if len(document.pages) == 1:
                found: bytes = document.write_pdf(finisher=_say_what_headings_head, **options)
                return found
        if one_sheet:
            raise PdfNotAvailable("the text does not fit on one sheet")
        pdf: bytes = whole.write_pdf(finisher=_say_what_headings_head, stylesheets=[sheet], **options)
    except FatalURLFetchingError as error:
        # WeasyPrint derives it from BaseException; as such it would end the worker.
        raise PdfNotAvailable(str(error)) from error
    return pdf


def _say_what_headings_head(_document: object, pdf: Any) -> None:
    """Give each heading of a table its scope.

    WeasyPrint names the headings in each cell instead; the cells of a table that goes on overleaf then name headings
    that stand on the page before, and PDF/UA does not accept that.
    """
    numbered = {one.number: one for one in pdf.objects}

    def parent(one: Any) -> Any:
        return numbered[int(bytes(one["P"]).split()[0])]

    for one in pdf.objects:
        if isinstance(one, dict) and one.get("S") == "/TH" and "A" in one:
            heads_column = parent(parent(one)).get("S") == "/THead"
            one["A"]["Scope"] = "/Column" if heads_column else "/Row"
