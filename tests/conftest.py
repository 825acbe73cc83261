"""Fixtures that several test modules share."""

import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from scripts import render_audio

settings.register_profile("line", deadline=None)  # time is not what these tests are about
settings.load_profile("line")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def content_copy(tmp_path: Path) -> Path:
    """A copy of the real content folder, which a test may edit."""
    return Path(shutil.copytree(ROOT / "content", tmp_path / "content"))


@pytest.fixture(scope="session")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the real content, rendered by the first voice that is installed."""
    store = tmp_path_factory.mktemp("spoken")
    assert render_audio.main(["--store", str(store)]) == 0
    return store
