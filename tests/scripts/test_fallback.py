"""The command that writes the fallback document, and checks a copy."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from scripts import fallback
from tests.support.small import edition, publish


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with an edition on the air."""
    folder = tmp_path / "store"
    publish(folder, edition())
    monkeypatch.setenv("STORE_URL", str(folder))
    return folder


def test_what_is_written_needs_nothing_but_itself(tmp_path: Path) -> None:
    file = tmp_path / "fallback.xml"
    assert fallback.main(["--output", str(file)]) == 0
    verbs = [element.tag for element in ET.parse(file).getroot()]
    assert set(verbs) == {"Say", "Hangup"}
    assert verbs[-1] == "Hangup"
    assert len(verbs) == len(edition().content.languages["en"].helplines) + 3


def test_a_copy_is_out_of_date_once_a_helpline_has_changed(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "fallback.xml")
    assert fallback.main(["--output", file]) == 0
    assert fallback.main(["--check", file]) == 0
    assert capsys.readouterr().out == f"{file} is up to date.\n"
    publish(store, edition(helplines=edition().content.languages["en"].helplines[1:]))
    assert fallback.main(["--check", file]) == 1
    assert "is out of date: copy it there again" in capsys.readouterr().err


def test_what_it_needs_is_said(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    assert fallback.main(["--check"]) == 1
    assert "FALLBACK_URL is not set" in capsys.readouterr().err
    monkeypatch.setenv("STORE_URL", str(tmp_path / "empty"))
    assert fallback.main([]) == 1
    assert "nothing is published" in capsys.readouterr().err
