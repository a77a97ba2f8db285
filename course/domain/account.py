"""The rules of accounts: addresses, passwords, codes, and how long a sign-in lasts."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address, ip_network

#: Without a sign of life a sign-in ends; and it ends in any case.
IDLE_LASTS = timedelta(hours=8)
SIGN_IN_LASTS = timedelta(days=14)
#: A sign of life is noted no more often than this.
SEEN_EVERY = timedelta(minutes=5)

#: From the first step of a sign-in to its last.
REQUEST_LASTS = timedelta(minutes=10)
#: Setting up a second factor takes the fetching of an app.
SET_UP_LASTS = timedelta(minutes=30)
MOST_TRIES = 5

INVITATION_LASTS = timedelta(days=14)
RECOVERY_LASTS = timedelta(hours=1)
ONE_TIME_PASSWORD_LASTS = timedelta(days=7)

PASSWORD_MIN = 12
PASSWORD_MAX = 128
#: Of fewer signs than this a password is a pattern.
DIFFERENT_SIGNS = 5

MAIL_CODE_DIGITS = 8
RECOVERY_CODES = 10
#: Letters and digits that nobody takes for one another: 31 of them, so that ten make 49 bits.
CLEAR_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
NAME_MAX = 120
EMAIL_MAX = 254
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]+@(?:[^\s@.<>()\[\],;:\\\"]+\.)*[^\s@.<>()\[\],;:\\\"]+")


class PasswordFault(StrEnum):
    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"
    TOO_PLAIN = "too-plain"
    LIKE_ADDRESS = "like-address"


def normal_email(typed: str) -> str:
    """The address as it is kept and compared; an empty text when it cannot be one."""
    address = typed.strip().lower()
    if len(address) > EMAIL_MAX or not address.isprintable() or not _EMAIL.fullmatch(address):
        return ""
    return address


def normal_person_name(typed: str) -> str:
    """A name of one line, without needless spaces."""
    printable = "".join(sign if sign.isprintable() else " " for sign in typed)
    return " ".join(printable.split())[:NAME_MAX]


def password_fault(password: str, email: str) -> PasswordFault | None:
    """What speaks against a new password. Length counts, nothing else is prescribed, but it must not be guessable."""
    if len(password) < PASSWORD_MIN:
        return PasswordFault.TOO_SHORT
    if len(password) > PASSWORD_MAX:
        return PasswordFault.TOO_LONG
    if len(set(password.lower())) < DIFFERENT_SIGNS:
        return PasswordFault.TOO_PLAIN
    whole, local = email.lower(), email.lower().partition("@")[0]
    left = password.lower().replace(whole, "").replace(local, "") if local else password
    # What stays when the address is taken out of it is what had to be guessed.
    return PasswordFault.LIKE_ADDRESS if len(left) < PASSWORD_MIN // 2 else None


def new_mail_code() -> str:
    return "".join(secrets.choice("0123456789") for _ in range(MAIL_CODE_DIGITS))


def new_recovery_codes() -> list[str]:
    """Ten codes to print, in two groups of five signs."""
    codes = ["".join(secrets.choice(CLEAR_SIGNS) for _ in range(10)) for _ in range(RECOVERY_CODES)]
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def new_one_time_password() -> str:
    """Four groups of five signs: 99 bits, and easy to read from a screen."""
    groups = ["".join(secrets.choice(CLEAR_SIGNS) for _ in range(5)) for _ in range(4)]
    return "-".join(groups)


def network_of(address: str) -> str:
    """Where tries come from: one address, or the /64 that a single IPv6 connection has to itself."""
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    return str(ip_network(f"{found}/64", strict=False)) if found.version == 6 else str(found)


def normal_code(typed: str) -> str:
    """A code as people type it: spaces and hyphens do not count, nor do capitals."""
    return re.sub(r"[\s-]", "", typed).lower()


def is_live(*, seen_at: datetime, expires_at: datetime, now: datetime) -> bool:
    """Whether a sign-in still counts."""
    return now < expires_at and now < seen_at + IDLE_LASTS
