"""The command that lists voices, fetches their files, and has them say a sentence."""

import io
from pathlib import Path

import pytest
import responses
import soundfile

from audio.voices import hibari
from audio.voices.engines import ENGINES
from scripts.voices import main

Out = pytest.CaptureFixture[str]


def test_every_voice_is_listed_with_its_facts_or_how_to_get_it(capsys: Out) -> None:
    assert main([]) == 0
    lines = capsys.readouterr().out.splitlines()
    listed = {line.split()[0]: line for line in lines if not line.startswith(" ")}
    assert {name.partition(":")[0] for name in listed} >= ENGINES.keys() - {"silent"}
    heart = listed["hibari:heart"]
    assert "American English | Apache-2.0 | time for a sentence: 0.0" in heart
    assert "the words are sent away" in listed["gtts:en.co.uk"]
    below = lines[lines.index(listed["piper:en_GB-alba-medium"]) + 1]
    assert "piper.download_voices en_GB-alba-medium" in below


def test_a_sentence_is_said_by_each_voice_as_the_phone_has_it(
    tmp_path: Path, capsys: Out
) -> None:
    folder = ["--folder", str(tmp_path / "heard")]
    names = ["hibari:heart", "espeak:en"]
    assert main([*folder, "say", "Dr Smith is here.", *names]) == 0
    for name in names:
        file = tmp_path / "heard" / f"{name.replace(':', '-')}.wav"
        sound = soundfile.info(io.BytesIO(file.read_bytes()))
        assert (sound.samplerate, sound.subtype) == (8000, "ULAW")
        assert 1 < sound.duration < 3
        assert str(file) in capsys.readouterr().out or name == "espeak:en"


def test_a_voice_that_fails_is_named_and_the_others_speak(
    tmp_path: Path, capsys: Out
) -> None:
    folder = ["--folder", str(tmp_path)]
    assert main([*folder, "say", "Hello.", "flite:nonsuch", "silent:60"]) == 1
    assert (tmp_path / "silent-60.wav").is_file()
    told = capsys.readouterr()
    assert told.err.startswith("flite:nonsuch: ")
    assert "0.8 s of sound" in told.out or "0.9 s of sound" in told.out


@responses.activate
def test_off_the_network_nothing_is_fetched_and_the_command_says_why(
    capsys: Out,
) -> None:
    here = hibari.hibari_file("emma").path.exists()
    assert main(["fetch", "hibari:emma"]) == (0 if here else 1)
    assert here or "no network" in capsys.readouterr().err


def test_what_is_no_file_cannot_be_fetched(capsys: Out) -> None:
    assert main(["fetch", "flite:rms"]) == 1
    assert "'flite:rms' cannot be fetched" in capsys.readouterr().err
