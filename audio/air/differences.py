"""What callers will hear that they do not hear now: every sentence that is new, changed or gone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from audio.air.plan import Clips, Take, Takes, lengths
from audio.air.proofing import Hearing, doubts
from audio.words.utterances import parts
from ivr.edition.clip_urls import sound_path
from ivr.edition.content import Content, Language, Speeds
from ivr.edition.edition import Edition

MOST_S = {
    "welcome": 15,
    "menu": 20,
    "articles": 30,
    "contents": 30,
    "helplines": 30,
    "helpline": 30,
    "end": 20,
    "unreached": 30,
    "spoken": 20,
    "keys": 45,
    "goodbye": 15,
}
"""The most seconds that it should take to hear all of a step: our own judgement, a third above what
the line's own content takes. By the first word of the step's name on the call map."""


@dataclass(frozen=True)
class Difference:
    """A text that callers will hear, or will no longer hear."""

    language: str
    part: str
    """What it belongs to, as staff call it."""
    before: str
    """What is said in its place now; empty if nothing is."""
    after: str
    """What will be said; empty if nothing will be."""
    sound: str
    """The path of its clip; empty if it has none yet."""
    doubt: str
    """What the recogniser heard differently; empty if it has no doubt, or has not listened."""

    @property
    def how(self) -> str:
        """`new`, `changed`, `gone` or, of the same words, `sounds different`."""
        if not self.before:
            return "new"
        if not self.after:
            return "gone"
        if self.before == self.after:
            return "sounds different"
        return "changed"


@dataclass(frozen=True)
class Length:
    """How long a step of a call takes."""

    step: str
    seconds: float
    most: int

    @property
    def is_too_long(self) -> bool:
        """Whether callers would wait for too long."""
        return self.seconds > self.most


def differences(
    content: Content,
    takes: Takes,
    live: Edition | None,
    seen: Clips,
    heard: Mapping[str, Hearing],
) -> Iterator[Difference]:
    """Every text that differs from the live edition, each once.

    `seen` has the existing clips, `heard` what the recogniser made of them.
    """
    for code, language in content.languages.items():
        told: set[tuple[str, str]] = set()
        for part, before, after in _texts(code, language, takes[code], live):
            if (before, after) in told:
                continue
            told.add((before, after))
            sound = ""
            doubt = ""
            if after:
                take = takes[code][after]
                sound = _sound(take, seen, content.speeds)
                if take.name in heard:
                    doubt = doubts(heard[take.name])
            yield Difference(
                language=code,
                part=part,
                before=before,
                after=after,
                sound=sound,
                doubt=doubt,
            )


def step_lengths(rows: Mapping[str, float]) -> list[Length]:
    """The steps whose length is limited, of the seconds that each step takes, by name."""
    found: list[Length] = []
    for name, seconds in rows.items():
        most = MOST_S.get(name.partition(" ")[0])
        if most:
            found.append(Length(name, seconds, most))
    return found


def _texts(
    code: str, language: Language, said: Mapping[str, Take], live: Edition | None
) -> Iterator[tuple[str, str, str]]:
    """Where each part differs: its name, the text before and the text after."""
    old: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    if live and code in live.content.languages:
        clips = live.clips[code]
        old = _by_part(live.content.languages[code])
        names = {text: spoken.name for text, spoken in clips.items()}
    new = _by_part(language)
    for part in new | old:
        were = old.get(part, [])
        are = new.get(part, [])
        for before, after in _pairs(were, are):
            is_said_alike = before == after and said[after].name == names.get(after)
            if not is_said_alike:
                yield part, before, after


def _by_part(language: Language) -> dict[str, list[str]]:
    found = {}
    for part, texts in parts(language):
        found[part] = [text for text in texts if text.strip()]
    return found


def _pairs(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """The texts of a part, each with the one that it replaces; empty where there is none."""
    if old == new:
        yield from zip(old, new, strict=True)
        return
    alike = SequenceMatcher(None, old, new, autojunk=False)
    for _, start, end, new_start, new_end in alike.get_opcodes():
        gone = old[start:end]
        came = new[new_start:new_end]
        yield from zip_longest(gone, came, fillvalue="")


def _sound(take: Take, seen: Clips, speeds: Speeds) -> str:
    if not lengths(take, seen, speeds):
        return ""
    return sound_path(1.0, [take.name])
