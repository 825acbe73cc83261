"""Before an article is published, every section is heard, and what is lost is named."""

import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import pytest

from audio.air.plan import Take, plan
from audio.air.proofing import SectionReport, SectionToHear, hear, sections_to_hear
from audio.air.render import render
from audio.air.studio_store import StudioStore
from audio.sound.ear import words_of
from audio.voices.engines import voice
from audio.words.source import load
from ivr.edition.edition import clip_name
from ivr.settings import ROOT
from scripts.render_audio import main
from tests.support.small_content import LINE, changed, write

pytestmark = pytest.mark.slow  # flite speaks, and the recogniser listens

needs_both = pytest.mark.skipif(
    not (shutil.which("flite") and find_spec("pocketsphinx")),
    reason="flite or pocketsphinx is not installed",
)

Aired = tuple[SectionToHear, StudioStore]


@pytest.fixture(scope="module")
def aired(tmp_path_factory: pytest.TempPathFactory) -> Aired:
    """The article's second section (three sentences and more), said by flite's `rms`."""
    source = load(ROOT / "content")
    takes = plan(source, {"en": voice("flite:rms")})
    section = sections_to_hear(source.content, takes)[1]
    store = StudioStore(tmp_path_factory.mktemp("listen"))
    with ThreadPoolExecutor(2) as pool:
        render(section.takes, store, (1.0,), pool)
    return section, store


@pytest.fixture
def broken(aired: Aired, tmp_path: Path) -> StudioStore:
    """A copy of the store, to be damaged."""
    shutil.copytree(aired[1].folder, tmp_path / "store")
    return StudioStore(tmp_path / "store")


def say(store: StudioStore, take: Take, sound: bytes) -> None:
    store.keep_clip(clip_name(take.name, 1), sound)


@needs_both
def test_a_right_rendering_is_heard(aired: Aired) -> None:
    section, store = aired
    report = hear(section, store.url)
    assert report.lost == ()
    assert report.share > 0.9
    assert report.words == sum(len(words_of(take.speakable)) for take in section.takes)


@needs_both
def test_sentences_that_change_places_are_both_named(
    aired: Aired, broken: StudioStore
) -> None:
    section, store = aired
    one, two = sorted(section.takes, key=lambda take: len(take.speakable))[-2:]
    for take, other in ((one, two), (two, one)):
        say(broken, take, store.clip(clip_name(other.name, 1)) or b"")
    assert set(hear(section, broken.url).lost) == {one.utterance, two.utterance}


@needs_both
@pytest.mark.parametrize("sound", [b"", b"\xff" * 16_000])
def test_a_sentence_that_is_missing_is_named(
    sound: bytes, aired: Aired, broken: StudioStore
) -> None:
    section, _ = aired
    longest = max(section.takes, key=lambda take: len(take.speakable))
    say(broken, longest, sound)
    assert hear(section, broken.url).lost == (longest.utterance,)


@needs_both
def test_a_short_sentence_is_never_lost(tmp_path: Path) -> None:
    """Too many of them are misheard."""
    short = Take("Yes.", "Yes.", voice("flite:rms"), 450)
    report = hear(SectionToHear("one", "yes", (short,)), str(tmp_path))
    assert (report.lost, report.words, report.share) == ((), 1, 0)


def test_a_report_names_the_section_and_what_was_lost() -> None:
    told = str(
        SectionReport("en: article 'A', section 1 'B'", 20, 0.555, ("It is lost.",))
    )
    assert told == (
        "en: article 'A', section 1 'B': 56% of 20 words heard\n  not heard: 'It is lost.'"
    )


Out = pytest.CaptureFixture[str]


@pytest.fixture
def studio(tmp_path: Path) -> list[str]:
    """Options of the command, for content whose article has one long sentence."""
    line = changed(LINE, '"silent"', '"flite:rms", "silent:2"')
    write(tmp_path / "content", line=changed(line, "[0.75, 1, 2]", "[1]"))
    article = tmp_path / "content/en/articles/one.md"
    article.write_text(
        article.read_text().replace(
            "Last words.", "A group of people baked a lovely cake."
        )
    )
    return ["--content", str(tmp_path / "content"), "--store", str(tmp_path / "store")]


@needs_both
def test_what_is_heard_is_published_and_what_is_not_is_not(
    studio: list[str], tmp_path: Path, capsys: Out
) -> None:
    assert main([*studio, "--listen"]) == 0
    told = capsys.readouterr().out
    assert "en: article 'A title', section 2 'Two': 100% of 8 words heard" in told
    store = StudioStore(tmp_path / "store")
    live = store.edition(store.live() or "")
    (tmp_path / "store/live").unlink()
    lost, other = (
        live.clips["en"][text].name
        for text in ("A group of people baked a lovely cake.", "The words of welcome.")
    )
    sound = store.clip(clip_name(other, 1)) or b""
    store.keep_clip(clip_name(lost, 1), sound)
    assert main([*studio, "--listen"]) == 1
    out, err = capsys.readouterr()
    assert "not heard: 'A group of people baked a lovely cake.'" in out
    assert "1 sentence was not heard, so nothing was published" in err
    assert store.live() is None


def test_a_voice_that_it_cannot_hear_is_named_and_published(
    studio: list[str], capsys: Out
) -> None:
    if not find_spec("pocketsphinx"):
        pytest.skip("pocketsphinx is not installed")
    assert main([*studio, "--listen", "--voice", "silent:1"]) == 0
    told = capsys.readouterr().out
    assert "en: the recogniser cannot hear this language or voice" in told
    assert "live now" in told


def test_without_the_package_the_error_says_how_to_install_it(
    studio: list[str], monkeypatch: pytest.MonkeyPatch, capsys: Out
) -> None:
    monkeypatch.setitem(sys.modules, "pocketsphinx", None)
    assert main([*studio, "--listen"]) == 1
    assert "requirements-listen.txt" in capsys.readouterr().err
