"""Texting a helpline's number to the caller, without anybody waiting for it.

**The caller's number** comes with the webhook that asks for the text. It stays in the memory of
this process until the text is sent, and goes nowhere but into that request. What the provider and
the libraries say about a failed request may contain it, so only codes and the names of errors are
logged.

**Once.** A text has a name, the same for a webhook that comes again. This process remembers the
names; other processes learn of them through the database, where it answers.

**Never twice.** A request that may have gone through is not repeated, as the API cannot recognise a
repeated request. Only one that certainly failed is: the provider says so, or there was no
connection.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import Enum

import phonenumbers
import requests
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType
from urllib3.exceptions import NewConnectionError

from ivr.callers.caller import number_of
from ivr.edition.content import Helpline

log = logging.getLogger(__name__)

MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
"""In some countries, such as the United States, a number does not show whether it is a mobile."""

TIMEOUT_S = 3
"""To connect, and then for an answer."""

TRIES = 3

PAUSE_S = 1.0
"""Between two tries. So all of them take 20 seconds at most."""

AT_ONCE = 4
"""Texts that are being sent at the same time."""

MOST_WAITING = 50
"""If more are waiting, the provider must be down, and a text would come too late."""

MOST_KEPT = 1000
"""Names that are remembered: more than there can be in the calls of one moment."""

RETRYABLE = frozenset(
    (
        20429,  # too many requests
        21611,  # too many texts are waiting to be sent
        30001,  # likewise
        30003,  # the telephone is off, or out of reach
    )
)
"""What an API may say of a text that was not sent, but may be sent a moment later. Anything else
that it refuses is for good, such as 21211 (not a number), 21610 (the owner wants no texts from
this sender) or 21614 (not a mobile). From https://www.twilio.com/docs/api/errors; compatible APIs
use the same codes."""


@dataclass(frozen=True)
class Api:
    """The provider's REST API."""

    account: str
    """The address of the account that sends."""
    user: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Text:
    """A text that is to be sent."""

    to: str = field(repr=False)
    """The caller's number, in E.164."""
    body: str


class Answer(Enum):
    """The outcome of one request."""

    TAKEN = "taken"
    REFUSED = "refused"
    AGAIN = "not taken, but worth another try"
    UNKNOWN = "perhaps taken"


TAKEN = {Answer.TAKEN: True, Answer.UNKNOWN: None}
"""Whether the provider took a text, after the last try; not, where it is not here."""


