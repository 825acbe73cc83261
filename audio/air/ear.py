"""Does the sound say the text? An independent recogniser hears what callers will hear.

pocketsphinx is told the article's words and which of them follow each other, hears each
sentence as the phone has it, and the share of the words that it gets, in order, is counted:
0.76 and more of a sentence that is there, 0.43 and less of another one of the article
(measured with flite `rms` and `slt`, and eSpeak's `klatt6`). It notices a wrong sentence
or a lost one, not a bad pronunciation. It was made for American English.
"""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from audio.air.plan import Take, Takes
from audio.air.studio_store import StudioStore
from ivr.edition.content import Content
from ivr.edition.edition import clip_name
from ivr.errors import ListenError

ENOUGH = 0.5
"""The share of a sentence's words that tells it from another one."""

FEW_WORDS = 5
"""Of sentences with fewer words, too many are misheard."""

LETTERS = {
    **{"ch": "CH", "ck": "K", "ee": "IY", "oo": "UW", "ou": "AW", "ph": "F", "qu": "K W"},
    **{"sh": "SH", "th": "TH", "ai": "EY", "ea": "IY", "ng": "NG", "a": "AE", "b": "B"},
    **{"c": "K", "d": "D", "e": "EH", "f": "F", "g": "G", "h": "HH", "i": "IH", "j": "JH"},
    **{"k": "K", "l": "L", "m": "M", "n": "N", "o": "AA", "p": "P", "q": "K", "r": "R"},
    **{"s": "S", "t": "T", "u": "AH", "v": "V", "w": "W", "x": "K S", "y": "IY", "z": "Z"},
}
"""How letters sound where a word is not in the recogniser's dictionary: near enough."""


@dataclass(frozen=True)
class Heard:
    """How much of a section was heard."""

    section: str
    """Such as `en: article 'A cake', section 2 'Baking'`."""
    words: int
    share: float
    """Of the words, 0 to 1."""
    lost: tuple[str, ...]
    """The sentences of which too little was heard."""

    def __str__(self) -> str:
        lost = "".join(f"\n  not heard: {sentence!r}" for sentence in self.lost)
        return f"{self.section}: {self.share:.0%} of {self.words} words heard{lost}"


def ready() -> None:
    """Raise `ListenError` where the recogniser is not installed."""
    if not find_spec("pocketsphinx"):
        raise ListenError(
            "--listen needs the package pocketsphinx; install it with"
            " `.venv/bin/python -m pip install -r requirements-listen.txt`"
        )


def can_hear(language: str, take: Take) -> bool:
    """Whether the recogniser can be relied on: not with eSpeak's voices, but for `klatt6`."""
    voice = take.voice.name
    return language.partition("-")[0] == "en" and (
        not voice.startswith(("espeak:", "silent:")) or voice.endswith("+klatt6")
    )


Job = tuple[str, str, tuple[Take, ...]]
"""A section's name, its article's words (a sentence a line), and its sentences."""


def sections(content: Content, takes: Takes) -> tuple[Job, ...]:
    """What there is to listen to, of what the recogniser can hear."""
    jobs = []
    for code, language in content.languages.items():
        for article in language.articles:
            said = [[takes[code][text] for text in s.sentences] for s in article.sections]
            words = "\n".join(" ".join(words_of(take)) for each in said for take in each)
            for number, (section, each) in enumerate(zip(article.sections, said, strict=True), 1):
                name = f"{code}: article {article.title!r}, section {number} {section.heading!r}"
                if heard := tuple(take for take in each if can_hear(code, take)):
                    jobs.append((name, words, heard))
    return tuple(jobs)


def words_of(take: Take) -> list[str]:
    """What should be heard."""
    return re.findall("[a-z']+", take.speakable.lower())


def listen(
    jobs: tuple[Job, ...], store: StudioStore, executor: Executor, done: Callable[[], object]
) -> tuple[Heard, ...]:
    """Hear every section, calling `done` after each. It takes a twelfth of the sound's time."""
    futures = [executor.submit(hear, job, store.url) for job in jobs]
    for _ in as_completed(futures):
        done()
    return tuple(future.result() for future in futures)


def hear(job: Job, store: str) -> Heard:
    """Hear one section, from the clips of speed 1 in the store at this URL."""
    name, article, takes = job
    recogniser, kept = _recogniser(article), StudioStore(store)
    found, words, lost = 0, 0, []
    for take in takes:
        expected = words_of(take)
        sound = kept.clip(clip_name(take.name, 1)) or b""
        got = _in_order(expected, _words(recogniser, sound))
        found, words = found + got, words + len(expected)
        if len(expected) >= FEW_WORDS and got < ENOUGH * len(expected):
            lost.append(take.utterance)
    return Heard(name, words, found / max(words, 1), tuple(lost))


def _in_order(expected: list[str], heard: list[str]) -> int:
    same = SequenceMatcher(None, expected, heard, autojunk=False)
    return sum(block.size for block in same.get_matching_blocks())


@lru_cache(maxsize=1)  # sections of an article follow each other
def _recogniser(article: str) -> Any:
    """A recogniser that knows these sentences, and no other words: it is loaded sooner."""
    from pocketsphinx import Decoder  # here, as it is for `--listen` alone
    from pocketsphinx.lm import ArpaBoLM

    model = ArpaBoLM(text=article, add_start=True)
    model.compute()
    with TemporaryDirectory() as folder:
        likely, sounds = Path(folder, "likely.arpa"), Path(folder, "sounds.dict")
        with likely.open("w") as file:
            model.write(file)
        sounds.write_text("".join(_dictionary(set(article.split()))))
        return Decoder(lm=str(likely), dict=str(sounds), loglevel="FATAL")


def _dictionary(words: set[str]) -> Iterator[str]:
    """The dictionary's lines of these words: `read R EH D`, `read(2) R IY D`, and our own."""
    from pocketsphinx import get_model_path

    unknown = set(words)
    with Path(get_model_path("en-us/cmudict-en-us.dict")).open() as file:
        for line in file:
            if (word := line.partition(" ")[0].partition("(")[0]) in words:
                unknown.discard(word)
                yield line
    longest_first = "|".join(sorted(LETTERS, key=len, reverse=True))
    for word in sorted(unknown):  # `tsoo` is `T S UW`
        if sounds := re.findall(longest_first, word):
            yield f"{word} {' '.join(LETTERS[letters] for letters in sounds)}\n"


def _words(recogniser: Any, clip: bytes) -> list[str]:
    """What is heard in a clip, at the 16 kHz that the recogniser takes."""
    import numpy as np  # here, as these take a second to load
    import soxr  # type: ignore[import-untyped]

    from audio.sound.checks import decoded
    from audio.sound.mastering import PHONE_HZ

    if not clip:
        return []
    samples = np.clip(soxr.resample(decoded(clip), PHONE_HZ, 16_000), -1, 1) * 32767
    recogniser.start_utt()
    recogniser.process_raw(samples.astype("<i2").tobytes(), full_utt=True)
    recogniser.end_utt()
    found = recogniser.hyp()
    return found.hypstr.split() if found else []
