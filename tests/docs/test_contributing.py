"""What CONTRIBUTING.md says to add can be added, word for word."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ivr.settings import ROOT
from tests.support.documents import Document

PAGE = Document(ROOT / "CONTRIBUTING.md")

SOURCES = (
    "app.py",
    "audio",
    "ivr",
    "scripts",
    "content",
    "tests",
    "pyproject.toml",
    "CHANGELOG.md",
)

TRY_THE_STEP = """
from datetime import timedelta
from ivr.call import flow
from ivr.call.scene import Pressed, Start
from tests.support.small import NOON, edition

line = edition()
welcomed = flow.answer(line, flow.first_step(line), Start(), NOON)
later = NOON + timedelta(minutes=1)
told = flow.answer(line, welcomed.step, Pressed("5"), later)
back = flow.answer(line, told.step, Pressed("*"), later)
print(told.says, back.step.kind)
"""

TRY_THE_VOICE = """
import sys
from pathlib import Path
from scripts.render_audio import main
from tests.support.small_content import write

folder = Path(sys.argv[1])
content, store = str(write(folder / "content")), str(folder / "store")
there = ["--content", content, "--store", store, "--workers", "1"]
if __name__ == "__main__":
    sys.exit(main(["--voice", "tone:440", *there]))
"""


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project in which everything was done as the page says."""
    project = tmp_path_factory.mktemp("project")
    for source in SOURCES:
        if (ROOT / source).is_dir():
            unwanted = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / source, project / source, ignore=unwanted)
        else:
            shutil.copy(ROOT / source, project / source)
    for block in PAGE.blocks("diff"):
        apply(block, project)
    for block in PAGE.blocks("python"):
        name = block.partition("\n")[0].removeprefix("# ")
        (project / name).write_text(block.partition("\n")[2], "utf-8")
    return project


def apply(block: str, project: Path) -> None:
    """Do what a `diff` block says; its context must be there, once."""
    first, *lines = block.splitlines(keepends=True)
    file = project / first.removeprefix("--- ").strip()
    before = "".join(line[1:] for line in lines if line[0] != "+").rstrip("\n")
    after = "".join(line[1:] for line in lines if line[0] != "-").rstrip("\n")
    text = file.read_text("utf-8")
    assert text.count(before) == 1, (
        f"{before!r} is {text.count(before)} times in {file.name}"
    )
    file.write_text(text.replace(before, after), "utf-8")


def run(project: Path, *command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=project,
        env={"PYTHONPATH": str(project), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_what_was_added_reads_like_its_neighbours(changed: Path) -> None:
    run(changed, "-m", "ruff", "check", "--no-cache", "audio", "ivr")
    run(changed, "-m", "ruff", "format", "--no-cache", "--check", "audio", "ivr")


def test_the_content_with_the_new_prompts_has_no_fault(changed: Path) -> None:
    run(changed, "scripts/check_content.py")


def test_the_new_step_is_reached_and_left_again(changed: Path) -> None:
    assert run(changed, "-c", TRY_THE_STEP) == "('<about>', '<back>') menu\n"


def test_the_new_voice_reads_an_edition_and_its_clips_are_good(
    changed: Path, tmp_path: Path
) -> None:
    run(changed, "-c", TRY_THE_VOICE, str(tmp_path))
    assert (tmp_path / "store" / "live").exists()
