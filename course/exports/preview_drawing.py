"""Draws samples of templates. Imported only in the process that does this."""

from __future__ import annotations

from course.exports.certificate_press import Press
from course.exports.certificate_template import Sample


class Drawer:
    """Reads the template anew for each sample: whoever asks has just changed it."""

    def do(self, sample: Sample) -> bytes:
        return Press(sample.folder).render(sample.facts())
