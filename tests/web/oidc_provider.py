"""A small OpenID provider on this machine: it answers over HTTP as a real one does, and lies where a test says so."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "our site", "a/secret:of theirs"


class OidcProvider:
    """One user, whom every visitor of the authorization page is taken for."""

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self.key = RSAKey.generate_key(2048, {"kid": "first", "use": "sig", "alg": "RS256"})
        #: Claims that a test sets; None leaves one out.
        self.changes: dict[str, Any] = {}
        self.user = {"sub": "user-17", "email": "iida@north.example", "email_verified": True}
        #: What the token is signed with, when it is not the key that the provider shows.
        self.signing_key = self.key
        self.codes: dict[str, dict[str, str]] = {}
        self.issuer_said = ""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.answer_get(self)

            def do_POST(self) -> None:
                outer.answer_token(self)

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def setting(self) -> str:
        quoted = urlencode({"": CLIENT})[1:].replace("+", "%20"), urlencode({"": SECRET})[1:].replace("+", "%20")
        return f"http://{quoted[0]}:{quoted[1]}@{self.issuer.removeprefix('http://')}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer_get(self, handler: BaseHTTPRequestHandler) -> None:
        address = urlsplit(handler.path)
        if address.path == "/.well-known/openid-configuration":
            self._send(
                handler,
                {
                    "issuer": self.issuer_said or self.issuer,
                    "authorization_endpoint": f"{self.issuer}/authorize",
                    "token_endpoint": f"{self.issuer}/token",
                    "jwks_uri": f"{self.issuer}/keys",
                },
            )
        elif address.path == "/keys":
            self._send(handler, {"keys": [self.key.as_dict(private=False)]})
        else:
            self._send(handler, {}, 404)

    def authorize(self, url: str) -> str:
        """What the browser does at the provider: the user agrees, and is sent back. The address it is sent to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert asked["client_id"] == CLIENT and asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256" and len(asked["nonce"]) > 20 and "openid" in asked["scope"]
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def answer_token(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"])).decode()
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        asked = self.codes.pop(sent.get("code", ""), None)
        login = base64.b64decode(handler.headers.get("Authorization", "Basic ").partition(" ")[2]).decode()
        challenge = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        fits = asked is not None and (
            asked["code_challenge"] == base64.urlsafe_b64encode(challenge).decode().rstrip("=")
            and asked["redirect_uri"] == sent["redirect_uri"]
            and [unquote(part) for part in login.split(":", 1)] == [CLIENT, SECRET]
        )
        if not fits or asked is None:
            self._send(handler, {"error": "invalid_grant"}, 400)
            return
        now = self._now()
        claims = {"iss": self.issuer, "aud": CLIENT, "exp": now + 300, "iat": now, "nonce": asked["nonce"], **self.user}
        claims = {name: value for name, value in {**claims, **self.changes}.items() if value is not None}
        token = jwt.encode({"alg": "RS256", "kid": "first"}, claims, self.signing_key)
        self._send(handler, {"access_token": "unused", "token_type": "Bearer", "id_token": token})

    def _send(self, handler: BaseHTTPRequestHandler, content: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(content).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)
