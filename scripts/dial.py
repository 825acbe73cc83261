"""Rings the line from the terminal, without a telephone provider.

Keys: 0-9 * # as on a telephone; q hangs up. To say something in a menu, type / and the words, then
Return. Piped in, each character is pressed in turn and a full stop listens for a second:
printf '...3../samaritans\\n..q' | .venv/bin/python scripts/dial.py
"""

import argparse
import secrets
import sys
from dataclasses import replace

import requests

from app import create_app
from ivr.errors import LineError, SettingError
from ivr.handset.phone import Ask, Phone, over_app, over_http
from ivr.handset.terminal import OUTCOMES, PLAYERS, HungUp, Terminal, single_keys
from ivr.provider.dialects import DIALECTS
from ivr.settings import Settings, read_settings


def main(argv: list[str] | None = None) -> int:
    """Exits with 0 after a call, 1 if the line cannot be rung."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--url", help="ring a running server instead, such as http://localhost:8000"
    )
    parser.add_argument(
        "--transfer",
        choices=OUTCOMES,
        default="answered",
        help="how a helpline will take the call",
    )
    parser.add_argument(
        "--mute", action="store_true", help="show the words, play nothing"
    )
    options = parser.parse_args(argv)
    try:
        phone, ask = dial(options.url)
        terminal = Terminal(phone, ask, options.transfer, options.mute)
        if not terminal.player and not options.mute:
            programs = ", ".join(command[0] for command in PLAYERS)
            print(f"(no sound: none of {programs} is installed)")
        with single_keys():
            terminal.call()
    except (HungUp, KeyboardInterrupt):
        print("(you have hung up)")
    except (LineError, requests.RequestException) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def dial(server: str | None) -> tuple[Phone, Ask]:
    """A phone, and what carries its requests: to a running server, which has the settings of
    this installation, or to an app of its own. Raises `SettingError` without a token."""
    settings = read_settings()
    if not server:
        return _in_this_process(settings)
    dialect = DIALECTS[settings.provider]
    key = dialect.signing_key(settings)
    if not key:
        raise SettingError(f"{dialect.key} is not set; it takes that of that server")
    ask = over_http(server, settings.public_url)
    return Phone(ask, settings.public_url, key, dialect), ask


def _in_this_process(settings: Settings) -> tuple[Phone, Ask]:
    """With a token that nobody else knows; no number is needed."""
    token = secrets.token_hex(16)
    number = settings.line_number or "+441632960000"  # a number that nobody has (Ofcom)
    own = replace(
        settings,
        twilio_auth_token=token,
        signalwire_signing_key=token,
        line_number=number,
    )
    ask = over_app(create_app(own).test_client(), own.public_url)
    return Phone(ask, own.public_url, token, DIALECTS[own.provider]), ask


if __name__ == "__main__":
    sys.exit(main())
