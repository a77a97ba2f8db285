"""What every response of ours says to the browser about what it may do."""

from __future__ import annotations

from werkzeug.wrappers import Response


def framed_policy(frames: str, sends_to: str = "'self'") -> str:
    """What a page may do that these sites may show in a frame, and whose forms go to `sends_to`."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        f"connect-src 'self'; form-action {sends_to}; base-uri 'none'; frame-ancestors {frames}"
    )


CONTENT_SECURITY_POLICY = framed_policy("'none'")
NOT_SNIFFED = ("X-Content-Type-Options", "nosniff")
SECURITY_HEADERS = [
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    NOT_SNIFFED,
    ("Referrer-Policy", "no-referrer"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
]
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"

#: A page that depends on the record: kept by the browser, asked about every time.
OWN = "private, no-cache"
#: A page of an open attempt or with personal data: kept nowhere.
NEVER = "no-store"


def secure(response: Response, *, https: bool) -> None:
    """Add what is not there yet; doing it twice does no harm. Assets bring the one header that concerns them."""
    headers = response.headers
    if NOT_SNIFFED[0] not in headers:
        # A page that says something of its own says it once: browsers hold every line of a policy.
        headers.extend(one for one in SECURITY_HEADERS if one[0] not in headers)
    if https:
        headers["Strict-Transport-Security"] = STRICT_TRANSPORT
    if "Cache-Control" not in headers:
        headers["Cache-Control"] = NEVER
