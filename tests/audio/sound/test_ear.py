"""The recogniser writes down what is said."""

import shutil
import sys
from pathlib import Path

import pytest

from audio.sound.ear import NEEDED, can_hear, ear_model, hear
from audio.sound.mastering import master
from audio.voices.engines import voice
from audio.voices.espeak import Espeak
from audio.voices.flite import Flite
from audio.voices.silent import Silent
from audio.voices.voice import Voice
from ivr.errors import ListenError
from tests.support.whisper import whisper

SAID = "A group of people baked a lovely cake."


@pytest.mark.slow
def test_the_words_that_are_said_are_heard() -> None:
    if not shutil.which("flite"):
        pytest.skip("flite is not installed")
    (clip,) = master(voice("flite:rms").say(SAID), 450, (1.0,))
    assert hear(clip, whisper()) == SAID


@pytest.mark.slow
@pytest.mark.parametrize("silence", [b"", b"\xff" * 16_000])
def test_in_silence_nothing_is_heard(silence: bytes) -> None:
    assert hear(silence, whisper()) == ""


@pytest.mark.parametrize(
    ("language", "voice", "hears"),
    [
        ("en", Flite("flite:rms", "", ""), True),
        ("en-gb", Espeak("espeak:en", ""), True),
        ("en", Silent(1), False),
        ("gd", Flite("flite:rms", "", ""), False),
    ],
)
def test_only_english_in_a_voice_that_speaks_is_heard(
    language: str, voice: Voice, hears: bool
) -> None:
    assert can_hear(language, voice) == hears


def test_without_the_package_the_error_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "faster_whisper", None)
    with pytest.raises(ListenError, match=r"requirements-listen\.txt"):
        ear_model(None)


@pytest.mark.parametrize("lacking", NEEDED)
def test_a_folder_without_a_model_is_named_with_what_it_lacks(
    lacking: str, tmp_path: Path
) -> None:
    pytest.importorskip("faster_whisper")
    for name in NEEDED:
        (tmp_path / name).touch()
    assert ear_model(tmp_path) == tmp_path
    (tmp_path / lacking).unlink()
    with pytest.raises(ListenError, match=rf"EAR_MODEL: .* has no file {lacking}"):
        ear_model(tmp_path)
