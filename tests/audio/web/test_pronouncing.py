"""A spelling is heard before it is saved."""

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio.locks import try_lock
from ivr.settings import Settings
from tests.support.staff import Staff, written

ADDRESS = "/studio/en/pronunciations/sound"
MILNGAVIE = {"table": "words", "written": "Milngavie"}


@pytest.fixture
def speaks(settings: Settings) -> None:
    """The line, whose voice in tests is silent, has a voice that comes with it."""
    line = settings.content / "line.toml"
    text = line.read_text()
    assert 'en = ["silent:10"]' in text
    line.write_text(text + '\n[chosen_voice]\nen = "espeak:en-us+klatt6"\n')


def heard(staff: Staff, **fields: str) -> np.ndarray:
    """The sound of a pronunciation that is being written."""
    answer = staff.client.get(ADDRESS, query_string=fields)
    assert (answer.status_code, answer.mimetype) == (200, "audio/wav")
    samples, rate = soundfile.read(io.BytesIO(answer.data))
    assert rate == 8000
    return np.asarray(samples)


@pytest.mark.slow
@pytest.mark.usefixtures("speaks")
def test_each_spelling_sounds_otherwise_and_nothing_is_saved(
    staff: Staff, settings: Settings
) -> None:
    before = written(settings)
    short = heard(staff, **MILNGAVIE, said="Mull guy")
    long = heard(staff, **MILNGAVIE, said="Mull guy, near the city of Glasgow")
    assert np.abs(short).max() > 0.2
    assert len(long) > 2 * len(short)
    assert written(settings) == before


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        (MILNGAVIE | {"said": ""}, "has no words"),
        (MILNGAVIE | {"said": "a" * 201}, "shorten it to 200"),
        (MILNGAVIE | {"said": "\N{SNOWMAN}"}, ""),
        ({"table": "words", "written": "", "said": "Mull guy"}, "this is missing"),
        ({"table": "digits", "written": "12", "said": "twelve"}, "not a single digit"),
        ({"table": "letters", "written": "x", "said": "ex"}, "this is missing"),
    ],
)
def test_a_wrong_spelling_is_told(
    fields: dict[str, str], why: str, staff: Staff
) -> None:
    answer = staff.client.get(ADDRESS, query_string=fields)
    assert (answer.status_code, answer.mimetype) == (422, "text/plain")
    assert why in answer.text


def test_one_sound_is_made_at_a_time(staff: Staff, settings: Settings) -> None:
    with (Path(settings.studio) / "listening").open("w") as lock:
        assert try_lock(lock)
        answer = staff.client.get(
            ADDRESS, query_string=MILNGAVIE | {"said": "Mull guy"}
        )
    assert answer.status_code == 409
    assert answer.text == "Another sound is being made. Try again in a moment."


def test_a_language_that_is_not_there_is_not_found(staff: Staff) -> None:
    assert staff.client.get(ADDRESS.replace("/en/", "/xx/")).status_code == 404
