"""What a printed telephone number is: one to dial, one only to say, or not a number at all."""

import re

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from audio.words.faults import InvalidValue

TYPE_NAMES = {
    PhoneNumberType.TOLL_FREE: "freephone number",
    PhoneNumberType.FIXED_LINE: "landline number",
    PhoneNumberType.MOBILE: "mobile number",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "landline or mobile number",
}
"""The types that people know; any other is a "number like it"."""

READ_OUT = "set transfer = false (untick it in the studio) to have it read out instead"


def dialled(printed: str, transfer: bool, country: str) -> str | None:
    """The E.164 form that a transfer dials, or None where the number is only said.

    Raises `InvalidValue` for what is not a number in use, and for one that a transfer may not dial.
    """
    if not re.fullmatch(r"\+?[0-9][0-9 ]*", printed):
        what = f"number {printed!r} is not just digits and spaces"
        raise InvalidValue(what, "leave everything else out")
    number = _parse(printed, country)
    if phonenumbers.is_valid_short_number_for_region(number, country):
        if transfer:
            raise _short_code(printed, country)
        return None
    if not phonenumbers.is_valid_number(number):
        what = _why_invalid(printed, number.country_code or 0, country)
        raise InvalidValue(what, "check the number at its source")
    if not transfer:
        return None
    _refuse_costly(printed, number, country)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _parse(printed: str, country: str) -> PhoneNumber:
    try:
        return phonenumbers.parse(printed, country)
    except phonenumbers.NumberParseException as error:
        what = f"{printed} is not a telephone number"
        raise InvalidValue(what, "check it at its source") from error


def _short_code(printed: str, country: str) -> InvalidValue:
    """Short codes have no E.164 form; an emergency is for the caller's own telephone."""
    if phonenumbers.is_emergency_number(printed.replace(" ", ""), country):
        what = f"{printed} is an emergency number, which a transfer must never dial"
        return InvalidValue(
            what, f"{READ_OUT}, and tell callers to hang up and dial it"
        )
    return InvalidValue(
        f"{printed} is a short code, which a transfer cannot dial", READ_OUT
    )


def _refuse_costly(printed: str, number: PhoneNumber, country: str) -> None:
    """The line pays for a transfer, so only numbers at the usual price are dialled."""
    mend = f"check it; if it is right, {READ_OUT}"
    if phonenumbers.number_type(number) == PhoneNumberType.PREMIUM_RATE:
        what = f"{printed} is a premium-rate number, and the line would pay"
        raise InvalidValue(what, mend)
    if number.country_code != phonenumbers.country_code_for_region(country):
        raise InvalidValue(
            f"{printed} is in another country, and the line would pay", mend
        )


def _why_invalid(printed: str, country_code: int, country: str) -> str:
    """Such as `0800 9177 6506 has 12 digits, but a GB freephone number has 10 or 11`."""
    region = phonenumbers.region_code_for_country_code(country_code) or country
    meta = PhoneMetadata.metadata_for_region(region)
    digits = printed.replace(" ", "").removeprefix(f"+{country_code}")
    prefix = _national_prefix(printed, digits, meta)
    national = digits.removeprefix(prefix)
    likely = _lengths_like(country_code, national, meta)
    if not likely or len(national) in likely:
        return f"{printed} is not a number in use in {region}"

    def digits_off(length: int) -> int:
        return abs(length - len(national))

    nearest = min(likely, key=digits_off)
    type_name = TYPE_NAMES.get(likely[nearest], "number like it")
    has = f"{len(digits)} digits"
    if printed.startswith("+"):
        has += f" after +{country_code}"
    lengths = [str(length + len(prefix)) for length in sorted(likely)]
    return f"{printed} has {has}, but a {region} {type_name} has {_either(lengths)}"


def _national_prefix(printed: str, digits: str, meta: PhoneMetadata | None) -> str:
    """What is dialled before a number at home, if this one is printed with it: Britain's 0."""
    if printed.startswith("+") or not meta or not meta.national_prefix:
        return ""
    if digits.startswith(meta.national_prefix):
        return str(meta.national_prefix)
    return ""


def _lengths_like(
    country_code: int, national: str, meta: PhoneMetadata | None
) -> dict[int, int]:
    """Each length at which this number, cut or filled up with one digit, is valid, with its type.

    So the 7 digits that only 0800 1111 has are no advice for another number.
    """
    likely: dict[int, int] = {}
    if not meta or not meta.general_desc:
        return likely
    for length in meta.general_desc.possible_length:
        for fill in "0123456789":
            digits = (national + fill * length)[:length]
            candidate = _parse(f"+{country_code}{digits}", "")
            if phonenumbers.is_valid_number(candidate):
                likely[length] = phonenumbers.number_type(candidate)
    return likely


def _either(choices: list[str]) -> str:
    """`8, 10 or 11`."""
    *others, last = choices
    if not others:
        return last
    return f"{', '.join(others)} or {last}"
