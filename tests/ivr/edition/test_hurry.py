"""A folder whose disk is slow, for a while."""

import time
from pathlib import Path

import pytest

from ivr.edition import hurry
from ivr.edition.hurry import Hurried
from ivr.edition.storage import Folder
from tests.support.server import until


class Slow(Folder):
    """Each read takes a tenth of a second."""

    def read(self, key: str) -> bytes:
        time.sleep(0.1)
        return super().read(key)


def test_after_a_slow_read_none_is_waited_for_until_the_disk_has_rested(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hurry, "SLOW_S", 0.05)
    (tmp_path / "live").write_text("an edition")
    folder = Hurried(Slow(tmp_path))
    assert folder.read("live") == b"an edition"
    assert folder.is_slow
    with pytest.raises(OSError, match="live: the disk is too slow"):
        folder.read("live")


def test_it_is_asked_again_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hurry, "SLOW_S", 0.05)
    monkeypatch.setattr(hurry, "RESTS_S", 0.2)
    (tmp_path / "live").write_text("an edition")
    folder = Hurried(Slow(tmp_path))
    folder.read("live")
    until(lambda: not folder.is_slow)
    folder.under = Folder(tmp_path)
    assert folder.read("live") == b"an edition"
    assert not folder.is_slow
