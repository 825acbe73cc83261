"""The content folder, read and checked whole: everything, or every fault at once."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from zoneinfo import available_timezones

import phonenumbers

from audio.speech.pronunciations import Pronunciations
from audio.words.articles import load_articles
from audio.words.helpline_entries import load_helplines
from audio.words.recordings import Recordings, load_recordings
from audio.words.tables import Table, read_table, unspeakable
from ivr.edition.content import Content, Language, Prompts, slots
from ivr.errors import ContentError, Fault

CODE = re.compile(r"[a-z]{2,3}(-[a-z0-9]+)*")
"""A language's code, which is its folder's name and part of URLs."""


SLOWEST, FASTEST, MOST_SPEEDS = 0.5, 2.0, 5
"""Factors of a voice's own speed. Above 2 an independent recogniser loses the words
(15 % wrong at 2.5, 1.5 % at 2, measured); each speed is a whole set of clips."""


@dataclass(frozen=True)
class Source:
    """All that staff write, checked."""

    content: Content
    voices: dict[str, tuple[str, ...]]
    """By language, in order of preference: `flite:rms`."""
    pronunciations: dict[str, Pronunciations]
    """By language."""
    recordings: dict[str, Recordings]
    """By language."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What staff should know, though it stops nothing: recordings that are not used."""
        return tuple(
            f"not used: {fault}"
            for recordings in self.recordings.values()
            for fault in recordings.outdated
        )


def load(folder: Path) -> Source:
    """Read the content folder; raise `ContentError` with every fault in it."""
    faults: list[Fault] = []
    line = read_table(folder / "line.toml", faults)
    line.only(("name", "languages", "country", "timezone", "speeds", "voices"))
    country, codes = _country(line), _languages(line, folder)
    voices = line.table("voices")
    voices.only(codes)
    pronunciations = {
        code: _pronunciations(folder / code / "pronunciations.toml", faults) for code in codes
    }
    content = Content(
        name=line.text("name"),
        timezone=_timezone(line),
        speeds=_speeds(line),
        languages={
            code: Language(
                prompts=_prompts(folder / code / "prompts.toml", faults),
                helplines=load_helplines(folder / code / "helplines.toml", country, faults),
                articles=load_articles(
                    folder / code / "articles", pronunciations[code].abbreviations, faults
                ),
            )
            for code in codes
        },
    )
    source = Source(
        content,
        {code: voices.texts(code) for code in codes},
        pronunciations,
        {
            code: _recordings(folder / code, language, pronunciations[code], faults)
            for code, language in content.languages.items()
        },
    )
    if faults:
        raise ContentError(tuple(sorted(faults)))
    return source


def _languages(line: Table, folder: Path) -> list[str]:
    """The languages that have a folder, in the order of `line.toml`.

    Where `line.toml` names none, every folder counts, so that its faults show at once too.
    """
    listed = line.texts("languages")
    if not listed:
        return sorted(p.name for p in folder.glob("*") if p.is_dir() and CODE.fullmatch(p.name))
    for code in listed:
        if not CODE.fullmatch(code):
            line.fault("languages", f"{code!r} is no language code", 'write such as "en" or "gd"')
        elif not (folder / code).is_dir():
            mend = f"add the folder {code}, or take {code} out"
            line.fault("languages", f"language {code!r} has no folder", mend)
    return [c for c in dict.fromkeys(listed) if CODE.fullmatch(c) and (folder / c).is_dir()]


def _country(line: Table) -> str:
    country = line.text("country")
    if not country or country in phonenumbers.SUPPORTED_REGIONS:
        return country
    line.fault("country", f"{country!r} is no country code", 'write two capitals, such as "GB"')
    return ""


def _timezone(line: Table) -> str:
    timezone = line.text("timezone")
    if timezone and timezone not in _timezones():
        mend = 'write such as "Europe/London"'
        line.fault("timezone", f"{timezone!r} is no known time zone", mend)
    return timezone


@cache
def _timezones() -> set[str]:
    return available_timezones()


def _speeds(line: Table) -> tuple[float, ...]:
    speeds = line.numbers("speeds")
    within = tuple(float(speed) for speed in speeds if SLOWEST <= speed <= FASTEST)
    if not all(slower < faster for slower, faster in pairwise(speeds)):
        line.fault("speeds", "the speeds do not rise", "sort them, each one once")
    if speeds and 1 not in speeds:
        line.fault("speeds", "speed 1 is missing", "add 1, at which calls start")
    if len(within) < len(speeds):
        line.fault("speeds", "a speed is not within 0.5 to 2", "take it out")
    if len(speeds) > MOST_SPEEDS:
        line.fault("speeds", f"there are more than {MOST_SPEEDS} speeds", "take some out")
    return within


def _prompts(path: Path, faults: list[Fault]) -> Prompts:
    table = read_table(path, faults)
    table.only(slots())
    texts = {name: table.text(name) for name in slots()}
    for name, slot in slots().items():
        expected = [f"{{{slot}}}"] if slot else []
        found = re.findall(r"\{[^{}]*\}|[{}]", texts[name])
        if texts[name] and found != expected:
            mend = f"write {expected[0]} in it once" if slot else "it takes no {braces}"
            table.fault(name, f"{name!r} has {' '.join(found) or 'no slot'}", mend)
    return Prompts(**texts)


def _pronunciations(path: Path, faults: list[Fault]) -> Pronunciations:
    file = read_table(path, faults)
    file.only(("words", "abbreviations", "symbols", "digits"))
    digits = file.table("digits")
    digits.only("0123456789")
    return Pronunciations(
        words=_said(file.table("words")),
        abbreviations=_said(file.table("abbreviations")),
        symbols=_said(file.table("symbols"), required="*#"),
        digits=_said(digits, required="0123456789"),
    )


def _recordings(
    folder: Path, language: Language, words: Pronunciations, faults: list[Fault]
) -> Recordings:
    from audio.speech.speakable import speakable  # here, as it needs this module

    def spoken(text: str) -> str:
        return speakable(text, folder.name, words)

    return load_recordings(folder / "recordings", language, spoken, faults)


def _said(table: Table, required: str = "") -> dict[str, str]:
    """A table as written -> as said; `required` are what callers press and hear."""
    for written in table.data:
        if not written.strip() or unspeakable(written):
            table.fault(written, f"{written!r} is nothing that is written", "remove it")
    return {written: table.text(written) for written in dict.fromkeys((*required, *table.data))}
