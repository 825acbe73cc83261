"""Hostile requests, signed by somebody who has the key, over every route of the whole application:
each is answered in TwiML that dials nobody but helplines, and leads on or hangs up."""

import io
import json
import logging
import multiprocessing
import random
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes, urlencode

from flask import Flask
from twilio.request_validator import RequestValidator
from werkzeug.exceptions import HTTPException
from werkzeug.formparser import parse_form_data

from ivr.call.steps import KINDS
from ivr.edition.content import KEYS
from ivr.errors import PhoneError
from ivr.handset.phone import verbs_of
from ivr.settings import ROOT
from tests.proofs.record import Budget, Figure, version
from tests.support.caller import LINE_NUMBER, PUBLIC_URL, TOKEN, Clock
from tests.support.line import line
from tests.support.small import HELPLINES, NOON, article, edition, publish

REQUESTS = 1_000_000

A_PART = 10_000
"""Requests that one process makes before it notes them."""

NOTED = ROOT / "instance" / "proofs" / "hostile.json"
"""The parts that were made, so that an interrupted proof goes on."""

NASTY = (
    *(
        "",
        "0",
        "-1",
        "1",
        "2",
        "3",
        "7",
        "99",
        "1e9",
        "nan",
        "inf",
        "-inf",
        "1.5",
        "9" * 400,
    ),
    *(
        "%00",
        "..",
        "../..",
        ".",
        "/",
        "//",
        "%2F",
        "%",
        "%zz",
        "%C3%28",
        "%ED%A0%80",
        "%FF",
    ),
    *(
        "<Say>x</Say>",
        "&lt;",
        "&",
        "]]>",
        "'",
        '"',
        "\\",
        ";",
        "{}",
        "{0}",
        "%s",
        "${x}",
    ),
    *(
        "\u202e",
        "\u0661",
        "\uff11",
        "\U0001f600",
        "\x00",
        "\x1b",
        "\r\nX: y",
        "\ufffe",
        "é",
    ),
    *(
        "true",
        "True",
        "None",
        "null",
        "a" * 3000,
        "0x10",
        "1_000",
        "+447700900999",
        "999",
        "*#",
    ),
    *(
        "one",
        "two",
        "one.1.0",
        "one.9.9",
        "one.-1.1",
        "always",
        "night",
        "code",
        "en",
        "cy",
    ),
    *(
        "completed",
        "busy",
        "99999999999999",
        "100000000000000000000",
        "0" * 12,
        "f" * 12,
    ),
)

FIELDS = (
    *(
        "Digits",
        "SpeechResult",
        "Confidence",
        "DialCallStatus",
        "DialCallDuration",
        "DialBridged",
    ),
    *(
        "CallSid",
        "From",
        "To",
        "CallDuration",
        "CallStatus",
        "AccountSid",
        "silence",
        "More",
    ),
)

QUERY = (
    *(
        "from",
        "speed",
        "at",
        "lead",
        "until",
        "since",
        "silence",
        "silences",
        "misheard",
        "short",
    ),
    *(
        "between",
        "bookmark",
        "reading",
        "page",
        "contents",
        "slowly",
        "transfers",
        "warned",
        "x",
    ),
)

ELSEWHERE = (
    "/",
    "/studio",
    "/studio/sign-in",
    "/healthz",
    "/healthz/live",
    "/metrics",
    "/clips/x",
)
"""Addresses that the provider does not ask; the line must not fail there, either."""

WORDS = ("yes", "heading", "the helplines", "put me through")

OUTCOMES = ("completed", "busy", "no-answer", "failed", "canceled")

LISTED = {each.e164 for each in HELPLINES if each.e164}
"""Whom the line of these proofs may dial."""

METHODS = ("POST",) * 16 + (
    "GET",
    "GET",
    "HEAD",
    "PUT",
    "DELETE",
    "PATCH",
    "OPTIONS",
    "TRACE",
    "X",
)

MOST_KNOWN = 400
"""How many addresses of the line an attacker has in mind."""

OVER = "<Response/>"
"""What answers the report that a call is over; nobody hears it."""

