"""What every response of ours says to the browser about what it may do."""

from __future__ import annotations

from werkzeug.wrappers import Response

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
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
        headers.extend(SECURITY_HEADERS)
    if https:
        headers["Strict-Transport-Security"] = STRICT_TRANSPORT
    if "Cache-Control" not in headers:
        headers["Cache-Control"] = NEVER
