"""Any usual sound file is read whole, or it is said that it cannot be."""

import io

import av
import numpy as np
import pytest
import soundfile

from audio.voices.ffmpeg import read_recorded
from audio.voices.sound_files import read_sound
from audio.voices.voice import LEAST_HZ
from ivr.errors import VoiceError
from tests.support.recordings import encoded, film


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


@pytest.mark.parametrize(
    ("container", "codec"),
    [
        ("webm", "libopus"),
        ("ogg", "libopus"),
        ("ipod", "aac"),
        ("mp4", "aac"),
        ("3gp", "aac"),
        ("adts", "aac"),
    ],
)
def test_what_browsers_and_telephones_record_is_read(
    container: str, codec: str
) -> None:
    """`ipod` is .m4a, `adts` is .aac."""
    sound = read_sound(encoded(container, codec, seconds=2))
    assert sound.rate == 48_000
    assert len(sound.samples) / sound.rate == pytest.approx(2, abs=0.05)
    middle = sound.samples[24_000:72_000]
    assert np.sqrt((middle**2).mean()) == pytest.approx(0.3 / np.sqrt(2), rel=0.05)


@pytest.mark.parametrize("data", [b"<html>", b"RIFF", file("MP3")[:100]])
def test_what_is_no_sound_is_refused(data: bytes) -> None:
    with pytest.raises(VoiceError, match="not a sound that can be read"):
        read_sound(data)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(VoiceError, match="it is empty"):
        read_sound(b"")


def test_a_list_of_other_files_is_not_followed() -> None:
    """FFmpeg would open whatever a list names."""
    for text in (
        "#EXTM3U\n#EXTINF:1,\n/etc/passwd\n",
        "ffconcat version 1.0\nfile x\n",
    ):
        with pytest.raises(VoiceError, match="not a sound that can be read"):
            read_sound(text.encode())


def test_a_video_is_refused() -> None:
    with pytest.raises(VoiceError, match="it is a video"):
        read_sound(film())


@pytest.mark.parametrize(
    "data",
    [
        file("MP3")[:-500],
        file("FLAC")[:-500],
        encoded("ipod", "aac", seconds=2)[:-500],
        encoded("webm", "libopus", seconds=2)[:-5000],
    ],
    ids=["mp3", "flac", "m4a", "webm"],
)
def test_what_is_cut_short_is_refused(data: bytes) -> None:
    with pytest.raises(VoiceError, match=r"cut short|only part"):
        read_sound(data)


@pytest.mark.parametrize(("seconds", "rate"), [(1000, 8000), (10, 1000)])
def test_what_would_fill_the_memory_is_refused(seconds: int, rate: int) -> None:
    """A thousand seconds of silence are a few kB of FLAC."""
    made = io.BytesIO()
    soundfile.write(made, np.zeros(seconds * rate, np.float32), rate, format="FLAC")
    with pytest.raises(VoiceError, match="the most is 900 s"):
        read_sound(made.getvalue())


def test_a_long_recording_is_refused_before_it_fills_the_memory() -> None:
    with pytest.raises(VoiceError, match="the most is 3 s"):
        read_recorded(encoded("webm", "libopus", seconds=4), 3, LEAST_HZ)


@pytest.mark.parametrize(
    ("rate", "pieces", "why"), [(1000, 9, "1000 Hz"), (8000, 1201, "the most is 3 s")]
)
def test_a_file_of_few_sounds_and_many_pieces_is_refused(
    rate: int, pieces: int, why: str
) -> None:
    """Each piece takes its time, however short it is."""
    made = io.BytesIO()
    with av.open(made, "w", format="matroska") as file:
        stream = file.add_stream("pcm_s16le", rate=rate, layout="mono")
        assert isinstance(stream, av.AudioStream)
        sample = np.zeros((1, 1), np.int16)
        frame = av.AudioFrame.from_ndarray(sample, format="s16", layout="mono")
        frame.sample_rate = rate
        for number in range(pieces):
            frame.pts = number
            file.mux(stream.encode(frame))
    with pytest.raises(VoiceError, match=why):
        read_recorded(made.getvalue(), 3, LEAST_HZ)


def test_a_small_file_that_unpacks_to_gigabytes_is_refused_unread() -> None:
    sent = io.BytesIO()
    second = np.zeros((192_000, 2), np.int16)
    with soundfile.SoundFile(sent, "w", 192_000, 2, format="FLAC") as file:
        for _ in range(240):
            file.write(second)
    with pytest.raises(VoiceError, match="save it as mono at 48000 Hz"):
        read_sound(sent.getvalue())