ASKED_FOR_HELP = 0.1
"""At how many steps zero is pressed, to see that it leads to the helplines."""


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    target: str
    """Path and query, as they are sent."""
    body: bytes = b""
    content_type: str = "application/x-www-form-urlencoded"
    missing: int = 0
    """How many bytes of the body never come."""


@dataclass
class Tally:
    """What came of it."""

    asked: Counter[str] = field(default_factory=Counter)
    """Requests, by how they were answered."""
    faults: list[str] = field(default_factory=list)
    """Answers that no caller should get."""


class Attacker:
    """Asks whatever somebody might who has the signing key, and knows the code."""

    def __init__(self, app: Flask, clock: Clock, seed: int) -> None:
        self.tally = Tally()
        self._app = app
        self._clock = clock
        self._draw = random.Random(seed)
        self._validator = RequestValidator(TOKEN)
        self._known = ["/voice"]
        """Paths and queries that the line gave out."""
        self._step = ""
        """That of the step where the last request led to, if there keys count."""
        self._listed = LISTED
        self._log = Errors()
        logging.getLogger("ivr").addHandler(self._log)

    def attacks(self, requests: int) -> Tally:
        """So many requests."""
        while self.tally.asked.total() < requests:
            self._clock.now = NOON + timedelta(seconds=self._draw.uniform(-9e4, 9e4))
            self._step = ""
            self._try(self._request())
            if self._step and self._draw.random() < ASKED_FOR_HELP:
                self._press_zero(self._step)
            while len(self._known) > MOST_KNOWN:
                self._known.pop(self._draw.randrange(len(self._known)))
        logging.getLogger("ivr").removeHandler(self._log)
        return self.tally

    def _request(self) -> Asked:
        """Any request at all; most are nearly right, as these come farthest."""
        draw = self._draw
        if draw.random() < 0.03:
            path = draw.choice(ELSEWHERE) + quote(draw.choice(NASTY))
            return Asked(draw.choice(METHODS), path)
        method = draw.choice(METHODS)
        target = self._target()
        kind = draw.random()
        if kind < 0.9:
            return Asked(method, target, self._form())
        if kind < 0.93:
            return Asked(method, target, self._form(), missing=draw.randint(1, 20))
        if kind < 0.95:
            return Asked(method, target, draw.randbytes(draw.randint(0, 500)))
        if kind < 0.96:
            return Asked(
                method, target, b"Digits=1&x=" + b"x" * draw.choice((60_000, 70_000))
            )
        if kind < 0.98:
            given = json.dumps({draw.choice(FIELDS): draw.choice(NASTY)}).encode()
            return Asked(method, target, given, "application/json")
        parts = f'--b\r\nContent-Disposition: form-data; name="Digits"\r\n\r\n{draw.choice(KEYS)}'
        body = parts.encode() + b"\r\n--b--\r\n"[: draw.randint(0, 9)]
        return Asked(method, target, body, "multipart/form-data; boundary=b")

    def _target(self) -> str:
        """An address that the line gave out, changed in a few places; or an invented one."""
        draw = self._draw
        target = draw.choice(self._known)
        if draw.random() < 0.15:
            parts = [draw.choice(NASTY) for _ in range(draw.randint(0, 5))]
            kind = draw.choice((*KINDS, "fallback", "ended"))
            parts.insert(draw.randint(0, len(parts)), kind)
            target = "/voice/" + "/".join(quote(part, safe="/%") for part in parts)
        for _ in range(draw.choice((0, 0, 1, 1, 2, 5))):
            target = self._changed(target)
        return target

    def _changed(self, target: str) -> str:
        draw = self._draw
        path, _, query = target.partition("?")
        nasty = quote(draw.choice(NASTY), safe="/%")
        if draw.random() < 0.4:
            parts = path.split("/")
            place = draw.randrange(2, max(3, len(parts)))
            parts[place : place + draw.randint(0, 1)] = [nasty] * draw.randint(0, 2)
            return "/".join(parts) + "?" * bool(query) + query
        pairs = [pair for pair in query.split("&") if pair and draw.random() < 0.8]
        pairs.insert(draw.randint(0, len(pairs)), f"{draw.choice(QUERY)}={nasty}")
        return f"{path}?{'&'.join(pairs)}"

    def _form(self) -> bytes:
        """What a provider posts, with fields missing, twice, or wrong."""
        draw = self._draw
        form = [
            ("CallSid", f"CA{draw.randrange(50):032}"),
            ("From", f"+4477009{draw.randrange(50):05}"),
            ("Digits", draw.choice(KEYS)),
        ]
        if draw.random() < 0.3:
            form[-1] = ("DialCallStatus", draw.choice(OUTCOMES))
        if draw.random() < 0.1:
            form[-1] = ("SpeechResult", draw.choice(WORDS))
        if draw.random() < 0.3:
            form.pop(draw.randrange(len(form)))
        for _ in range(draw.choice((0, 0, 1, 3))):
            form.append((draw.choice(FIELDS), draw.choice(NASTY)))
        return urlencode(form, errors="replace").encode()

    def _try(self, asked: Asked) -> None:
        """One request, whose answer is looked at."""
        status, kind, body, is_form = self._answer(asked)
        voice = asked.target.startswith("/voice")
        if not voice:
            self.tally.asked["elsewhere"] += 1
            if status >= 500:
                self._fault(asked, f"status {status}")
        elif status == 403 and not is_form:
            self.tally.asked[
                "refused: the body is cut off or too large to be signed"
            ] += 1
        elif (status, kind) != (200, "text/xml; charset=utf-8"):
            self._fault(asked, f"status {status}, {kind}")
        elif asked.method == "HEAD":
            self.tally.asked["answered in TwiML"] += 1
        else:
            self.tally.asked["answered in TwiML"] += 1
            self._look_at(asked, body.decode())
        said = self._log.said.copy()
        self._log.said.clear()
        if said and is_form:
            self._fault(asked, said[0])
        elif said:
            self.tally.asked["answered in TwiML"] -= 1
            self.tally.asked[
                "answered with an apology, as the body cannot be read"
            ] += 1

    def _look_at(self, asked: Asked, document: str) -> None:
        """Whether a caller could go on from here."""
        path, _, _ = asked.target.partition("?")
        if path.rstrip("/") == "/voice/ended" and document == OVER:
            return
        for fault in faults_of(document, self._listed):
            self._fault(asked, fault)
            return
        verbs = verbs_of(document)
        self._step = (verbs[0].get("action") or "").removeprefix(PUBLIC_URL)
        after = (verbs[-1].text or "").removeprefix(PUBLIC_URL)
        self._known += filter(None, (self._step, after))

    def _press_zero(self, target: str) -> None:
        """Zero leads to the helplines from any step, unless the call is over."""
        asked = Asked("POST", target, b"Digits=0&CallSid=CA0")
        _, _, body, _ = self._answer(asked)
        self.tally.asked["zero leads to the helplines"] += 1
        if not is_help(body.decode()):
            self._fault(asked, f"zero leads to {body.decode()}")

    def _answer(self, asked: Asked) -> tuple[int, str, bytes, bool]:
        """Status, type and body; and whether the body is a form at all."""
        signed, is_form = asked.body, True
        form: dict[str, list[str]] = {}
        if asked.method == "POST":
            try:
                _, values, _ = parse_form_data(self._environ(asked, ""), silent=False)
                form = values.to_dict(flat=False)
            except (HTTPException, ValueError):
                is_form = False
        is_form = is_form and len(signed) <= 64 * 1024 and not asked.missing
        signature = self._validator.compute_signature(
            PUBLIC_URL + asked.target, Several(form)
        )
        answered: dict[str, str] = {}

        def start_response(
            status: str, headers: list[tuple[str, str]], *_: object
        ) -> None:
            answered["status"] = status.partition(" ")[0]
            answered.update({name.lower(): value for name, value in headers})

        parts = self._app.wsgi_app(self._environ(asked, signature), start_response)  # type: ignore[arg-type]
        try:
            body = b"".join(parts)
        finally:
            close = getattr(parts, "close", None)
            if close:
                close()
        return int(answered["status"]), answered.get("content-type", ""), body, is_form

    def _environ(self, asked: Asked, signature: str) -> dict[str, object]:
        """A request as gunicorn gives it to the application."""
        path, _, query = asked.target.partition("?")
        return {
            "REQUEST_METHOD": asked.method,
            "RAW_URI": asked.target,
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": asked.content_type,
            "CONTENT_LENGTH": str(len(asked.body) + asked.missing),
            "HTTP_HOST": "line.example.org",
            "HTTP_X_TWILIO_SIGNATURE": signature,
            "wsgi.url_scheme": "http",
            "wsgi.version": (1, 0),
            "wsgi.input": io.BytesIO(asked.body),
            "wsgi.input_terminated": False,
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }

    def _fault(self, asked: Asked, what: str) -> None:
        self.tally.faults.append(f"{what}: {asked}"[:2000])


