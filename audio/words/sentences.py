"""Paragraphs to sentences: what a caller steps through with keys 1 and 3."""

import re
from collections.abc import Collection, Iterator
from itertools import pairwise

QUOTES = "\"'”’»)\\]"
"""What may close behind a full stop; the source closes a quotation with `.' ''`."""

END = re.compile(rf"(?<![.?!…])[.?!…]++(?:\s?[{QUOTES}])*(?=\s+[\"'“‘«(\[¿¡]*([^\W_]))")
"""The end of a sentence, and the first letter or digit of the next."""

INITIAL = re.compile(r"[^\W\d_a-z]\.")
"""One capital and a full stop, as in `J. Smith`."""


def sentences(paragraph: str, abbreviations: Collection[str] = ()) -> tuple[str, ...]:
    """The sentences of `paragraph`, white space collapsed and nothing else changed.

    A sentence ends at `.`, `?`, `!` or `…`, with the quotes and brackets that
    close behind it, unless the next word begins with a small letter. It does not
    end after one of `abbreviations` (written with or without the full stop) or an
    initial. The end of the paragraph ends a sentence whatever stands there.

    Known wrong cases: "Bring pens, paper etc. Then sit." and "It has vitamin C.
    Eat it." stay whole; so does "iPhones sell. eBay too.", for its small letter.
    """
    text = " ".join(paragraph.split())
    ends = _ends(text, abbreviations)
    cuts = [0, *ends, len(text)]
    found = []
    for start, end in pairwise(cuts):
        sentence = text[start:end].strip()
        if sentence:
            found.append(sentence)
    return tuple(found)


def _ends(text: str, abbreviations: Collection[str]) -> Iterator[int]:
    start = 0
    for end in END.finditer(text):
        sentence = text[start : end.end()]
        if _is_whole(sentence, end[1], abbreviations):
            start = end.end()
            yield start


def _is_whole(sentence: str, next_letter: str, abbreviations: Collection[str]) -> bool:
    if next_letter.islower():
        return False
    if not any(character.isalnum() for character in sentence):
        return False
    last_word = sentence.rsplit(maxsplit=1)[-1]
    return not _is_short_form(last_word, abbreviations)


def _is_short_form(word: str, abbreviations: Collection[str]) -> bool:
    word = word.lstrip("\"'“‘«([¿¡")
    if INITIAL.fullmatch(word) and word != "I.":
        return True
    without_stop = word.removesuffix(".")
    return word in abbreviations or without_stop in abbreviations
