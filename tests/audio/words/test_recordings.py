"""People's recordings are heard instead of the voice, while they say what the content says."""

import re
from pathlib import Path

import numpy as np
import pytest

from audio.air.plan import Take, plan
from audio.sound.mastering import master
from audio.voices.silent import Silent
from audio.words.source import Source, load
from ivr.errors import VoiceError
from tests.support.recordings import SECTION, WELCOME, sound
from tests.support.small_content import ARTICLE, PROMPTS, changed, faults, write


class Staff:
    """A content folder, into which recordings are put."""

    def __init__(self, folder: Path) -> None:
        self.content = write(folder / "content")
        self.folder = self.content / "en" / "recordings"

    def write(self, name: str, text: str) -> None:
        (self.content / "en" / name).write_text(text)

    def records(self, name: str, data: bytes, words: str | None) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        if words is not None:
            path.with_suffix(".txt").write_text(words)

    def load(self) -> Source:
        return load(self.content)

    def takes(self) -> dict[str, Take]:
        return plan(self.load(), {"en": Silent(1)})["en"]

    def read_by_people(self) -> set[str]:
        return {text for text, take in self.takes().items() if take.voice != Silent(1)}

    def faults(self) -> list[str]:
        return [fault.removeprefix("en/recordings/") for fault in faults(self.content)]


@pytest.fixture
def staff(tmp_path: Path) -> Staff:
    return Staff(tmp_path)


def test_without_recordings_the_voice_reads_everything(staff: Staff) -> None:
    assert staff.read_by_people() == set()
    assert staff.load().warnings == ()


@pytest.mark.parametrize(
    "name", ["welcome.wav", "welcome.mp3", "welcome.flac", "welcome.OGG"]
)
def test_a_prompt_is_said_by_its_recording(name: str, staff: Staff) -> None:
    format = name.partition(".")[2].upper()
    staff.records(name, sound(1000, rate=44_100, format=format), WELCOME)
    assert staff.read_by_people() == {WELCOME}
    said = staff.takes()[WELCOME].voice.say("anything")
    assert said.rate == 44_100
    assert len(said.samples) == pytest.approx(44_100, rel=0.1)
    assert np.abs(said.samples).max() == pytest.approx(0.3, abs=0.05)


def test_a_section_is_said_by_its_recording_sentence_by_sentence(staff: Staff) -> None:
    staff.records("one/1.mp3", sound(900, 700, 1000, format="MP3"), SECTION)
    assert staff.read_by_people() == {"First words.", "Second words."}
    takes = staff.takes()
    for text, ms in (("First words.", 900), ("Second words.", 1000)):
        said = takes[text].voice.say(text)
        heard = np.flatnonzero(np.abs(said.samples) > 0.05)
        assert (heard[-1] - heard[0]) / said.rate == pytest.approx(ms / 1000, abs=0.05)


def test_a_recording_is_mastered_as_any_voice_is(staff: Staff) -> None:
    staff.records("welcome.wav", sound(1000), WELCOME)
    take = staff.takes()[WELCOME]
    normal, fast = master(take.voice.say(take.speakable), take.pause_ms, (1.0, 2.0))
    assert len(normal) == pytest.approx((1000 + 450) * 8, rel=0.05)
    assert len(fast) == pytest.approx(len(normal) / 2, abs=1)


def test_a_changed_recording_has_other_clips_and_a_renamed_one_the_same(
    staff: Staff,
) -> None:
    staff.records("welcome.wav", sound(1000), WELCOME)
    before = staff.takes()[WELCOME].name
    (staff.folder / "welcome.wav").rename(staff.folder / "welcome.flac")
    assert staff.takes()[WELCOME].name == before
    staff.records("welcome.flac", sound(1000, pitch=210), WELCOME)
    assert staff.takes()[WELCOME].name != before


def test_a_recording_that_changes_after_the_check_is_not_used(staff: Staff) -> None:
    staff.records("welcome.wav", sound(1000), WELCOME)
    take = staff.takes()[WELCOME]
    staff.records("welcome.wav", sound(1100), WELCOME)
    with pytest.raises(VoiceError, match="changed meanwhile"):
        take.voice.say(take.speakable)
    (staff.folder / "welcome.wav").unlink()
    with pytest.raises(VoiceError, match="cannot be read"):
        take.voice.say(take.speakable)


