"""Before anything is published, all of it is heard, and what is lost is named."""

import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from audio.air.misheard import Misheard
from audio.air.order import Order
from audio.air.plan import Take, plan
from audio.air.production import produce
from audio.air.proofing import (
    Ear,
    Hearing,
    digest,
    doubts,
    hearings,
    listen,
    note,
    report,
    windows,
)
from audio.air.render import render
from audio.air.studio_store import StudioStore
from audio.voices.engines import voice
from audio.voices.silent import Silent
from audio.words.source import load
from ivr.edition.edition import clip_name
from ivr.settings import ROOT
from scripts.render_audio import main
from tests.support.small_content import LINE, changed, write
from tests.support.whisper import whisper

pytestmark = pytest.mark.slow  # flite speaks, and the recogniser listens

needs_flite = pytest.mark.skipif(
    not shutil.which("flite"), reason="flite is not installed"
)

Aired = tuple[list[Take], StudioStore]


@pytest.fixture(scope="module")
def aired(tmp_path_factory: pytest.TempPathFactory) -> Aired:
    """Four of the article's sentences, said by flite's `rms`."""
    source = load(ROOT / "content")
    said = plan(source, {"en": voice("flite:rms")})["en"]
    [article] = source.content.languages["en"].articles
    sentences = [text for section in article.sections for text in section.sentences]
    takes = [said[text] for text in sentences if 8 <= len(text.split()) <= 20][:4]
    store = StudioStore(tmp_path_factory.mktemp("listen"))
    with ThreadPoolExecutor(2) as pool:
        render(takes, store, (1.0,), pool)
    return takes, store


def heard(takes: list[Take], store: StudioStore) -> list[Hearing]:
    """What is heard of these, by the real recogniser."""
    words = load(ROOT / "content").pronunciations["en"]
    counted: list[int] = []
    with ThreadPoolExecutor(1) as pool:
        found = listen(takes, store, Ear(whisper(), "en", words), pool, counted.append)
    assert sum(counted) == len(takes)
    return [found[take.name] for take in takes]


