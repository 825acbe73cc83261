"""How long callers listen to each section of an article."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from audio.air.plan import Take, plan_texts
from audio.air.publish import live_edition, who_reads
from audio.air.studio_store import StudioStore
from audio.words.source import Source
from ivr.edition.content import Section
from ivr.edition.edition import SAMPLES_PER_MS, Edition, clip_name

USUAL_RATE = 182 / 60
"""Words a second where nothing is rendered yet: those of `hibari:heart` on the article on
co-production, with the line's pauses (docs/voices.md)."""

LEAST_HEARD = 50
"""Words; the rate of fewer says little about the rest."""

MOST_TIMED = 300
"""Utterances whose sound is looked for: more take too long for a page (0.6 ms each)."""


@dataclass(frozen=True)
class ReadingTime:
    """Of a section, with its heading, at speed 1."""

    heading: str
    words: int
    seconds: float
    is_exact: bool
    """Whether all of it is rendered; otherwise this is what its words usually take."""


@dataclass(frozen=True)
class ReadingTimes:
    """Of an article's sections."""

    sections: tuple[ReadingTime, ...]
    rate: float
    """Words a second, as far as the article is rendered."""

    @property
    def words(self) -> int:
        """Of all sections."""
        return sum(section.words for section in self.sections)

    @property
    def seconds(self) -> float:
        """Of all sections."""
        return sum(section.seconds for section in self.sections)

    @property
    def is_exact(self) -> bool:
        """Whether all of them are rendered."""
        return all(section.is_exact for section in self.sections)


def reading_times(
    sections: tuple[Section, ...], heard: Mapping[str, float]
) -> ReadingTimes:
    """Of these sections; `heard` is how many seconds a text takes, where it is rendered."""
    rate = USUAL_RATE
    words = sum(map(_words, heard))
    if words >= LEAST_HEARD:
        rate = words / sum(heard.values())
    times = [_reading_time(section, heard, rate) for section in sections]
    return ReadingTimes(tuple(times), rate)


def heard_seconds(
    source: Source, language: str, sections: Iterable[Section], store: StudioStore
) -> dict[str, float]:
    """How many seconds callers hear each text of these sections, where it is rendered."""
    texts: list[str] = []
    for section in sections:
        texts.extend(_texts(section))
    if len(texts) > MOST_TIMED:
        return {}
    return dict(_heard(source, language, texts, store))


def _heard(
    source: Source, language: str, texts: list[str], store: StudioStore
) -> Iterator[tuple[str, float]]:
    reader = who_reads(source, store)[language]
    live = live_edition(store)
    takes = plan_texts(source, language, texts, reader)
    for text, take in takes.items():
        samples = _samples_on_air(live, language, take)
        if not samples and store.is_folder:  # a bucket takes too long to ask
            clip = clip_name(take.name, 1.0)
            samples = store.length(clip) or 0
        if samples:
            yield text, samples / SAMPLES_PER_MS / 1000


def _samples_on_air(live: Edition | None, language: str, take: Take) -> int:
    """How long its clip of speed 1 is, where callers hear it now; 0 where they do not."""
    if live is None:
        return 0
    clips = live.clips.get(language, {})
    spoken = clips.get(take.utterance)
    if spoken is None or spoken.name != take.name:
        return 0
    normal = live.content.speeds.index(1)
    return spoken.lengths[normal]


def _reading_time(
    section: Section, heard: Mapping[str, float], rate: float
) -> ReadingTime:
    texts = _texts(section)
    seconds = 0.0
    for text in texts:
        guessed = _words(text) / rate
        seconds += heard.get(text, guessed)
    return ReadingTime(
        heading=section.heading,
        words=sum(map(_words, section.sentences)),
        seconds=seconds,
        is_exact=all(text in heard for text in texts),
    )


def _texts(section: Section) -> tuple[str, ...]:
    return (section.heading, *section.sentences)


def _words(text: str) -> int:
    return len(text.split())
