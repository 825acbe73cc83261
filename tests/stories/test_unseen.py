"""Whatever a caller does, nothing that is written anywhere has their number or their words."""

import hashlib
import logging
import re
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
import responses
from flask import Flask
from sqlalchemy.engine import URL
from twilio.request_validator import RequestValidator
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app import create_app
from ivr.call.steps import KINDS, Languages
from ivr.callers.caller import caller_hash, short
from ivr.callers.callers import Callers
from ivr.callers.database import database_url, prepare
from ivr.callers.tables import metadata
from ivr.edition.content import KEYS
from ivr.provider.twiml import at_silence
from ivr.settings import Settings
from tests.support.acting import KEY, PATIENT_S, PLACE, remember, rows, until, written
from tests.support.caller import LINE_NUMBER, PUBLIC_URL, TOKEN, Clock
from tests.support.crawler import HEARD_MS, OUTCOMES, without_time
from tests.support.postgresql import Server
from tests.support.small import article, edition, helpline, publish
from tests.support.staff import HASH

NUMBER = "+447400123784"
DIGITS = NUMBER.removeprefix("+")
SPOKEN = "a purple elephant in Auchtermuchty"
CALL = "CA" + "7e" * 16

MOST_STEPS = 200
"""Every kind of step is among them."""

TOLD = {
    "CallSid": CALL,
    "From": NUMBER,
    "Caller": NUMBER,
    "To": LINE_NUMBER,
    "SpeechResult": SPOKEN,
    "Confidence": "0.9",
}
"""What a provider tells with each request."""


IN_DOUBT = {"DialCallStatus": "completed", "DialBridged": "false"}
"""What it tells where something answered a transfer, but nobody spoke."""


def secrets() -> Iterator[str]:
    """What must be found nowhere: the number and its parts, plain hashes of it, words, the call."""
    for start in range(len(DIGITS) - 6):
        yield DIGITS[start : start + 7]
    for number in (NUMBER, DIGITS, "0" + DIGITS.removeprefix("44")):
        for make in (hashlib.sha256, hashlib.md5, hashlib.sha1, hashlib.sha512):
            yield make(number.encode()).hexdigest()[:16]
    yield from ("purple elephant", "Auchtermuchty", CALL, CALL[2:])


class Provider:
    """Asks whatever a provider might ask, and whatever anybody else might."""

    def __init__(self, app: Flask, clock: Clock) -> None:
        self.app = app
        self.client = app.test_client()
        self.clock = clock
        self.kinds: set[str] = set()
        """Of the steps that calls have come to."""
        self.answers: list[str] = []
        """What was sent back, with its headers."""

    def asks(self, url: str, event: dict[str, str], method: str = "POST") -> str:
        """A signed request about the caller; what is answered."""
        form = TOLD | event
        signed = form if method == "POST" else {}
        signature = RequestValidator(TOKEN).compute_signature(url, signed)
        response = self.client.open(
            url.removeprefix(PUBLIC_URL),
            method=method,
            data=signed,
            headers={"X-Twilio-Signature": signature},
        )
        assert response.status_code == 200, url
        return self._noted(response)

    def goes_everywhere(self) -> None:
        """Every key, lost key, silence, spoken words and outcome of every document."""
        begun = self.asks(f"{PUBLIC_URL}/voice", {})
        todo, seen = deque(next_of(begun)), set[str]()
        while todo and len(seen) < MOST_STEPS:
            url = todo.popleft()
            if without_time(url) in seen:
                continue
            seen.add(without_time(url))
            self.kinds.add(url.split("/")[6].partition("?")[0])
            if at := re.search(r"[?&]at=(\d+)", url):
                moment = (int(at[1]) + HEARD_MS) / 1000
                self.clock.now = datetime.fromtimestamp(moment, UTC)
            for event in [{"Digits": key} for key in KEYS]:
                todo += next_of(self.asks(url, event))
            todo += next_of(self.asks(url, {}))
            todo += next_of(self.asks(at_silence(url), {}))
            if "/transfer/" in url:
                for each in OUTCOMES:
                    todo += next_of(self.asks(url, {"DialCallStatus": each}))
                todo += next_of(self.asks(url, IN_DOUBT))

    def knocks_at_every_door(self) -> None:
        """Every address that there is, and one that there is not, signed or not. The studio's
        pages lead back to the address that was asked for, so there it has no number in it."""
        for rule in self.app.url_map.iter_rules():
            for method in sorted((rule.methods or set()) & {"GET", "POST", "HEAD"}):
                path = address_of(rule)
                query = TOLD if method == "GET" and "/studio" not in path else {}
                form = TOLD if method == "POST" else {}
                self._noted(
                    self.client.open(path, method=method, query_string=query, data=form)
                )
        for path in ("/voice/nowhere", "/voice/one/en/read", "/voice/fallback"):
            self.asks(PUBLIC_URL + path, {})
        by_get = "&".join(f"{name}=%2B{DIGITS}" for name in ("From", "Caller"))
        self.asks(f"{PUBLIC_URL}/voice/x/en/menu?{by_get}", {}, method="GET")
        self.asks(f"{PUBLIC_URL}/voice?{by_get}", {}, method="GET")
        too_much = TOLD | {"more": "x" * 100_000}
        self._noted(self.client.post("/voice", data=too_much))

    def _noted(self, response: TestResponse) -> str:
        text = response.get_data(as_text=True)
        self.answers.append(f"{response.headers}\n{text}")
        response.close()
        return text


