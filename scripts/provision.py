"""Point the provider's number at this line: the addresses it asks, by POST, and how it retries.

Exits with 0 when the number is set (or, with --check, as it should be); with 1 when it is not, or
the provider refuses (and says why); with 2 when it was called wrongly.
"""

import argparse
import sys

from ivr.edition.store import Store
from ivr.errors import LineError
from ivr.operators.account import Account
from ivr.operators.provisioning import differences, hidden_by, wanted
from ivr.provider.dialects import DIALECTS
from ivr.provider.fallback import document
from ivr.settings import Settings, environment
from scripts.options import parser_of


def main(argv: list[str] | None = None) -> int:
    """Run the command."""
    options = _options(argv)
    try:
        settings = Settings.from_mapping(environment())
        if options.keep_fallback:
            return _keep_fallback(settings)
        return _point(settings, options)
    except LineError as error:
        print(error, file=sys.stderr)
        return 1


def _point(settings: Settings, options: argparse.Namespace) -> int:
    """Compares; then sets what differs, unless it should only compare or show."""
    fields = wanted(settings)
    if not DIALECTS[settings.provider].has_fallback:
        print(f"{settings.provider} has no fallback address for when the line is down.")
    account = Account.of(settings)
    number = account.number(str(settings.line_number))
    hidden = hidden_by(number)
    for warning in hidden:
        print(f"Warning: {warning}", file=sys.stderr)
    found = differences(number, fields)
    for each in found:
        print(each)
    if options.check or options.dry_run:
        return _told(settings, bool(found), bool(options.check and (found or hidden)))
    if found:
        number = account.change_number(number, {one.field: one.wanted for one in found})
    left = differences(number, fields)
    for each in left:
        print(f"The provider did not accept it: {each}", file=sys.stderr)
    if left or hidden:
        return 1
    print(f"{settings.line_number} now points at {settings.public_url}.")
    return 0


def _told(settings: Settings, differs: bool, is_wrong: bool) -> int:
    """What was found, when nothing is set."""
    if not differs:
        print(f"{settings.line_number} has the right addresses.")
    return int(is_wrong)


def _keep_fallback(settings: Settings) -> int:
    """Gives the provider the fallback document."""
    store = Store(settings.store)
    edition = store.edition(store.live() or "")
    address = Account.of(settings).keep(document(edition))
    print(
        f"The provider keeps it now. Write this into .env, then run this again without "
        f"--keep-fallback:\nFALLBACK_URL={address}"
    )
    return 0


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = parser_of(__doc__)
    either = parser.add_mutually_exclusive_group()
    either.add_argument(
        "--check",
        action="store_true",
        help="change nothing; exit with 1 if the number is not as it should be",
    )
    either.add_argument(
        "--dry-run", action="store_true", help="change nothing; show what would change"
    )
    either.add_argument(
        "--keep-fallback",
        action="store_true",
        help="store the fallback document at the provider, if it can keep one",
    )
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
