"""Give staff names in the studio: add somebody, remove somebody, or list who is there.

Exits with 0; with 1 where a name or a password will not do, and says why.
"""

import argparse
import getpass
import sys

from audio.web.people import LEAST, People
from ivr.errors import LineError
from ivr.settings import Settings, environment
from scripts.options import parser_of


def main(argv: list[str] | None = None) -> int:
    """Run the command."""
    options = _parser().parse_args(argv)
    try:
        settings = Settings.from_mapping(environment())
        options.does(People(settings.studio), options.name)
    except (LineError, OSError, EOFError) as error:
        why = str(error) or "no password was typed"
        print(f"Nothing was changed: {why}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = parser_of(__doc__)
    parser.set_defaults(name="")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    add = commands.add_parser("add", help="add somebody, or change their password")
    add.add_argument("name", metavar="NAME", help='such as "Anna Fraser"')
    add.set_defaults(does=_add)
    remove = commands.add_parser("remove", help="remove somebody, which signs them out")
    remove.add_argument("name", metavar="NAME", help="as `list` shows it")
    remove.set_defaults(does=_remove)
    names = commands.add_parser("list", help="list everybody who has a name")
    names.set_defaults(does=_list)
    return parser


def _add(people: People, name: str) -> None:
    password = getpass.getpass(f"{name}'s password, at least {LEAST} characters: ")
    if getpass.getpass("The same again: ") != password:
        raise LineError("the passwords do not match. Try again.")
    people.add(name, password)
    print(f"{name} can sign in now, with this name and this password.")


def _remove(people: People, name: str) -> None:
    people.remove(name)
    print(f"{name} cannot sign in any more. What {name} saved stays as it is.")


def _list(people: People, _name: str) -> None:
    names = sorted(people.hashes())
    print("\n".join(names) or "Nobody has a name yet: everybody signs in as “staff”.")


if __name__ == "__main__":
    sys.exit(main())
