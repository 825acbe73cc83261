"""Where in the sound a caller is: worked out from the clock and the clips' lengths.

TwiML never tells how far an audio got (FACTS: "`<Play>` cannot seek, and nobody
is told how far it got"). What is known is when the reply was sent, how long
each clip is to the sample, and when the key arrived.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

START_UP_MS = 600
"""From sending a reply until its first sound is heard, with the way back of a key.

An estimate: no live platform could be measured. If it is too long, a caller
hears the end of the sentence before again; too short, and the sentence that
they were in is still the one they hear, but for its first moments.
"""


def sentence_at(lengths_ms: Sequence[float], start: int, elapsed_ms: float) -> int:
    """The sentence being said `elapsed_ms` after sentence `start` began.

    Before its beginning (an announcement is still being said) that is `start`;
    after the end it is the last.
    """
    ends = list(accumulate(lengths_ms[start:]))
    return min(start + bisect_right(ends, elapsed_ms), len(lengths_ms) - 1)


def heard_ms(lengths_ms: Sequence[float], start: int, elapsed_ms: float) -> float:
    """How far into the section the caller is, from its first sentence, in ms."""
    return sum(lengths_ms[:start]) + max(0.0, elapsed_ms)
