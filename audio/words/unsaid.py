"""Marks for which nothing is said, so that staff see what callers will miss."""

import re
from collections.abc import Iterator

from audio.speech.pronunciations import Pronunciations
from audio.speech.speakable import speakable, unsaid_marks
from audio.words.utterances import parts
from ivr.edition.content import Language

ODD = re.compile(r"[^\w\s.,?!;:'\"“”‘’()–—…£%&/@+-]")
"""Only a text with such a mark is looked at closely: in a thousand articles, there are few."""


def unsaid(code: str, language: Language, words: Pronunciations) -> Iterator[str]:
    """A warning for each text of a language with a mark that nobody will hear."""
    for part, texts in parts(language):
        for text in texts:
            if not ODD.search(text):
                continue
            marks = unsaid_marks(text, code, words)
            if marks:
                spoken = speakable(text, code, words)
                yield (
                    f"{code}: {part}: nothing is said for {' '.join(marks)} in {text!r};"
                    f" callers hear {spoken!r}. Write it in words, or add the mark to the"
                    " pronunciations"
                )
