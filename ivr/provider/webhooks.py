"""The provider's webhooks: each parses a request, has the flow decide, and renders the reply.

Every request under `/voice` is answered in TwiML with status 200, except one that the provider
did not sign.

The blueprint `voice` is mounted twice: at `/voice`, and by the handset. Each has a `Line` of its
own, which `add_line` gives to it.
"""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from flask import Blueprint, Flask, Response, current_app, g, request

from ivr.call import flow
from ivr.call.position import START_UP_MS
from ivr.call.scene import (
    NO_LIMITS,
    Abilities,
    Event,
    KeyLost,
    Lost,
    Outcome,
    Pressed,
    Reply,
    Silence,
    Spoken,
    Start,
    Texted,
    Trouble,
)
from ivr.call.steps import Step, Texting, Transfer, step_from
from ivr.edition import content
from ivr.edition.edition import Edition
from ivr.edition.library import Library
from ivr.errors import NoSuchStep, StoreError
from ivr.provider import fallback
from ivr.provider.admission import Admission, Decision
from ivr.provider.counting import Turn
from ivr.provider.dialects import TWILIO, Dialect
from ivr.provider.keeping import NOBODY, Keeper, Ringing
from ivr.provider.texting import Texter
from ivr.provider.twiml import SILENCE, Addresses, twiml

log = logging.getLogger(__name__)

KEYS = frozenset(content.KEYS)

BRIDGED = {"true": True, "false": False}
"""What `DialBridged` says."""

MOST_SPOKEN = 500
"""Characters. Longer words choose nothing."""

METHODS = ["GET", "POST"]
"""A redirect on the way can turn a POST into a GET; the call must go on all the same."""


@dataclass
class Line:
    """What the webhooks work with."""

    library: Library
    addresses: Addresses
    caller_id: str | None
    """The line's own number, in E.164: what a helpline sees when a caller is put through."""
    clock: Callable[[], datetime]
    """The time, aware."""
    start_up_ms: int = START_UP_MS
    """From a reply until its first sound is heard."""
    dialect: Dialect = TWILIO
    """How the provider speaks TwiML."""
    keeper: Keeper | None = None
    """Remembers and counts; None if nothing is kept about calls."""
    admission: Admission | None = None
    """Lets callers in; None if everybody may ring, for as long as they like."""
    texter: Texter | None = None
    """Sends texts; None if the line sends none."""
    fallback: str = field(init=False)
    """The fallback document of the edition last seen live, in memory, so that nothing else is
    needed to send it."""

    _fallback_of: str = field(init=False, default="")
    """The id of that edition."""

    def __post_init__(self) -> None:
        self.live()

    def live(self) -> Edition:
        """The live edition. Its fallback document is remembered."""
        edition = self.library.live()
        if edition.id != self._fallback_of:
            self.fallback = fallback.document(edition)
            self._fallback_of = edition.id
        return edition

    def reply(
        self, edition: Edition, step: Step, event: Event, ringing: Ringing = NOBODY
    ) -> str:
        """The TwiML that answers an event; also keeps what must be kept about the call."""
        now = self.clock()
        limits = NO_LIMITS
        if self.admission:
            limits = self.admission.limits(ringing)
        abilities = self.abilities(ringing)
        answer = flow.answer(
            edition, step, event, now, self.start_up_ms, abilities, limits
        )
        document = self._document(edition, answer)
        if self.keeper:
            self.keeper.keep(ringing, Turn(edition, step, event, answer, now))
        if answer.text and self.texter:
            self.texter.send(request.values, answer.text, edition.content.name)
        return document

    def turn_away(self, ringing: Ringing) -> str | None:
        """The TwiML that turns a new call away; None if the caller is let in."""
        if self.admission is None:
            return None
        decision = self.admission.decide(ringing, self.clock())
        if decision is Decision.LET_IN:
            return None
        edition = self.live()
        reply = flow.turn_away(edition, decision is Decision.BARRED)
        return self._document(edition, reply)

    def _document(self, edition: Edition, reply: Reply) -> str:
        """A reply as TwiML."""
        return twiml(
            reply,
            edition,
            self.library,
            self.addresses,
            self.caller_id,
            self.dialect,
        )

    def abilities(self, ringing: Ringing = NOBODY) -> Abilities:
        """What may be promised to the caller of this request."""
        able = self.dialect.abilities
        texts = self.texter is not None and self.texter.can_text(request.values)
        return replace(able, remembers=ringing.is_known, text=able.text and texts)

    def after_a_moment(self, step: Texting) -> Event:
        """What happened to a caller who has waited for the outcome of a text."""
        if self.texter is None or not self.texter.can_text(request.values):
            return Silence()
        return Texted(self.texter.taken(request.values, step.helpline))

    def start(self, event: Event, ringing: Ringing = NOBODY, language: str = "") -> str:
        """The TwiML that answers an event at the first step of the live edition, for a caller whose
        language may be known."""
        edition = self.live()
        return self.reply(edition, flow.first_step(edition, language), event, ringing)