class Texter:
    """Sends texts, in threads of its own."""

    def __init__(
        self, api: Api, sender: str, is_first: Callable[[str], bool] | None
    ) -> None:
        """`sender` is a number in E.164. `is_first` tells whether nobody asked about a name before,
        in any process (`Callers.is_first`); without it, other processes are not asked."""
        self._api = api
        self._from = sender
        self._is_first = is_first
        self._fresh()
        os.register_at_fork(after_in_child=self._fresh)

    def _fresh(self) -> None:
        """Begins anew, as in a forked process, which has no threads."""
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(AT_ONCE, "texts")
        self._known: dict[str, Future[bool | None]] = {}

    def can_text(self, form: Mapping[str, str]) -> bool:
        """Whether the caller of a webhook can be sent a text."""
        has_name = bool(form.get("CallSid"))
        return has_name and mobile_of(form, self._from) is not None

    def send(self, form: Mapping[str, str], helpline: Helpline, line: str) -> None:
        """Texts a helpline's number to the caller of a webhook, once a call, with the name of the
        line."""
        to = mobile_of(form, self._from)
        if to is None or not self.can_text(form):
            return
        body = f"{helpline.name}: {helpline.number}. {line}"
        text = Text(to, body)
        once = _name(form, helpline.slug)
        with self._lock:
            if once in self._known:
                return
            if self._waiting() < MOST_WAITING:
                self._known[once] = self._pool.submit(self._deliver, text, once)
            else:
                log.error("a text was not sent: %d are waiting", MOST_WAITING)
                self._known[once] = Future()
                self._known[once].set_result(False)
            if len(self._known) > MOST_KEPT:
                del self._known[next(iter(self._known))]

    def taken(self, form: Mapping[str, str], helpline: str) -> bool | None:
        """Whether the provider took the text with a helpline's number, in the call of a webhook;
        None where this process does not know, or not yet."""
        known = self._known.get(_name(form, helpline))
        if known is None or not known.done():
            return None
        return known.result()

    def _waiting(self) -> int:
        return sum(not each.done() for each in self._known.values())

    def _deliver(self, text: Text, once: str) -> bool | None:
        """Sends a text, at most `TRIES` times. Nothing is raised, as it might hold the number."""
        try:
            if self._is_first and not self._is_first(once):
                return None
            answer = self._try(text)
        except Exception as error:
            log.error("a text was not sent: %s", type(error).__name__)
            return None
        return TAKEN.get(answer, False)

    def _try(self, text: Text) -> Answer:
        for _ in range(TRIES - 1):
            answer = self._post(text)
            if answer is not Answer.AGAIN:
                return answer
            time.sleep(PAUSE_S)
        return self._post(text)

    def _post(self, text: Text) -> Answer:
        try:
            response = requests.post(
                f"{self._api.account}/Messages.json",
                data={"From": self._from, "To": text.to, "Body": text.body},
                auth=(self._api.user, self._api.password),
                timeout=TIMEOUT_S,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            log.warning("a text may not have been sent: %s", type(error).__name__)
            return _of_failure(error)
        return _of_response(response)


def mobile_of(form: Mapping[str, str], sender: str) -> str | None:
    """The number to which a text may be sent, in E.164; None where there is none.

    That is so where the caller's number is withheld or invented, where the call was forwarded (it
    may be anybody's then), where it is not a mobile number, and where it is in another country than
    the sender's: a text there may cost the line a lot, and the caller something.
    """
    number = number_of(form.get("From"))
    if number is None or form.get("ForwardedFrom"):
        return None
    try:
        parsed = phonenumbers.parse(number)
        home = phonenumbers.parse(sender)
    except NumberParseException:
        return None
    if phonenumbers.number_type(parsed) not in MOBILE:
        return None
    if phonenumbers.region_code_for_number(parsed) not in _near(home):
        return None
    return number


def _near(sender: PhoneNumber) -> set[str | None]:
    """The countries to which a sender may text: its own, and the one that has the most of its
    country code. Others that share the code, such as Jamaica, cost as much as any abroad."""
    code = sender.country_code or 0
    return {
        phonenumbers.region_code_for_number(sender),
        phonenumbers.region_code_for_country_code(code),
    }


def _name(form: Mapping[str, str], helpline: str) -> str:
    """What a text is called, with the helpline's slug."""
    return f"{form.get('CallSid', '')} text {helpline}"


def _of_failure(error: requests.RequestException) -> Answer:
    """What came of a request without an answer."""
    why = getattr(next(iter(error.args), None), "reason", None)
    if isinstance(error, requests.ConnectTimeout) or isinstance(
        why, NewConnectionError
    ):
        return Answer.AGAIN
    if isinstance(error, requests.exceptions.SSLError):  # before anything is sent
        return Answer.REFUSED
    return Answer.UNKNOWN


def _of_response(response: requests.Response) -> Answer:
    """What came of a request, by the answer. Its words may hold the number."""
    code = _code(response)
    is_taken = response.status_code < requests.codes.multiple_choices
    if is_taken and code is None:
        return Answer.TAKEN
    log.warning("a text was not sent: HTTP %d, code %s", response.status_code, code)
    if code in RETRYABLE or response.status_code == requests.codes.too_many_requests:
        return Answer.AGAIN
    if response.status_code >= requests.codes.server_error:
        return Answer.UNKNOWN
    return Answer.REFUSED


def _code(response: requests.Response) -> int | None:
    """The provider's code of an error; None where it gives none."""
    try:
        told = response.json()
        return int(told.get("code") or told["error_code"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
