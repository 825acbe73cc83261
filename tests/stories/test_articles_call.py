"""Several articles, from files to a call: the list of them, newest first."""

from pathlib import Path

import pytest

from scripts.render_audio import main
from tests.support.caller import Caller, Clock
from tests.support.line import line
from tests.support.small_content import ARTICLE, changed, write


def article(number: int) -> str:
    """An article of January, as old as its number is small."""
    text = changed(ARTICLE, "A title", f"Article number {number}")
    text = changed(text, "2026-01-02", f"2026-01-{number:02}")
    text = changed(text, "## One", f"## Opening of {number}")
    return changed(text, "First words.", f"These are the words of {number}.")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A line with twelve articles, which no call changes."""
    folder = tmp_path_factory.mktemp("twelve")
    content = write(folder / "content", one=None)
    for number in range(1, 13):
        # Their files' names are in another order than their dates.
        (content / f"en/articles/{chr(ord('a') + number * 5 % 13)}.md").write_text(
            article(number)
        )
    folders = ["--content", str(content), "--store", str(folder / "store")]
    assert main([*folders, "--voice", "silent:1", "--workers", "1"]) == 0
    return folder / "store"


@pytest.fixture
def caller(store: Path) -> Caller:
    """Somebody who rings it."""
    clock = Clock()
    caller = Caller(line(store, clock), clock)
    caller.rings()
    return caller


def choices(caller: Caller) -> list[str]:
    """What the list offers, in order."""
    heard = [heard.text for sound in caller.phone.sounds for heard in sound.cues]
    named = [text for text in heard if "words of option" in text]
    return [
        text.removeprefix("The words of option ").removesuffix(".") for text in named
    ]


def test_the_articles_are_listed_newest_first_nine_to_a_page(caller: Caller) -> None:
    caller.presses("1")
    caller.hears("The words of articles_intro.", "The words of more.")
    assert choices(caller) == [
        f"Article number {number}" for number in range(12, 3, -1)
    ]
    caller.presses("#")
    assert choices(caller) == [
        "Article number 3",
        "Article number 2",
        "Article number 1",
    ]
    caller.presses("#")
    assert choices(caller)[0] == "Article number 12"


def test_one_of_the_second_page_is_chosen_and_read(caller: Caller) -> None:
    caller.presses("1#2#")
    caller.hears("These are the words of 2. Second words.")
    caller.presses("6")
    caller.hears("Last words.")


def test_the_contents_of_the_chosen_one_are_its_own(caller: Caller) -> None:
    caller.presses("1#2#8")
    assert choices(caller) == ["Opening of 2", "Two"]
    caller.presses("2")
    caller.hears("Last words.")


def test_the_contents_of_any_can_be_heard_before_it_is_read(caller: Caller) -> None:
    caller.presses("2#3")
    assert choices(caller) == ["Opening of 1", "Two"]
    caller.presses("1#")
    caller.hears("These are the words of 1.")


def test_a_caller_who_goes_back_is_asked_to_carry_on_with_the_article_they_left(
    caller: Caller,
) -> None:
    caller.presses("1#1#6*")
    caller.hears("The words of menu_carry_on.")
    caller.presses("1")
    caller.hears("Last words.")
