"""The numbers that shape every clip. Light, so clips can be named without being made."""

TARGET_LUFS = -19.0
"""Integrated loudness (ITU-R BS.1770) of every utterance at speed 1. Voices differ by
12 LU (measured); at −19 speech peaks just below full scale, as loud as a phone allows."""

PEAK = 0.85
"""Highest sample, of 1: −1.4 dBFS, so that resampling's overshoot stays below −1 dBFS."""

KNEE = 0.6
"""Peaks above this are bent softly, so that nothing is cut off with a crack."""

SILENCE_DB = -45.0
"""What stays this far below an utterance's peak at its ends is silence, and is trimmed."""

CLEARER_HZ = 1500
CLEARER_DB = 6.0
"""A voice's tones above the first become louder by up to the second, as a telephone dulls them.
Judged by DistillMOS at speeds 1, 1.5 and 2, `hibari:heart` rises from 3.95, 3.33 and 1.96 to 4.06,
3.54 and 2.21, `flite:rms` from 3.30, 3.47 and 2.89 to 3.45, 3.59 and 3.06; a recogniser misses no
more words. More than 6 dB gains hardly anything. People are left as they were recorded."""

SHORT_PAUSE_MS = 150
"""After a comma, a colon or a semicolon: more of the same sentence follows."""

LONG_PAUSE_MS = 450
"""After anything else. A voice's own ends bring it to the 500 to 750 ms that IVR practice
wants between options (ACIxD)."""

MASTERING = f"3 {TARGET_LUFS} {PEAK} {KNEE} {SILENCE_DB} {CLEARER_HZ} {CLEARER_DB}"
"""Part of every clip's name. Its first number rises when the steps themselves change."""


def pause_ms(text: str) -> int:
    """The pause after an utterance, by its last character, in milliseconds at speed 1."""
    if text.endswith((",", ":", ";")):
        return SHORT_PAUSE_MS
    return LONG_PAUSE_MS
