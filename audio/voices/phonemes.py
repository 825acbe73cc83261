"""How English words sound, by eSpeak NG: so that `there` and `their` are the same to hear."""

import contextlib
import ctypes
from functools import cache, lru_cache
from pathlib import Path

import espeakng_loader

FROM_MEMORY = 1  # AUDIO_OUTPUT_RETRIEVAL: nothing is played
UTF8 = 1  # espeakCHARS_UTF8
IPA = 2  # espeakPHONEMES_IPA

SAME = str.maketrans({"ˈ": "", "ˌ": "", "ː": "", " ": "", "ᵻ": "ə", "ɐ": "ə"})
"""Stress, length and the space between words tell no words apart; nor do weak vowels."""


@lru_cache(10_000)
def sound_of(words: str) -> str:
    """The words' phonemes in American English, in one row."""
    espeak = _espeak()
    rest = ctypes.c_char_p(words.encode())
    phonemes = ""
    while rest.value is not None:  # a clause a time
        found = espeak.espeak_TextToPhonemes(ctypes.byref(rest), UTF8, IPA)
        phonemes += found.decode()
    return phonemes.translate(SAME)


@cache
def _espeak() -> ctypes.CDLL:
    """eSpeak, which stays loaded. It starts in the data's folder, as it cuts paths at 160
    characters."""
    data = Path(espeakng_loader.get_data_path()).absolute()
    espeak = ctypes.CDLL(espeakng_loader.get_library_path())
    espeak.espeak_TextToPhonemes.restype = ctypes.c_char_p
    with contextlib.chdir(data.parent):
        espeak.espeak_Initialize(FROM_MEMORY, 0, data.name.encode(), 0)
        espeak.espeak_SetVoiceByName(b"en-us")
    return espeak
