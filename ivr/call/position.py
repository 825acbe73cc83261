"""Where in the sound a caller is: worked out from the clock and the clips' lengths.

`<Play>` cannot seek, and TwiML never tells how far an audio got. What is known
is when the reply was sent, how long each clip is to the sample, and when the
key arrived.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

START_UP_MS = 600
"""From sending a reply until its first sound is heard, with the way back of a key.

An estimate: no live platform could be measured. If it is too long, a caller
who pauses hears the end of the sentence before again; if it is too short, the
sentence begins again that they were in, but for its first moments.
"""


def sentence_at(lengths_ms: Sequence[float], start: int, elapsed_ms: float) -> int:
    """The sentence being said `elapsed_ms` after sentence `start` began.

    Before it begins (an announcement is still being said) that is `start`;
    after the end it is the last.
    """
    ends = list(accumulate(lengths_ms[start:]))
    finished = bisect_right(ends, elapsed_ms)
    last = len(lengths_ms) - 1
    return min(start + finished, last)


def heard_ms(lengths_ms: Sequence[float], start: int, elapsed_ms: float) -> float:
    """How far into the section the caller is, from its first sentence, in ms."""
    before = sum(lengths_ms[:start])
    return before + max(0.0, elapsed_ms)
