"""Many callers at once, in real time and over HTTP: each listens, presses keys, is put through, and
has every sound fetched, as a provider would."""

import asyncio
import random
import re
import ssl
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar
from xml.etree.ElementTree import Element

import aiohttp
import uvloop
from twilio.request_validator import RequestValidator
from yarl import URL

from ivr.errors import PhoneError
from ivr.handset.phone import PATIENCE_S, verbs_of
from tests.support.caller import PUBLIC_URL
from tests.support.server import TOKEN

Result = TypeVar("Result")

KEYS = {
    "read": "1333566677992",
    "menu": "1111223",
    "helplines": "123#",
    "helpline": "11112*",
    "goodbye": "*",
}
"""What callers press, by the kind of the step that they hear; more often, if it stands here more
often. Anybody may press anything else, too."""

AGAIN_AFTER_S = 0.5
"""How long a provider waits before it asks again. How long they really do is not known."""

ANY_KEY = "0123456789*#"

LISTENS = 0.3
"""How many of them hear what is said to its end, and press nothing."""

LOOKS_ROUND = 0.1
"""How many press just any key."""

HANGS_UP = 0.03
"""How many hang up before the next reply."""

OUTCOMES = ("completed", "busy", "no-answer", "completed", "failed")

BYTES_A_SECOND = 8000

CLOSES_S = 0.25
"""In which connections with TLS close, as aiohttp's documents advise."""

CONNECTION_FAILED = (aiohttp.ClientError, asyncio.TimeoutError, ConnectionError)


