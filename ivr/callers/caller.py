"""Who a caller is to the line: a keyed hash of their number, or nobody."""

import hashlib
import hmac
import re

NOT_NUMBERS = ("266696687", "7378742833", "2562533", "86282452253", "8656696")
"""What providers send as the number of a caller who withholds it: "anonymous", "restricted",
"blocked", "unavailable" and "unknown", spelled on a keypad (FACTS.md)."""

SHORT = 8
"""Hex digits of a hash that may stand in the log."""


def caller_hash(number: str | None, secret_key: str | None) -> str | None:
    """The hash that a caller is known by: HMAC-SHA-256, 64 hex digits; None for nobody.

    Nobody is whoever withholds the number, whose number is invented or is not one, and every
    caller where there is no key.
    """
    known = number_of(number)
    if secret_key is None or known is None:
        return None
    return _keyed(secret_key, f"caller {known}")


def number_of(number: str | None) -> str | None:
    """A caller's number in E.164; None for nobody.

    A plus that was lost on the way, as in a URL, changes nothing.
    """
    digits = (number or "").strip().removeprefix("+")
    if digits in NOT_NUMBERS or not re.fullmatch(r"[1-9][0-9]{6,14}", digits):
        return None
    return f"+{digits}"


def short(caller: str) -> str:
    """How a caller is called in the log, and barred."""
    return caller[:SHORT]


def key_check(secret_key: str) -> str:
    """What tells two keys apart, and tells nothing about either."""
    return _keyed(secret_key, "key check")[:16]


def _keyed(secret_key: str, text: str) -> str:
    keyed = hmac.new(secret_key.encode(), text.encode(), hashlib.sha256)
    return keyed.hexdigest()
