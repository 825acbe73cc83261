"""The command that puts words on the air."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio.air.studio_store import StudioStore
from ivr.settings import ROOT
from scripts.render_audio import main
from tests.support.small_content import ARTICLE, LINE, changed, write
from tests.support.stores import tree

SCRIPT = ROOT / "scripts" / "render_audio.py"
TWO_VOICES = changed(LINE, '"silent"', '"silent:2", "silent:1"')


class Studio:
    """A content folder, a store, and the command."""

    def __init__(self, folder: Path) -> None:
        self.content = write(folder / "content", line=TWO_VOICES)
        self.store = StudioStore(folder / "store")

    def run(self, *options: str) -> int:
        return main(["--content", str(self.content), "--store", str(self.store.folder),
                     "--workers", "2", *options])  # fmt: skip

    def clips(self) -> set[str]:
        return {
            path.name
            for path in (self.store.folder / "clips").rglob("*")
            if path.is_file()
        }


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path)


Out = pytest.CaptureFixture[str]


def test_a_second_run_writes_nothing(studio: Studio, capsys: Out) -> None:
    assert studio.run() == 0
    before = tree(studio.store)
    assert "live now" in capsys.readouterr().out
    assert studio.run() == 0
    assert "live already" in capsys.readouterr().out
    assert tree(studio.store) == before


def test_changing_one_sentence_renders_only_its_clips(
    studio: Studio, capsys: Out
) -> None:
    studio.run()
    before, first = studio.clips(), studio.store.live()
    (studio.content / "en/articles/one.md").write_text(
        changed(ARTICLE, "Second words.", "Quite other words.")
    )
    assert studio.run() == 0
    new = studio.clips() - before
    assert len({name.partition("_")[0] for name in new}) == 1
    assert {name.partition("_")[2] for name in new} == {"0.75", "1", "2"}
    assert studio.store.live() != first
    assert "1 rendered now (3 clips)" in capsys.readouterr().out


def test_a_check_renders_nothing_and_says_what_is_missing(
    studio: Studio, capsys: Out
) -> None:
    assert studio.run("--check") == 1
    assert not studio.store.folder.exists()
    assert "no clips" in capsys.readouterr().out
    studio.run()
    assert studio.run("--check") == 0
    assert studio.run("--check", "--voice", "silent:3") == 1


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(
    studio: Studio, capsys: Out
) -> None:
    assert studio.run("--dry-run") == 0
    assert not studio.store.folder.exists()
    assert "en: article 'A title': 8 of 8" in capsys.readouterr().out
    studio.run()
    (studio.content / "en/articles/one.md").write_text(
        changed(ARTICLE, "Second words.", "Quite other words.")
    )
    before = tree(studio.store)
    capsys.readouterr()
    assert studio.run("--dry-run") == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        f"To be rendered: 1 of {len(studio.clips()) // 3} utterances.",
        "  en: article 'A title': 1 of 8",
        "That takes about 2 seconds with 2 workers.",
        "Callers would hear:",
        "  en: article 'A title', section 1 'One': 1 sentence changed",
    ]
    assert tree(studio.store) == before


def test_by_force_everything_is_made_again_under_the_same_names(
    studio: Studio, capsys: Out
) -> None:
    studio.run()
    clips, live = studio.clips(), studio.store.live()
    before = {name: studio.store.clip_path(name).stat().st_ino for name in clips}
    assert studio.run("--force") == 0
    assert studio.clips() == clips
    assert studio.store.live() == live
    after = {name: studio.store.clip_path(name).stat().st_ino for name in clips}
    assert not [name for name in clips if after[name] == before[name]]
    assert f"{len(clips) // 3} rendered now" in capsys.readouterr().out


@pytest.mark.parametrize("both", [["--check", "--dry-run"], ["--dry-run", "--listen"]])
def test_it_does_one_thing_at_a_time(studio: Studio, both: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        studio.run(*both)
    assert stopped.value.code == 2


def test_the_voice_that_read_before_goes_on_until_another_is_asked_for(
    studio: Studio, capsys: Out
) -> None:
    assert studio.run() == 0
    assert "read by silent:2.\n" in capsys.readouterr().out
    assert studio.run("--voice", "silent:1") == 0
    assert studio.run() == 0
    assert "read by silent:1. line.toml prefers silent:2" in capsys.readouterr().out
    live = studio.store.edition(studio.store.live() or "")
    assert live.voices == {"en": "silent:1"}


def test_it_says_how_to_get_a_better_voice(
    studio: Studio, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    line = changed(TWO_VOICES, "silent:2", "flite:rms")
    (studio.content / "line.toml").write_text(line)
    assert studio.run() == 0
    assert "apt-get install flite" in capsys.readouterr().out


def test_a_voice_that_fails_publishes_nothing(
    studio: Studio, capsys: Out, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """This flite knows its voices, but leaves no sound behind."""
    studio.run()
    before = studio.store.live()
    program = tmp_path / "flite"
    program.write_text("#!/bin/sh\n[ \"$1\" = -lv ] && echo 'Voices: rms'; exit 0\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    assert studio.run("--voice", "flite:rms") == 1
    told = capsys.readouterr().err
    assert (
        "'First words.' (said as 'First words.' by flite:rms): the voice left no sound"
        in told
    )
    assert "'Last words.'" in told
    assert "Traceback" not in told
    assert studio.store.live() == before
    assert len(list((studio.store.folder / "editions").iterdir())) == 1


def test_faults_in_the_content_are_listed_plainly(studio: Studio, capsys: Out) -> None:
    (studio.content / "en/articles/one.md").unlink()
    assert studio.run() == 1
    told = capsys.readouterr().err
    assert "articles" in told
    assert "Traceback" not in told
    assert not studio.store.folder.exists()


def test_a_store_that_cannot_be_written_is_named_plainly(
    studio: Studio, capsys: Out
) -> None:
    studio.store.folder.write_text("a file in the way")
    assert studio.run() == 1
    assert str(studio.store.folder) in capsys.readouterr().err


def test_a_run_that_is_stopped_publishes_nothing_and_says_so(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This flite never ends; Ctrl-C goes to the command and its workers alike.

    What runs in the background ignores Ctrl-C, so the command is told not to.
    """
    program = tmp_path / "flite"
    program.write_text(
        "#!/bin/sh\ncase $1 in -lv) echo 'Voices: rms';; --version) ;;"
        f" *) touch {tmp_path}/begun; sleep 2;; esac\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    folders = ["--content", str(studio.content), "--store", str(studio.store.folder)]
    command = [sys.executable, str(SCRIPT), *folders, "--voice", "flite:rms"]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        start_new_session=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as running:  # fmt: skip
        while not (tmp_path / "begun").exists():
            assert running.poll() is None
            time.sleep(0.05)
        os.killpg(running.pid, signal.SIGINT)
        _, told = running.communicate(timeout=60)
    assert running.returncode == 130
    assert told.splitlines()[-1].startswith("Stopped: nothing was published")
    assert "Traceback" not in told
    assert studio.store.live() is None


@pytest.mark.parametrize(
    "options", [["--workers", "0"], ["--workers", "x"], ["--nonsuch"], ["x"]]
)
def test_a_wrong_call_exits_with_2(studio: Studio, options: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        studio.run(*options)
    assert stopped.value.code == 2


def test_an_unknown_voice_exits_with_1_and_names_the_engines(
    studio: Studio, capsys: Out
) -> None:
    assert studio.run("--voice", "nonsuch") == 1
    assert "hibari, flite, espeak, silent" in capsys.readouterr().err


def test_a_recording_is_heard_and_one_of_other_words_is_named(
    studio: Studio, capsys: Out
) -> None:
    folder = studio.content / "en" / "recordings"
    folder.mkdir()
    tone = 0.3 * np.sin(np.arange(16_000) / 8)
    for name, words in (("welcome", "The words of welcome."), ("goodbye", "Bye.")):
        soundfile.write(folder / f"{name}.wav", tone, 16_000)
        (folder / f"{name}.txt").write_text(words)
    assert studio.run() == 0
    live = studio.store.edition(studio.store.live() or "")
    assert live.voices == {"en": "silent:2"}
    clip = (
        studio.store.clip(f"{live.clips['en']['The words of welcome.'].name}_1") or b""
    )
    assert len(clip.rstrip(b"\xff")) == pytest.approx(8000, abs=100)
    assert (
        "goodbye.txt: has 'bye' where the content has 'the words of'"
        in capsys.readouterr().out
    )
    assert studio.run("--check") == 0
    assert "goodbye.txt" in capsys.readouterr().out


def test_it_finds_content_and_store_by_the_settings(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONTENT_DIR", str(studio.content))
    monkeypatch.setenv("STORE_URL", str(studio.store.folder))
    assert main([]) == 0
    assert studio.store.live()


def test_it_has_help_and_runs_from_anywhere(tmp_path: Path) -> None:
    command = [sys.executable, str(SCRIPT), "--help"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=tmp_path
    )
    for option in ("--check", "--dry-run", "--listen", "--force", "--voice", "--workers",
                   "--scheduler", "--content", "--store"):  # fmt: skip
        assert option in done.stdout


def test_with_nothing_to_render_it_loads_nothing_heavy(studio: Studio) -> None:
    studio.run()
    program = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); from scripts.render_audio import main;"
        "main(sys.argv[1:]); print({'numpy', 'scipy', 'pydub', 'soxr'} & sys.modules.keys())"
    )
    folders = ["--content", str(studio.content), "--store", str(studio.store.folder)]
    command = [sys.executable, "-c", program, str(SCRIPT.parent.parent), *folders]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "set()"
