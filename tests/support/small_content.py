"""A small content folder without a fault, which tests break in one place at a time."""

import shutil
from pathlib import Path

import pytest

from audio.words.duties import EMERGENCY, KEYS
from audio.words.source import load
from ivr.edition.content import slots
from ivr.errors import ContentError
from ivr.settings import ROOT

LINE = """\
name = "Test line"
languages = ["en"]
country = "GB"
timezone = "Europe/London"
speeds = [0.75, 1, 2]
[voices]
en = ["silent"]
"""

PROMPTS = "".join(
    f'{name} = "The words of {name}{f" {{{slot}}}" if slot else ""}."\n'
    for name, slot in slots().items()
)

DIGITS = {
    "0": "zero",
    "1": "one",
    "2": "two",
    "3": "three",
    "4": "four",
    "5": "five",
    "6": "six",
    "7": "seven",
    "8": "eight",
    "9": "nine",
}

PRONUNCIATIONS = """\
[words]
NHS = "N H S"
[abbreviations]
Dr = "Doctor"
[symbols]
"*" = "star"
"#" = "hash"
[digits]
""" + "".join(f'{digit} = "{said}"\n' for digit, said in DIGITS.items())

HELPLINES = """\
[[helpline]]
id = "first"
name = "First"
number = "0800 1111"
transfer = true
whom = "For anyone."
when = "Day and night."
cost = "Free."
hours = ["always"]
source = "A test"
checked = 2026-11-23
"""

HOURS = (ROOT / "content/en/hours.toml").read_text("utf-8")
"""The real one: how hours are said is not what tests break."""

ARTICLE = """\
+++
title = "A title"
source = "From a test."
copyright = "Copyright nobody."
published = 2026-01-02
+++

## One

First words. Second words.

## Two

Last words.
"""

WELSH = "cy"

WELSH_PROMPTS = "".join(
    f'{name} = "Geiriau {name}{f" {{{slot}}}" if slot else ""}."\n'
    for name, slot in slots().items()
).replace("Geiriau choose_language", "Ar gyfer Cymraeg, pwyswch")

OVERRULED = "".join(
    f'{name} = "Only tests hear it."\n' for name in sorted({*KEYS, *EMERGENCY})
)
"""Its prompts say their names, and none of what callers are owed."""

FILES = {
    "line.toml": LINE,
    "en/prompts.toml": PROMPTS,
    "en/pronunciations.toml": PRONUNCIATIONS,
    "en/helplines.toml": HELPLINES,
    "en/hours.toml": HOURS,
    "en/overruled.toml": OVERRULED,
    "en/articles/one.md": ARTICLE,
}


def write(folder: Path, **changed: str | bytes | None) -> Path:
    """The small folder; a changed file is named by its stem, and None leaves it out."""
    for name, text in FILES.items():
        new = changed.get(Path(name).stem, text)
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if new is not None:
            path.write_bytes(new if isinstance(new, bytes) else new.encode())
    return folder


def write_welsh(folder: Path, **changed: str | None) -> Path:
    """A small folder with Welsh as its second language. Its files are named as those of English."""
    line = LINE.replace('["en"]', '["en", "cy"]').replace('"silent"', '"silent:1"')
    line += 'cy = ["silent:2"]\n'
    write(folder, line=line)
    own = {
        "prompts": WELSH_PROMPTS,
        "one": ARTICLE.replace("A title", "Teitl"),
    } | changed
    for name, text in FILES.items():
        new = own.get(Path(name).stem, text)
        path = folder / name.replace("en/", "cy/")
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.parent != folder and new is not None:
            path.write_text(new, "utf-8")
    return folder


def speaking(folder: Path) -> Path:
    """A copy of the real content in this folder, in which callers may also speak."""
    shutil.copytree(ROOT / "content", folder)
    line = (folder / "line.toml").read_text("utf-8")
    spoken = changed(line, "speech = false", "speech = true")
    (folder / "line.toml").write_text(spoken, "utf-8")
    return folder


def faults(folder: Path) -> list[str]:
    """The faults of a folder, as `en/helplines.toml:4: what; mend`."""
    with pytest.raises(ContentError) as error:
        load(folder)
    return [str(fault).removeprefix(f"{folder}/") for fault in error.value.faults]


def changed(text: str, old: str, new: str) -> str:
    """The text with one place changed, which must be there."""
    assert old in text
    return text.replace(old, new, 1)
