"""A learning platform of our own for the tests: it answers over HTTP as a real one does, and lies where a test says so.

It shares no code with the course: tokens are made and checked by PyJWT, which the course's own launches do not use.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
AGS = "https://purl.imsglobal.org/spec/lti-ags/"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/"
DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
ROLE = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
#: A key is made slowly; every platform of a test run may have the same ones.
KEYS = [rsa.generate_private_key(65537, 2048) for _ in range(2)]


@dataclass
class User:
    subject: str
    name: str
    roles: list[str]


LEARNER = User("user-17", "Lauri Launched", [f"{ROLE}Learner"])
INSTRUCTOR = User("user-3", "Inka Instructor", [f"{ROLE}Instructor"])


@dataclass
class Asked:
    """What the tool asked for when it sent the browser here."""

    fields: dict[str, str]

    @property
    def state(self) -> str:
        return self.fields["state"]


@dataclass
class LtiPlatform:
    """One platform with one course and one link in it."""

    now: Callable[[], float] = time.time
    client_id: str = "tool-at-us"
    deployment: str = "1"
    #: The tool's public keys, as it publishes them.
    tool_keys: Callable[[], dict[str, Any]] = dict
    kid: str = "first"
    key: rsa.RSAPrivateKey = field(default_factory=lambda: KEYS[0])
    context: dict[str, str] = field(default_factory=lambda: {"id": "course-9", "title": "Perehdytys 2026"})
    link_id: str = "link-5"
    #: Status that every service answers with instead of doing its work.
    outage: int = 0
    gives_line_item: bool = True
    scores: list[dict[str, Any]] = field(default_factory=list)
    line_items: list[dict[str, Any]] = field(default_factory=list)
    members: list[dict[str, Any]] = field(default_factory=list)
    page_size: int = 2
    tokens: set[str] = field(default_factory=set)
    registered: dict[str, Any] = field(default_factory=dict)
    registration_token: str = "let-me-in"
    requests: list[str] = field(default_factory=list)
    #: What a page of the platform looks like that a browser opens, by its path.
    pages: dict[str, str] = field(default_factory=dict)
    #: Whom the authorization page takes every visitor for.
    visitor: User = field(default_factory=lambda: LEARNER)
    received: list[dict[str, str]] = field(default_factory=list)
    #: Under this name it is another site to a browser than 127.0.0.1.
    host: str = "127.0.0.1"
    port: int = 0

    def __post_init__(self) -> None:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.answer(self, b"")

            def do_POST(self) -> None:
                outer.answer(self, self.rfile.read(int(self.headers.get("Content-Length") or 0)))

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.port = self._server.server_port
        self.issuer = f"http://{self.host}:{self.port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    # The message

    def first_request(self, target: str, **changes: str | None) -> dict[str, str]:
        """What the platform sends the browser with to begin."""
        fields: dict[str, str | None] = {
            "iss": self.issuer,
            "client_id": self.client_id,
            "login_hint": "hint-1",
            "lti_message_hint": "message-2",
            "lti_deployment_id": self.deployment,
            "target_link_uri": target,
            **changes,
        }
        return {name: value for name, value in fields.items() if value is not None}

    def asked(self, url: str) -> Asked:
        """What the tool sends the browser here with, checked as a platform checks it."""
        assert url.startswith(f"{self.issuer}/auth?"), url
        fields = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert fields["scope"] == "openid" and fields["response_type"] == "id_token"
        assert fields["response_mode"] == "form_post" and fields["prompt"] == "none"
        assert fields["client_id"] == self.client_id and fields["login_hint"] == "hint-1"
        assert len(fields["state"]) > 20 and len(fields["nonce"]) > 20 and fields["state"] != fields["nonce"]
        return Asked(fields)

    def claims(self, asked: Asked, user: User, target: str) -> dict[str, Any]:
        """A message as it should be."""
        seconds = int(self.now())
        return {
            "iss": self.issuer,
            "aud": self.client_id,
            "sub": user.subject,
            "name": user.name,
            "exp": seconds + 300,
            "iat": seconds,
            "nonce": asked.fields["nonce"],
            f"{LTI}message_type": "LtiResourceLinkRequest",
            f"{LTI}version": "1.3.0",
            f"{LTI}deployment_id": self.deployment,
            f"{LTI}target_link_uri": target,
            f"{LTI}resource_link": {"id": self.link_id, "title": "Ihmiskauppa"},
            f"{LTI}roles": user.roles,
            f"{LTI}context": self.context,
            f"{LTI}launch_presentation": {"locale": "fi_FI", "document_target": "iframe"},
            f"{AGS}claim/endpoint": self._endpoint(),
            f"{NRPS}claim/namesroleservice": {
                "context_memberships_url": f"{self.issuer}/members?course=9",
                "service_versions": ["2.0"],
            },
        }

    def _endpoint(self) -> dict[str, Any]:
        endpoint = {
            "scope": [f"{AGS}scope/lineitem", f"{AGS}scope/score"],
            "lineitems": f"{self.issuer}/lineitems?type_id=1",
        }
        if self.gives_line_item:
            endpoint["lineitem"] = f"{self.issuer}/lineitems/7?type_id=1"
        return endpoint

    def choosing_claims(self, asked: Asked, user: User, **settings: Any) -> dict[str, Any]:
        """The same for a choice (Deep Linking)."""
        claims = self.claims(asked, user, "")
        for name in (f"{LTI}resource_link", f"{LTI}target_link_uri"):
            del claims[name]
        return {
            **claims,
            f"{LTI}message_type": "LtiDeepLinkingRequest",
            f"{DL}deep_linking_settings": {
                "deep_link_return_url": f"{self.issuer}/return",
                "accept_types": ["ltiResourceLink"],
                "accept_presentation_document_targets": ["iframe", "window"],
                "accept_multiple": False,
                "data": "give-me-back",
                **settings,
            },
        }

    def signed(self, claims: dict[str, Any], **header: Any) -> str:
        return jwt.encode(claims, self.key, "RS256", headers={"kid": self.kid, **header})

    def rotate(self) -> None:
        """Another key from now on, and the old one is not shown any more."""
        self.kid, self.key = "second", KEYS[1]

    # The answer to a choice

    def read_choice(self, token: str) -> dict[str, Any]:
        """What the tool answers, checked as a platform checks it."""
        return jwt.decode(
            token,
            self._tool_key(token),
            ["RS256"],
            audience=self.issuer,
            issuer=self.client_id,
            options={"verify_exp": False, "verify_iat": False, "require": ["exp", "iat", "nonce"]},
        )

    def _tool_key(self, token: str) -> Any:
        kid = jwt.get_unverified_header(token)["kid"]
        return next(key for key in jwt.PyJWKSet.from_dict(self.tool_keys()).keys if key.key_id == kid)

    # Over HTTP

    def answer(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        address = urlsplit(handler.path)
        self.requests.append(f"{handler.command} {address.path}")
        if self.outage and not address.path.startswith("/page"):
            _send(handler, {"error": "out of order"}, self.outage)
            return
        arguments = {name: values[0] for name, values in parse_qs(address.query).items()}
        found = getattr(self, f"_{address.path.strip('/').split('/')[0].replace('.', '_').replace('-', '_')}", None)
        if found is None:
            _send(handler, {"error": "not here"}, 404)
        else:
            found(handler, address.path, arguments, body)

    def _keys(self, handler: Any, path: str, arguments: dict[str, str], body: bytes) -> None:
        shown = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        _send(handler, {"keys": [{**shown, "kid": self.kid, "alg": "RS256", "use": "sig"}]})

    def _token(self, handler: Any, path: str, arguments: dict[str, str], body: bytes) -> None:
        sent = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        assertion = sent.get("client_assertion", "")
        try:
            said = jwt.decode(
                assertion,
                self._tool_key(assertion),
                ["RS256"],
                audience=f"{self.issuer}/token",
                issuer=self.client_id,
                options={"verify_exp": False, "verify_iat": False, "require": ["exp", "iat", "jti", "sub"]},
            )
        except (jwt.PyJWTError, StopIteration):
            _send(handler, {"error": "invalid_client"}, 400)
            return
        fits = sent["grant_type"] == "client_credentials" and said["sub"] == self.client_id
        assert fits and said["exp"] > self.now() - 5
        token = f"{secrets.token_urlsafe(8)} {sent['scope']}"
        self.tokens.add(token)
        _send(handler, {"access_token": token, "token_type": "Bearer", "expires_in": 3600, "scope": sent["scope"]})

    def _allowed(self, handler: Any, scope: str) -> bool:
        token = handler.headers.get("Authorization", "").removeprefix("Bearer ")
        return token in self.tokens and scope in token

    def _lineitems(self, handler: Any, path: str, arguments: dict[str, str], body: bytes) -> None:
        scope = f"{AGS}scope/{'score' if path.endswith('/scores') else 'lineitem'}"
        if not self._allowed(handler, scope) or arguments.get("type_id") != "1":
            _send(handler, {"error": "not allowed"}, 401)
        elif path.endswith("/scores"):
            assert handler.headers["Content-Type"] == "application/vnd.ims.lis.v1.score+json"
            self.scores.append({**json.loads(body), "line": path.split("/")[2]})
            # Platforms differ here, and some say things that are no JSON.
            _send_page(handler, "Thanks")
        elif handler.command == "POST":
            assert handler.headers["Content-Type"] == "application/vnd.ims.lis.v2.lineitem+json"
            made = {**json.loads(body), "id": f"{self.issuer}/lineitems/{len(self.line_items) + 70}?type_id=1"}
            self.line_items.append(made)
            _send(handler, made, 201)
        else:
            wanted = arguments.get("resource_link_id")
            _send(handler, [one for one in self.line_items if one["resourceLinkId"] == wanted])

    def _members(self, handler: Any, path: str, arguments: dict[str, str], body: bytes) -> None:
        if not self._allowed(handler, f"{NRPS}scope/contextmembership.readonly"):
            _send(handler, {"error": "not allowed"}, 401)
            return
        start = int(arguments.get("from", 0))
        end = start + self.page_size
        link = f'<{self.issuer}/members?course=9&from={end}>; rel="next"' if end < len(self.members) else ""
        content = {"id": handler.path, "context": self.context, "members": self.members[start:end]}
        _send(handler, content, 200, {"Link": link} if link else {})

    def _configuration(self, handler: Any, path: str, arguments: dict[str, str], body: bytes) -> None:
        _send(
            handler,
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/auth",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "registration_endpoint": f"{self.issuer}/registration",
                "https://purl.imsglobal.org/spec/lti-platform-configuration": {"product_family_code": "test"},
            },
        )

    def _registration(self, handler: Any, path: str, arguments: dict[str, str], body: bytes) -> None:
        if handler.headers.get("Authorization") != f"Bearer {self.registration_token}":
            _send(handler, {"error": "invalid_token"}, 401)
            return
        self.registered = json.loads(body)
        configuration = {**self.registered["https://purl.imsglobal.org/spec/lti-tool-configuration"]}
        configuration["deployment_id"] = self.deployment
        answer = {**self.registered, "client_id": self.client_id}
        _send(handler, {**answer, "https://purl.imsglobal.org/spec/lti-tool-configuration": configuration}, 201)

    # For browsers

    def _page(self, handler: Any, path: str, arguments: dict[str, str], body: bytes) -> None:
        _send_page(handler, self.pages.get(path, ""))

    def _auth(self, handler: Any, path: str, arguments: dict[str, str], body: bytes) -> None:
        """The visitor is signed in here already: the message goes back through her browser."""
        asked = Asked(arguments)
        target = self.pages.get("target", "")
        choosing = not target
        claims = self.choosing_claims(asked, self.visitor) if choosing else self.claims(asked, self.visitor, target)
        fields = {"id_token": self.signed(claims), "state": asked.state}
        inputs = "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in fields.items())
        _send_page(
            handler,
            f'<form method="post" action="{asked.fields["redirect_uri"]}">{inputs}</form>'
            "<script>document.forms[0].submit()</script>",
        )

    def _return(self, handler: Any, path: str, arguments: dict[str, str], body: bytes) -> None:
        self.received.append({name: values[0] for name, values in parse_qs(body.decode()).items()})
        _send_page(handler, "<h1>Received</h1>")


def _send(handler: Any, content: Any, status: int = 200, headers: dict[str, str] | None = None) -> None:
    body = json.dumps(content).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    for name, value in (headers or {}).items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def _send_page(handler: Any, content: str) -> None:
    body = f"<!doctype html><html lang=en><title>Platform</title>{content}".encode()
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html; charset=utf-8")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