voice = Blueprint("voice", __name__)


def add_line(app: Flask, blueprint: str, line: Line) -> None:
    """Has this line answer the webhooks that are mounted under a name (`request.blueprint`)."""
    app.extensions.setdefault("lines", {})[blueprint] = line


def line_of(blueprint: str) -> Line:
    """The line that answers the webhooks mounted under this name."""
    lines: dict[str, Line] = current_app.extensions["lines"]
    return lines[blueprint]


def _line() -> Line:
    """The line that answers this request."""
    return line_of(str(request.blueprint))


@voice.route("", methods=METHODS)
def call() -> Response:
    """A new call; callers who ring back can carry on."""
    line = _line()
    ringing = _ringing(line)
    away = line.turn_away(ringing)
    if away:
        return xml(away)
    left_off = line.keeper.left_off(ringing) if line.keeper else None
    return xml(line.start(Start(left_off), ringing))


@voice.route("/fallback", methods=METHODS)
def failed() -> Response:
    """The provider could not use another answer of ours."""
    return xml(_line().fallback)


@voice.route("/ended", methods=METHODS)
def ended() -> Response:
    """The status callback: a call is over. How long it was is counted."""
    line = _line()
    seconds = request.values.get("CallDuration", "")
    if line.keeper and re.fullmatch("[0-9]{1,6}", seconds):
        line.keeper.ended(_ringing(line), line.library, int(seconds), line.clock())
    return xml("<Response/>")


@voice.route("/<path:path>", methods=METHODS)
def step(path: str) -> Response:
    """Something happened at a step."""
    line = _line()
    try:
        g.edition, g.step = find(line, path)
    except (NoSuchStep, StoreError) as error:
        log.info("starting again in the live edition: %s", error)
        _, _, rest = path.partition("/")
        language, _, _ = rest.partition("/")
        return xml(line.start(Lost(), language=language))
    return xml(line.reply(g.edition, g.step, event_at(g.step), _ringing(line)))


@voice.errorhandler(Exception)
def trouble(error: Exception) -> Response:
    """Apologises in the line's own voice and offers the helplines, at the step of the caller."""
    log.exception("a webhook failed", exc_info=error)
    line = _line()
    try:
        if "step" in g:
            return xml(line.reply(g.edition, g.step, Trouble()))
        return xml(line.start(Trouble()))
    except Exception:
        log.exception("so did the apology; the helplines are read out instead")
        return xml(line.fallback)


def xml(document: str) -> Response:
    """A TwiML document. As text/plain, it would be read aloud."""
    return Response(document, content_type="text/xml; charset=utf-8")


def _ringing(line: Line) -> Ringing:
    """Whose call it is: nobody's, if nothing is kept about calls."""
    if line.keeper is None:
        return NOBODY
    told = request.values
    return line.keeper.ringing(told.get("CallSid", ""), told.get("From", ""))


def find(line: Line, path: str) -> tuple[Edition, Step]:
    """The edition and step that the path and query name.

    Raises `NoSuchStep`, and `StoreError` for an edition that is no longer kept.
    """
    parts = path.split("/")
    if len(parts) < 3:
        raise NoSuchStep(f"{path}: an edition, a language and a step are needed")
    edition_id, language, kind, *rest = parts
    edition = line.library.edition(edition_id)
    return edition, step_from(edition.content, language, kind, rest, request.args)


def event_at(step: Step) -> Event:
    """What happened at a step: only its own address for silence says that no key came.

    What came of a transfer counts at a transfer alone: elsewhere it would make keys dead. An
    empty field counts as a missing one, and what no telephone has as no key.
    """
    if SILENCE in request.args:
        if isinstance(step, Texting):
            return _line().after_a_moment(step)
        return Silence()
    status = request.values.get("DialCallStatus")
    if status and isinstance(step, Transfer):
        return _outcome(status)
    keys = request.values.get("Digits", "").strip()
    if keys and KEYS.issuperset(keys):
        return Pressed(keys)
    words = request.form.get(
        "SpeechResult"
    )  # never from an address, which may be logged
    if words is not None:
        return Spoken(words[:MOST_SPOKEN])
    return KeyLost()


def _outcome(status: str) -> Outcome:
    """The outcome of a transfer. A report in any other form than the provider's means nothing."""
    bridged = BRIDGED.get(request.values.get("DialBridged", "").lower())
    seconds = request.values.get("DialCallDuration", "")
    if re.fullmatch("[0-9]{1,6}", seconds):
        return Outcome(status, bridged, int(seconds))
    return Outcome(status, bridged)
