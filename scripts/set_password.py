"""Set the password of the studio's page: asks for it, and writes its hash into the file `.env`.

Exits with 0; with 1 where the password is too short, the two do not match, or the file cannot
be written.
"""

import getpass
import secrets
import sys
from pathlib import Path

from dotenv import dotenv_values, set_key
from werkzeug.security import generate_password_hash

from ivr.settings import ROOT, VARIABLES
from scripts.options import parser_of

LEAST = 12
"""Characters. Four short words are easier to remember, and harder to guess, than eight symbols."""


def main(argv: list[str] | None = None) -> int:
    """Run the command."""
    parser = parser_of(__doc__)
    parser.add_argument(
        "--env",
        type=Path,
        default=ROOT / ".env",
        metavar="FILE",
        help="the file to write into (default: .env in the project)",
    )
    file = parser.parse_args(argv).env
    try:
        return _set(file)
    except (OSError, EOFError) as error:
        why = str(error) or "no password was typed"
        print(f"Nothing was changed: {why}.", file=sys.stderr)
        return 1


def _set(file: Path) -> int:
    file.touch(mode=0o600)
    password = getpass.getpass(f"The studio's password, at least {LEAST} characters: ")
    if len(password) < LEAST:
        print(
            f"Too short: use at least {LEAST} characters, such as four words.",
            file=sys.stderr,
        )
        return 1
    if getpass.getpass("The same again: ") != password:
        print("The passwords do not match; nothing was changed.", file=sys.stderr)
        return 1
    file.chmod(0o600)
    set_key(file, "STUDIO_PASSWORD_HASH", generate_password_hash(password))
    if not VARIABLES["SECRET_KEY"].accepts(dotenv_values(file).get("SECRET_KEY") or ""):
        set_key(file, "SECRET_KEY", secrets.token_urlsafe(32))
    print(f"It is set in {file}. Restart the server; that also signs everybody out.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
