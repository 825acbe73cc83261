"""What voices were given is remembered, and never outlives what shaped it."""

from dataclasses import replace
from pathlib import Path

import pytest

from audio.air import speakable_cache
from audio.air.speakable_cache import remember, said_as
from audio.air.studio_store import StudioStore
from audio.speech.pronunciations import Pronunciations

WORDS = Pronunciations({"NHS": "N H S"}, {}, {}, {})
TEXTS = ("Ask the NHS.", "Go on.")
SAID = {"Ask the NHS.": "Ask the N H S.", "Go on.": "Go on."}


@pytest.fixture
def store(tmp_path: Path) -> StudioStore:
    """One in which nothing is."""
    return StudioStore(tmp_path)


def test_what_is_remembered_is_what_was_made(store: StudioStore) -> None:
    assert said_as(TEXTS, "en", WORDS, store) == SAID
    remember(SAID, "en", WORDS, store)
    assert said_as(TEXTS, "en", WORDS, store) == SAID


def test_a_look_at_what_voices_are_given_writes_nothing(store: StudioStore) -> None:
    said_as(TEXTS, "en", WORDS, store)
    assert not [*store.storage.entries("said/")]


def test_another_pronunciation_is_heard_at_once(store: StudioStore) -> None:
    remember(SAID, "en", WORDS, store)
    other = replace(WORDS, words={"NHS": "health service"})
    said = said_as(TEXTS, "en", other, store)
    assert said["Ask the NHS."] == "Ask the health service."


def test_other_rules_remember_nothing(
    store: StudioStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A memory that was changed by hand shows whether it is used."""
    remember(SAID, "en", WORDS, store)
    changed = store.storage.read("said/en").replace(b"N H S", b"X X X")
    store.storage.write("said/en", changed)
    assert said_as(TEXTS, "en", WORDS, store)["Ask the NHS."] == "Ask the X X X."
    monkeypatch.setattr(speakable_cache, "_code", lambda: "other code")
    assert said_as(TEXTS, "en", WORDS, store) == SAID


@pytest.mark.parametrize("damaged", [b"", b"\x81", b"not a memory"])
def test_a_damaged_memory_is_no_memory(store: StudioStore, damaged: bytes) -> None:
    store.storage.write("said/en", damaged)
    assert said_as(TEXTS, "en", WORDS, store) == SAID


def test_only_what_is_said_now_is_kept(store: StudioStore) -> None:
    remember(SAID, "en", WORDS, store)
    remember({"Ask the NHS.": "Ask the N H S."}, "en", WORDS, store)
    assert b"Go on." not in store.storage.read("said/en")
