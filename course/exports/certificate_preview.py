"""A look at a certificate template with its sample: drawn beside the web process, unsigned, and read anew each time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from course.domain.errors import PdfNotAvailable
from course.exports.certificate_pdf import available
from course.exports.certificate_template import SETTINGS, Sample
from course.exports.child_process import ChildProcess

if TYPE_CHECKING:
    from course.exports.preview_drawing import Drawer

#: Whoever changes a template looks at it again and again; nobody else needs this child.
_IDLE_SECONDS = 20.0
_DRAW_SECONDS = 60.0


class Previews:
    """The templates that a site has, and the samples drawn of them."""

    def __init__(self, *folders: Path) -> None:
        """`folders` are those that have templates in them; of two templates of one name the first one counts."""
        self._folders = folders
        self._child: ChildProcess[Sample, bytes] = ChildProcess(
            _drawer, name="preview", idle=_IDLE_SECONDS, timeout=_DRAW_SECONDS
        )

    def templates(self) -> dict[str, Path]:
        """Name -> folder, by name."""
        found: dict[str, Path] = {}
        for folder in self._folders:
            for settings in sorted(folder.glob(f"*/{SETTINGS}")):
                found.setdefault(settings.parent.name, settings.parent)
        return dict(sorted(found.items()))

    def draw(self, name: str, language: str) -> bytes:
        """The sample as PDF. Raises PdfNotAvailable, whose words say what is wrong with the template."""
        if reason := available():
            raise PdfNotAvailable(reason)
        folder = self.templates().get(name)
        if folder is None:
            raise PdfNotAvailable(f"there is no certificate template {name}")
        return self._child.ask(Sample(folder, language))

    def close(self) -> None:
        self._child.close()


def _drawer() -> Drawer:
    from course.exports.preview_drawing import Drawer

    return Drawer()
