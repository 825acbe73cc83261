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
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice
from socket import gethostname

from audio.air.plan import Take
from audio.air.studio_store import StudioStore
from audio.air.wording import counted
from audio.sound.recipe import CLEARER_DB
from audio.voices.engines import voice
from audio.voices.voice import Voice
from ivr.edition.content import Speeds
from ivr.edition.edition import clip_name
from ivr.errors import ClipError, RenderError, VoiceError

SAME_FAULTS = 3
"""How often the same fault is shown: without a network, every utterance has it."""

IN_FLIGHT = 100
"""How many utterances are with the workers at once, at most: enough for 50 of them, and
little to hold (0.2 MB for an utterance of 5 s, at five speeds)."""

TRIES = 2


@dataclass(frozen=True)
class Made:
    """What a worker hands back."""

    name: str
    """The clips' name, as it is where they were made."""
    clips: tuple[bytes, ...]
    """One a speed."""


@dataclass
class _Faults:
    """What failed, in the order in which it was wanted."""

    by_number: dict[int, tuple[str, str]] = field(default_factory=dict)
    """What the utterance is called, and what is wrong with it."""

    def lines(self) -> Iterator[str]:
        """Each fault; one that many utterances have, such as no network, only a few times."""
        by_fault: dict[str, list[str]] = {}
        for number in sorted(self.by_number):
            called, fault = self.by_number[number]
            by_fault.setdefault(fault, []).append(called)
        for fault, those in by_fault.items():
            for called in those[:SAME_FAULTS]:
                yield f"{called}: {fault}"
            if len(those) > SAME_FAULTS:
                yield f"The same with {counted(len(those) - SAME_FAULTS, 'more utterance')}."


def render(
    takes: Iterable[Take],
    store: StudioStore,
    speeds: Speeds,
    executor: Executor,
    done: Callable[[], object] = lambda: None,
) -> None:
    """Make the clips of every take, calling `done` after each.

    Raises `RenderError` with all that failed, after all the others were made; at once
    where the store cannot be written, or there is nobody left to work.
    """
    faults = _Faults()
    try:
        # Each clip takes a while to be written into a bucket.
        with ThreadPoolExecutor(len(speeds)) as writers:
            for number, take, future in _finished(takes, speeds, executor):
                fault = _fault(future, take)
                if fault:
                    faults.by_number[number] = (_called(take), fault)
                else:
                    _keep(take, future.result().clips, store, speeds, writers)
                done()
    except BrokenExecutor as error:
        raise RenderError(
            f"the workers were stopped ({error}); try --workers 1"
        ) from error
    if faults.by_number:
        raise RenderError("\n".join(faults.lines()))


def _finished(
    takes: Iterable[Take], speeds: Speeds, executor: Executor
) -> Iterator[tuple[int, Take, "Future[Made]"]]:
    """Each take with its number and what became of it, as the workers finish it."""
    coming = enumerate(takes)
    going: dict[Future[Made], tuple[int, Take]] = {}
    while True:
        for number, take in islice(coming, IN_FLIGHT - len(going)):
            going[executor.submit(make, take, speeds)] = number, take
        if not going:
            return
        for future in wait(going, return_when=FIRST_COMPLETED).done:
            number, take = going.pop(future)
            yield number, take, future


def _fault(future: "Future[Made]", take: Take) -> str:
    """What is wrong with what a worker hands back; empty if nothing is."""
    if future.cancelled():
        raise RenderError("the scheduler is gone; what was made is kept: render again")
    error = future.exception()
    if isinstance(error, BrokenExecutor):
        raise error
    if error:
        return str(error) or repr(error)
    if future.result().name != take.name:
        return "the worker has another version of the voice or of this program"
    return ""


def _keep(
    take: Take,
    clips: tuple[bytes, ...],
    store: StudioStore,
    speeds: Speeds,
    writers: Executor,
) -> None:
    """Write a take's clips, one a speed."""
    names = [clip_name(take.name, speed) for speed in speeds]
    try:
        list(writers.map(store.keep_clip, names, clips))
    except OSError as error:
        raise RenderError(f"{_called(take)} cannot be kept: {error}") from error


def _called(take: Take) -> str:
    return f"{take.utterance!r} (said as {take.speakable!r} by {take.voice.name})"


def make(take: Take, speeds: Speeds) -> Made:
    """Say one utterance, and check its clips; once more, where they are not right.

    Raises `ClipError` where they are not right again.
    """
    # Here, as both take 600 ms, and only workers need them.
    from audio.sound.checks import clip_faults
    from audio.sound.mastering import master

    if take.voice.engine.is_anywhere:
        take = replace(take, voice=_here(take.voice.name))
    for _ in range(TRIES):
        sound = take.voice.say(take.speakable)
        engine = take.voice.engine
        clearer_db = CLEARER_DB
        if engine.by_a_person:
            clearer_db = 0
        clips = master(sound, take.pause_ms, speeds, clearer_db)
        faults = clip_faults(
            take.speakable, take.pause_ms, engine, sound, clips, speeds
        )
        if not faults:
            return Made(take.name, clips)
    raise ClipError(
        f"{', '.join(faults)}, twice; change its words, or in pronunciations.toml how they are said"
    )


@cache
def _here(name: str) -> Voice:
    """The voice as the machine that works has it: perhaps elsewhere, or of another version."""
    try:
        return voice(name)
    except VoiceError as error:
        raise VoiceError(f"on {gethostname()}: {error}") from error
