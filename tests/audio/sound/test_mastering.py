"""Clips are trimmed, equally loud, exactly as long as they should be, and keep their pitch."""

import shutil
import subprocess
import sys

import numpy as np
import pytest

from audio.sound.mastering import master
from audio.sound.mu_law import PHONE_HZ, Samples, from_mu_law
from audio.sound.recipe import LONG_PAUSE_MS, SHORT_PAUSE_MS, TARGET_LUFS, pause_ms
from audio.voices.engines import voice
from audio.voices.voice import Sound

SPEEDS = (0.75, 1.0, 1.25, 1.5, 2.0)
needs_flite = pytest.mark.skipif(
    not shutil.which("flite"), reason="flite is not installed"
)
VOICES = [
    "espeak:en-us+klatt6",
    "espeak:en",
    *(
        pytest.param(f"flite:{name}", marks=needs_flite)
        for name in ("rms", "slt", "kal16", "kal")
    ),
]
SENTENCE = "Whereas a group of people getting together to plan a cake will help produce delight."


def heard(clip: bytes) -> Samples:
    return from_mu_law(clip)


def tone(hz: float, seconds: float, rate: int = 16_000, peak: float = 0.1) -> Sound:
    """A voiced sound: a tone with an overtone, as loud throughout."""
    t = np.arange(int(seconds * rate)) / rate
    wave = np.sin(2 * np.pi * hz * t) + 0.5 * np.sin(4 * np.pi * hz * t)
    return Sound((peak * wave / 1.5).astype(np.float32), rate)


def pitch(samples: Samples) -> float:
    """In Hz, by autocorrelation of the middle, between 60 and 400 Hz."""
    middle = samples[len(samples) // 4 : -len(samples) // 4]
    match = np.correlate(middle, middle, "full")[len(middle) - 1 :]
    shortest, longest = PHONE_HZ // 400, PHONE_HZ // 60
    return float(PHONE_HZ / (shortest + np.argmax(match[shortest:longest])))


@pytest.mark.parametrize("text", [SENTENCE, "Press one.", "zero."])
@pytest.mark.parametrize("name", VOICES)
def test_every_voice_is_equally_loud(name: str, text: str) -> None:
    import pyloudnorm  # with scipy it takes over a second

    (clip,) = master(voice(name).say(text), 0, (1.0,))
    samples = heard(clip)
    enough = np.resize(samples, max(len(samples), PHONE_HZ))
    loudness = pyloudnorm.Meter(PHONE_HZ).integrated_loudness(enough)
    assert loudness == pytest.approx(TARGET_LUFS, abs=1)
    assert np.abs(samples).max() <= 10 ** (-1 / 20)


def test_a_quiet_and_a_full_scale_sound_come_out_alike() -> None:
    quiet, full = (
        heard(master(tone(200, 1, peak=p), 0, (1.0,))[0]) for p in (0.01, 1.0)
    )
    assert np.abs(quiet).max() == pytest.approx(np.abs(full).max(), rel=0.05)


def test_peaks_are_bent_and_never_cut() -> None:
    peaks = []
    for burst in (5, 8):
        loud = tone(200, 2).samples.copy()
        loud[8000:8320] *= burst
        peaks.append(np.abs(heard(master(Sound(loud, 16_000), 0, (1.0,))[0])).max())
    assert 0.6 < peaks[0] < peaks[1] <= 10 ** (-1 / 20)


def test_silence_at_the_ends_is_trimmed_and_the_pause_is_the_lines_own() -> None:
    quiet = np.zeros(8000, np.float32)
    sound = Sound(np.concatenate((quiet, tone(200, 1).samples, quiet)), 16_000)
    (clip,) = master(sound, 150, (1.0,))
    assert len(clip) == pytest.approx((1 + 0.15) * PHONE_HZ, abs=0.02 * PHONE_HZ)
    assert set(clip[-1200:]) == {0xFF}
    assert np.abs(heard(clip)[:160]).max() > 0.1


@pytest.mark.parametrize("name", VOICES)
def test_every_speed_is_exactly_as_long_as_it_should_be(name: str) -> None:
    clips = master(voice(name).say("Press one."), 450, SPEEDS)
    normal = len(clips[1])
    assert [len(clip) for clip in clips] == [round(normal / speed) for speed in SPEEDS]
    for clip in clips:
        assert np.abs(heard(clip)[: len(clip) // 4]).max() > 0.1


def test_high_tones_come_out_louder_but_not_a_persons() -> None:
    low, high = tone(300, 1), tone(3000, 1)
    both = Sound(low.samples + high.samples, 16_000)
    synthetic = loudest_of(master(both, 0, (1.0,))[0], 3000)
    person = loudest_of(master(both, 0, (1.0,), clearer_db=0)[0], 3000)
    assert person == pytest.approx(1, rel=0.1)
    assert synthetic == pytest.approx(1.75, rel=0.1)


def loudest_of(clip: bytes, hz: int) -> float:
    """How loud a tone is against one of 300 Hz."""
    samples = heard(clip)
    spectrum = np.abs(np.fft.rfft(samples))
    found = np.fft.rfftfreq(len(samples), 1 / PHONE_HZ)
    around = [spectrum[np.abs(found - each) < 20].max() for each in (hz, 300)]
    return float(around[0] / around[1])


def test_silence_stays_silence_of_a_known_length() -> None:
    clips = master(voice("silent:60").say("Hello"), 450, SPEEDS)
    normal = (5 * 60 + 450) * 8
    assert [len(clip) for clip in clips] == [round(normal / speed) for speed in SPEEDS]
    assert set(b"".join(clips)) == {0xFF}


@pytest.mark.parametrize("rate", [8000, 16_000, 22_050])
def test_speeds_keep_the_pitch(rate: int) -> None:
    for clip in master(tone(160, 3, rate), 0, SPEEDS):
        assert pitch(heard(clip)) == pytest.approx(160, rel=0.03)


def test_nothing_above_half_the_phones_rate_folds_back() -> None:
    low, high = tone(300, 1), tone(5700, 1)
    both = Sound(low.samples + high.samples, 16_000)
    spectrum = np.abs(np.fft.rfft(heard(master(both, 0, (1.0,))[0])))
    hz = np.fft.rfftfreq(2 * (len(spectrum) - 1), 1 / PHONE_HZ)
    folded = spectrum[(hz > 2200) & (hz < 2400)].max()  # 8000 - 5700 = 2300
    assert folded < spectrum.max() / 100


def test_the_pause_goes_by_the_last_character() -> None:
    assert pause_ms("For Samaritans,") == pause_ms("Open now:") == SHORT_PAUSE_MS
    assert (
        pause_ms("Press one.")
        == pause_ms("Why?")
        == pause_ms("Contents")
        == LONG_PAUSE_MS
    )


def test_nobody_sees_a_warning_of_pydub() -> None:
    command = [sys.executable, "-W", "always", "-c", "import audio.sound.mastering"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "ffmpeg" not in done.stderr
    assert "audioop" not in done.stderr
