"""What is to be said, by whom: every utterance of the content as a take, ready for a voice."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

from audio.air.studio_store import Look, StudioStore
from audio.sound.recipe import MASTERING, pause_ms
from audio.speech.speakable import speakable
from audio.voices.voice import Voice
from audio.words.source import Source
from audio.words.utterances import utterances
from ivr.edition.edition import clip_name

ANYWHERE = ("flite:", "espeak:", "piper:", "silent:")
"""Voices that a worker finds by name on its own machine. Recordings are files of this one,
and Google's voice is asked by one machine at a time."""


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


def lengths(take: Take, store: StudioStore | Look, speeds: tuple[float, ...]) -> tuple[int, ...]:
    """Its clips' lengths in samples, one a speed; empty unless all are there and plausible.

    A clip is as long as that of speed 1 divided by its speed, so one cut short shows.
    """
    found = tuple(store.length(clip_name(take.name, speed)) or 0 for speed in speeds)
    whole = found[speeds.index(1)]
    expected = tuple(round(whole / speed) for speed in speeds)
    return found if whole > 0 and found == expected else ()


def missing(takes: Takes, store: StudioStore | Look, speeds: tuple[float, ...]) -> tuple[Take, ...]:
    """The takes that have no clips, or damaged ones; of several that sound the same, one."""
    seen = store.look() if isinstance(store, StudioStore) else store
    return tuple(take for take in every(takes) if not lengths(take, seen, speeds))


def every(takes: Takes) -> tuple[Take, ...]:
    """All takes; of several that sound the same, one."""
    return tuple({take.name: take for said in takes.values() for take in said.values()}.values())
