"""Makes the PDF of a session kit, tagged (PDF/UA-1), in a process of its own that ends when the file is made."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

from course.domain.errors import PdfNotAvailable
from course.exports.certificate_pdf import available
from course.exports.session_kit import FOLDER

#: A kit of all modules takes some seconds.
TIMEOUT_SECONDS = 180.0


def print_kit(page: str, fonts: Path) -> bytes:
    """The PDF of a kit's page. WeasyPrint's memory goes with the child."""
    if reason := available():
        raise PdfNotAvailable(reason)
    # Spawn, not fork: a fork would copy the parent's locks and connections in whatever state they are.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as beside:
        try:
            return beside.submit(render_kit, page, fonts).result(TIMEOUT_SECONDS)
        except (BrokenProcessPool, TimeoutError) as error:
            raise PdfNotAvailable(f"the process that makes session kits gave no file: {error!r}") from error


def render_kit(page: str, fonts: Path) -> bytes:
    """What the child does. It may read the fonts of the course and nothing else."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class Fonts(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types.
        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            scheme, _, name = url.partition(":")
            if scheme != "fonts" or name not in {path.name for path in fonts.iterdir()}:
                raise ValueError(f"a session kit may not load {url}")
            return URLFetcherResponse(url, (fonts / name).read_bytes(), {"Content-Type": "font/ttf"})

    files, loaded = Fonts(fail_on_errors=True), FontConfiguration()
    style = (FOLDER / "kit.css").read_text(encoding="utf-8")
    try:
        styles = [CSS(string=style, font_config=loaded, url_fetcher=files)]
        pdf: bytes = HTML(string=page, url_fetcher=files).write_pdf(
            stylesheets=styles, font_config=loaded, pdf_variant="pdf/ua-1", pdf_tags=True
        )
    except FatalURLFetchingError as error:
        # WeasyPrint derives it from BaseException; as such it would end the worker.
        raise PdfNotAvailable(str(error)) from error
    return pdf
