"""Whatever clips are missing are made: each utterance said once, then mastered and kept."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ThreadPoolExecutor,
    wait,
)
from dataclasses import replace
from functools import cache
from itertools import islice
from socket import gethostname

from audio.air.plan import Take
from audio.air.studio_store import StudioStore
from audio.voices.engines import voice
from audio.voices.voice import Voice
from ivr.edition.edition import clip_name
from ivr.errors import ClipError, RenderError, VoiceError

SAME_FAULTS = 3
"""So often is the same fault told: without a network, every utterance has it."""


IN_FLIGHT = 100
"""How many utterances are with the workers at once, at most: enough for 50 of them, and
little to hold (0.2 MB for an utterance of 5 s, at five speeds)."""


TRIES = 2


Made = tuple[str, tuple[bytes, ...]]
"""The clips' name, as it is where they were made, and the clips, one a speed."""


def render(
    takes: Iterable[Take],
    store: StudioStore,
    speeds: tuple[float, ...],
    executor: Executor,
    done: Callable[[], object] = lambda: None,
) -> None:
    """Make the clips of every take, calling `done` after each.

    Raises `RenderError` with all that failed, after all the others were made; at once
    where the store cannot be written, or there is nobody left to work.
    """
    faults: dict[int, tuple[str, str]] = {}
    coming = enumerate(takes)
    going: dict[Future[Made], tuple[int, Take]] = {}
    try:
        with ThreadPoolExecutor(len(speeds)) as writers:  # each clip in a bucket takes a while
            while True:
                for number, take in islice(coming, IN_FLIGHT - len(going)):
                    going[executor.submit(make, take, speeds)] = number, take
                if not going:
                    break
                for future in wait(going, return_when=FIRST_COMPLETED).done:
                    number, take = going.pop(future)
                    if fault := _fault(future, take):
                        faults[number] = _called(take), fault
                    else:
                        names = [clip_name(take.name, speed) for speed in speeds]
                        _finish(writers.map(store.keep_clip, names, future.result()[1]), take)
                    done()
    except BrokenExecutor as error:
        raise RenderError(f"the workers were stopped ({error}); try --workers 1") from error
    if faults:
        raise RenderError("\n".join(_told([faults[number] for number in sorted(faults)])))


def _told(faults: list[tuple[str, str]]) -> Iterator[str]:
    """Each fault; one that many utterances have, such as no network, only once."""
    by_fault: dict[str, list[str]] = {}
    for called, fault in faults:
        by_fault.setdefault(fault, []).append(called)
    for fault, those in by_fault.items():
        yield from (f"{called}: {fault}" for called in those[:SAME_FAULTS])
        if len(those) > SAME_FAULTS:
            yield f"The same with {len(those) - SAME_FAULTS} more utterances."


def _fault(future: "Future[Made]", take: Take) -> str:
    """What is wrong with what a worker hands back; empty if nothing is."""
    if future.cancelled():
        raise RenderError("the scheduler is gone; what was made is kept: render again")
    error = future.exception()
    if isinstance(error, BrokenExecutor):
        raise error
    if error:
        return str(error) or repr(error)
    if future.result()[0] != take.name:
        return "the worker has another version of the voice or of this program"
    return ""


def _finish(keeping: Iterator[None], take: Take) -> None:
    try:
        list(keeping)
    except OSError as error:
        raise RenderError(f"{_called(take)} cannot be kept: {error}") from error


def _called(take: Take) -> str:
    return f"{take.utterance!r} (said as {take.speakable!r} by {take.voice.name})"


def make(take: Take, speeds: tuple[float, ...]) -> Made:
    """Say one utterance, and check its clips; once more, where they are not right.

    Raises `ClipError` where they are not right again.
    """
    from audio.sound.checks import faults  # here, as both take a second to load
    from audio.sound.mastering import master

    if take.is_said_anywhere:
        take = replace(take, voice=_here(take.voice.name))
    for _ in range(TRIES):
        sound = take.voice.say(take.speakable)
        clips = master(sound, take.pause_ms, speeds)
        wrong = faults(take, sound, clips, speeds)
        if not wrong:
            return take.name, clips
    mend = "change its words, or in pronunciations.toml how they are said"
    raise ClipError(f"{wrong}, and so it was when rendered once more; {mend}")


@cache
def _here(name: str) -> Voice:
    """The voice as the machine that works has it: perhaps elsewhere, or of another version."""
    try:
        return voice(name)
    except VoiceError as error:
        raise VoiceError(f"on {gethostname()}: {error}") from error
