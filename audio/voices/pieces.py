"""A long text in pieces, for engines that take only so much at a time."""

import re
from functools import cache


def pieces(text: str, most: int) -> list[str]:
    """The text in order, in pieces of at most `most` characters, cut where a reader would
    pause: after a punctuation mark if possible, else between words, else where it must be.

    A piece without a letter or a digit is left out.
    """
    found = _piece(most).findall(" ".join(text.split()))
    return [piece.strip() for piece in found if has_words(piece)]


def has_words(text: str) -> bool:
    """Whether there is anything in it to be said."""
    return any(character.isalnum() for character in text)


@cache
def _piece(most: int) -> re.Pattern[str]:
    """The rest; else up to a punctuation mark; else up to a space; else what fits."""
    return re.compile(
        rf".{{1,{most}}}$"
        rf"|.{{1,{most - 1}}}[,;:.!?](?= )"
        rf"|.{{1,{most}}}(?= )"
        rf"|.{{{most}}}"
    )
