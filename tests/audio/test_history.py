"""Every save of the words is kept, in a repository that any git can read."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from audio.history import FileChange, History

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def history(tmp_path: Path) -> History:
    content = tmp_path / "content"
    (content / "en").mkdir(parents=True)
    (content / "line.toml").write_text("name = 'A line'\n")
    (content / "en" / "prompts.toml").write_text("welcome = 'Hello.'\n")
    return History(tmp_path / "history.git", content)


def test_saves_are_kept_with_who_and_when_newest_first(history: History) -> None:
    first = history.keep("Anna Fraser", "Begin", NOON)
    (history.content / "en/prompts.toml").write_text("welcome = 'Good day.'\n")
    later = NOON + timedelta(minutes=5)
    second = history.keep("Åsa <x>", "Change the prompt welcome", later)
    new, old = history.saves()
    assert (new.id, new.before, new.who, new.when) == (second, first, "Åsa x", later)
    assert new.what == "Change the prompt welcome"
    assert (old.id, old.before, old.who) == (first, "", "Anna Fraser")
    assert [kept.id for kept in history.saves(first)] == [first]


def test_nothing_is_kept_twice(history: History) -> None:
    first = history.keep("Anna", "Begin", NOON)
    assert history.keep("Ben", "Nothing", NOON) == first
    assert len(list(history.saves())) == 1


def test_what_two_saves_have_differently_is_told_file_by_file(history: History) -> None:
    (history.content / ".hidden").write_text("an editor's own")
    first = history.keep("Anna", "Begin", NOON)
    (history.content / "line.toml").unlink()
    (history.content / "en/prompts.toml").write_text("welcome = 'Good day.'\n")
    (history.content / "en/new.wav").write_bytes(b"\0\1")
    second = history.keep("Anna", "Much", NOON)
    assert history.changed(first, second) == [
        FileChange("en/new.wav", None, b"\0\1"),
        FileChange(
            "en/prompts.toml", b"welcome = 'Hello.'\n", b"welcome = 'Good day.'\n"
        ),
        FileChange("line.toml", b"name = 'A line'\n", None),
    ]
    assert set(history.files(first)) == {"en/prompts.toml", "line.toml"}


def test_a_file_that_changes_within_a_moment_is_not_missed(history: History) -> None:
    """The same length, and as good as the same time."""
    history.keep("Anna", "Begin", NOON)
    for word in ("Aaaaa", "Bbbbb", "Ccccc"):
        (history.content / "en/prompts.toml").write_text(f"welcome = '{word}.'\n")
        kept = history.keep("Anna", word, NOON)
        assert f"'{word}.'" in history.files(kept)["en/prompts.toml"].decode()


@pytest.mark.parametrize("name", ["", "0" * 40, "../../HEAD", "main", "é" * 40])
def test_a_save_that_is_none_is_none(history: History, name: str) -> None:
    history.keep("Anna", "Begin", NOON)
    assert history.save(name) is None


def test_the_id_of_a_file_or_a_folder_is_no_save(history: History) -> None:
    kept = history.keep("Anna", "Begin", NOON)
    for what in ("^{tree}", ":line.toml"):
        command = ["git", "-C", str(history.folder), "rev-parse", f"{kept}{what}"]
        found = subprocess.run(command, capture_output=True, text=True, check=True)
        assert len(found.stdout.strip()) == 40
        assert history.save(found.stdout.strip()) is None


def test_an_edition_has_the_words_of_its_save(history: History) -> None:
    kept = history.keep("Anna", "Publish the words", NOON)
    history.mark_edition("0123456789ab", kept)
    assert history.of_edition("0123456789ab") == kept
    assert history.of_edition("ba9876543210") == ""


def test_any_git_can_copy_it_elsewhere(history: History, tmp_path: Path) -> None:
    history.keep("Anna Fraser", "Begin", NOON)
    elsewhere = tmp_path / "elsewhere"
    cloned = subprocess.run(
        ["git", "clone", "-q", str(history.folder), str(elsewhere)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (cloned.returncode, cloned.stderr) == (0, "")
    assert (elsewhere / "en/prompts.toml").read_text() == "welcome = 'Hello.'\n"


def test_before_the_first_save_there_is_nothing(history: History) -> None:
    assert list(history.saves()) == []
    assert history.save("0" * 40) is None
