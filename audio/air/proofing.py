"""Does the sound say the text? Every section of the articles is heard before it is published."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass

from audio.air.plan import Take, Takes
from audio.air.studio_store import StudioStore
from audio.sound.ear import can_hear, words_heard, words_of
from ivr.edition.content import Article, Content
from ivr.edition.edition import clip_name

ENOUGH = 0.5
"""The share of a sentence's words that tells it from another one."""

FEW_WORDS = 5
"""Of sentences with fewer words, too many are misheard."""


@dataclass(frozen=True)
class SectionToHear:
    """A section of an article, and what is needed to hear it."""

    name: str
    """Such as `en: article 'A cake', section 2 'Baking'`."""
    article: str
    """The words of all the article, a sentence a line: what the recogniser knows."""
    takes: tuple[Take, ...]
    """Its sentences."""


@dataclass(frozen=True)
class SectionReport:
    """How much of a section was heard."""

    section: str
    """Its name."""
    words: int
    share: float
    """Of the words, 0 to 1."""
    lost: tuple[str, ...]
    """The sentences of which too little was heard."""

    def __str__(self) -> str:
        lost = "".join(f"\n  not heard: {sentence!r}" for sentence in self.lost)
        return f"{self.section}: {self.share:.0%} of {self.words} words heard{lost}"


def sections_to_hear(content: Content, takes: Takes) -> tuple[SectionToHear, ...]:
    """What there is to listen to, of what the recogniser can hear."""
    found: list[SectionToHear] = []
    for code, language in content.languages.items():
        for article in language.articles:
            found.extend(_sections(code, article, takes[code]))
    return tuple(found)


def _sections(
    code: str, article: Article, takes: dict[str, Take]
) -> Iterator[SectionToHear]:
    lines = []
    for section in article.sections:
        for sentence in section.sentences:
            lines.append(" ".join(words_of(takes[sentence].speakable)))
    words = "\n".join(lines)
    for number, section in enumerate(article.sections, 1):
        said = [takes[sentence] for sentence in section.sentences]
        heard = tuple(take for take in said if can_hear(code, take.voice))
        if heard:
            name = f"{code}: article {article.title!r}, section {number} {section.heading!r}"
            yield SectionToHear(name, words, heard)


def listen(
    sections: tuple[SectionToHear, ...],
    store: StudioStore,
    executor: Executor,
    done: Callable[[], object],
) -> tuple[SectionReport, ...]:
    """Hear every section, calling `done` after each. It takes a twelfth of the sound's time."""
    futures = [executor.submit(hear, section, store.url) for section in sections]
    for _ in as_completed(futures):
        done()
    return tuple(future.result() for future in futures)


def hear(section: SectionToHear, store_url: str) -> SectionReport:
    """Hear one section, from the clips of speed 1 in the store at this URL."""
    store = StudioStore(store_url)
    words = 0
    found = 0
    lost = []
    for take in section.takes:
        clip = store.clip(clip_name(take.name, 1)) or b""
        expected = words_of(take.speakable)
        got = words_heard(clip, expected, section.article)
        words += len(expected)
        found += got
        if len(expected) >= FEW_WORDS and got < ENOUGH * len(expected):
            lost.append(take.utterance)
    return SectionReport(section.name, words, found / max(words, 1), tuple(lost))
