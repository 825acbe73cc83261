"""What is to be said, by whom: every utterance of the content as a take, ready for a voice."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

from audio.air.said_before import remember, said_as
from audio.air.studio_store import Look, StudioStore
from audio.sound.recipe import MASTERING, pause_ms
from audio.speech.speakable import speakable
from audio.voices.voice import Voice
from audio.words.source import Source
from audio.words.utterances import utterances
from ivr.edition.edition import Edition, clip_name


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
        recipe = "\0".join(
            (self.voice.fingerprint, self.speakable, str(self.pause_ms), MASTERING)
        )
        return blake2b(recipe.encode(), digest_size=8).hexdigest()


Takes = dict[str, dict[str, Take]]
"""By language, then utterance."""


def plan(
    source: Source, voices: dict[str, Voice], store: StudioStore | None = None
) -> Takes:
    """Everything that must be said, by a person who was recorded, or the language's voice.

    A `store` remembers what voices are given, which saves seconds where there are many articles.
    """
    takes: Takes = {}
    for code, language in source.content.languages.items():
        texts = utterances(language)
        reader = voices[code]
        if store is None:
            takes[code] = {text: plan_one(source, code, text, reader) for text in texts}
            continue
        words = source.pronunciations[code].for_voice(reader.name)
        said = said_as(texts, code, words, store)
        takes[code] = {
            text: _take(source, code, text, said[text], reader) for text in texts
        }
    return takes


def remember_plan(
    source: Source, voices: dict[str, Voice], takes: Takes, store: StudioStore
) -> None:
    """Remembers what voices are given, for the next plan."""
    for code, by_text in takes.items():
        words = source.pronunciations[code].for_voice(voices[code].name)
        said = {text: take.speakable for text, take in by_text.items()}
        remember(said, code, words, store)


def plan_one(source: Source, language: str, utterance: str, voice: Voice) -> Take:
    """How an utterance is said: by a person who was recorded, or by this voice."""
    words = source.pronunciations[language].for_voice(voice.name)
    said = speakable(utterance, language, words)
    return _take(source, language, utterance, said, voice)


def _take(
    source: Source, language: str, utterance: str, said: str, voice: Voice
) -> Take:
    reader = source.recordings[language].said.get(utterance, voice)
    return Take(utterance, said, reader, pause_ms(said))


def lengths(
    take: Take, store: StudioStore | Look, speeds: tuple[float, ...]
) -> tuple[int, ...]:
    """Its clips' lengths in samples, one a speed; empty unless all are there and plausible.

    A clip is as long as that of speed 1 divided by its speed, so one cut short shows.
    """
    found = tuple(store.length(clip_name(take.name, speed)) or 0 for speed in speeds)
    normal = found[speeds.index(1)]
    expected = tuple(round(normal / speed) for speed in speeds)
    if normal == 0 or found != expected:
        return ()
    return found


def missing(
    takes: Takes, store: StudioStore | Look, speeds: tuple[float, ...]
) -> tuple[Take, ...]:
    """The takes that have no clips, or damaged ones; of several that sound the same, one."""
    seen = store
    if isinstance(store, StudioStore):
        seen = store.look()
    return tuple(take for take in every(takes) if not lengths(take, seen, speeds))


def not_on_air(takes: Takes, live: Edition | None) -> tuple[Take, ...]:
    """The takes that no caller hears now. The clips of the others are in use, so they are there."""
    heard: set[str] = set()
    if live:
        for clips in live.clips.values():
            heard.update(spoken.name for spoken in clips.values())
    return tuple(take for take in every(takes) if take.name not in heard)


def every(takes: Takes) -> tuple[Take, ...]:
    """All takes; of several that sound the same, one."""
    return tuple({take.name: take for take in _each(takes)}.values())


def _each(takes: Takes) -> Iterator[Take]:
    for said in takes.values():
        yield from said.values()
