"""eSpeak NG as a program: `python espeak_program.py LIBRARY DATA VOICE`, text in, sound out.

Reads ASCII from standard input; writes the rate in Hz (4 bytes, little end first), then
mono 16-bit samples. Exits with 2 where the voice is refused.

It is a process of its own because eSpeak's sound depends on what it said before, and so
that nothing that goes wrong in it takes anything else along. It imports nothing of the
project and needs only the standard library, so it starts in milliseconds.
"""

import ctypes
import sys

SYNCHRONOUS = 2  # AUDIO_OUTPUT_SYNCHRONOUS: samples are handed over, nothing is played
BY_CHARACTER = 1  # POS_CHARACTER
UTF8 = 1  # espeakCHARS_UTF8, without SSML and without [[phonemes]]

Heard = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)


def main(library: str, data: str, voice: str) -> int:
    """Say standard input."""
    espeak = ctypes.CDLL(library)
    rate = int(espeak.espeak_Initialize(SYNCHRONOUS, 0, data.encode(), 0))
    if rate <= 0 or espeak.espeak_SetVoiceByName(voice.encode()) != 0:
        return 2
    sound = bytearray()

    def keep(samples: int | None, count: int, events: int | None) -> int:
        sound.extend(ctypes.string_at(samples, 2 * count) if samples else b"")
        return 0

    heard = Heard(keep)
    espeak.espeak_SetSynthCallback(heard)
    text = sys.stdin.buffer.read()
    size = ctypes.c_size_t(len(text) + 1)
    failed = espeak.espeak_Synth(text, size, 0, BY_CHARACTER, 0, UTF8, None, None)
    sys.stdout.buffer.write(rate.to_bytes(4, "little") + sound)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
