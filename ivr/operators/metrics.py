"""Figures for Prometheus: how many, how fast, and what went wrong. None says who, or where from.

Several server processes share a folder of figures, where PROMETHEUS_MULTIPROC_DIR names one
(deploy/gunicorn.conf.py does); so it must be set before this is imported.
"""

import os
from datetime import UTC, datetime

from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from ivr.callers.writer import Status
from ivr.edition.edition import Edition

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 10)
"""Where the time to answer is counted. A caller notices a quarter of a second; the proxy gives up
after four."""

FOLDER = "PROMETHEUS_MULTIPROC_DIR"

CALLS = Counter("line_calls", "New calls that were answered")
REPLIES = Counter(
    "line_replies", "Webhooks, by kind of step and HTTP status", ("step", "status")
)
REPLY_SECONDS = Histogram(
    "line_reply_seconds", "How long a webhook takes", buckets=SECONDS
)
TRANSFERS = Counter("line_transfers", "Transfers, by how they ended", ("ended",))
SAID = Counter(
    "line_said_by_provider", "Texts without a clip, which the provider spoke itself"
)
SOUNDS = Counter(
    "line_sounds",
    "Sounds that were fetched: whole, lacking a clip, or lost",
    ("state",),
)
SOUND_SECONDS = Histogram(
    "line_sound_seconds", "How long a sound takes to begin", buckets=SECONDS
)
LOST = Gauge(
    "line_database_lost", "What the database could not keep", multiprocess_mode="sum"
)
WAITING = Gauge(
    "line_database_waiting", "What is not written yet", multiprocess_mode="livesum"
)
TROUBLE = Gauge(
    "line_database_trouble",
    "1 where a process finds the database away",
    multiprocess_mode="livemax",
)
EDITION_MADE = Gauge(
    "line_edition_made_timestamp_seconds",
    "When the edition on the air was made",
    multiprocess_mode="mostrecent",
)
HOLIDAYS_END = Gauge(
    "line_holidays_end_timestamp_seconds",
    "Until when public holidays are known; 0 without a calendar",
    multiprocess_mode="mostrecent",
)


def note_database(status: Status) -> None:
    """How the database is, as this process sees it."""
    LOST.set(status.lost)
    WAITING.set(status.waiting)
    TROUBLE.set(status.trouble is not None)


def note_edition(live: Edition) -> None:
    """What is on the air."""
    EDITION_MADE.set(datetime.fromisoformat(live.created).timestamp())
    until = live.content.holidays_until
    end = 0.0
    if until:
        end = datetime.fromisoformat(until).replace(tzinfo=UTC).timestamp()
    HOLIDAYS_END.set(end)


def page() -> bytes:
    """All figures, of every process, in Prometheus's text format."""
    if not os.environ.get(FOLDER):
        return generate_latest(REGISTRY)
    every = CollectorRegistry()
    MultiProcessCollector(every)  # type: ignore[no-untyped-call]
    return generate_latest(every)
