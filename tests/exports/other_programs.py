"""What programs from npm say of what we signed: Digital Bazaar's verifier of credentials, jose, and jsQR."""

from __future__ import annotations

import base64
import json
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any

from PIL import Image

_NPM = Path(__file__).parents[1] / "npm"
#: The contexts as the standards publish them; they are given to the verifier, which fetches nothing.
_CONTEXTS = {
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": "ob-v3p0-context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json": "ob-v3p0-extensions.json",
}


def verified_credential(document: dict[str, Any], issuer: dict[str, Any]) -> dict[str, Any]:
    """`issuer` is the DID document; each of its keys is found under its own address too."""
    contexts = files("openbadgeslib.ob3").joinpath("contexts")
    documents = {
        address: json.loads(contexts.joinpath(name).read_text(encoding="utf-8")) for address, name in _CONTEXTS.items()
    }
    documents[issuer["id"]] = issuer
    for method in issuer["verificationMethod"]:
        documents[method["id"]] = {"@context": "https://w3id.org/security/multikey/v1", **method}
    return _asked("credential", {"document": document, "documents": documents})


def verified_token(token: str, keys: dict[str, object]) -> dict[str, Any]:
    return _asked("token", {"token": token, "keys": keys})


def code_on(picture: Image.Image) -> str | None:
    """What the QR code in the picture holds; None when it cannot be read."""
    grey = picture.convert("L")
    size = {"width": grey.width, "height": grey.height}
    text = _asked("code", {"grey": base64.b64encode(grey.tobytes()).decode(), **size})["text"]
    return None if text is None else str(text)


def _asked(what: str, given: dict[str, Any]) -> dict[str, Any]:
    done = subprocess.run(
        ["node", "check.mjs", what], cwd=_NPM, input=json.dumps(given), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
