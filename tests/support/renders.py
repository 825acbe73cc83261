"""Rendering and publishing a content folder with a silent voice, in this process."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from audio.air.job import Job
from audio.air.order import Order
from audio.air.plan import missing, plan
from audio.air.publish import make_edition, publish
from audio.air.render import render
from audio.air.studio_store import StudioStore
from audio.voices.silent import Silent
from audio.words.source import load
from ivr.settings import Settings


def put_on_the_air(content: Path, url: str) -> None:
    """Render and publish."""
    source, store = load(content), StudioStore(url)
    takes = plan(source, {"en": Silent(1)})
    speeds = source.content.speeds
    with ThreadPoolExecutor(2) as pool:
        render(missing(takes, store, speeds), store, speeds, pool)
    publish(make_edition(source.content, takes, store), store)


WAITS = """\
import json, pathlib, sys, time
pathlib.Path(json.load(sys.stdin)["progress"]).write_text("[3, 7]")
time.sleep(600)
"""


def waiting_job(folder: Path, settings: Settings) -> Job:
    """A job that has rendered 3 of 7 and goes on for ever, for a slow voice."""
    order = Order(settings.content, settings.store)
    return Job(folder, order, (sys.executable, "-c", WAITS))
