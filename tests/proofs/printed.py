"""Figures that other programs print: benchmarks, and tests that are a proof as they stand."""

import io
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout

from ivr.settings import ROOT
from tests.proofs.record import Budget, Figure

Main = Callable[[list[str]], int]
"""A benchmark's command, with its options."""


def bench(main: Main, *ways: list[str]) -> Callable[[Budget], Iterator[Figure]]:
    """What a benchmark prints, with each of these options in turn."""

    def measure(budget: Budget) -> Iterator[Figure]:
        for options in ways:
            yield from printed_by(main, options)

    return measure


def beside(*columns: Iterator[Figure]) -> Iterator[Figure]:
    """Figures of the same names, those of each run in a column of its own."""
    for same in zip(*columns, strict=True):
        first, *others = same
        assert {each.what for each in others} <= {first.what}
        yield Figure(
            first.what, first.measured, tuple(each.measured for each in others)
        )


def printed_by(main: Main, options: list[str]) -> Iterator[Figure]:
    """Each figure that a benchmark prints."""
    printed = io.StringIO()
    with redirect_stdout(printed):
        assert main(options) == 0
    yield from figures(printed.getvalue())


def figures(printed: str) -> Iterator[Figure]:
    """The rows of figures: a name, then cells, the first of which begins with a digit."""
    for line in printed.splitlines():
        name, *cells = re.split(r" {2,}", line.strip())
        if line.startswith("  ") and cells and cells[0][:1].isdigit():
            yield Figure(name, cells[0], tuple(cells[1:]))


def passed(*names: str) -> Callable[[Budget], Iterator[Figure]]:
    """Tests that show a promise in full, in a second or in minutes."""

    def prove(budget: Budget) -> Iterator[Figure]:
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            *names,
        ]
        told = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert told.returncode == 0, told.stdout[-3000:]
        found = re.search(r"(\d+) passed.* in ([\d.]+)s", told.stdout)
        assert found, told.stdout
        yield Figure("tests that passed", found[1])
        yield Figure("tests that failed", "0")

    return prove
