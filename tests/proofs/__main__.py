"""Run long proofs, and write their figures into docs/reliability.md.

`python -m tests.proofs` runs all of them, one after the other; each figure is written as soon as it
is known, so after an interruption name those that are left. Exits with 1 if a promise did not hold.
"""

import argparse
import sys
import traceback

from tests.proofs import dead, faults, hostile, kills, load, one_edition, steps
from tests.proofs.record import Budget, Proof, write

PROOFS = (
    Proof("load", load.prove),
    Proof("hostile", hostile.prove),
    Proof("steps", steps.prove),
    Proof("kills", kills.prove),
    Proof("faults", faults.prove),
    Proof("dead", dead.prove),
    Proof("one-edition", one_edition.prove),
)
"""In the order of the page."""

MINUTES = 20
"""How long one proof may take."""


def main() -> int:
    """Run the command."""
    named = {proof.name: proof for proof in PROOFS}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of {', '.join(named)}"
    )
    parser.add_argument("--minutes", type=float, default=MINUTES, metavar="N")
    given = parser.parse_args()
    if unknown := set(given.names) - named.keys():
        parser.error(f"no such proof: {', '.join(unknown)}")
    failed = [
        name for name in given.names or named if not shown(named[name], given.minutes)
    ]
    if failed:
        print("These do not hold:", *failed)
    return int(bool(failed))


def shown(proof: Proof, minutes: float) -> bool:
    """Runs one, and writes what it found if it holds."""
    print(f"\n{proof.name}, at most {minutes:g} minutes", flush=True)
    figures = []
    try:
        for figure in proof.prove(Budget(minutes)):
            print(f"  {figure.what}: {figure.measured}", flush=True)
            figures.append(figure)
    except Exception:
        traceback.print_exc()
        return False
    write(proof.name, figures)
    return True


if __name__ == "__main__":
    sys.exit(main())
