"""The Nu HTML checker, which is the W3C's own, on documents as they are served."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from ivr.settings import ROOT

JAR = ROOT / "tests/node/node_modules/vnu-jar/build/dist/vnu.jar"
JAVA = shutil.which("java")

with_the_validator = pytest.mark.skipif(
    not JAVA or not JAR.exists(),
    reason="the HTML checker is missing: install Java, then npm ci --prefix tests/node",
)


def complaints(documents: Mapping[str, str], folder: Path) -> list[str]:
    """What is wrong with documents, by their names; `folder` is a new one to work in."""
    folder.mkdir()
    for name, document in documents.items():
        (folder / f"{name}.html").write_text(document)
    assert JAVA
    checked = subprocess.run(
        [
            JAVA,
            "-jar",
            str(JAR),
            "--format",
            "json",
            "--stdout",
            "--exit-zero-always",
            str(folder),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    return [_told(message) for message in json.loads(checked.stdout)["messages"]]


def _told(message: Mapping[str, str]) -> str:
    """One complaint, with where and about what it is."""
    name = Path(message.get("url", "")).stem
    extract = " ".join(message.get("extract", "").split())
    return f"{name}: {message['message']} {extract}"
