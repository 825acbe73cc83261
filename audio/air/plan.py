"""What is to be said, by whom: every utterance of the content as a take, ready for a voice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

from audio.air.speakable_cache import remember, said_as
from audio.air.studio_store import Look, StudioStore
from audio.sound.recipe import MASTERING, pause_ms
from audio.speech.speakable import speakable
from audio.voices.voice import Voice
from audio.words.source import Source
from audio.words.utterances import utterances
from ivr.edition.content import Speeds
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
        shapes_it = (
            self.voice.fingerprint,
            self.speakable,
            str(self.pause_ms),
            MASTERING,
        )
        recipe = "\0".join(shapes_it)
        return blake2b(recipe.encode(), digest_size=8).hexdigest()


ByText = dict[str, Take]
"""A language's takes, by utterance."""

Takes = dict[str, ByText]
"""By language."""

Voices = dict[str, Voice]
"""By language: who reads it."""

Clips = StudioStore | Look
"""Whatever knows how long clips are: a store, or what it had at one moment."""


def plan(source: Source, voices: Voices, store: StudioStore | None = None) -> Takes:
    """Everything that must be said, by a person who was recorded, or the language's voice.

    A `store` remembers what voices are given, which saves seconds where there are many articles.
    """
    takes: Takes = {}
    for code, language in source.content.languages.items():
        texts = utterances(language)
        reader = voices[code]
        takes[code] = plan_texts(source, code, texts, reader, store)
    return takes


def plan_texts(
    source: Source,
    language: str,
    texts: Iterable[str],
    voice: Voice,
    store: StudioStore | None = None,
) -> ByText:
    """How these utterances are said, by text: see `plan`."""
    words = source.pronunciations[language].for_voice(voice.name)
    texts = tuple(texts)
    known: Mapping[str, str] = {}
    if store:
        known = said_as(texts, language, words, store)
    takes = {}
    for text in texts:
        said = known.get(text)
        if not said:
            said = speakable(text, language, words)
        takes[text] = _take(source, language, text, said, voice)
    return takes


def remember_plan(
    source: Source, voices: Voices, takes: Takes, store: StudioStore
) -> None:
    """Remembers what voices are given, for the next plan."""
    for code, by_text in takes.items():
        reader = voices[code]
        words = source.pronunciations[code].for_voice(reader.name)
        said = {text: take.speakable for text, take in by_text.items()}
        remember(said, code, words, store)


def plan_one(source: Source, language: str, utterance: str, voice: Voice) -> Take:
    """How an utterance is said: by a person who was recorded, or by this voice."""
    takes = plan_texts(source, language, (utterance,), voice)
    return takes[utterance]


def _take(
    source: Source, language: str, utterance: str, said: str, voice: Voice
) -> Take:
    recorded = source.recordings[language].said
    return Take(
        utterance,
        speakable=said,
        voice=recorded.get(utterance, voice),
        pause_ms=pause_ms(said),
    )


def lengths(take: Take, clips: Clips, speeds: Speeds) -> tuple[int, ...]:
    """Its clips' lengths in samples, one a speed; empty unless all are there and plausible.

    A clip is as long as that of speed 1 divided by its speed, so one cut short shows.
    """
    names = [clip_name(take.name, speed) for speed in speeds]
    found = [clips.length(name) or 0 for name in names]
    normal = found[speeds.index(1)]
    expected = [round(normal / speed) for speed in speeds]
    if normal == 0 or found != expected:
        return ()
    return tuple(found)


def missing(takes: Takes, clips: Clips, speeds: Speeds) -> tuple[Take, ...]:
    """The takes that have no clips, or damaged ones; of several that sound the same, one."""
    if isinstance(clips, StudioStore):
        clips = clips.look()
    return tuple(take for take in every(takes) if not lengths(take, clips, speeds))


def not_on_air(takes: Takes, live: Edition | None) -> tuple[Take, ...]:
    """The takes that no caller hears now. The clips of the others are in use, so they are there."""
    heard: set[str] = set()
    if live:
        for clips in live.clips.values():
            heard.update(spoken.name for spoken in clips.values())
    return tuple(take for take in every(takes) if take.name not in heard)


def every(takes: Takes) -> tuple[Take, ...]:
    """All takes; of several that sound the same, one."""
    by_name: dict[str, Take] = {}
    for said in takes.values():
        for take in said.values():
            by_name[take.name] = take
    return tuple(by_name.values())
