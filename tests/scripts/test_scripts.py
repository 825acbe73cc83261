"""What holds for every command."""

import subprocess
import sys
from pathlib import Path

import pytest

from ivr.settings import ROOT

COMMANDS = [
    file
    for file in sorted((ROOT / "scripts").glob("*.py"))
    if "def main(" in file.read_text("utf-8")
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda file: file.name)
def test_every_command_has_help_wherever_it_is_started(
    command: Path, tmp_path: Path
) -> None:
    shown = subprocess.run(
        [sys.executable, command, "--help"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout.startswith("usage:")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda file: file.name)
def test_a_wrong_option_exits_with_2(command: Path) -> None:
    shown = subprocess.run(
        [sys.executable, command, "--no-such-option"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert shown.returncode == 2
