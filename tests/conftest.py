"""Fixtures that several test modules share."""

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def content_copy(tmp_path: Path) -> Path:
    """A copy of the real content folder, which a test may edit."""
    return Path(shutil.copytree(ROOT / "content", tmp_path / "content"))
