"""What holds for every command."""

import subprocess
import sys
from pathlib import Path

import pytest

from ivr.settings import ROOT

COMMANDS = [
    file
    for file in sorted((ROOT / "scripts").glob("*.py"))
    if "ArgumentParser" in file.read_text("utf-8")
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda file: file.name)
def test_every_command_has_help_and_stands_in_the_readme(command: Path, tmp_path: Path) -> None:
    """Also when it is started in another folder."""
    shown = subprocess.run(
        [sys.executable, command, "--help"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout.startswith("usage:")
    assert f"scripts/{command.name}" in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda file: file.name)
def test_a_wrong_option_exits_with_2(command: Path) -> None:
    shown = subprocess.run(
        [sys.executable, command, "--no-such-option"], capture_output=True, text=True, check=False
    )
    assert shown.returncode == 2


def test_every_package_has_its_reason_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    files = ROOT.glob("requirements*.txt")
    pinned = [line for file in files for line in file.read_text("utf-8").splitlines()]
    packages = [line.partition("==") for line in pinned if line and not line.startswith("#")]
    assert all(version for _, _, version in packages)
    table = readme.partition("## Dependencies")[2]
    assert [name for name, _, _ in packages if name.partition("[")[0] not in table] == []
