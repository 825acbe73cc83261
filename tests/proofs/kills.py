"""Workers and whole servers are killed, reloaded and restarted during calls: what is lost."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from ivr.handset.phone import PATIENCE_S
from tests.proofs.record import Budget, Figure
from tests.support.acting import KEY
from tests.support.crowd import Crowd, lived
from tests.support.proxy import nginx_before
from tests.support.server import until
from tests.support.service import Service, serving
from tests.support.small import AT_ANY_HOUR, edition, publish

CALLERS = 500

PACE = 0.5
"""Of real time: 500 callers ask as often as 1,000 would."""

SETTLES_S = 8
"""How long calls go on between two blows, once the server is whole again."""

TIMES = 4
"""How often each blow falls."""


@dataclass(frozen=True)
class Way:
    """How requests come to the server."""

    name: str
    tries: int = 1
    """How often the provider asks."""
    has_proxy: bool = False
    """Whether deploy/nginx.conf stands in front."""
    patience_s: float = PATIENCE_S
    """How long it waits for an answer, in seconds."""


WAYS = (
    Way("asked once, without a proxy"),
    Way("where the provider asks again once", tries=2),
    Way("asked once, behind deploy/nginx.conf", has_proxy=True),
    Way("behind it, where the provider asks again once", tries=2, has_proxy=True),
)

BLOWS: dict[str, Callable[[Service], None]] = {
    "kill -9 of a worker": Service.kill_a_worker,
    "kill -9 of the server": Service.kill_the_server,
    "a reload": Service.reload,
    "a restart": Service.restart,
}


@dataclass
class Outcome:
    """What one kind of blow cost, one way."""

    requests: int
    """That were answered from just before the first blow until the server was whole again."""
    lost: Counter[str]
    """Those that failed for good."""

    @property
    def told(self) -> str:
        """As a figure."""
        asked = self.requests + self.lost.total()
        said = f"{self.lost.total()} of {asked:,} requests"
        if self.lost:
            each = ", ".join(f"{why} {times}" for why, times in self.lost.items())
            return f"{said} ({each})"
        return said


def prove(budget: Budget) -> Iterator[Figure]:
    """Each way, and each blow four times."""
    lost_in_spite: Counter[str] = Counter()
    for way in WAYS:
        if not budget.is_left:
            break
        outcomes = struck(way, CALLERS, PACE, TIMES, SETTLES_S)
        for blow, outcome in outcomes.items():
            yield Figure(f"lost by {blow}, {TIMES} times, {way.name}", outcome.told)
            if way.tries > 1:
                lost_in_spite += outcome.lost
    assert not lost_in_spite


def struck(
    way: Way,
    callers: int,
    pace: float,
    times: int,
    settles_s: float,
    blows: tuple[str, ...] = tuple(BLOWS),
) -> dict[str, Outcome]:
    """What each blow costs, so many callers at once, one way."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        publish(folder / "store", edition(helplines=AT_ANY_HOUR))
        service = stack.enter_context(serving(folder / "store", folder, SECRET_KEY=KEY))
        address, trusts = service.address, None
        if way.has_proxy:
            front = stack.enter_context(
                nginx_before(service.address, folder, hurries=True)
            )
            address, trusts = front.https, front.trusts
        crowd = Crowd(
            address,
            pace=pace,
            tries=way.tries,
            trusts=trusts,
            patience_s=way.patience_s,
        )
        return lived(_struck(crowd, service, callers, times, settles_s, blows))


async def _struck(
    crowd: Crowd,
    service: Service,
    callers: int,
    times: int,
    settles_s: float,
    blows: tuple[str, ...],
) -> dict[str, Outcome]:
    ended = asyncio.Event()
    calls = asyncio.create_task(
        crowd.ring(callers, lambda: not ended.is_set(), within_s=settles_s)
    )
    found = {}
    try:
        await asyncio.sleep(settles_s)
        for blow in blows:
            requests, lost = crowd.tally.requests, crowd.tally.lost.copy()
            for _ in range(times):
                await asyncio.to_thread(BLOWS[blow], service)
                await asyncio.sleep(settles_s / 2)
                await asyncio.to_thread(until, service.answers)
                await asyncio.sleep(settles_s / 2)
            found[blow] = Outcome(
                crowd.tally.requests - requests, crowd.tally.lost - lost
            )
    finally:
        ended.set()
        await calls
    return found