def test_only_words_count_not_how_they_are_written(staff: Staff) -> None:
    staff.records("welcome.wav", sound(1000), "the WORDS,\nof “welcome”")
    assert staff.read_by_people() == {WELCOME}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            None,
            "welcome.txt: the file is missing; write the words that welcome.wav says",
        ),
        ("", "welcome.txt: the file is empty"),
        (
            "The word of welcome.",
            "has 'word of welcome' where the content has 'words of welcome'",
        ),
        (
            "The words",
            "has 'the end' where the content has 'of welcome'.*record welcome.wav again",
        ),
    ],
)
def test_a_recording_of_other_words_is_told_and_the_voice_reads_them(
    words: str | None, told: str, staff: Staff
) -> None:
    staff.records("welcome.wav", sound(1000), words)
    assert staff.read_by_people() == set()
    [warning] = staff.load().warnings
    assert re.search(told, warning)


def test_a_changed_sentence_puts_its_sections_recording_out_of_date(
    staff: Staff,
) -> None:
    staff.records("one/1.wav", sound(900, 700, 1000), SECTION)
    staff.write("articles/one.md", changed(ARTICLE, "Second words.", "Other words."))
    assert staff.read_by_people() == set()
    assert (
        "has 'second words' where the content has 'other words'"
        in staff.load().warnings[0]
    )


@pytest.mark.parametrize(
    ("name", "data", "fault"),
    [
        ("hello.wav", sound(500), "hello.wav: there is no prompt 'hello'; name it after a prompt"),
        ("press.wav", sound(500), "press.wav: the prompt 'press' has a slot for many words"),
        ("two/1.wav", sound(500), "two/1.wav: there is no article 'two'; name the folder"),
        ("one/3.wav", sound(500), "one/3.wav: the article 'one' has no section '3'; name it after"
                                  " the section's number, 1 to 2"),
        ("one/01.wav", sound(500), "one/01.wav: the article 'one' has no section '01'"),
        ("one/1/1.wav", sound(500), "one/1/1.wav: this is too many folders deep"),
        ("welcome.wma", sound(500), "welcome.wma: this is not a usable recording; save"),
        ("welcome.txt", b"Words", "welcome.txt: these words have no recording"),
        ("welcome.m4a", b"", "welcome.m4a: this cannot be used: it is empty"),
        ("welcome.wav", b"no sound", "welcome.wav: this cannot be used: it is not a sound"),
        ("welcome.flac", sound(500, format="FLAC")[:-500], "welcome.flac: this cannot be used"),
        ("welcome.wav", sound(0, 500), "welcome.wav: this cannot be used: the voice said"),
        ("one/1.wav", sound(900, 100, 1000), "one/1.wav: there are 2 sentences, but too few"
                                             " pauses between them: 0; record it again"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_recording_is_a_fault(
    name: str, data: bytes, fault: str, staff: Staff
) -> None:
    staff.records(name, data, SECTION if name == "one/1.wav" else None)
    [told] = staff.faults()
    assert told.startswith(fault)


def test_all_faults_are_told_at_once_with_those_of_the_words(staff: Staff) -> None:
    staff.records("hello.wav", sound(500), None)
    staff.records("welcome.wav", b"", None)
    staff.records("one/9.wav", sound(500), None)
    staff.write("prompts.toml", changed(PROMPTS, "busy = ", "bussy = "))
    told = staff.faults()
    assert len(told) == 5
    assert [fault.partition(":")[0] for fault in told[2:]] == [
        "hello.wav", "one/9.wav", "welcome.wav"
    ]  # fmt: skip


def test_an_article_that_cannot_be_read_is_not_blamed_on_its_recordings(
    staff: Staff,
) -> None:
    staff.records("one/1.wav", sound(500), "Words")
    staff.write("articles/one.md", "Words without front matter.")
    [told] = staff.faults()
    assert told.startswith("en/articles/one.md:1: there is no front matter")


def test_one_prompt_has_one_recording(staff: Staff) -> None:
    staff.records("welcome.mp3", sound(500, format="MP3"), WELCOME)
    staff.records("welcome.wav", sound(500), WELCOME)
    [told] = staff.faults()
    assert told.startswith("welcome.wav: welcome.mp3 is a recording of the same")


def test_hidden_files_are_left_alone(staff: Staff) -> None:
    staff.records(".DS_Store", b"", None)
    assert staff.read_by_people() == set()
