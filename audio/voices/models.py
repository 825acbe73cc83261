"""Voices that are neural models: one stays loaded in a process, and says a text piece by piece.

Loading takes longer than most sentences, so these are not programs that are run for each
utterance. What a piece costs grows faster than its length, so none is long.
"""

from collections.abc import Callable, Iterator
from functools import partial
from queue import Queue
from threading import Thread
from typing import TYPE_CHECKING

from audio.voices.pieces import has_words
from audio.voices.voice import Sound, heard
from ivr.errors import VoiceError

if TYPE_CHECKING:  # numpy takes 110 ms to load, and a voice can be found without it
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]


def say_pieces(
    text: str, sounds: "Callable[[str], Iterator[Samples]]", rate: int, most_s: float
) -> Sound:
    """The sounds of a text's pieces, one after the other; each may take `most_s` seconds.

    Every model begins and ends in silence, so there is no click between two pieces, and about
    as long a pause as a reader needs to breathe. Raises `VoiceError`, with the text, where
    there is nothing to say, the model fails, or a piece takes longer.
    """
    import numpy as np  # here: 110 ms, which finding a voice need not take

    if not has_words(text):
        raise VoiceError(f"there is nothing to say in {text!r}")
    coming = sounds(text)
    said: list[Samples] = []
    while True:
        piece = _within(most_s, partial(next, coming, None), text)
        if piece is None:
            break
        said.append(np.asarray(piece, np.float32))
    if not said:
        raise VoiceError(
            f"the voice has no sound for {text!r}; write it in other words"
        )
    whole = np.nan_to_num(np.concatenate(said))
    return heard(np.clip(whole, -1, 1), rate)


def _within(
    most_s: float, work: "Callable[[], Samples | None]", text: str
) -> "Samples | None":
    """What the work gives. A model cannot be stopped: one that is too slow is left behind."""
    answers: Queue[Samples | Exception | None] = Queue()

    def answer() -> None:
        try:
            answers.put(work())
        except Exception as error:  # whatever the model raises
            answers.put(error)

    thread = Thread(target=answer, daemon=True)
    thread.start()
    thread.join(most_s)
    if thread.is_alive():
        raise VoiceError(
            f"the voice took longer than {most_s:g} s for a part of {text!r}; shorten it, or"
            " render again when the computer has less to do"
        )
    found = answers.get()
    if isinstance(found, Exception):
        raise VoiceError(f"the voice cannot say {text!r}: {found!r}") from found
    return found
