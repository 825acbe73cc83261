"""The line as an app, serving what is live in a store."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask

from app import create_app
from ivr.callers.callers import Callers
from ivr.settings import Settings
from tests.support.caller import LINE_NUMBER, PUBLIC_URL, TOKEN


def line(
    store: Path,
    clock: Callable[[], datetime],
    callers: Callers | None = None,
    **changed: Any,
) -> Flask:
    """The line, serving what is live in a store, with some settings changed."""
    settings = Settings(
        public_url=PUBLIC_URL,
        twilio_auth_token=TOKEN,
        line_number=LINE_NUMBER,
        store=store,
    )
    return create_app(replace(settings, **changed), clock, callers=callers)
