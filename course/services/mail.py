"""Mail goes through the outbox: put in with its cause, sent by the worker, by SMTP or into files."""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from sqlalchemy.orm import Session

from course.services.work import GiveUp
from course.storage import outbox

MAIL = "mail"
PATIENCE = 20


@dataclass(frozen=True, slots=True)
class Letter:
    """The words of a mail, in its reader's language."""

    subject: str
    text: str


class Postman(Protocol):
    def deliver(self, message: EmailMessage) -> None: ...


class FilePostman:
    """Writes each mail into a file of a folder: for a site without a mail server, and for tests."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def deliver(self, message: EmailMessage) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        # Named by its own id, so that a mail delivered twice is one file.
        digest = hashlib.sha256(str(message["Message-ID"]).encode()).hexdigest()[:16]
        (self._folder / f"{digest}.eml").write_bytes(message.as_bytes())


class SmtpPostman:
    """Hands mail to a server: smtp://user:password@host:587 (STARTTLS when offered) or smtps://…:465."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)

    def deliver(self, message: EmailMessage) -> None:
        url = self._url
        secure = url.scheme == "smtps"
        kind = smtplib.SMTP_SSL if secure else smtplib.SMTP
        with kind(url.hostname or "localhost", url.port or (465 if secure else 25), timeout=PATIENCE) as server:
            if not secure and server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
            try:
                server.send_message(message)
            except smtplib.SMTPRecipientsRefused as refused:
                raise GiveUp(f"the mail server refuses the address: {refused}") from refused


def put_mail(
    session: Session,
    *,
    to: str,
    subject: str,
    text: str,
    now: datetime,
    due_at: datetime | None = None,
    key: str = "",
    headers: Mapping[str, str] | None = None,
) -> bool:
    """Put a mail into the outbox within the transaction of its cause. `headers`: List-Unsubscribe and the like."""
    payload: dict[str, Any] = {"to": to, "subject": subject, "text": text, "headers": dict(headers or {})}
    return outbox.add_task(session, MAIL, payload | {"written": now.isoformat()}, now=now, due_at=due_at, key=key)


class MailHandler:
    """What the worker does with a task of the kind "mail"."""

    def __init__(self, postman: Postman, sender: str) -> None:
        self._postman = postman
        self._sender = sender

    def __call__(self, payload: Mapping[str, Any]) -> None:
        self._postman.deliver(self._message(payload))

    def _message(self, payload: Mapping[str, Any]) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._sender
        try:
            message["To"] = payload["to"]
        except ValueError as error:
            raise GiveUp(f"this is no mail address: {error}") from error
        message["Subject"] = payload["subject"]
        message["Date"] = format_datetime(datetime.fromisoformat(payload["written"]))
        # The same mail has the same id however often it is handed over, so that a receiver can drop the second one.
        digest = hashlib.sha256(repr(sorted(payload.items())).encode()).hexdigest()[:32]
        message["Message-ID"] = f"<{digest}@{self._sender.rpartition('@')[2].rstrip('>')}>"
        message["Auto-Submitted"] = "auto-generated"
        for name, value in payload["headers"].items():
            message[name] = value
        message.set_content(payload["text"])
        return message


def postman_for(url: str, instance: Path) -> Postman:
    """The postman of a mail setting: a server's address, or nothing for files in instance/outbox/."""
    return SmtpPostman(url) if url else FilePostman(instance / "outbox")
