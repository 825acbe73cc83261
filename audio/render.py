"""Whatever clips are missing are made: each utterance said once, then mastered and kept."""

import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from multiprocessing import get_context
from pathlib import Path

from audio.files import put
from audio.recipe import MASTERING, pause_ms
from audio.source import Pronunciations, Source
from audio.speakable import speakable
from audio.utterances import utterances
from audio.voices import Voice
from ivr.edition import Store, clip_name, seal
from ivr.exceptions import LineError


class RenderError(LineError):
    """Some utterances have no clips, so nothing was published; what was made is kept.

    Mend the text or its pronunciation, or the voice, then render again.
    """


@dataclass(frozen=True)
class Take:
    """One utterance, ready to be said."""

    utterance: str
    speakable: str
    """What the voice is given."""
    voice: Voice
    pause_ms: int
    """After it, at speed 1."""

    @property
    def name(self) -> str:
        """Its clips' name (`Spoken.name`): 16 hex digits of all that shapes the sound."""
        recipe = "\0".join((self.voice.fingerprint, self.speakable, str(self.pause_ms), MASTERING))
        return blake2b(recipe.encode(), digest_size=8).hexdigest()


Takes = dict[str, dict[str, Take]]
"""By language, then utterance."""


def plan(source: Source, voices: dict[str, Voice]) -> Takes:
    """Everything that must be said, by each language's voice."""
    return {
        code: {
            utterance: _take(utterance, code, source.pronunciations[code], voices[code])
            for utterance in utterances(language)
        }
        for code, language in source.content.languages.items()
    }


def _take(utterance: str, language: str, words: Pronunciations, voice: Voice) -> Take:
    said = speakable(utterance, language, words)
    return Take(utterance, said, voice, pause_ms(said))


def lengths(take: Take, store: Store, speeds: tuple[float, ...]) -> tuple[int, ...]:
    """Its clips' lengths in samples, one a speed; empty unless all are there and plausible.

    A clip is as long as that of speed 1 divided by its speed, so one cut short shows.
    """
    found = tuple(store.length(clip_name(take.name, speed)) or 0 for speed in speeds)
    whole = found[speeds.index(1)]
    expected = tuple(round(whole / speed) for speed in speeds)
    return found if whole > 0 and found == expected else ()


def missing(takes: Takes, store: Store, speeds: tuple[float, ...]) -> tuple[Take, ...]:
    """The takes that have no clips yet; of several that sound the same, one."""
    every = {take.name: take for said in takes.values() for take in said.values()}
    return tuple(take for take in every.values() if not lengths(take, store, speeds))


@contextmanager
def processes(count: int) -> Iterator[Executor]:
    """Workers for `render`: processes, as threads would wait for each other's mastering."""
    ignore = (signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the command, which stops them
    spawn = get_context("spawn")
    pool = ProcessPoolExecutor(count, spawn, initializer=signal.signal, initargs=ignore)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def render(
    takes: Iterable[Take],
    store: Store,
    speeds: tuple[float, ...],
    executor: Executor,
    done: Callable[[], object] = lambda: None,
) -> None:
    """Make the clips of every take, calling `done` after each.

    Raises `RenderError` with all that failed, after all the others were made.
    """
    try:
        futures = {executor.submit(make, take, store.folder, speeds): take for take in takes}
    except BrokenExecutor as error:
        raise RenderError(f"the workers could not be started ({error}); try --workers 1") from error
    for _ in as_completed(futures):
        done()
    faults = [
        f"{take.utterance!r} (said as {take.speakable!r} by {take.voice.name}): {failed}"
        for future, take in futures.items()
        if (failed := future.exception())
    ]
    if faults:
        raise RenderError("\n".join(faults))


def make(take: Take, folder: Path, speeds: tuple[float, ...]) -> None:
    """Say one utterance, and keep its clips in the store in this folder."""
    from audio.mastering import master  # here, as it takes a second to load

    store = Store(folder)
    sound = take.voice.say(take.speakable)
    for speed, clip in zip(speeds, master(sound, take.pause_ms, speeds), strict=True):
        name = clip_name(take.name, speed)
        put(store.clip_path(name), seal(name, clip))