def next_of(document: str) -> list[str]:
    """Where a document would have the call go on."""
    urls = []
    for verb in ElementTree.fromstring(document):
        if verb.tag in ("Gather", "Dial"):
            urls.append(verb.get("action", ""))
    return urls


def address_of(rule: Rule) -> str:
    """An address that leads there."""
    return re.sub("<[^>]*>", "something", str(rule))


@pytest.fixture
def url(address: str, tmp_path: Path) -> URL:
    """A database that is set up."""
    url = database_url(address, tmp_path)
    prepare(url, KEY, Clock()())
    return url


@pytest.fixture
def callers(url: URL) -> Iterator[Callers]:
    """What the server knows of its callers."""
    callers = Callers(url, KEY, Clock(), PATIENT_S)
    callers.start()
    yield callers
    callers.stop()


@pytest.fixture
def texts() -> Iterator[responses.RequestsMock]:
    """Where the provider takes texts; it tells whom it sent them to, and refuses one of two."""
    api = f"https://api.twilio.com/2010-04-01/Accounts/AC{'0' * 32}/Messages.json"
    refusal = {"code": 21211, "message": f"{NUMBER} is not a valid number"}
    with responses.RequestsMock(assert_all_requests_are_fired=False) as texts:
        texts.post(api, status=201, json={"status": "queued", "to": NUMBER})
        texts.post(api, status=400, json=refusal)
        yield texts


@pytest.fixture
def provider(
    tmp_path: Path, callers: Callers, texts: responses.RequestsMock
) -> Provider:
    """A provider whose line is new, and whose caller may ring nine times."""
    helplines = (helpline("first"), helpline("code", e164=None))
    made = edition(article("one", 2, 1), article("two", 1), helplines=helplines)
    publish(tmp_path / "store", made)
    settings = Settings(
        public_url=PUBLIC_URL,
        twilio_auth_token=TOKEN,
        twilio_account_sid="AC" + "0" * 32,
        sms_from=LINE_NUMBER,
        line_number=LINE_NUMBER,
        store=tmp_path / "store",
        studio=tmp_path / "studio",
        secret_key=KEY,
        studio_password_hash=HASH,
        calls_per_hour=9,
    )
    clock = Clock()
    return Provider(create_app(settings, clock, callers=callers), clock)


def test_nothing_anywhere_tells_who_rang_or_what_they_said(
    provider: Provider,
    callers: Callers,
    texts: responses.RequestsMock,
    url: URL,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Searched: every file, table, log line, figure, page and document."""
    caplog.set_level(logging.DEBUG)
    provider.goes_everywhere()
    assert provider.kinds == set(KINDS) - {Languages.kind}  # there is one
    provider.knocks_at_every_door()
    for number in range(12):  # until they ring too often
        provider.asks(f"{PUBLIC_URL}/voice", {"CallSid": f"{CALL}{number}"})
    provider.asks(f"{PUBLIC_URL}/voice/ended", {"CallDuration": "71"})
    remember(callers, hash_of_caller(), PLACE, "another call", 10**13)
    monkeypatch.setattr("ivr.provider.webhooks.twiml", fails)
    provider.asks(f"{PUBLIC_URL}/voice", {})
    written(callers)
    until(lambda: len(texts.calls) > 0)

    kept = "\n".join(str(rows(url, table)) for table in metadata.tables)
    assert hash_of_caller() in kept  # so this looks where something is
    assert f"caller {short(hash_of_caller())} is turned away" in caplog.text
    assert "RuntimeError" in caplog.text
    assert any("line_" in answer for answer in provider.answers)  # the figures
    printed = capfd.readouterr()
    everywhere = "\n".join(
        (kept, caplog.text, printed.out, printed.err, *provider.answers)
    )
    files = list(tmp_path.rglob("*"))
    if url.get_backend_name() == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        server.run("CHECKPOINT")
        files += server.files()
    data = b"".join(file.read_bytes() for file in files if file.is_file())
    assert hash_of_caller().encode() in data
    found = [each for each in secrets() if each in everywhere]
    assert found == [], around(found[0], everywhere)
    assert [each for each in secrets() if each.encode() in data] == []


def around(secret: str, text: str) -> str:
    """Where it stands."""
    place = text.index(secret)
    return text[max(0, place - 300) : place + 100]


def hash_of_caller() -> str:
    """How the line knows the caller."""
    caller = caller_hash(NUMBER, KEY)
    assert caller
    return caller


def fails(*_: object) -> str:
    """Cannot make a document."""
    raise RuntimeError