@needs_flite
def test_what_is_said_is_heard_and_what_is_lost_is_named(
    aired: Aired, tmp_path: Path
) -> None:
    """Of four, one is silent, one is cut at 60 %, and one has another one's sound."""
    takes, store = aired
    for take, hearing in zip(takes, heard(takes, store), strict=True):
        assert not hearing.is_lost, take.utterance
        assert hearing.errors <= 0.3 * hearing.words

    shutil.copytree(store.folder, tmp_path / "store")
    broken = StudioStore(tmp_path / "store")
    clips = [store.clip(clip_name(take.name, 1)) or b"" for take in takes]
    damaged = (b"\xff" * 16_000, clips[1][: len(clips[1]) * 6 // 10], clips[3])
    for take, clip in zip(takes, damaged, strict=False):
        broken.keep_clip(clip_name(take.name, 1), clip)
    again = heard(takes, broken)
    assert [hearing.is_lost for hearing in again] == [True, True, True, False]
    assert again[3] == hearings(store)[takes[3].name], "it is not heard again"
    assert [hearings(broken)[take.name] for take in takes] == again


def take(text: str) -> Take:
    return Take(text, text, Silent(1), 0)


def test_a_window_is_as_full_as_it_may_be() -> None:
    takes = [take(text) for text in "abcde"]
    seconds = [20, 8, 1, 40, 2]
    found = windows(takes, [each * 8000 for each in seconds])
    assert [[each.utterance for each in window] for window in found] == [
        ["a", "b"],
        ["c"],
        ["d"],
        ["e"],
    ]
    assert list(windows([], [])) == []


def hearing(errors: int = 0, is_lost: bool = False, *misheard: Misheard) -> Hearing:
    return Hearing("", 4, errors, is_lost, misheard)


def test_a_report_has_what_is_lost_first_and_then_the_worst() -> None:
    takes = [take(text) for text in ("Right.", "Once.", "Twice.", "Lost.")]
    found = (
        hearing(),
        hearing(1, False, Misheard("a", "b")),
        hearing(2, False, Misheard("a", ""), Misheard("", "b")),
        hearing(1, True, Misheard("c", "")),
    )
    by_name = {each.name: one for each, one in zip(takes, found, strict=True)}
    assert list(report(takes, by_name)) == [
        "16 words were said, and 25.0% of them heard differently.",
        "NOT HEARD (25%): 'Lost.': ‘c’ was not heard",
        "To check (50%): 'Twice.': ‘a’ was not heard; ‘b’ was heard, which nobody said",
        "To check (25%): 'Once.': ‘a’ was heard as ‘b’",
    ]
    assert doubts(hearing()) == ""


def test_a_store_whose_hearings_are_damaged_has_none(tmp_path: Path) -> None:
    store = StudioStore(tmp_path)
    assert hearings(store) == {}
    note(store, {"one": hearing()})
    note(store, {"two": hearing(1, True)})
    assert hearings(store) == {"one": hearing(), "two": hearing(1, True)}
    (tmp_path / "heard").write_text("no")
    assert hearings(store) == {}


Out = pytest.CaptureFixture[str]


@pytest.fixture
def studio(tmp_path: Path) -> list[str]:
    """Options of the command, for content that a silent voice reads, then a voice that speaks."""
    line = changed(LINE, '"silent"', '"silent:2", "espeak:en-us+klatt6"')
    write(tmp_path / "content", line=changed(line, "[0.75, 1, 2]", "[1]"))
    return ["--content", str(tmp_path / "content"), "--store", str(tmp_path / "store")]


@needs_flite
def test_some_utterances_are_heard_and_nothing_is_published(
    studio: list[str], tmp_path: Path, capsys: Out
) -> None:
    """So the studio has it done for what staff listen to."""
    text = "The words of welcome."
    order = Order(
        tmp_path / "content",
        tmp_path / "store",
        voice="flite:rms",
        listen=True,
        ear=whisper(),
        only=(text,),
    )
    assert produce(order)
    told = capsys.readouterr().out.splitlines()
    assert told[-1] == "en: 4 words were said, and 0.0% of them heard differently."
    store = StudioStore(tmp_path / "store")
    [noted] = hearings(store).values()
    assert (noted.words, noted.errors, noted.is_lost) == (4, 0, False)
    assert store.live() is None


def test_what_is_lost_is_named_and_nothing_is_published(
    studio: list[str], tmp_path: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every sound was heard before; now one of these hearings is of another text."""
    monkeypatch.setenv("EAR_MODEL", str(whisper()))
    spoken = [*studio, "--voice", "espeak:en-us+klatt6"]
    assert main(spoken) == 0
    store = StudioStore(tmp_path / "store")
    (tmp_path / "store/live").unlink()
    source = load(tmp_path / "content")
    takes = plan(source, {"en": voice("espeak:en-us+klatt6")})["en"]
    right = {}
    for each in takes.values():
        clip = store.clip(clip_name(each.name, 1)) or b""
        right[each.name] = Hearing(digest(clip), 2, 0, False, ())
    name = takes["Last words."].name
    lost = Hearing(right[name].sound, 2, 2, True, (Misheard("last words", ""),))
    note(store, right | {name: lost})
    capsys.readouterr()
    assert main([*spoken, "--listen"]) == 1
    out, err = capsys.readouterr()
    doubtful = [line for line in out.splitlines() if "(" in line]
    assert doubtful == [
        "en: NOT HEARD (100%): 'Last words.': ‘last words’ was not heard"
    ]
    refusal = err.strip().splitlines()[-1]
    assert (
        refusal
        == "1 utterance was not heard as it should be, so nothing was published."
    )
    assert store.live() is None
    note(store, right)
    assert main([*spoken, "--listen"]) == 0
    assert store.live()


def test_a_voice_that_says_nothing_is_named_and_published(
    studio: list[str], capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EAR_MODEL", str(whisper()))
    assert main([*studio, "--listen"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert (
        "en: the recogniser cannot hear this language or voice; not listened to."
        in told
    )
    assert any(line.endswith("is live now.") for line in told)


def test_without_the_package_the_error_says_how_to_install_it(
    studio: list[str], monkeypatch: pytest.MonkeyPatch, capsys: Out
) -> None:
    monkeypatch.setitem(sys.modules, "faster_whisper", None)
    assert main([*studio, "--listen"]) == 1
    assert "requirements-listen.txt" in capsys.readouterr().err
