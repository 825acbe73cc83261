"""The phone in the terminal: a real process, with keys piped in."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ivr.settings import ROOT
from tests.support.small import AT_ANY_HOUR, edition, publish


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store whose utterances are short."""
    publish(tmp_path, edition(helplines=AT_ANY_HOUR))
    return tmp_path


def dial(
    store: Path, keys: str, *options: str, token: str = ""
) -> tuple[int, list[str]]:
    """The exit status, and the lines printed, of a call with these keys."""
    given = {
        "TWILIO_AUTH_TOKEN": token,
        "LINE_NUMBER": "+441632960000",
        "PUBLIC_URL": "https://line.example.org",
        "STORE_URL": str(store),
    }
    called = subprocess.run(
        [sys.executable, "scripts/dial.py", "--mute", *options],
        cwd=ROOT,
        env=os.environ | given,
        input=keys,
        capture_output=True,
        text=True,
        check=False,
    )
    return called.returncode, (called.stdout + called.stderr).splitlines()


def test_it_shows_the_words_and_the_keys_until_one_side_hangs_up(store: Path) -> None:
    status, lines = dial(store, "..4.*q")
    assert status == 0
    assert lines[0] == "<welcome>"
    assert lines.index("  [4]") < lines.index("<guide_intro>") < lines.index("  [*]")
    assert lines[-1] == "(you have hung up)"


@pytest.fixture
def hearing(tmp_path: Path) -> Path:
    """A store of a line in which callers may also speak."""
    publish(tmp_path, edition(helplines=AT_ANY_HOUR, speech=True))
    return tmp_path


def test_a_helpline_rings_for_a_caller_who_only_speaks(hearing: Path) -> None:
    said = "./someone to talk to\n./always\n./yes please\n#...."
    _, lines = dial(hearing, said, "--transfer", "busy")
    heard = ("“someone to talk to”", "“always”", "“yes please”", "(dialling +44800")
    places = [find(lines, text) for text in heard]
    assert places == sorted(places)
    assert "<say busy>" in lines[places[-1] :]


def find(lines: list[str], text: str) -> int:
    """The place of the first line that begins so."""
    return next(n for n, line in enumerate(lines) if line.strip().startswith(text))


def test_nobody_listens_to_words_while_the_article_is_read(hearing: Path) -> None:
    _, lines = dial(hearing, "1#../go back\n.q")
    assert "(the line only listens for keys here)" in lines
    assert "  “go back”" not in lines


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("busy", "<busy>"),
        ("no-answer", "<no_answer>"),
        ("failed", "<failed>"),
        ("answered", "<back_on_line>"),
    ],
)
def test_it_plays_out_how_a_transfer_ends(
    store: Path, outcome: str, words: str
) -> None:
    _, lines = dial(store, "011#....", "--transfer", outcome)
    dialled = next(line for line in lines if line.startswith("(dialling"))
    assert dialled == f"(dialling +448001111, showing +441632960000: {outcome})"
    assert words in lines[lines.index(dialled) :]


def test_the_line_hangs_up_by_itself_after_its_goodbye(store: Path) -> None:
    _, lines = dial(store, "*" + "." * 12)
    assert lines[-1] == "(the line has hung up)"


def test_ringing_a_server_takes_its_token(store: Path) -> None:
    status, lines = dial(store, "", "--url", "http://127.0.0.1:1", token="")
    assert status == 1
    assert "TWILIO_AUTH_TOKEN is not set" in lines[0]


def test_a_server_that_is_not_there_is_an_error_without_a_traceback(
    store: Path,
) -> None:
    status, lines = dial(store, "", "--url", "http://127.0.0.1:1", token="a-token")
    assert status == 1
    assert "127.0.0.1" in lines[0]
    assert "Traceback" not in "".join(lines)
