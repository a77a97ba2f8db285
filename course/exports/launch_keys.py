"""The key that speaks for this course to platforms: kept like those that sign certificates, changed apart from them.

`lti.pem` in their folder is the key in use, `lti-before.pem` the one before it, which stays published so that what it
signed a moment ago still counts. Whoever removes that file stops trusting it.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from course.exports.kept_file import kept, replace
from course.exports.signing_keys import KeyFault
from course.later import Later

if TYPE_CHECKING:
    from joserfc import errors, jwk
else:
    errors, jwk = Later("joserfc.errors"), Later("joserfc.jwk")

#: Platforms ask for RS256.
_BITS = 2048
_CURRENT = "lti.pem"
_BEFORE = "lti-before.pem"


def launch_key(folder: Path) -> jwk.RSAKey:
    """The key in use, made at the first need. It is read each time, so that every process signs with the newest."""
    return _read(kept(folder / _CURRENT, _new), folder / _CURRENT)


def launch_keys_json(folder: Path) -> dict[str, object]:
    """What platforms may know: a JSON Web Key Set of the key in use and the one before it."""
    keys = [launch_key(folder)]
    before = folder / _BEFORE
    if before.is_file():
        keys.append(_read(before.read_bytes(), before))
    return {"keys": [key.as_dict(private=False) for key in keys]}


def rotate_launch_key(folder: Path) -> str:
    """Speak with a new key from now on. Its id."""
    in_use = kept(folder / _CURRENT, _new)
    made = _new()
    # First what stays published, so that no moment has a signature without its key.
    replace(folder / _BEFORE, in_use)
    replace(folder / _CURRENT, made)
    return _read(made, folder / _CURRENT).kid or ""


def _new() -> bytes:
    return jwk.RSAKey.generate_key(_BITS).as_pem(private=True)


@lru_cache(maxsize=4)
def _read(pem: bytes, path: Path) -> jwk.RSAKey:
    # To check a private key takes longer than all else that a score needs, so the same bytes are checked once.
    try:
        key = jwk.RSAKey.import_key(pem)
        return jwk.RSAKey.import_key(pem, {"kid": key.thumbprint()[:16], "use": "sig", "alg": "RS256"})
    except (errors.JoseError, ValueError) as error:
        raise KeyFault(f"{path} cannot be read: it must be an RSA key in PEM, without a password") from error
