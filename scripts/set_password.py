"""Make the studio's password: asks for it, and prints the two lines for the file `.env`.

    .venv/bin/python scripts/set_password.py >> .env

Exits with 0; with 1 where the password is too short or was typed differently.
"""

import argparse
import getpass
import secrets
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from werkzeug.security import generate_password_hash

from ivr.settings import environment

LEAST = 12
"""Characters: four short words are easier to remember, and harder to guess, than eight signs."""


def main(argv: list[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.parse_args(argv)
    password = getpass.getpass(f"The studio's password, {LEAST} characters or more: ")
    if len(password) < LEAST:
        print(f"Too short: {LEAST} characters at least, such as four words.", file=sys.stderr)
        return 1
    if getpass.getpass("Once more: ") != password:
        print("That was another one. Nothing is set.", file=sys.stderr)
        return 1
    print(f"STUDIO_PASSWORD_HASH='{generate_password_hash(password)}'")
    if not environment().get("SECRET_KEY"):
        print(f"SECRET_KEY='{secrets.token_urlsafe(32)}'")
    print("Start the server again. Whoever was signed in is signed out.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
