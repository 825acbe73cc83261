"""What a proof is, and how its figures come into docs/reliability.md."""

import re
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ivr.settings import ROOT

PAGE = ROOT / "docs" / "reliability.md"

BENCHMARKS = ROOT / "docs" / "benchmarks.md"


@dataclass(frozen=True)
class Figure:
    """One thing that was measured."""

    what: str
    """In words, such as "requests"."""
    measured: str
    """The figure, with its unit."""
    more: tuple[str, ...] = ()
    """Further figures, for a table of more columns."""


Prove = Callable[["Budget"], Iterator[Figure]]
"""Runs the long form. Raises `AssertionError` if the promise does not hold."""


@dataclass(frozen=True)
class Proof:
    """One promise of the page."""

    name: str
    """As the command takes it, and as the page's marks have it."""
    prove: Prove
    page: Path = PAGE
    """Where its figures are written."""
    columns: tuple[str, ...] = ("What", "Measured")
    """Of its table."""


class Budget:
    """How long a proof may take. One that could go on for ever stops when it is used up, and its
    figures say how far it came."""

    def __init__(self, minutes: float) -> None:
        self.minutes = minutes
        self._end = time.monotonic() + minutes * 60

    @property
    def is_left(self) -> bool:
        """Whether there is time for more."""
        return time.monotonic() < self._end


def written(text: str, proof: Proof, figures: list[Figure], day: date) -> str:
    """The page's text with new figures of a proof, between its marks.

    Raises `AssertionError` if the page has no such marks.
    """
    name = proof.name
    begin, end = f"<!-- proof: {name} -->\n", f"<!-- end of proof: {name} -->"
    marks = re.compile(f"(?<={re.escape(begin)}).*?(?={re.escape(end)})", re.DOTALL)
    assert marks.search(text), f"the page needs the marks of {name}"
    cells = [(each.what, each.measured, *each.more) for each in figures]
    head, *rows = (f"| {' | '.join(row)} |\n" for row in (proof.columns, *cells))
    line = f"|{'---|' * len(proof.columns)}\n"
    table = "".join((head, line, *rows))
    shown = f"Shown by `.venv/bin/python -m tests.proofs {name}` on {day:%-d %B %Y}.\n"
    return marks.sub(lambda _: f"{table}\n{shown}", text)


def write(proof: Proof, figures: list[Figure]) -> None:
    """Brings its page up to date."""
    text = proof.page.read_text("utf-8")
    proof.page.write_text(written(text, proof, figures, date.today()))


def version() -> str:
    """The commit that is checked out: figures of another one do not count."""
    asked = ["git", "-C", str(ROOT), "rev-parse", "HEAD"]
    told = subprocess.run(asked, capture_output=True, text=True, check=True)
    return told.stdout.strip()
