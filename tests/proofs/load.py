"""Thousands of callers at once, in real time, on this machine, which also plays the provider: how
soon each reply and each sound begins, what fails, and where it breaks."""

import asyncio
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from scripts import render_audio
from scripts.bench_line import processor_s
from tests.proofs.record import Budget, Figure
from tests.support.acting import KEY
from tests.support.crowd import Crowd, Tally, lived
from tests.support.proxy import nginx_before
from tests.support.service import Service, serving

AIM = 5000
"""Callers at once."""

LEVELS = (1000, 3000, AIM, 6000, 7000)
"""Callers at once, one after the other, as far as nothing fails."""

A_LEVEL_S = 60
"""How long each is held, after everybody has begun."""

BEGIN_A_SECOND = 40
"""How many callers begin in a second. A call's beginning takes more requests than its middle: 110
beginnings a second are more than two processors can do."""

HELD_S = 600
"""How long as many are held as is the aim."""

SQUARES = 10_000_000

LOOK_S = 5
"""How often the memory is read."""

MB = 1_000_000


@dataclass
class Outcome:
    """What came of some callers."""

    callers: int
    tally: Tally
    lags_s: list[float] = field(default_factory=list)
    """How much later than it wanted this program went on: so much of each time is its own."""
    memory: list[int] = field(default_factory=list)
    """Of both workers, in bytes, read every `LOOK_S`."""
    worked_s: list[float] = field(default_factory=list)
    """Each worker's processor time. One that does all the work would soon have too much."""
    seconds: float = 0.0
    """Everybody had begun for so long."""

    @property
    def told(self) -> str:
        """As a figure."""
        tally = self.tally
        failed = f"{tally.lost.total()} failed"
        if tally.lost:
            failed += f" ({', '.join(f'{why} {n}' for why, n in tally.lost.items())})"
        return (
            f"{tally.requests / self.seconds:.0f} requests a second, {failed}; replies"
            f" {_ms(tally.replies_s)}; first byte of a sound {_ms(tally.sounds_s)}; of each, the"
            f" callers' own program {_ms(self.lags_s)}"
        )


def _ms(seconds: list[float]) -> str:
    """Median and 99th percentile."""
    in_order = sorted(seconds) or [0.0]
    p50 = in_order[len(in_order) // 2]
    p99 = in_order[len(in_order) * 99 // 100]
    return f"{p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms"


def prove(budget: Budget) -> Iterator[Figure]:
    """Ten minutes with as many as is the aim; then one level after the other until one fails."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        assert render_audio.main(["--store", str(folder / "store")]) == 0
        yield Figure("the machine adds ten million squares", _speed())
        held = rung(folder, AIM, HELD_S, AIM / BEGIN_A_SECOND)
        yield Figure(f"{AIM:,} callers for ten minutes", held.told)
        yield Figure(
            "of these, replies within 100 ms", _within(held.tally.replies_s, 0.1)
        )
        yield Figure(
            "of these, sounds within 300 ms", _within(held.tally.sounds_s, 0.3)
        )
        yield Figure("calls, and put through", _calls(held))
        yield Figure("processor time of each worker", _each(held.worked_s))
        yield Figure("memory of the two workers", _memory(held.memory))
        for callers in LEVELS:
            if not budget.is_left:
                break
            outcome = rung(folder, callers, A_LEVEL_S, callers / BEGIN_A_SECOND)
            yield Figure(f"{callers:,} callers at once", outcome.told)
            if outcome.tally.lost:
                break
        assert not held.tally.lost


def _speed() -> str:
    """How fast this machine is just now, as one that is shared may be three times as slow."""
    begun = time.process_time()
    sum(number * number for number in range(SQUARES))
    return f"in {time.process_time() - begun:.2f} s of a processor"


def _calls(outcome: Outcome) -> str:
    return f"{len(outcome.tally.calls):,}, {outcome.tally.put_through:,} times"


def _within(seconds: list[float], aim_s: float) -> str:
    share = sum(each <= aim_s for each in seconds) / len(seconds)
    return f"{share:.1%} (aim: 99 %)"


def _each(worked_s: list[float]) -> str:
    return " and ".join(f"{seconds:.0f} s" for seconds in worked_s)


def _memory(read: list[int]) -> str:
    minute = 60 // LOOK_S
    first, last = median(read[:minute]), median(read[-minute:])
    return f"{first / MB:.0f} MB in the first minute, {last / MB:.0f} MB in the last"


def rung(
    folder: Path,
    callers: int,
    seconds: float,
    begin_s: float,
    pace: float = 1.0,
    hurries: bool = True,
) -> Outcome:
    """So many callers, for so long after the last one has begun; a store is in the folder. nginx is
    as patient as in deploy/ if it `hurries`."""
    with (
        serving(folder / "store", folder, SECRET_KEY=KEY) as service,
        nginx_before(service.address, folder, hurries=hurries) as front,
    ):
        crowd = Crowd(front.https, trusts=front.trusts, pace=pace)
        return lived(_rung(crowd, service, callers, seconds, begin_s))


async def _rung(
    crowd: Crowd, service: Service, callers: int, seconds: float, begin_s: float
) -> Outcome:
    ended = asyncio.Event()
    calls = asyncio.create_task(
        crowd.ring(callers, lambda: not ended.is_set(), within_s=begin_s)
    )
    await asyncio.sleep(begin_s)
    outcome = Outcome(callers, crowd.tally)
    crowd.tally.replies_s.clear()  # the first ones were not yet among so many
    crowd.tally.sounds_s.clear()
    before = list(map(processor_s, service.workers()))
    begun = time.monotonic()
    while time.monotonic() < begun + seconds:
        outcome.memory.append(sum(map(memory, service.workers())))
        await _lag(outcome.lags_s, lambda: time.monotonic() < begun + seconds)
    outcome.seconds = time.monotonic() - begun
    after = list(map(processor_s, service.workers()))
    outcome.worked_s = [end - start for start, end in zip(before, after, strict=True)]
    replies, sounds = list(crowd.tally.replies_s), list(crowd.tally.sounds_s)
    ended.set()
    calls.cancel()
    await asyncio.gather(calls, return_exceptions=True)
    crowd.tally.replies_s, crowd.tally.sounds_s = replies, sounds
    return outcome


async def _lag(lags_s: list[float], goes_on: Callable[[], bool]) -> None:
    """Until the next look: how much later than it wanted the program goes on."""
    for _ in range(LOOK_S * 10):
        if not goes_on():
            return
        begun = time.perf_counter()
        await asyncio.sleep(0.1)
        lags_s.append(time.perf_counter() - begun - 0.1)


def memory(pid: int) -> int:
    """What a process has in memory of its own and shared, in bytes."""
    pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
