"""How long callers listen: what is rendered to the second, and the rest by its words."""

import pytest

from audio.air.reading_time import USUAL_RATE, reading_times
from ivr.edition.content import Section

PEAS = Section("Peas", ("one two three.", "four five."))
BEANS = Section("Beans", ("word " * 59 + "end.",))


def test_without_sound_words_tell_how_long_it_takes() -> None:
    times = reading_times((PEAS,), {})
    [peas] = times.sections
    assert (peas.heading, peas.words, peas.is_exact) == ("Peas", 5, False)
    assert peas.seconds == pytest.approx(6 / USUAL_RATE)


def test_sound_tells_to_the_second_and_teaches_the_rate() -> None:
    heard = {"Beans": 1.0, BEANS.sentences[0]: 29.5}
    times = reading_times((PEAS, BEANS), heard)
    peas, beans = times.sections
    assert (beans.seconds, beans.is_exact) == (30.5, True)
    assert peas.seconds == pytest.approx(6 / 2)  # 61 words in 30.5 seconds
    assert (times.words, times.is_exact) == (65, False)
    assert times.seconds == pytest.approx(33.5)


def test_a_few_words_of_sound_teach_no_rate() -> None:
    times = reading_times((PEAS,), {"Peas": 10.0})
    assert times.rate == USUAL_RATE
    assert times.sections[0].seconds == pytest.approx(10 + 5 / USUAL_RATE)
