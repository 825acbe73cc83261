"""The operators' doors: `/healthz`, `/healthz/live` and `/metrics`; and the code that counts."""

import hmac
import math
import time
from ipaddress import ip_address

from flask import Blueprint, Response, abort, current_app, g, request

from ivr.call.scene import Outcome
from ivr.call.steps import Transfer
from ivr.call.transfers import result_of
from ivr.callers.callers import Callers
from ivr.edition.edition import Edition, clip_name
from ivr.edition.library import Library
from ivr.errors import StoreError
from ivr.operators import metrics
from ivr.provider.webhooks import event_at
from ivr.settings import Settings

FORMAT = "text/plain; version=0.0.4; charset=utf-8"

NOTED_S = 1.0
"""How often a process notes how its database is: whoever reads the figures does so less often."""

ENDPOINTS = {"voice.call": "call", "voice.failed": "fallback", "voice.ended": "ended"}
"""What counts as a step if a webhook has none."""

watching = Blueprint("watching", __name__)


@watching.get("/healthz")
def ready() -> tuple[dict[str, str], int]:
    """Whether this server can answer calls in its own voice; 503 if it cannot.

    It reports a database that is down, but calls go on without it.
    """
    library: Library = current_app.extensions["library"]
    try:
        live = library.live()
    except (OSError, StoreError):
        return {"live": "", "sound": "unknown"}, 503
    sound = "missing"
    status = 503
    if _has_sound(library, live):
        sound = "well"
        status = 200
    told = {
        "live": live.id,
        "sound": sound,
        "holidays_until": live.content.holidays_until,
    }
    callers: Callers | None = current_app.extensions.get("callers")
    if callers:
        told["database"] = _database(callers)
    return told, status


def _database(callers: Callers) -> str:
    """How the database is. Its address, and what its driver says, are not for everybody."""
    trouble = callers.status().trouble
    if trouble is None:
        return "well"
    if _may_see_figures():
        return trouble
    return "away"


def _has_sound(library: Library, live: Edition) -> bool:
    """Whether a clip of the edition can be read; if one can, so can the others, or nearly all."""
    clips = next(iter(live.clips.values()))
    if not clips:
        return False
    spoken = next(iter(clips.values()))
    slowest = live.content.speeds[0]
    name = clip_name(spoken.name, slowest)
    return library.is_sound(name, spoken.lengths[0])


@watching.get("/healthz/live")
def alive() -> str:
    """This process answers; nothing else is checked."""
    return "alive\n"


@watching.get("/metrics")
def figures() -> Response:
    """For Prometheus: from this machine, or with the token."""
    if not _may_see_figures():
        abort(404)
    library: Library = current_app.extensions["library"]
    metrics.note_edition(library.live())
    return Response(metrics.page(), content_type=FORMAT)


def _may_see_figures() -> bool:
    """Whether a request comes from a program on this machine (and through no proxy), or has the
    token."""
    settings: Settings = current_app.extensions["settings"]
    token = settings.metrics_token
    given = request.headers.get("Authorization", "").encode()
    if token and hmac.compare_digest(given, f"Bearer {token}".encode()):
        return True
    if "X-Forwarded-For" in request.headers or not request.remote_addr:
        return False
    return ip_address(request.remote_addr).is_loopback


@watching.before_app_request
def begin() -> None:
    """From when on the time is counted."""
    g.began = time.perf_counter()


@watching.after_app_request
def count(response: Response) -> Response:
    """Counts an answer to the provider; the handset's and the studio's are not calls."""
    now = time.perf_counter()
    took = now - g.get("began", now)
    endpoint = request.endpoint or ""
    if endpoint.startswith("voice."):
        _count_reply(endpoint, response, took)
    elif endpoint == "clips.sound":
        metrics.SOUNDS.labels(_state(response)).inc()
        metrics.SOUND_SECONDS.observe(took)
    return response


def _count_reply(endpoint: str, response: Response, took: float) -> None:
    name = ENDPOINTS.get(endpoint, "lost")
    step = g.get("step")
    if step is not None:
        name = step.kind
    metrics.REPLIES.labels(name, str(response.status_code)).inc()
    metrics.REPLY_SECONDS.observe(took)
    if response.status_code != 200:
        return
    if name == "call":
        metrics.CALLS.inc()
    if name != "fallback":  # which is nothing else
        metrics.SAID.inc(response.get_data().count(b"<Say"))
    if isinstance(step, Transfer):
        _count_transfer(step)
    _note_database()


def _note_database() -> None:
    app = current_app.extensions
    now = time.monotonic()
    callers: Callers | None = app.get("callers")
    if callers is None or now < app.get("database_noted", -math.inf) + NOTED_S:
        return
    app["database_noted"] = now
    metrics.note_database(callers.status())


def _count_transfer(step: Transfer) -> None:
    event = event_at(step)
    if isinstance(event, Outcome):
        short_s = g.edition.content.short_transfer_seconds
        result = result_of(event, short_s)
        metrics.TRANSFERS.labels(str(result)).inc()


def _state(response: Response) -> str:
    """Of a sound: what lacks something is never kept (see `ivr.provider.clips`)."""
    if response.status_code == 404:
        return "lost"
    if response.cache_control.no_store:
        return "lacking"
    return "whole"
