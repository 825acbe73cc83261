"""One text as the phone has it, by a voice and at once; nothing is kept.

The studio runs it as a process of its own, which reads what to say from its standard input and
writes a WAV: `python -m audio.air.saying <said`.
"""

import io
import json
import os
import sys
from pathlib import Path

from audio.air.at_once import at_once
from audio.air.plan import Take
from audio.air.render import make
from audio.sound.recipe import pause_ms
from audio.voices.engines import voice
from ivr.errors import ClipError, LineError

COMMAND = (sys.executable, "-m", "audio.air.saying")

MOST_S = 30
"""How long somebody waits for a word; most voices take one or two seconds."""

UNCLEAR = "The voice cannot say this clearly. Write it in another way."


def say(text: str, reader: str, folder: Path) -> bytes:
    """A WAV of a speakable text by the voice of this name, at speed 1.

    Raises `LineError` as `at_once` does, whose lock is in the folder.
    """
    given = json.dumps([text, reader]).encode()
    return at_once(COMMAND, given, os.environ, folder, MOST_S)


def main() -> int:
    """Say what is on the standard input; exit with 1, and explain why, if that fails."""
    text, reader = json.load(sys.stdin)
    try:
        take = Take(text, text, voice(reader), pause_ms(text))
        [clip] = make(take, (1.0,)).clips
    except ClipError:
        print(UNCLEAR, file=sys.stderr)
        return 1
    except LineError as error:
        print(error, file=sys.stderr)
        return 1
    sys.stdout.buffer.write(_wav(clip))
    return 0


def _wav(clip: bytes) -> bytes:
    import soundfile  # here: 250 ms, with numpy, which the server need not wait for

    from audio.sound.mu_law import PHONE_HZ, from_mu_law

    made = io.BytesIO()
    soundfile.write(made, from_mu_law(clip), PHONE_HZ, format="WAV")
    return made.getvalue()


if __name__ == "__main__":
    sys.exit(main())
