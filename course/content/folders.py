"""Where the content package stands on the disk, and where a certificate's template does.

A package may be a distribution of its own, made by `flask course new-package` and installed like any other: then its
name stands in the entry points of the group `course.content`, and the setting says `package:NAME`.
"""

from __future__ import annotations

from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path

from course.content.findings import ContentError, Finding, Level

#: Before the name of an installed content package, where a folder could stand.
INSTALLED = "package:"
#: The entry points of content packages: the name is the package's, the value a module beside its folders.
GROUP = "course.content"

_PACKAGE = Path(__file__).resolve().parent.parent


def content_root(configured: str | None = None) -> Path:
    """Where the package stands: the configured folder or installed package, else the one in the wheel or checkout.

    Raises ContentError for a package that is not installed.
    """
    if configured and configured.startswith(INSTALLED):
        return _installed(configured.removeprefix(INSTALLED))
    if configured:
        return Path(configured).expanduser().resolve()
    bundled = _PACKAGE / "_bundled"
    return bundled if bundled.is_dir() else _PACKAGE.parent


def installed_packages() -> dict[str, str]:
    """The content packages that are installed here: name -> module."""
    return {point.name: point.module for point in entry_points(group=GROUP)}


def _installed(name: str) -> Path:
    found = installed_packages()
    if name not in found:
        there = ", ".join(sorted(found)) or "none"
        what = f"There is no installed content package {name}; there is {there}."
        raise ContentError(
            [Finding("file-missing", Level.ERROR, f"{INSTALLED}{name}", 1, what, "Install it with pip.")]
        )
    return Path(str(files(found[name]))).resolve()


def certificate_folder(root: Path, name: str) -> Path:
    """The certificate's template: the package's own, or for a package without any, the one that came with the site."""
    own = root / "certificates" / name
    return own if own.is_dir() else content_root() / "certificates" / name
