"""What can be said about a PDF file that somebody brings: is it a certificate of ours, and is it as we made it?"""

from __future__ import annotations

import enum
from dataclasses import dataclass

#: A certificate has 30 kB; what is a lot larger cannot be one, and is not even looked at.
LARGEST_FILE = 1_000_000


class Finding(enum.Enum):
    INTACT = "intact"
    """Signed by us, and not a byte was changed or added since. Whether it was revoked is another question."""
    CHANGED = "changed"
    """It began as a file of ours, and was changed afterwards."""
    FOREIGN = "foreign"
    """Nothing in it is ours."""


@dataclass(frozen=True, slots=True)
class CheckedFile:
    finding: Finding
    #: The certificate's number; only of an intact file.
    code: str | None = None
