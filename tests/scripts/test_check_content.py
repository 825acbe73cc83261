"""The command that checks the content folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import soundfile

from ivr.settings import ROOT
from scripts.check_content import main
from tests.support.small_content import HELPLINES, changed, write_welsh

SCRIPT = ROOT / "scripts" / "check_content.py"


def test_content_without_faults_is_summed_up(
    content_copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--content", str(content_copy)]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[0] == "COPE Scotland talking line: no faults."
    assert "  What is co-production?: 6 sections, 610 words" in lines
    assert "  Samaritans: 116 123, read out, never dialled" in lines
    assert "  CALM: 0800 58 58 58, dialled as +44800585858" in lines
    assert err == ""


def test_a_language_in_preparation_has_its_own_part(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = write_welsh(tmp_path, helplines=changed(HELPLINES, "0800 1111", "12"))
    line = content / "line.toml"
    listed = 'languages = ["en"]\npreparing = ["cy"]'
    line.write_text(changed(line.read_text(), 'languages = ["en", "cy"]', listed))
    (content / "cy/untranslated.toml").write_text('prompts = ["welcome", "busy"]\n')
    assert main(["--content", str(content)]) == 0
    out = capsys.readouterr().out.splitlines()
    assert "Test line: no faults." in out
    assert "cy: articles" not in out
    assert out[-3:-1] == [
        "cy: being prepared, callers are not offered it",
        "  prompts: 2 not translated yet",
    ]
    assert out[-1].startswith("  Helplines: 12 has 2 digits")


def test_recordings_are_counted_and_those_of_other_words_told(
    content_copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = content_copy / "en" / "recordings"
    folder.mkdir()
    for name, words in (("stay", "To stay on the line, press 1."), ("busy", "Busy.")):
        soundfile.write(folder / f"{name}.wav", [0.3, -0.3] * 4000, 8000)
        (folder / f"{name}.txt").write_text(words)
    assert main(["--content", str(content_copy)]) == 0
    out = capsys.readouterr().out
    assert "  utterances said by people: 1" in out.splitlines()
    assert "busy.txt: has 'busy' where the content has" in out


def test_a_helpline_that_was_long_not_checked_is_told_with_where_to_look(
    content_copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--content", str(content_copy)]) == 0
    told = [
        line for line in capsys.readouterr().out.split("\n") if "last checked" in line
    ]
    [office] = [line for line in told if "COPE Scotland's office" in line]
    assert "helplines.toml:" in office
    assert "look it up (COPE Scotland, latest news page (2019)) or ring" in office
    assert "ring 0141 944 5490" in office


def test_every_fault_is_a_line_on_stderr(
    content_copy: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (content_copy / "line.toml").write_text("name = ")
    (content_copy / "en" / "helplines.toml").write_text("\n[[helpine]]\n")
    monkeypatch.chdir(content_copy.parent)
    assert main(["--content", str(content_copy)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert [line.split("; ")[0] for line in err.splitlines()] == [
        "content/en/helplines.toml: 'helpline' is missing",
        "content/en/helplines.toml:2: 'helpine' is not known here",
        "content/line.toml:1: this is not TOML: Invalid value",
    ]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the script as a person does, from another folder."""
    return subprocess.run(
        [sys.executable, str(SCRIPT), *arguments],
        cwd="/",
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_checks_the_projects_content_from_any_folder() -> None:
    done = run(CONTENT_DIR="")
    assert (done.returncode, done.stderr) == (0, "")


def test_the_environment_names_the_folder(tmp_path: Path) -> None:
    done = run(CONTENT_DIR=str(tmp_path))
    assert done.returncode == 1
    assert f"{tmp_path}/line.toml"[1:] in done.stderr
    assert "Traceback" not in done.stderr


def test_help_says_what_it_does() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert "CONTENT_DIR" in done.stdout
