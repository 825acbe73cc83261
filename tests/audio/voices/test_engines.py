"""Voices speak, the same way each time, or say plainly why they do not."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from audio.voices.engines import (
    ENGINES,
    FIND,
    choose,
    fetch,
    offers,
    voice,
)
from audio.voices.silent import Silent
from ivr.errors import VoiceError

needs_flite = pytest.mark.skipif(
    not shutil.which("flite"), reason="flite is not installed"
)
FLITE = pytest.param("flite:rms", marks=needs_flite)
HEART = "hibari:heart"
TEXT = "Press one to hear it."


@pytest.fixture
def without_flite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")


@pytest.mark.parametrize("name", [HEART, FLITE, "espeak:en-us+klatt6", "espeak:en"])
def test_a_voice_is_heard_for_about_as_long_as_its_text(name: str) -> None:
    sound = voice(name).say(TEXT)
    assert 0.7 < len(sound.samples) / sound.rate < 3
    assert sound.samples.dtype == np.float32
    assert 0.1 < np.abs(sound.samples).max() <= 1


@pytest.mark.parametrize("name", [HEART, FLITE, "espeak:en-us+klatt6"])
def test_a_voice_says_one_text_the_same_way_each_time(name: str) -> None:
    first = voice(name).say(TEXT)
    voice(name).say("Something else comes in between.")
    assert voice(name).say(TEXT).samples.tobytes() == first.samples.tobytes()


@pytest.mark.parametrize("name", [HEART, FLITE, "espeak:en-us+klatt6"])
def test_a_text_is_never_taken_for_an_option(name: str) -> None:
    spoken, option = voice(name).say("voice slt"), voice(name).say("-voice slt")
    assert 0.8 < len(option.samples) / len(spoken.samples) < 2


@pytest.mark.parametrize("name", [FLITE, "espeak:en-us+klatt6"])
def test_a_voice_that_says_nothing_has_failed(name: str) -> None:
    with pytest.raises(VoiceError, match="said nothing"):
        voice(name).say("")


def test_the_silent_voice_is_silent_for_exactly_as_long_as_it_says() -> None:
    sound = voice("silent:60").say("Five!")
    assert (len(sound.samples), sound.rate) == (5 * 60 * 16, 16_000)
    assert not sound.samples.any()


@pytest.mark.parametrize("name", [FLITE, "espeak:en-us+klatt6", "silent:60"])
def test_a_fingerprint_has_the_name_and_for_an_engine_its_version(name: str) -> None:
    found = voice(name)
    assert found.name == name
    assert found.fingerprint.startswith(name)
    assert any(char.isdigit() for char in found.fingerprint.removeprefix(name)) or (
        name == "silent:60"
    )


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "engine:voice"),
        ("rms", "engine:voice"),
        ("flite:", "engine:voice"),
        ("festival:slt", "hibari, flite, espeak, silent"),
        ("silent:0", "how many ms"),
        ("silent:fast", "how many ms"),
        ("espeak:en-gb", "such as en-us"),
        ("espeak:nonsuch", "such as en-us"),
        ("espeak:en+nonsuch", "no variant 'nonsuch'"),
        ("espeak:en+../af", "no variant"),
        pytest.param("flite:nonsuch", "it has kal", marks=needs_flite),
    ],
)
def test_a_voice_that_cannot_speak_says_what_can_be_done(
    name: str, message: str
) -> None:
    with pytest.raises(VoiceError, match=message):
        voice(name)


@pytest.mark.usefixtures("without_flite")
def test_without_flite_its_voices_say_how_to_install_it() -> None:
    with pytest.raises(VoiceError, match="apt-get install flite"):
        voice("flite:rms")


def test_a_program_that_crashes_is_a_failed_voice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "flite"
    program.write_text(
        "#!/bin/sh\n[ \"$1\" = -lv ] && echo 'Voices: rms' || kill -SEGV $$\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    with pytest.raises(VoiceError, match="failed with -11"):
        voice("flite:rms")


def test_every_engine_refuses_a_voice_that_it_does_not_have() -> None:
    assert len(FIND) == len(ENGINES)
    for find in FIND.values():
        with pytest.raises(VoiceError):
            find("no such voice")


@pytest.mark.parametrize("name", [HEART, FLITE, "espeak:en", "silent:1", "gtts:en"])
def test_a_voice_knows_its_engine_by_the_name_before_the_colon(name: str) -> None:
    assert voice(name).engine is ENGINES[name.partition(":")[0]]


def test_nothing_slow_is_loaded_until_a_voice_is_found() -> None:
    slow = {"numpy", "requests", "gtts", "piper", "hibari", "onnxruntime"}
    slow |= {"soundfile", "pydub"}
    program = f"import sys, audio.voices.engines; print({slow!r} & sys.modules.keys())"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_who_is_asked_for_reads() -> None:
    assert choose(("silent:1", "silent:2"), "silent:2", "silent:3") == Silent(3)


def test_who_read_before_goes_on_reading_while_it_is_preferred_at_all() -> None:
    assert choose(("silent:1", "silent:2"), "silent:2", None) == Silent(2)
    assert choose(("silent:1",), "silent:2", None) == Silent(1)
    assert choose(("silent:1", "silent:2"), None, None) == Silent(1)


def test_who_staff_chose_reads_whoever_read_before_unless_another_is_asked_for() -> (
    None
):
    assert choose(("silent:1", "silent:2"), "silent:2", None, "silent:3") == Silent(3)
    assert choose(("silent:1",), None, "silent:2", "silent:3") == Silent(2)
    assert choose(("silent:1",), "silent:1", None, "silent:0") == Silent(1)


@pytest.mark.usefixtures("without_flite")
def test_the_first_voice_that_is_installed_reads() -> None:
    assert choose(("flite:rms", "silent:2"), "flite:rms", None) == Silent(2)
    with pytest.raises(VoiceError, match="apt-get install flite"):
        choose(("flite:rms", "silent:2"), None, "flite:rms")


@pytest.mark.usefixtures("without_flite")
def test_googles_voice_stands_in_for_nobody() -> None:
    assert choose(("flite:rms", "gtts:en", "silent:2"), None, None) == Silent(2)
    with pytest.raises(VoiceError, match="gtts:en must come first, or be asked for"):
        choose(("flite:rms", "gtts:en"), None, None)
    assert choose(("gtts:en", "silent:2"), None, None).name == "gtts:en"
    assert choose(("flite:rms", "gtts:en"), "gtts:en", None).name == "gtts:en"
    assert choose(("silent:2",), None, "gtts:en").name == "gtts:en"
    assert choose(("silent:2",), None, None, "gtts:en").name == "gtts:en"


@pytest.mark.usefixtures("without_flite")
def test_when_no_voice_can_speak_each_says_why() -> None:
    with pytest.raises(VoiceError, match=r"(?s)apt-get install flite.*'nonsuch'"):
        choose(("flite:rms", "espeak:nonsuch"), None, None)


def test_every_voice_on_offer_can_speak_or_says_how_to_get_it() -> None:
    every = {offer.name: offer for offer in offers(["flite:kal", "nonsuch:x"])}
    assert len(every) > 10
    assert "flite:kal" in every
    for offer in every.values():
        has_way = re.search("install|fetch|download", offer.refusal)
        assert has_way or not offer.refusal, offer
    assert every["hibari:heart"].refusal == ""
    assert every["hibari:emma"].speaks == "British English"


def test_only_what_is_published_as_a_file_can_be_fetched() -> None:
    assert fetch("hibari:heart").is_file()
    with pytest.raises(VoiceError, match="hibari has no voice 'nobody'"):
        fetch("hibari:nobody")
    for name in ("flite:rms", "rms", ""):
        with pytest.raises(VoiceError, match="cannot be fetched"):
            fetch(name)


def test_every_engine_says_its_licence_how_to_get_it_and_what_it_costs() -> None:
    for engine in ENGINES.values():
        assert engine.licence
        assert engine.install
        assert engine.cost or engine.is_online
