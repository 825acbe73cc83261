"""A telephone provider whose webhook fails, as its documents describe it.

It asks again once, and then its fallback address, which tells it what to do instead. What it really
does was never tried on a live number.
"""

import re
import time
from dataclasses import dataclass
from urllib.parse import parse_qs

import requests
from twilio.request_validator import RequestValidator

from tests.support.caller import PUBLIC_URL
from tests.support.server import TOKEN

UNUSABLE = 11200
"""The error that Twilio tells the fallback address: the webhook could not be fetched
(https://www.twilio.com/docs/api/errors/11200)."""


@dataclass(frozen=True)
class Patience:
    """How long a provider waits, in seconds, and how often it asks."""

    connect_s: float
    answer_s: float
    tries: int


DEFAULT = Patience(connect_s=10, answer_s=15, tries=2)
"""Twilio's, for an address that has no overrides: that of the fallback."""


def patience(overrides: str) -> Patience:
    """What a dialect's connection overrides say, such as `#ct=2000&rt=4000&rc=1`."""
    told = parse_qs(overrides.removeprefix("#"))
    connect_ms, answer_ms, again = (int(told[name][0]) for name in ("ct", "rt", "rc"))
    return Patience(connect_ms / 1000, answer_ms / 1000, again + 1)


@dataclass(frozen=True)
class Got:
    """What the provider was told to do."""

    document: str
    by_fallback: bool
    after_s: float
    """How long after it had given up the line, in seconds."""


class Provider:
    """Has one number, which points at a line and at a fallback."""

    def __init__(
        self, server: str, fallback: str, method: str, waits: Patience
    ) -> None:
        """`server` is where the line's public address leads; `fallback` and its method are the
        number's."""
        self._server = server
        self._fallback = fallback
        self._method = method
        self._waits = waits
        self._validator = RequestValidator(TOKEN)

    def rings(self) -> Got:
        """A new call: what the caller is to hear. Raises `requests.RequestException` if there is
        nothing: then a provider says that an application error has occurred, and hangs up."""
        url = f"{PUBLIC_URL}/voice"
        for _ in range(self._waits.tries):
            ringing = {"CallStatus": "ringing"}
            document = self._asked("POST", url, ringing, self._waits)
            if document:
                return Got(document, False, 0)
        begun = time.perf_counter()
        error = {"ErrorCode": str(UNUSABLE), "ErrorUrl": url}
        document = self._asked(self._method, self._fallback, error, DEFAULT)
        if document is None:
            raise requests.ConnectionError("the fallback cannot be reached, either")
        return Got(document, True, time.perf_counter() - begun)

    def _asked(
        self, method: str, url: str, event: dict[str, str], waits: Patience
    ) -> str | None:
        """The document, or None if there is none that it could use."""
        form = {"CallSid": "CA" + "0" * 32, **event}
        signature = self._validator.compute_signature(url, form)
        try:
            answer = requests.request(
                method,
                url.replace(PUBLIC_URL, self._server),
                data=form if method == "POST" else None,
                params=form if method == "GET" else None,
                headers={"X-Twilio-Signature": signature},
                timeout=(waits.connect_s, waits.answer_s),
            )
        except requests.RequestException:
            return None
        is_xml = re.match("(text|application)/xml", answer.headers["Content-Type"])
        if answer.status_code != 200 or not is_xml:
            return None
        return answer.text
