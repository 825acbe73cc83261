"""The notice: its words, its beginning and its end, and a recording in its place."""

from datetime import datetime
from pathlib import Path

from audio.words.source import load
from ivr.edition.content import Notice
from tests.support.recordings import sound
from tests.support.small_content import faults, write

SNOW = """\
text = "The office is shut."
begins = 2026-11-23T08:00:00
ends = 2999-11-24T09:00:00
"""


def with_notice(folder: Path, text: str) -> Path:
    """The small folder, with this notice."""
    write(folder)
    (folder / "en" / "notice.toml").write_text(text)
    return folder


def test_a_notice_is_read_and_without_its_file_there_is_none(tmp_path: Path) -> None:
    assert load(write(tmp_path)).content.languages["en"].notice is None
    source = load(with_notice(tmp_path, SNOW))
    assert source.content.languages["en"].notice == Notice(
        "The office is shut.", datetime(2026, 11, 23, 8), datetime(2999, 11, 24, 9)
    )
    assert source.warnings == ()


def test_all_that_is_wrong_with_a_notice_is_told_at_once_with_its_line(
    tmp_path: Path,
) -> None:
    words = " ".join(["snow"] * 41)
    wrong = f'text = "{words}"\nbegins = "today"\nuntil = 2026-11-24\n'
    a_moment = "a date with a time such as 2026-11-23T08:00:00"
    assert faults(with_notice(tmp_path, wrong)) == [
        f"en/notice.toml: 'ends' is missing; add it: {a_moment}",
        "en/notice.toml:1: the notice has 41 words; say it in 40 or fewer",
        f"en/notice.toml:2: 'begins' is text in \"quotes\"; make it {a_moment}",
        "en/notice.toml:3: 'until' is not known here; remove it",
    ]


def test_a_notice_of_forty_words_is_not_too_long(tmp_path: Path) -> None:
    words = " ".join(["snow"] * 40)
    load(with_notice(tmp_path, SNOW.replace("The office is shut.", words)))


def test_an_end_before_the_beginning_and_a_time_zone_are_faults(tmp_path: Path) -> None:
    backwards = SNOW.replace("2999-11-24T09", "2026-11-23T08")
    assert faults(with_notice(tmp_path, backwards)) == [
        "en/notice.toml:3: the notice ends before it begins, at 2026-11-23 08:00;"
        " give it a later end"
    ]
    of_a_zone = SNOW.replace("T08:00:00", "T08:00:00Z")
    assert faults(with_notice(tmp_path, of_a_zone)) == [
        "en/notice.toml:2: 'begins' names a time zone; leave out what follows the time:"
        " it is by the line's own clocks"
    ]


def test_a_notice_that_is_over_is_told_and_keeps_nothing_from_the_air(
    tmp_path: Path,
) -> None:
    over = SNOW.replace("2999-11-24", "2026-11-24").replace("2026", "2020")
    source = load(with_notice(tmp_path, over))
    assert source.content.languages["en"].notice
    assert [warning.removeprefix(f"{tmp_path}/") for warning in source.warnings] == [
        "en/notice.toml:3: the notice ended at 2020-11-24 09:00, so nobody hears it;"
        " give it a later end, or remove notice.toml"
    ]


def test_a_recording_stands_for_the_notice_until_its_words_change(
    tmp_path: Path,
) -> None:
    folder = with_notice(tmp_path, SNOW)
    recordings = folder / "en" / "recordings"
    recordings.mkdir()
    (recordings / "notice.wav").write_bytes(sound(900))
    (recordings / "notice.txt").write_text("The office is shut.")
    source = load(folder)
    assert set(source.recordings["en"].said) == {"The office is shut."}
    assert source.warnings == ()
    source = load(with_notice(folder, SNOW.replace("shut", "open")))
    assert source.recordings["en"].said == {}
    assert "has 'shut' where the content has 'open'" in source.warnings[0]
    (folder / "en" / "notice.toml").unlink()
    source = load(folder)
    assert "there is no notice; remove notice.wav" in source.warnings[0]
