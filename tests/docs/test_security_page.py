"""The threat model: each threat has a test, and what is skipped is said."""

import os
import re
import subprocess

import pytest

from ivr.settings import ROOT
from tests.support.documents import PATH_AND_NAME, Document, defined

PAGE = Document(ROOT / "docs" / "security.md")

KINDS = (
    "Toll fraud",
    "Forged and replayed webhooks",
    "The studio's doors",
    "Uploads and path tricks",
    "Leaks",
    "A stolen or poisoned backup",
    "Dependencies",
)

ROWS = [
    row
    for row in re.findall(r"^\| (.+) \| (.+) \| (.+) \|$", PAGE.text, re.MULTILINE)
    if row[0] != "Attempt" and set(row[0]) != {"-"}
]


def test_every_kind_of_threat_is_there() -> None:
    headings = re.findall("^### (.+)$", PAGE.text, re.MULTILINE)
    assert len(headings) == len(KINDS)
    for kind, heading in zip(KINDS, headings, strict=True):
        assert heading.startswith(kind)


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_every_threat_has_a_test_that_is_there(row: tuple[str, str, str]) -> None:
    named = PATH_AND_NAME.findall(row[2])
    assert named
    for path, name in named:
        assert path.startswith("tests/")
        assert name.startswith("test_")
        assert name in defined(ROOT / path), name


def test_it_says_what_is_not_guaranteed_and_how_to_report_a_hole() -> None:
    assert PAGE.part("What we do not guarantee").count("\n- **") > 5
    assert "SECURITY.md#how-to-report-it" in PAGE.part("How to report a hole")


def test_the_audit_says_aloud_that_it_was_skipped() -> None:
    """With a database that nobody can reach, and with nothing installed or made."""
    command = ["make", "--no-print-directory", "-o", ".venv/tested", "audit"]
    command += ["DATABASE_OF_HOLES=https://database.invalid/"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("SKIPPED: no database of known holes")
