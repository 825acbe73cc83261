"""The provider's webhooks: each parses, has the flow decide, and renders.

Whatever is asked under `/voice` is answered in TwiML with status 200; the one
exception is a request that the provider did not sign.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from flask import Blueprint, Response, g, request

from ivr.call import flow
from ivr.call.position import START_UP_MS
from ivr.call.scene import Event, Lost, Outcome, Pressed, Silence, Start, Trouble
from ivr.call.steps import Step, step_from
from ivr.edition.edition import Edition
from ivr.edition.library import Library
from ivr.errors import NoSuchStep, StoreError
from ivr.provider import fallback
from ivr.provider.twiml import Addresses, twiml

log = logging.getLogger(__name__)

METHODS = ["GET", "POST"]
"""A redirect on the way can turn a POST into a GET; a caller must not pay for that."""


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
    fallback: str = field(init=False)
    """The fallback document of the edition last seen live: in memory, so it needs nothing."""

    _seen: str = field(init=False, default="")

    def __post_init__(self) -> None:
        self.live()

    def live(self) -> Edition:
        """The live edition; its fallback document is kept."""
        edition = self.library.live()
        if edition.id != self._seen:
            self.fallback, self._seen = fallback.document(edition), edition.id
        return edition

    def reply(self, edition: Edition, step: Step, event: Event) -> str:
        """The TwiML that answers an event."""
        answer = flow.answer(edition, step, event, self.clock(), self.start_up_ms)
        return twiml(answer, edition, self.library, self.addresses, self.caller_id)


def blueprint(line: Line, name: str) -> Blueprint:
    """The webhooks, to be mounted under a prefix. Signatures are checked where it is mounted."""
    doors = Blueprint(name, __name__)

    @doors.route("", methods=METHODS)
    def call() -> Response:
        """A new call."""
        edition = line.live()
        return xml(line.reply(edition, flow.first_step(edition), Start()))

    @doors.route("/fallback", methods=METHODS)
    def failed() -> Response:
        """The provider could not use another answer of ours."""
        return xml(line.fallback)

    @doors.route("/ended", methods=METHODS)
    def ended() -> Response:
        """The status callback: a call is over. Nothing of it is kept."""
        return xml("<Response/>")

    @doors.route("/<path:path>", methods=METHODS)
    def step(path: str) -> Response:
        """Something happened at a step."""
        try:
            edition, here = _find(line, path)
        except (NoSuchStep, StoreError) as error:
            log.info("starting again in the live edition: %s", error)
            edition = line.live()
            return xml(line.reply(edition, flow.first_step(edition), Lost()))
        g.place = edition, here
        return xml(line.reply(edition, here, _event()))

    @doors.errorhandler(Exception)
    def trouble(error: Exception) -> Response:
        """Apologises in the line's own voice and offers the helplines; the place is kept."""
        log.exception("a webhook failed", exc_info=error)
        try:
            edition, here = g.get("place") or (live := line.live(), flow.first_step(live))
            return xml(line.reply(edition, here, Trouble()))
        except Exception:
            log.exception("so did the apology; the helplines are read out instead")
            return xml(line.fallback)

    return doors


def xml(document: str) -> Response:
    """A TwiML document; text/plain would be read aloud."""
    return Response(document, mimetype="text/xml")


def _find(line: Line, path: str) -> tuple[Edition, Step]:
    """The step that the path and query name, and its edition."""
    parts = path.split("/")
    if len(parts) < 3:
        raise NoSuchStep(f"{path}: not an edition, a language and a step")
    name, language, kind, *rest = parts
    edition = line.library.edition(name)
    return edition, step_from(edition.content, language, kind, rest, request.args)


def _event() -> Event:
    """What happened, from what the provider posted. An empty field is a missing one."""
    if status := request.values.get("DialCallStatus"):
        return Outcome(status)
    if digits := request.values.get("Digits"):
        return Pressed(digits)
    return Silence()
