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
from dataclasses import dataclass, replace
from functools import cache, cached_property
from hashlib import blake2b
from itertools import islice
from socket import gethostname

from audio.recipe import MASTERING, pause_ms
from audio.source import Source
from audio.speakable import speakable
from audio.utterances import utterances
from audio.voices import Voice, VoiceError, voice
from ivr.edition import Look, Store, clip_name
from ivr.exceptions import LineError

SAME_FAULTS = 3
"""So often is the same fault told: without a network, every utterance has it."""


class RenderError(LineError):
    """Some utterances have no clips, so nothing was published; what was made is kept.

    Mend the text or its pronunciation, or the voice, then render again.
    """


class ClipError(LineError):
    """What a voice said, twice, is not fit to be heard. Listen to it; mend the text, or
    render with another voice."""


IN_FLIGHT = 100
"""How many utterances are with the workers at once, at most: enough for 50 of them, and
little to hold (0.2 MB for an utterance of 5 s, at five speeds)."""

TRIES = 2

ANYWHERE = ("flite:", "espeak:", "piper:", "silent:")
"""Voices that a worker finds by name on its own machine. Recordings are files of this one,
and Google's voice is asked by one machine at a time."""

Made = tuple[str, tuple[bytes, ...]]
"""The clips' name, as it is where they were made, and the clips, one a speed."""


@dataclass(frozen=True)
class Take:
    """One utterance, ready to be said."""

    utterance: str
    speakable: str
    """What the voice is given."""
    voice: Voice
    pause_ms: int
    """After it, at speed 1."""

    @cached_property
    def name(self) -> str:
        """Its clips' name (`Spoken.name`): 16 hex digits of all that shapes the sound."""
        recipe = "\0".join((self.voice.fingerprint, self.speakable, str(self.pause_ms), MASTERING))
        return blake2b(recipe.encode(), digest_size=8).hexdigest()

    @property
    def is_said_anywhere(self) -> bool:
        """Whether any machine that has the voice can say it."""
        return self.voice.name.startswith(ANYWHERE)


Takes = dict[str, dict[str, Take]]
"""By language, then utterance."""


def plan(source: Source, voices: dict[str, Voice]) -> Takes:
    """Everything that must be said, by a person who was recorded, or the language's voice."""
    return {
        code: {
            utterance: take(source, code, utterance, voices[code])
            for utterance in utterances(language)
        }
        for code, language in source.content.languages.items()
    }


def take(source: Source, language: str, utterance: str, voice: Voice) -> Take:
    """How an utterance is said: by a person who was recorded, or by this voice."""
    said = speakable(utterance, language, source.pronunciations[language])
    reader = source.recordings[language].said.get(utterance, voice)
    return Take(utterance, said, reader, pause_ms(said))


def lengths(take: Take, store: Store | Look, speeds: tuple[float, ...]) -> tuple[int, ...]:
    """Its clips' lengths in samples, one a speed; empty unless all are there and plausible.

    A clip is as long as that of speed 1 divided by its speed, so one cut short shows.
    """
    found = tuple(store.length(clip_name(take.name, speed)) or 0 for speed in speeds)
    whole = found[speeds.index(1)]
    expected = tuple(round(whole / speed) for speed in speeds)
    return found if whole > 0 and found == expected else ()


def missing(takes: Takes, store: Store | Look, speeds: tuple[float, ...]) -> tuple[Take, ...]:
    """The takes that have no clips, or damaged ones; of several that sound the same, one."""
    seen = store.look() if isinstance(store, Store) else store
    return tuple(take for take in every(takes) if not lengths(take, seen, speeds))


def every(takes: Takes) -> tuple[Take, ...]:
    """All takes; of several that sound the same, one."""
    return tuple({take.name: take for said in takes.values() for take in said.values()}.values())


def render(
    takes: Iterable[Take],
    store: Store,
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
    from audio.checks import faults  # here, as both take a second to load
    from audio.mastering import master

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