def faults_of(document: str, listed: set[str]) -> Iterator[str]:
    """What would strand a caller, or put them through to a number that is not listed."""
    try:
        verbs = verbs_of(document)
    except (PhoneError, SyntaxError) as error:
        yield f"{error}: {document}"
        return
    if not verbs:
        yield "an empty document"
        return
    last = verbs[-1]
    if last.tag not in ("Redirect", "Hangup", "Dial"):
        yield f"falls off its end: {document}"
    for dial in (verb for verb in verbs if verb.tag == "Dial"):
        if dial[0].text not in listed or dial.get("callerId") != LINE_NUMBER:
            yield f"dials: {document}"
    if last.tag == "Hangup" and not "".join(verbs[0].itertext()):
        yield f"hangs up without a word: {document}"


def is_help(document: str) -> bool:
    """Whether it is the list of helplines, which zero leads to; or the end of a call that has
    lasted too long."""
    verbs = verbs_of(document)
    address = verbs[0].get("action") or ""
    at_helplines = re.search("/voice/[0-9a-f]{12}/en/helplines", address)
    return bool(at_helplines) or verbs[-1].tag == "Hangup"


class Several(dict[str, list[str]]):
    """A form whose fields may come several times, as the validator takes it."""

    def getlist(self, name: str) -> list[str]:
        """Every value of a field."""
        return self[name]


