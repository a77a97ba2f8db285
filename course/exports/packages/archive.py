"""A zip file that is the same to the last byte whenever it is made of the same files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

#: The earliest moment that a zip file can name.
ALWAYS = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o644 << 16


def packed(files: Mapping[str, bytes], first: str) -> bytes:
    """The files in the order of their names, after `first`: some importers look for the manifest at the beginning."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files, key=lambda name: (name != first, name)):
            entry = zipfile.ZipInfo(name, ALWAYS)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = _PLAIN_FILE
            # The system on which the file was made must not stand in it.
            entry.create_system = 3
            archive.writestr(entry, files[name])
    return written.getvalue()
