"""Rendering and publishing a content folder with a silent voice, in this process."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from audio.air.plan import missing, plan
from audio.air.publish import make_edition, publish
from audio.air.render import render
from audio.air.studio_store import StudioStore
from audio.voices.silent import Silent
from audio.words.source import load


def put_on_the_air(content: Path, url: str) -> None:
    """Render and publish."""
    source, store = load(content), StudioStore(url)
    takes = plan(source, {"en": Silent(1)})
    speeds = source.content.speeds
    with ThreadPoolExecutor(2) as pool:
        render(missing(takes, store, speeds), store, speeds, pool)
    publish(make_edition(source.content, takes, store), store)
