"""Run long proofs, and write their figures into docs/reliability.md.

`python -m tests.proofs` runs all of them, one after the other; each figure is written as soon as it
is known, so after an interruption name those that are left. `--print` writes nothing. Exits with 1
if a promise did not hold.
"""

import argparse
import sys
import traceback
from collections.abc import Iterator

from scripts import bench_callers, bench_line, bench_studio
from tests.proofs import (
    dead,
    faults,
    hostile,
    kills,
    load,
    one_edition,
    restored,
    steps,
)
from tests.proofs.printed import bench, beside, passed, printed_by
from tests.proofs.record import BENCHMARKS, Budget, Figure, Proof, write
from tests.support.postgresql import Server, binaries

EVERY_SIZE = [
    *("--articles", "1", "100", "1000"),
    *("--workers", "1", "2", "4"),
    *("--rounds", "3"),
]

TWO_SERVERS = ["--servers", "2", "--workers", "1", "2", "--rounds", "3"]


def studio(budget: Budget) -> Iterator[Figure]:
    """Each voice in a column."""
    rounds = ["--rounds", "3"]
    of_each = [
        printed_by(bench_studio.main, ["--voices", voice, *rounds])
        for voice in bench_studio.VOICES
    ]
    yield from beside(*of_each)


def callers(budget: Budget) -> Iterator[Figure]:
    """Each kind of database in a column."""
    programs = binaries()
    assert programs, "install PostgreSQL"
    server = Server(programs)
    try:
        yield from beside(
            printed_by(bench_callers.main, []),
            printed_by(bench_callers.main, [server.new()]),
        )
    finally:
        server.end()


PROOFS = (
    Proof("load", load.prove),
    Proof("hostile", hostile.prove),
    Proof("steps", steps.prove),
    Proof("told-often", passed("tests/stories/test_told_often.py")),
    Proof("kills", kills.prove),
    Proof("faults", faults.prove),
    Proof("dead", dead.prove),
    Proof("one-edition", one_edition.prove),
    Proof("restored", restored.prove),
    Proof("preflight", passed("tests/ivr/operators/test_preflight.py")),
)
"""In the order of the page."""

BENCHES = (
    Proof(
        "bench-line",
        bench(bench_line.main, EVERY_SIZE, TWO_SERVERS),
        BENCHMARKS,
        ("Line", *bench_line.COLUMNS),
    ),
    Proof(
        "bench-studio",
        studio,
        BENCHMARKS,
        ("What", *(f"`{voice}`" for voice in bench_studio.VOICES)),
    ),
    Proof("bench-callers", callers, BENCHMARKS, ("What", "SQLite", "PostgreSQL")),
)
"""In the order of docs/benchmarks.md; they promise nothing, and run only if they are named."""

MINUTES = 20
"""How long one proof may take."""


def main() -> int:
    """Run the command."""
    named = {proof.name: proof for proof in (*PROOFS, *BENCHES)}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of {', '.join(named)}"
    )
    parser.add_argument("--minutes", type=float, default=MINUTES, metavar="N")
    parser.add_argument(
        "--print", action="store_true", help="print the figures, and write no page"
    )
    given = parser.parse_args()
    if unknown := set(given.names) - named.keys():
        parser.error(f"no such proof: {', '.join(unknown)}")
    every = [proof.name for proof in PROOFS]
    failed = []
    for name in given.names or every:
        if not shown(named[name], given.minutes, writes=not given.print):
            failed.append(name)
    if failed:
        print("These do not hold:", *failed)
    return int(bool(failed))


def shown(proof: Proof, minutes: float, writes: bool) -> bool:
    """Runs one, prints what it found, and writes it if it should; whether it holds."""
    print(f"\n{proof.name}, at most {minutes:g} minutes", flush=True)
    figures = []
    holds = True
    try:
        for figure in proof.prove(Budget(minutes)):
            told = ", ".join((figure.measured, *figure.more))
            print(f"  {figure.what}: {told}", flush=True)
            figures.append(figure)
    except Exception as error:
        traceback.print_exc()
        holds = False
        figures.append(Figure("**this does not hold**", in_a_cell(error)))
    if writes:
        write(proof, figures)
    return holds


def in_a_cell(error: Exception) -> str:
    """What went wrong, short enough for a table."""
    told = " ".join(str(error).split()) or type(error).__name__
    return "`" + told.replace("|", "/").replace("`", "'")[:200] + "`"


if __name__ == "__main__":
    sys.exit(main())
