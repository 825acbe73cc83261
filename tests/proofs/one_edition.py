"""Editions are published and rolled back while people ring: each call hears one of them."""

import asyncio
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from audio.air.editions import roll_back
from audio.air.publish import clips_of
from audio.air.studio_store import StudioStore
from ivr.edition.clip_urls import parse
from tests.proofs.record import Budget, Figure
from tests.support.crowd import Crowd, Heard, Tally, lived
from tests.support.renders import put_on_the_air
from tests.support.server import started
from tests.support.small_content import ARTICLE, changed, write

SWITCHES = 200

CALLERS = 40

PACE = 0.02
"""Of real time: a call is long enough for several switches."""


@dataclass
class Outcome:
    """What happened."""

    switches: int
    tally: Tally
    in_the_middle: int
    """Calls during which another edition went live."""
    mixed: list[Heard]
    """Calls that heard more than one edition."""
    errors: list[str]
    """What the server logged."""


def prove(budget: Budget) -> Iterator[Figure]:
    """200 switches."""
    outcome = switch_during_calls(SWITCHES, CALLERS, lambda: budget.is_left)
    yield Figure("editions published and rolled back", str(outcome.switches))
    yield Figure("calls meanwhile", str(len(outcome.tally.calls)))
    yield Figure(
        "of these, another edition went live during", str(outcome.in_the_middle)
    )
    yield Figure("calls that heard more than one", str(len(outcome.mixed)))
    yield Figure("requests", str(outcome.tally.requests))
    yield Figure("of these failed", str(outcome.tally.lost.total()))
    assert not outcome.mixed
    assert not outcome.tally.lost
    assert not outcome.errors


def switch_during_calls(
    switches: int, callers: int, is_time: Callable[[], bool] = lambda: True
) -> Outcome:
    """Publishes and rolls back in turn, during calls to a real server."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = StudioStore(folder / "store")
        put_on_the_air(with_words(folder, 0), store.url)
        log = folder / "log"
        with log.open("wb") as file, started(folder / "store", file) as server:
            crowd = Crowd(server.address, pace=PACE, keeps_documents=True)
            moments = lived(_both(crowd, callers, switches, folder, store, is_time))
        calls = crowd.tally.calls
        return Outcome(
            len(moments),
            crowd.tally,
            sum(any(call.began < at < call.ended for at in moments) for call in calls),
            [call for call in calls if not hears_one(call, store)],
            [line for line in log.read_text().splitlines() if " ERROR " in line],
        )


async def _both(
    crowd: Crowd,
    callers: int,
    switches: int,
    folder: Path,
    store: StudioStore,
    is_time: Callable[[], bool],
) -> list[float]:
    """The calls go on until the last switch; the moment of each switch."""
    moments: list[float] = []
    ended = asyncio.Event()
    calls = asyncio.create_task(crowd.ring(callers, lambda: not ended.is_set()))
    loop = asyncio.get_running_loop()
    try:
        while len(moments) < switches and is_time():
            number = len(moments) // 2 + 1
            before = store.live() or ""
            content = with_words(folder, number)
            await asyncio.to_thread(put_on_the_air, content, store.url)
            moments.append(loop.time())
            await asyncio.to_thread(roll_back, store, before)
            moments.append(loop.time())
    finally:
        ended.set()
        await calls
    return moments


def with_words(folder: Path, number: int) -> Path:
    """Content with words of its own."""
    words = f"Words number {number}."
    return write(folder / str(number), one=changed(ARTICLE, "Second words.", words))


def hears_one(call: Heard, store: StudioStore) -> bool:
    """Whether every address and every sound of a call is of the edition that it began with."""
    said = "\n".join(call.documents)
    editions = set(re.findall(r"/voice/([0-9a-f]{12})/", said))
    if len(editions) > 1:
        return False
    own = {
        name.partition("_")[0]
        for each in editions
        for name in clips_of(store.edition(each))
    }
    for stem in re.findall(r"/clips/([^<]+)\.wav", said):
        asked = parse(stem)
        assert asked, stem
        if not own.issuperset(asked.names):
            return False
    return True
