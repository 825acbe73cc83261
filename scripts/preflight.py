"""Check everything that a launch needs: what is wrong, and how to mend it.

Exits with 0 when nothing stops a launch; with 1 when something does, or the settings are wrong;
with 2 when it was called wrongly. It says what it could not check; that stops nothing.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict

from app import site
from ivr.errors import LineError
from ivr.operators.preflight import Checked, preflight
from ivr.settings import Settings, environment
from scripts.options import parser_of

MARKS = {"well": "ok", "warning": "LOOK", "fault": "FAULT", "skipped": "not checked"}


def main(argv: list[str] | None = None) -> int:
    """Run the command."""
    parser = parser_of(__doc__)
    parser.add_argument(
        "--json", action="store_true", help="print it as JSON, for monitoring"
    )
    options = parser.parse_args(argv)
    try:
        checks = preflight(site(Settings.from_mapping(environment())))
    except LineError as error:
        print(error, file=sys.stderr)
        return 1
    is_ready = all(check.state != "fault" for check in checks)
    if options.json:
        told = [asdict(check) | {"state": check.state} for check in checks]
        print(json.dumps({"ready": is_ready, "checks": told}, indent=1))
    else:
        print(*_lines(checks), sep="\n")
    return int(not is_ready)


def _lines(checks: list[Checked]) -> Iterator[str]:
    for check in checks:
        skipped = f": {check.skipped}" if check.skipped else ""
        yield f"{MARKS[check.state]:>11}  {check.name}{skipped}"
        for finding in check.findings:
            yield f"{'':13}{finding.what}"
            yield f"{'':13}→ {finding.mend}"


if __name__ == "__main__":
    sys.exit(main())
