"""Kokoro's British voices: a model in four packages, and a file for each voice."""

import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
import responses

from audio.voices import kokoro as module
from audio.voices.kokoro import (
    MOST_PHONEMES,
    PARTS,
    RATE,
    STYLES,
    VOICES_URL,
    kokoro,
    kokoro_file,
)
from ivr.errors import VoiceError
from ivr.settings import ROOT

NAME = "bm_george"
STYLE = np.zeros((STYLES, 1, 256), "<f4").tobytes()


@pytest.fixture
def kokoro_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A small model in four packages of the same names, and a voice that is published."""
    from tests.support.small_models import kokoro_model  # onnx takes half a second

    data = kokoro_model(tmp_path / "model.onnx").read_bytes()
    size = len(data) // 4 + 1
    for number, package in enumerate(PARTS):
        folder = tmp_path / "packages" / package
        folder.mkdir(parents=True)
        (folder / "__init__.py").touch()
        (folder / "part.bin").write_bytes(data[number * size : (number + 1) * size])
    monkeypatch.setattr(module, "MODEL_SHA256", sha256(data).hexdigest())
    monkeypatch.setitem(module.VOICE_SHA256, NAME, sha256(STYLE).hexdigest())
    monkeypatch.syspath_prepend(tmp_path / "packages")
    module._loaded.cache_clear()
    yield tmp_path / "packages"
    module._loaded.cache_clear()


@pytest.fixture
def voices(kokoro_packages: Path) -> Path:
    """A folder with the voice's file."""
    folder = kokoro_packages.parent / "voices"
    folder.mkdir()
    (folder / f"kokoro-{NAME}.bin").write_bytes(STYLE)
    return folder


def test_it_speaks_longer_for_more_words(voices: Path) -> None:
    reader = kokoro(NAME, voices)
    sound = reader.say("Press one.")
    assert (sound.rate, reader.name) == (RATE, f"kokoro:{NAME}")
    longer = reader.say("Press one to hear it. Press two to hear more of it.")
    assert len(longer.samples) > 3 * len(sound.samples)


def test_more_than_the_model_takes_is_said_in_pieces_and_whole(voices: Path) -> None:
    """The small model fails beyond 512 tokens, as the large one does."""
    words = "they came and went and told of what they had seen on the way "
    reader = kokoro(NAME, voices)
    once = reader.say(words)
    assert len(reader.say(words * 12).samples) > 11 * len(once.samples)
    assert MOST_PHONEMES + 2 < 512


def test_a_text_that_it_cannot_say_is_an_error_with_the_text(voices: Path) -> None:
    with pytest.raises(VoiceError, match="no sound for '你好'"):
        kokoro(NAME, voices).say("你好")


def test_a_model_that_is_not_as_published_is_refused(
    voices: Path, kokoro_packages: Path
) -> None:
    part = kokoro_packages / PARTS[2] / "part.bin"
    part.write_bytes(part.read_bytes()[:-1] + b"?")
    with pytest.raises(VoiceError, match=r"not as it was published.*requirements-kok"):
        kokoro(NAME, voices).say("Press one.")


@responses.activate
def test_a_voice_that_was_fetched_is_there(kokoro_packages: Path) -> None:
    folder = kokoro_packages.parent / "voices"
    with pytest.raises(VoiceError, match=f"voices.py fetch kokoro:{NAME}"):
        kokoro(NAME, folder)
    responses.get(f"{VOICES_URL}{NAME}.bin", STYLE)
    kokoro_file(NAME, folder).fetch()
    assert kokoro(NAME, folder).say("Press one.").samples.any()


def test_without_its_packages_it_says_how_to_install_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        sys, "path", [path for path in sys.path if "site-pack" not in path]
    )
    monkeypatch.setattr(sys, "path_importer_cache", {})
    with pytest.raises(VoiceError, match=r"not installed.*requirements-kokoro\.txt"):
        kokoro(NAME)
    pinned = (ROOT / "requirements-kokoro.txt").read_text()
    for package in PARTS:
        assert f"{package.replace('_', '-')}==" in pinned


def test_a_voice_that_it_does_not_have_is_named() -> None:
    with pytest.raises(VoiceError, match="no voice 'nobody' here; it has bm_george"):
        kokoro_file("nobody")
