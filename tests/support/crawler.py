"""Follows every key, silence and outcome of every document, as a provider would."""

import re
from collections import deque
from datetime import UTC, datetime
from pathlib import Path

from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator

from app import create_app
from ivr.edition.content import KEYS
from ivr.handset.phone import verbs_of
from ivr.provider.dialects import TWILIO, Dialect
from ivr.provider.twiml import at_silence
from ivr.settings import Settings
from tests.support.caller import LINE_NUMBER, PUBLIC_URL, TOKEN, Clock

OUTCOMES = ("busy", "no-answer", "failed", "completed", "canceled", "nonsense")


HEARD_MS = 13_000
"""How long the caller listens before each key."""


class Crawler:
    """Follows every key, lost key, silence and outcome of every document, each of which must be
    valid in the provider's dialect."""

    def __init__(
        self,
        store: Path,
        dialect: Dialect = TWILIO,
        says: tuple[str, ...] = (),
        *,
        most_keys: int,
    ) -> None:
        self.clock = Clock()
        self.dialect = dialect
        self.most_keys = most_keys
        self.says = says
        """What the caller may also say, everywhere."""
        self.listening = 0
        """How many documents listened to words."""
        settings = Settings(
            public_url=PUBLIC_URL,
            provider=dialect.name,
            twilio_auth_token=TOKEN,
            signalwire_signing_key=TOKEN,
            line_number=LINE_NUMBER,
            store=store,
        )
        self.client: FlaskClient = create_app(settings, self.clock).test_client()
        self.validator = RequestValidator(TOKEN)
        self.sounds: set[str] = set()
        self.dialled: set[str] = set()

    def crawl(self) -> int:
        """How many different documents there are."""
        first = self.post(f"{PUBLIC_URL}/voice", {})
        seen, todo = {without_time(first)}, deque([(first, 0)])
        while todo:
            url, keys = todo.popleft()
            events = [(url, {"Digits": key}, 1) for key in KEYS]
            events += [(url, {}, 0), (at_silence(url), {}, 0)]
            events += [(url, {"SpeechResult": words}, 1) for words in self.says]
            if "/transfer/" in url:
                events += [(url, {"DialCallStatus": each}, 0) for each in OUTCOMES]
            for asked, event, cost in events:
                if keys + cost <= self.most_keys:
                    after = self.post(asked, event)
                    if without_time(after) not in seen:
                        seen.add(without_time(after))
                        todo.append((after, keys + cost))
        return len(seen)

    def post(self, url: str, event: dict[str, str]) -> str:
        """Where the answer to a signed request would have the call go on."""
        if at := re.search(r"[?&]at=(\d+)", url):
            self.clock.now = datetime.fromtimestamp((int(at[1]) + HEARD_MS) / 1000, UTC)
        signature = self.validator.compute_signature(url, event)
        response = self.client.post(
            url.removeprefix(PUBLIC_URL),
            data=event,
            headers={self.dialect.signature_header: signature},
        )
        assert (response.status_code, response.mimetype) == (200, "text/xml"), (
            url,
            event,
        )
        verbs = verbs_of(response.get_data(as_text=True), self.dialect)
        last = verbs[-1]
        self.listening += "speech" in verbs[0].get("input", "")
        self.sounds |= {play.text or "" for verb in verbs for play in verb.iter("Play")}
        assert not [said.text for verb in verbs for said in verb.iter("Say")], (
            url,
            event,
        )
        if last.tag == "Dial":
            self.dialled.add(last[0].text or "")
            assert last.get("callerId") == LINE_NUMBER
            stars = {"true"} if self.dialect.star_ends_dial else {None}
            assert {last.get("hangupOnStar")} == stars
            return last.get("action", "")
        gather = verbs[0]
        assert gather.tag == "Gather"
        assert last.tag in ("Redirect", "Hangup")
        assert last.tag == "Hangup" or last.text == at_silence(gather.get("action", ""))
        return gather.get("action", "")


def without_time(url: str) -> str:
    """A URL without when it was heard, and what came before it."""
    return re.sub(r"[?&](at|lead)=\d+", "", url)
