"""eSpeak NG as a program: `python espeak_program.py LIBRARY DATA VOICE`, text in, sound out.

Reads UTF-8 from standard input. Writes the rate in Hz (4 bytes, low byte first), then
mono 16-bit samples. Exits with 2 if eSpeak refuses the voice.

It is a process of its own because eSpeak's sound depends on what it said before, and so
that a crash harms nothing else. It imports nothing of the project and needs only the
standard library, so it starts in milliseconds.
"""

import ctypes
import sys

SYNCHRONOUS = 2  # AUDIO_OUTPUT_SYNCHRONOUS: samples are handed over, nothing is played
BY_CHARACTER = 1  # POS_CHARACTER
UTF8 = 1  # espeakCHARS_UTF8, without SSML and without [[phonemes]]

Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p
)


def main(library: str, data: str, voice: str) -> int:
    """Say standard input."""
    espeak = ctypes.CDLL(library)
    rate = int(espeak.espeak_Initialize(SYNCHRONOUS, 0, data.encode(), 0))
    if rate <= 0:
        return 2
    if espeak.espeak_SetVoiceByName(voice.encode()) != 0:
        return 2
    sound = bytearray()

    def keep(samples: int | None, count: int, events: int | None) -> int:
        if samples:
            sound.extend(ctypes.string_at(samples, 2 * count))
        return 0

    callback = Callback(keep)  # a name, so that it lives as long as eSpeak calls it
    espeak.espeak_SetSynthCallback(callback)
    text = sys.stdin.buffer.read()
    size = ctypes.c_size_t(len(text) + 1)
    failed = espeak.espeak_Synth(text, size, 0, BY_CHARACTER, 0, UTF8, None, None)
    sys.stdout.buffer.write(rate.to_bytes(4, "little"))
    sys.stdout.buffer.write(sound)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
