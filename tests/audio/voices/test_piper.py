"""Piper's voices: what is missing is named, with the command that brings it."""

import importlib.metadata
import json
from pathlib import Path

import pytest

from audio.sound.checks import clip_faults
from audio.sound.mastering import master
from audio.sound.recipe import pause_ms
from audio.voices.engines import voice
from audio.voices.piper import PIPER, piper
from ivr.errors import VoiceError
from ivr.settings import ROOT

NAME = "en_GB-alba-medium"
RATE = 16000
SPEEDS = (0.75, 1.0, 2.0)

SAMPLES = 800
"""Of each phoneme of the small voice."""


@pytest.fixture
def piper_voice(tmp_path: Path) -> Path:
    """A voice in Piper's own format, which hums once for each phoneme and rests between."""
    from tests.support.small_models import piper_model  # onnx takes half a second

    piper_model(tmp_path / f"{NAME}.onnx", SAMPLES, RATE)
    letters = "^$ _abcdefghijklmnopqrstuvwxyz.,"
    about = {
        "audio": {"sample_rate": RATE},
        "espeak": {"voice": "en-gb"},
        "phoneme_type": "text",
        "num_symbols": len(letters),
        "num_speakers": 1,
        "phoneme_id_map": {letter: [0 if letter in "_ " else 1] for letter in letters},
    }
    (tmp_path / f"{NAME}.onnx.json").write_text(json.dumps(about))
    return tmp_path


def not_installed(name: str) -> str:
    raise importlib.metadata.PackageNotFoundError(name)


def test_without_the_package_its_voices_say_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("importlib.metadata.version", not_installed)
    with pytest.raises(VoiceError, match=r"pip install -r requirements-piper\.txt"):
        voice(f"piper:{NAME}")
    assert "piper-tts==" in (ROOT / "requirements-piper.txt").read_text()


@pytest.mark.parametrize("there", [(), (".onnx",)])
def test_a_voice_that_is_not_there_says_how_to_download_it(
    there: tuple[str, ...], tmp_path: Path
) -> None:
    for suffix in there:
        (tmp_path / f"{NAME}{suffix}").touch()
    missing = ".onnx.json" if there else ".onnx"
    with pytest.raises(VoiceError) as refused:
        piper(NAME, tmp_path)
    assert f"there is no {tmp_path / NAME}{missing};" in str(refused.value)
    assert f"piper.download_voices {NAME} --data-dir {tmp_path}" in str(refused.value)


@pytest.mark.parametrize("about", [b"", b"{}", b"not JSON"])
def test_a_voice_that_is_broken_says_to_download_it_again(
    about: bytes, tmp_path: Path
) -> None:
    (tmp_path / f"{NAME}.onnx").write_bytes(b"broken")
    (tmp_path / f"{NAME}.onnx.json").write_bytes(about)
    with pytest.raises(VoiceError, match=r"not a voice that Piper can use.*remove it"):
        piper(NAME, tmp_path)


def test_a_voice_that_is_downloaded_speaks(piper_voice: Path) -> None:
    """Longer for more words, and fit to be heard at every speed."""
    reader = piper(NAME, piper_voice)
    text = "to hear it, press one. to hear more, press two."
    sound = reader.say(text)
    assert sound.rate == RATE
    assert len(sound.samples) > len(reader.say("press one.").samples) > SAMPLES
    clips = master(sound, pause_ms(text), SPEEDS)
    assert clip_faults(text, pause_ms(text), PIPER, sound, clips, SPEEDS) == ()


def test_another_file_is_another_voice(piper_voice: Path) -> None:
    """Clips are named by it, so none of the former voice is taken for it."""
    before = piper(NAME, piper_voice).fingerprint
    about = piper_voice / f"{NAME}.onnx.json"
    about.write_text(about.read_text() + " ")
    assert piper(NAME, piper_voice).fingerprint != before