class Errors(logging.Handler):
    """What the line logs as an error of its own, rather than of the request."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps it."""
        self.said.append(self.format(record))


def attacked(seed: int, requests: int) -> Tally:
    """What came of so many requests to a line of its own."""
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        publish(folder, edition(article("one", 3, 2), article("two", 1), speech=True))
        return Attacker(line(Path(folder), clock), clock, seed).attacks(requests)


def _part(seed: int) -> tuple[int, Tally]:
    return seed, attacked(seed, A_PART)


def prove(budget: Budget) -> Iterator[Figure]:
    """In two processes; goes on where it was interrupted, unless the code has changed since."""
    done = _noted()
    seeds = [seed for seed in range(REQUESTS // A_PART) if str(seed) not in done]
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        for seed, tally in pool.imap_unordered(_part, seeds):
            assert not tally.faults, tally.faults[:3]
            done[str(seed)] = dict(tally.asked)
            NOTED.parent.mkdir(parents=True, exist_ok=True)
            NOTED.write_text(json.dumps({"version": version(), "done": done}))
            if not budget.is_left:
                break
    asked = sum((Counter(part) for part in done.values()), Counter[str]())
    yield Figure("hostile requests", f"{asked.total():,}")
    for how, times in sorted(asked.items()):
        yield Figure(f"of these {how}", f"{times:,}")
    yield Figure("anything else", "0")


def _noted() -> dict[str, dict[str, int]]:
    """The parts that are done already, of this version."""
    if not NOTED.exists():
        return {}
    noted = json.loads(NOTED.read_text())
    if noted["version"] != version():
        return {}
    done: dict[str, dict[str, int]] = noted["done"]
    return done
