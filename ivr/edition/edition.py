"""An edition: the content as it was published, with the names and lengths of its clips."""

from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from ivr.edition.content import Content

SAMPLES_PER_MS = 8
"""Telephone audio is 8 kHz; in μ-law a sample is one byte."""


@dataclass(frozen=True)
class Spoken:
    """How one utterance was said: its clips, one for each speed."""

    name: str
    """16 hex digits: a hash of the text as spoken, the voice and the mastering."""
    lengths: tuple[int, ...]
    """In samples, for each of the content's speeds in order."""


@dataclass(frozen=True)
class Edition:
    """An immutable snapshot of the content, with every clip that it needs."""

    id: str
    """12 hex digits: a hash of everything else but `created`."""
    created: str
    """When it was made, in ISO format."""
    voices: dict[str, str]
    """What says each language, such as `{"en": "flite:rms"}`."""
    content: Content
    clips: dict[str, dict[str, Spoken]]
    """By language, then by utterance: the clips that say it."""

    @property
    def is_in_english_alone(self) -> bool:
        """Whether no language needs to be named."""
        return list(self.clips) == ["en"]

    def language_of(self, utterance: str, language: str) -> str:
        """The language that says an utterance to callers of a `language`: that one, or another that
        offers itself to them."""
        for code in (language, *self.clips):
            if utterance in self.clips[code]:
                return code
        return language

    def spoken(self, utterance: str, language: str) -> Spoken | None:
        """How an utterance is said to callers of a language; None if nothing was rendered."""
        return self.clips[self.language_of(utterance, language)].get(utterance)

    @cached_property
    def said(self) -> dict[str, str]:
        """What each `Spoken.name` says."""
        texts = {}
        for clips in self.clips.values():
            for text, spoken in clips.items():
                texts[spoken.name] = text
        return texts

    @cached_property
    def languages_said(self) -> dict[str, str]:
        """The language of each `Spoken.name`; empty where that is English on a line that has no
        other."""
        found = {}
        for code, clips in self.clips.items():
            language = code
            if self.is_in_english_alone:
                language = ""
            for spoken in clips.values():
                found[spoken.name] = language
        return found

    @cached_property
    def named(self) -> dict[str, Spoken]:
        """Each `Spoken`, by its name."""
        every = chain.from_iterable(clips.values() for clips in self.clips.values())
        return {spoken.name: spoken for spoken in every}

    def length(self, name: str, speed: float) -> int | None:
        """How long the clip of a `Spoken.name` is at a speed, in samples; None where the edition
        lacks either."""
        if name not in self.named or speed not in self.content.speeds:
            return None
        return self.named[name].lengths[self.content.speeds.index(speed)]


def clip_name(name: str, speed: float) -> str:
    """One clip's name: a `Spoken.name` and a speed."""
    return f"{name}_{speed:g}"
