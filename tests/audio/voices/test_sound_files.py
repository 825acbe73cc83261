"""Any usual sound file is read whole, or it is said that it cannot be."""

import io

import numpy as np
import pytest
import soundfile

from audio.voices.sound_files import read_sound
from ivr.errors import VoiceError


def file(format: str, rate: int = 22_050, seconds: float = 1.0) -> bytes:
    """A tone in the left ear alone."""
    time = np.arange(int(rate * seconds)) / rate
    left = 0.4 * np.sin(2 * np.pi * 250 * time)
    made = io.BytesIO()
    soundfile.write(made, np.stack([left, 0 * left], axis=1), rate, format=format)
    return made.getvalue()


@pytest.mark.parametrize("rate", [8000, 44_100, 48_000])
@pytest.mark.parametrize("format", ["WAV", "MP3", "FLAC", "OGG"])
def test_a_stereo_file_is_mixed(format: str, rate: int) -> None:
    sound = read_sound(file(format, rate))
    assert sound.rate == rate
    assert len(sound.samples) == rate
    assert sound.samples.dtype == np.float32
    assert np.abs(sound.samples).max() == pytest.approx(0.2, abs=0.02)


@pytest.mark.parametrize("data", [b"", b"<html>", b"RIFF", file("MP3")[:100]])
def test_what_is_no_sound_is_refused(data: bytes) -> None:
    with pytest.raises(VoiceError, match="not a WAV, MP3, FLAC or Ogg"):
        read_sound(data)


@pytest.mark.parametrize("format", ["MP3", "FLAC"])
def test_what_is_cut_short_is_refused(format: str) -> None:
    with pytest.raises(VoiceError):
        read_sound(file(format)[:-500])


@pytest.mark.parametrize(("seconds", "rate"), [(1000, 8000), (10, 1000)])
def test_what_would_fill_the_memory_is_refused(seconds: int, rate: int) -> None:
    """A thousand seconds of silence are a few kB of FLAC."""
    made = io.BytesIO()
    soundfile.write(made, np.zeros(seconds * rate, np.float32), rate, format="FLAC")
    with pytest.raises(VoiceError, match="the most is 900 s"):
        read_sound(made.getvalue())
