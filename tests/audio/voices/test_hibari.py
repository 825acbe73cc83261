"""hibari's voices: the one of a fresh install, and those whose file staff fetch."""

import importlib.metadata
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
import responses
from hibari.voices import BASE_URL, VOICES

from audio.voices.engines import voice
from audio.voices.hibari import MOST_PHONEMES, PACKAGES, RATE, hibari, hibari_file
from audio.voices.voice_files import VoiceFile
from ivr.errors import VoiceError, VoiceUnavailable
from ivr.settings import ROOT

FRAME_MS = 12.5
"""Of hibari's models, whose small sister has one for each phoneme."""

TEXT = "Press one to hear it."
WORDS = "they came and went and told of what they had seen on the way "


@pytest.fixture
def emma(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> VoiceFile:
    """The file of a British voice, which is not here yet; a small one is published."""
    from tests.support.small_models import hibari_model  # onnx takes half a second

    small = hibari_model(tmp_path / "published.onnx").read_bytes()
    monkeypatch.setitem(VOICES["emma"], "sha256", sha256(small).hexdigest())
    return hibari_file("emma", tmp_path / "voices")


def published(tmp_path: Path) -> bytes:
    return (tmp_path / "published.onnx").read_bytes()


def digest(program: str) -> str:
    """What another process prints."""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    return done.stdout.strip()


def test_it_speaks_the_same_way_each_time_in_every_process() -> None:
    say = (
        "from hashlib import sha256; from audio.voices.engines import voice;"
        f"print(sha256(voice('hibari:heart').say({TEXT!r}).samples.tobytes()).hexdigest())"
    )
    without_scipy = f"import sys; sys.modules['scipy'] = None; {say}"
    reader = voice("hibari:heart")
    reader.say("Something else comes first.")
    here = reader.say(TEXT)
    assert 1 < len(here.samples) / here.rate < 3
    said = sha256(here.samples.tobytes()).hexdigest()
    assert [said, said] == [digest(say), digest(without_scipy)]


def test_finding_it_and_speaking_opens_no_network() -> None:
    program = (
        "import sys\n"
        "def heard(event, given):\n"
        "    if event.startswith(('socket.', 'urllib.', 'http.')): print(event)\n"
        "sys.addaudithook(heard)\n"
        "from audio.voices.engines import voice\n"
        f"voice('hibari:heart').say({TEXT!r})\n"
    )
    assert digest(program) == ""


def test_many_words_without_a_comma_are_said_whole() -> None:
    reader = voice("hibari:heart")
    once = reader.say(WORDS)
    sound = reader.say(WORDS * 12)
    assert 9 < len(sound.samples) / len(once.samples) < 15


@pytest.mark.parametrize("text", ["to be", "They came, and", "the wet days"])
def test_every_piece_begins_and_ends_in_silence_so_that_none_begins_with_a_click(
    text: str,
) -> None:
    samples = np.abs(voice("hibari:heart").say(text).samples)
    assert max(samples[:240].max(), samples[-240:].max()) < 0.001


@pytest.mark.parametrize("text", ["", "...", "* #", "你好", "\N{GRINNING FACE}"])
def test_what_it_cannot_say_is_an_error_with_the_text(text: str) -> None:
    with pytest.raises(VoiceError) as refused:
        voice("hibari:heart").say(text)
    assert repr(text) in str(refused.value)


def test_its_fingerprint_has_all_that_changes_the_sound() -> None:
    fingerprint = voice("hibari:heart").fingerprint
    for package in PACKAGES:
        assert f"{package} {importlib.metadata.version(package)}" in fingerprint
    assert f"pieces of {MOST_PHONEMES}" in fingerprint
    model = hibari_file("heart").check().read_bytes()
    assert sha256(model).hexdigest()[:16] in fingerprint


@pytest.mark.parametrize("missing", ["hibari-tts", "onnxruntime"])
def test_without_a_package_it_says_which_and_what_to_do(
    missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = importlib.metadata.distribution

    def found(name: str) -> importlib.metadata.Distribution:
        if name == missing:
            raise importlib.metadata.PackageNotFoundError(name)
        return known(name)

    monkeypatch.setattr(importlib.metadata, "distribution", found)
    with pytest.raises(VoiceError, match=rf"{missing} is missing.*requirements\.txt"):
        voice("hibari:heart")
    assert f"{missing}==" in (ROOT / "requirements.txt").read_text()


@responses.activate
def test_a_voice_that_was_fetched_speaks(emma: VoiceFile, tmp_path: Path) -> None:
    with pytest.raises(VoiceError, match=r"not here; .*voices\.py fetch hibari:emma"):
        hibari("emma", emma.path.parent)
    responses.get(f"{BASE_URL}bf_emma.int8.onnx", published(tmp_path))
    emma.fetch()
    reader = hibari("emma", emma.path.parent)
    assert reader.name == "hibari:emma"
    assert emma.sha256[:16] in reader.fingerprint
    sound = reader.say("Hello.")
    assert sound.rate == RATE
    frames = len(sound.samples) / RATE * 1000 / FRAME_MS
    assert 5 < frames < 12
    assert len(reader.say("Hello to all of you.").samples) > len(sound.samples)


@responses.activate
def test_something_else_than_the_voice_is_not_kept(emma: VoiceFile) -> None:
    responses.get(emma.url, b"<html>Sign in to this network</html>")
    with pytest.raises(VoiceError, match="sent something else than the voice"):
        emma.fetch()
    assert not emma.path.exists()


@responses.activate
@pytest.mark.parametrize("status", [404, 503, None])
def test_off_the_network_fetching_says_so_and_how_to_do_without(
    status: int | None, emma: VoiceFile
) -> None:
    if status:
        responses.get(emma.url, status=status)
    with pytest.raises(VoiceUnavailable) as refused:
        emma.fetch()
    why = f"answers {status}" if status else "no network"
    assert why in str(refused.value)
    assert f"to {emma.path} by hand" in str(refused.value)


def test_a_damaged_file_says_to_fetch_it_again(emma: VoiceFile, tmp_path: Path) -> None:
    emma.path.parent.mkdir()
    emma.path.write_bytes(published(tmp_path)[:-1])
    with pytest.raises(VoiceError, match=r"not as it was published; fetch it again"):
        hibari("emma", emma.path.parent)
