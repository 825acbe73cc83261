"""The recogniser hears a sentence's words, and not those of another one."""

import shutil
import sys
from importlib.util import find_spec

import pytest

from audio.sound.ear import can_hear, require_recogniser, words_heard, words_of
from audio.sound.mastering import master
from audio.voices.engines import voice
from audio.voices.espeak import Espeak
from audio.voices.flite import Flite
from audio.voices.person import RECORDING
from audio.voices.silent import Silent
from audio.voices.voice import Voice
from ivr.errors import ListenError

needs_both = pytest.mark.skipif(
    not (shutil.which("flite") and find_spec("pocketsphinx")),
    reason="flite or pocketsphinx is not installed",
)
SAID = "A group of people baked a lovely cake."
OTHER = "Whoever is in danger should hang up at once."
ARTICLE = "\n".join(" ".join(words_of(text)) for text in (SAID, OTHER))


@pytest.fixture(scope="module")
def clip() -> bytes:
    (made,) = master(voice("flite:rms").say(SAID), 450, (1.0,))
    return made


@needs_both
def test_the_words_that_are_said_are_heard(clip: bytes) -> None:
    assert words_heard(clip, words_of(SAID), ARTICLE) == 8


@needs_both
def test_the_words_of_another_sentence_are_not_heard(clip: bytes) -> None:
    expected = words_of(OTHER)
    assert words_heard(clip, expected, ARTICLE) < len(expected) / 2


@needs_both
@pytest.mark.parametrize("silence", [b"", b"\xff" * 16_000])
def test_in_silence_nothing_is_heard(silence: bytes) -> None:
    assert words_heard(silence, words_of(SAID), ARTICLE) == 0


@needs_both
def test_a_word_that_is_in_no_dictionary_is_heard_by_its_letters() -> None:
    text = "The zorblat ate the quibbish and then it slept."
    (strange,) = master(voice("flite:rms").say(text), 450, (1.0,))
    assert words_heard(strange, words_of(text), f"yes\n{' '.join(words_of(text))}") == 9


@pytest.mark.parametrize(
    ("language", "voice", "hears"),
    [
        ("en", Flite("flite:rms", "", ""), True),
        ("en-gb", Espeak("espeak:en-us+klatt6", ""), True),
        ("en-gb", Espeak("espeak:en", ""), False),
        ("en", Silent(1), False),
        ("gd", Flite("flite:rms", "", ""), False),
    ],
)
def test_only_english_in_a_voice_that_it_understands_is_heard(
    language: str, voice: Voice, hears: bool
) -> None:
    assert can_hear(language, voice) == hears


def test_people_are_understood_whatever_their_file_is_called() -> None:
    assert "recording:welcome.wav".endswith(RECORDING.recognised)


def test_without_the_package_the_error_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pocketsphinx", None)
    with pytest.raises(ListenError, match=r"requirements-listen\.txt"):
        require_recogniser()
