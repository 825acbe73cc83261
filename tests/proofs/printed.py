"""Figures that other programs print: benchmarks, and tests that are a proof as they stand."""

import io
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout

from ivr.settings import ROOT
from tests.proofs.record import Budget, Figure


def bench(main: Callable[[list[str]], int]) -> Callable[[Budget], Iterator[Figure]]:
    """A benchmark, with each figure that it prints."""

    def measure(budget: Budget) -> Iterator[Figure]:
        printed = io.StringIO()
        with redirect_stdout(printed):
            assert main([]) == 0
        yield from figures(printed.getvalue())

    return measure


def figures(printed: str) -> Iterator[Figure]:
    """What a benchmark printed."""
    for line in printed.splitlines():
        found = re.fullmatch(r" {2,}(\S.*?) {2,}(\d[\d.,]* ?.*)", line)
        if found:
            yield Figure(found[1], found[2].strip())


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
