"""Piper's voices: what is missing is named, with the command that brings it."""

import importlib.metadata
import importlib.util
from pathlib import Path

import pytest

from audio.piper import piper
from audio.voices import VoiceError, voice

ROOT = Path(__file__).resolve().parent.parent
NAME = "en_GB-alba-medium"

installed = importlib.util.find_spec("piper") is not None
needs_piper = pytest.mark.skipif(not installed, reason="piper-tts is not installed")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed package, as far as its name and version go."""
    about = tmp_path / "packages" / "piper_tts-1.8.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: piper-tts\nVersion: 1.8.0\n")
    monkeypatch.syspath_prepend(about.parent)
    importlib.metadata.version("piper-tts")


@pytest.mark.skipif(installed, reason="piper-tts is installed")
def test_without_the_package_its_voices_say_how_to_install_it() -> None:
    with pytest.raises(VoiceError, match=r"pip install -r requirements-piper\.txt"):
        voice(f"piper:{NAME}")
    assert "piper-tts==" in (ROOT / "requirements-piper.txt").read_text()


@pytest.mark.usefixtures("package")
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


@needs_piper
@pytest.mark.parametrize("about", [b"", b"{}", b"not JSON"])
def test_a_voice_that_is_broken_says_to_download_it_again(about: bytes, tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.onnx").write_bytes(b"broken")
    (tmp_path / f"{NAME}.onnx.json").write_bytes(about)
    with pytest.raises(VoiceError, match=r"no voice that Piper can use.*remove it"):
        piper(NAME, tmp_path)


@needs_piper
def test_a_voice_that_is_downloaded_speaks() -> None:
    try:
        found = voice(f"piper:{NAME}")
    except VoiceError as error:
        pytest.skip(str(error))
    sound = found.say("Press one to hear it. Press two.")
    assert 1 < len(sound.samples) / sound.rate < 6
