"""Where the content package stands on the disk, and where a certificate's template does."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def content_root(configured: str | None = None) -> Path:
    """Where the package stands: the configured folder, else the one in the wheel, else the checkout."""
    if configured:
        return Path(configured).expanduser().resolve()
    bundled = _PACKAGE / "_bundled"
    return bundled if bundled.is_dir() else _PACKAGE.parent


def certificate_folder(root: Path, name: str) -> Path:
    """The certificate's template: the package's own, or for a package without any, the one that came with the site."""
    own = root / "certificates" / name
    return own if own.is_dir() else content_root() / "certificates" / name