def lived(calls: Coroutine[Any, Any, Result]) -> Result:
    """What comes of some calls. They have a thread of their own, as a browser that the tests keep
    open has a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(uvloop.run, _closed(calls)).result()


async def _closed(calls: Coroutine[Any, Any, Result]) -> Result:
    """What comes of some calls, once their connections are closed."""
    result = await calls
    await asyncio.sleep(CLOSES_S)
    return result


@dataclass
class Heard:
    """One call, from its beginning to its end."""

    number: int
    documents: list[str] = field(default_factory=list)
    began: float = 0.0
    ended: float = 0.0
    """Seconds, on the monotonic clock."""


@dataclass
class Tally:
    """What came of all calls."""

    replies_s: list[float] = field(default_factory=list)
    """How long each reply took, in seconds."""
    sounds_s: list[float] = field(default_factory=list)
    """How long it took until the first byte of each sound."""
    put_through: int = 0
    calls: list[Heard] = field(default_factory=list)
    tried_again: int = 0
    """How many requests needed a second try."""
    lost: Counter[str] = field(default_factory=Counter)
    """Requests that failed for good, by what was asked for and what happened."""

    @property
    def requests(self) -> int:
        """How many were answered."""
        return len(self.replies_s) + len(self.sounds_s)


class RequestLost(Exception):
    """The line did not answer as it should, however often it was asked."""


class Crowd:
    """Callers who ring one after the other, each as soon as another has hung up."""

    def __init__(
        self,
        address: str,
        *,
        pace: float = 1.0,
        tries: int = 1,
        seed: int = 1,
        keeps_documents: bool = False,
        trusts: str | None = None,
        patience_s: float = PATIENCE_S,
    ) -> None:
        """`address` is the server's, and `trusts` the file of the authority that vouches for it.
        At a pace of 0.1, a caller takes a tenth of the time. `tries` is how often the provider
        asks."""
        self.address = address
        self.tally = Tally()
        self._pace = pace
        self._tries = tries
        self._seed = seed
        self._keeps_documents = keeps_documents
        self._trusts = trusts
        self._patience_s = patience_s
        self._validator = RequestValidator(TOKEN)
        self._rung = 0

    async def ring(
        self, callers: int, goes_on: Callable[[], bool], within_s: float = 1
    ) -> None:
        """So many callers at once, for as long as it goes on. They begin one after the other within
        so many seconds; the last ones hang up when it is over."""
        trusted = ssl.create_default_context(cafile=self._trusts)
        connector = aiohttp.TCPConnector(limit=0, ssl=trusted)
        timeout = aiohttp.ClientTimeout(total=self._patience_s)
        host = {"Host": PUBLIC_URL.removeprefix("https://")}
        async with aiohttp.ClientSession(
            connector=connector, timeout=timeout, headers=host
        ) as self._session:
            lines = (
                self._line(within_s * n / callers, goes_on) for n in range(callers)
            )
            await asyncio.gather(*lines)

    async def _line(self, begins_s: float, goes_on: Callable[[], bool]) -> None:
        """One telephone line, on which one call follows another."""
        await asyncio.sleep(begins_s)
        while goes_on():
            self._rung += 1
            heard = Heard(self._rung, began=time.monotonic())
            try:
                await self._call(heard, goes_on)
            except RequestLost as lost:
                self.tally.lost[str(lost)] += 1
            heard.ended = time.monotonic()
            self.tally.calls.append(heard)

    async def _call(self, heard: Heard, goes_on: Callable[[], bool]) -> None:
        """A call: until the line hangs up, or the caller does."""
        draw = random.Random(f"{self._seed} {heard.number}")
        url, event = f"{PUBLIC_URL}/voice", {"CallStatus": "ringing"}
        while goes_on() and draw.random() > HANGS_UP:
            verbs = await self._reply(url, event, heard)
            says_s = await self._sounds(verbs)
            last = verbs[-1]
            match last.tag:
                case "Hangup":
                    return
                case "Dial":
                    await self._wait(says_s + draw.uniform(5, 20))
                    self.tally.put_through += 1
                    url = last.get("action", "")
                    event = {"DialCallStatus": draw.choice(OUTCOMES)}
                    continue
            gather = verbs[0]
            if gather.tag != "Gather" or draw.random() < LISTENS:
                patience = int(gather.get("timeout", "0"))
                await self._wait(says_s + patience)
                url, event = last.text or "", {}
                continue
            await self._wait(draw.uniform(2, 15))
            url = gather.get("action", "")
            event = {"Digits": key_at(url, draw)}
        await self._reply(f"{PUBLIC_URL}/voice/ended", {"CallDuration": "61"}, heard)

    async def _wait(self, seconds: float) -> None:
        await asyncio.sleep(seconds * self._pace)

    async def _reply(
        self, url: str, event: Mapping[str, str], heard: Heard
    ) -> list[Element]:
        """The verbs of the document that answers a webhook. Raises `RequestLost`."""
        form = {
            "CallSid": f"CA{self._seed:016}{heard.number:016}",
            "From": f"+4479{heard.number:08}",
            "To": "+441632960000",
            "Direction": "inbound",
            **event,
        }
        signature = self._validator.compute_signature(url, form)
        headers = {"X-Twilio-Signature": signature}
        begun = time.perf_counter()
        body = await self._answer("POST", url, form, headers)
        self.tally.replies_s.append(time.perf_counter() - begun)
        document = body.decode()
        if self._keeps_documents:
            heard.documents.append(document)
        try:
            return verbs_of(document)
        except PhoneError as error:
            raise RequestLost(f"reply: {error}") from error

    async def _sounds(self, verbs: list[Element]) -> float:
        """Fetches every sound; how many seconds they last. One that is lost is not heard."""
        seconds = 0.0
        for verb in verbs:
            for play in verb.iter("Play"):
                try:
                    sound = await self._answer("GET", play.text or "")
                    seconds += len(sound) / BYTES_A_SECOND
                except RequestLost as lost:
                    self.tally.lost[str(lost)] += 1
        return seconds

    async def _answer(
        self,
        method: str,
        url: str,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        """What the line answers, if need be at the second try."""
        what = "reply" if method == "POST" else "sound"
        path = URL(self.address + url.removeprefix(PUBLIC_URL), encoded=True)
        why = ""
        for number in range(self._tries):
            if number:
                self.tally.tried_again += 1
                await asyncio.sleep(AGAIN_AFTER_S)
            begun = time.perf_counter()
            try:
                async with self._session.request(
                    method, path, data=form, headers=headers
                ) as answer:
                    first_byte_s = time.perf_counter() - begun
                    body = await answer.read()
            except CONNECTION_FAILED as error:
                why = f"{what}: {type(error).__name__}"
                continue
            if answer.status == 200:
                if what == "sound":
                    self.tally.sounds_s.append(first_byte_s)
                return body
            why = f"{what}: status {answer.status}"
        raise RequestLost(why)


def key_at(url: str, draw: random.Random) -> str:
    """A key that a caller presses at the step that has this address."""
    kind = re.sub(r"[?/].*", "", "/".join(url.split("/")[6:]))
    if draw.random() < LOOKS_ROUND:
        return draw.choice(ANY_KEY)
    return draw.choice(KEYS.get(kind, "12*"))
