"""Which words are in a sound? An independent recogniser hears a clip as callers do.

pocketsphinx gets the article's words and which of them follow each other, and hears a
sentence as the phone has it. Of a sentence that is there it hears 0.76 of the words and more,
in order; of another one of the article 0.43 and less (measured with flite `rms` and `slt`, and
eSpeak's `klatt6`). It notices a wrong sentence or a lost one, not a bad pronunciation. It was
made for American English.
"""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from audio.voices.voice import Voice
from ivr.errors import ListenError

RATE = 16_000
"""What the recogniser takes, in Hz."""

LETTERS = {
    "ch": "CH",
    "ck": "K",
    "ee": "IY",
    "oo": "UW",
    "ou": "AW",
    "ph": "F",
    "qu": "K W",
    "sh": "SH",
    "th": "TH",
    "ai": "EY",
    "ea": "IY",
    "ng": "NG",
    "a": "AE",
    "b": "B",
    "c": "K",
    "d": "D",
    "e": "EH",
    "f": "F",
    "g": "G",
    "h": "HH",
    "i": "IH",
    "j": "JH",
    "k": "K",
    "l": "L",
    "m": "M",
    "n": "N",
    "o": "AA",
    "p": "P",
    "q": "K",
    "r": "R",
    "s": "S",
    "t": "T",
    "u": "AH",
    "v": "V",
    "w": "W",
    "x": "K S",
    "y": "IY",
    "z": "Z",
}
"""How letters sound where a word is not in the recogniser's dictionary: near enough. Two
letters come before one."""


def require_recogniser() -> None:
    """Raise `ListenError` where the recogniser is not installed."""
    if not find_spec("pocketsphinx"):
        raise ListenError(
            "--listen needs the package pocketsphinx; install it with"
            " `.venv/bin/python -m pip install -r requirements-listen.txt`"
        )


def can_hear(language: str, voice: Voice) -> bool:
    """Whether the recogniser can be relied on for this language and voice."""
    is_english = language.partition("-")[0] == "en"
    return is_english and voice.name.endswith(voice.engine.recognised)


def words_of(text: str) -> list[str]:
    """The words that should be heard of a speakable text."""
    return re.findall("[a-z']+", text.lower())


def words_heard(clip: bytes, expected: list[str], sentences: str) -> int:
    """How many of the expected words are in a clip (8 kHz μ-law), in their order.

    `sentences` are what may be said at all, one a line, in words that `words_of` gives.
    """
    heard = _words_in(clip, _recogniser(sentences))
    same = SequenceMatcher(None, expected, heard, autojunk=False)
    return sum(block.size for block in same.get_matching_blocks())


def _words_in(clip: bytes, recogniser: Any) -> list[str]:
    import numpy as np  # here: these three take 400 ms, and only `--listen` needs them
    import soxr  # type: ignore[import-untyped]

    from audio.sound.mu_law import PHONE_HZ, from_mu_law

    if not clip:
        return []
    samples = soxr.resample(from_mu_law(clip), PHONE_HZ, RATE)
    whole = np.clip(samples, -1, 1) * 32767
    recogniser.start_utt()
    recogniser.process_raw(whole.astype("<i2").tobytes(), full_utt=True)
    recogniser.end_utt()
    found = recogniser.hyp()
    if not found:
        return []
    words: list[str] = found.hypstr.split()
    return words


@lru_cache(maxsize=1)  # a second to make; sections of one article follow each other
def _recogniser(sentences: str) -> Any:
    """A recogniser that knows these sentences, and no other words: it is loaded sooner."""
    from pocketsphinx import Decoder  # here: it may not be installed
    from pocketsphinx.lm import ArpaBoLM

    model = ArpaBoLM(text=sentences, add_start=True)
    model.compute()
    with TemporaryDirectory() as folder:
        likely = Path(folder, "likely.arpa")
        with likely.open("w") as file:
            model.write(file)
        sounds = Path(folder, "sounds.dict")
        sounds.write_text("".join(_dictionary(set(sentences.split()))))
        return Decoder(lm=str(likely), dict=str(sounds), loglevel="FATAL")


def _dictionary(words: set[str]) -> Iterator[str]:
    """The dictionary's lines of these words: `read R EH D`, `read(2) R IY D`, and our own."""
    from pocketsphinx import get_model_path  # here: it may not be installed

    unknown = set(words)
    with Path(get_model_path("en-us/cmudict-en-us.dict")).open() as file:
        for line in file:
            entry = line.partition(" ")[0]
            word = entry.partition("(")[0]
            if word in words:
                unknown.discard(word)
                yield line
    for word in sorted(unknown):
        sounds = _spelled(word)
        if sounds:
            yield f"{word} {sounds}\n"


def _spelled(word: str) -> str:
    """How a word sounds by its letters: `tsoo` is `T S UW`."""
    return " ".join(LETTERS[letters] for letters in re.findall("|".join(LETTERS), word))
