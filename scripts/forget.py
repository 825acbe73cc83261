"""Erase what is kept about one caller. The command asks for their number.

You type the number at a prompt, so that it stays out of your command history; it is not printed,
logged or kept. Exits with 0, even if nothing was found; with 1 if this is not a number, or if
something is missing (and says what).
"""

import sys

import phonenumbers

from ivr.callers.barring import since
from ivr.callers.caller import caller_hash, short
from ivr.callers.database import database_url, opened
from ivr.callers.writing import forget
from ivr.errors import LineError, SettingError
from ivr.settings import ROOT, VARIABLES, Settings, environment
from scripts.options import parser_of

ASK = "The caller's number, such as 0141 496 0000 or +44 141 496 0000: "

NOBODY = (
    "This is not a caller's number. Check each digit; begin with + and the country's code, if it"
    " is from abroad. Callers who withhold their number cannot be told apart, so nothing is kept"
    " about them."
)


def main(argv: list[str] | None = None) -> int:
    """Run the command."""
    parser_of(__doc__).parse_args(argv)
    try:
        settings = Settings.from_mapping(environment())
        key = _key(settings)
        number = _e164(input(ASK), settings.line_number)
        caller = caller_hash(number, key)
        if caller is None:
            raise LineError(NOBODY)
        with opened(database_url(settings.database, ROOT)) as connection:
            found = forget(connection, caller)
            is_barred = short(caller) in since(connection)
    except EOFError:
        print("No number was typed.", file=sys.stderr)
        return 1
    except LineError as error:
        print(error, file=sys.stderr)
        return 1
    print(ERASED[found > 0])
    if is_barred:
        print(
            f"This caller is barred, as {short(caller)}. That stays, unless you lift it:"
            f" scripts/bar_caller.py --lift {short(caller)}"
        )
    return 0


ERASED = {
    True: "Found and deleted: where they left off, with their speed and language.",
    False: "Nothing was found: the line does not know this caller, or no longer does.",
}


def _key(settings: Settings) -> str:
    if settings.secret_key is None:
        raise SettingError(
            f"SECRET_KEY is not set: {VARIABLES['SECRET_KEY'].takes}. Use the server's value:"
            " without it, or with another one, no caller can be found."
        )
    return settings.secret_key


def _e164(typed: str, line_number: str | None) -> str | None:
    """The number as a provider tells it; None where it can be none. One without a country's code
    is of the line's country."""
    country = None
    try:
        if line_number:
            code = phonenumbers.parse(line_number).country_code or 0
            country = phonenumbers.region_code_for_country_code(code)
        number = phonenumbers.parse(typed, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


if __name__ == "__main__":
    sys.exit(main())
