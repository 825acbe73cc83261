"""What a printed telephone number is: dialled, only said, or not a number at all."""

import re

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from audio.words.faults import Wrong

KINDS = {
    PhoneNumberType.TOLL_FREE: "freephone number",
    PhoneNumberType.FIXED_LINE: "landline number",
    PhoneNumberType.MOBILE: "mobile number",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "landline or mobile number",
}
"""The kinds that people know; any other is a "number like it"."""


READ_OUT = "set transfer = false (no tick in the studio), and it is read out"


def dialled(printed: str, transfer: bool, country: str) -> str | None:
    """The E.164 form that a transfer dials, or None where the number is only said."""
    if not re.fullmatch(r"\+?[0-9][0-9 ]*", printed):
        raise Wrong(f"number {printed!r} is not digits and spaces", "write it as it is printed")
    number = _parse(printed, country)
    if phonenumbers.is_valid_short_number_for_region(number, country):
        _refuse_transfer(printed, transfer, country)
        return None
    if not phonenumbers.is_valid_number(number):
        raise Wrong(
            _why_invalid(printed, number.country_code or 0, country),
            "check the number at its source",
        )
    if not transfer:
        return None
    _refuse_costly(printed, number, country)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _parse(printed: str, country: str) -> PhoneNumber:
    try:
        return phonenumbers.parse(printed, country)
    except phonenumbers.NumberParseException as error:
        raise Wrong(f"{printed} is no telephone number", "check it at its source") from error


def _refuse_transfer(printed: str, transfer: bool, country: str) -> None:
    """Short codes have no E.164 form; an emergency is for the caller's own telephone."""
    if transfer and phonenumbers.is_emergency_number(printed.replace(" ", ""), country):
        what = f"{printed} is an emergency number, which a transfer must never dial"
        raise Wrong(what, f"{READ_OUT}, and tell callers to hang up and dial it")
    if transfer:
        what = f"{printed} is a short code, which cannot be dialled by a transfer"
        raise Wrong(what, READ_OUT)


def _refuse_costly(printed: str, number: PhoneNumber, country: str) -> None:
    """The line pays for a transfer, so it is to no number whose price nobody expects."""
    mend = f"check it; if it is right, {READ_OUT}"
    if phonenumbers.number_type(number) == PhoneNumberType.PREMIUM_RATE:
        raise Wrong(f"{printed} is a premium-rate number, and the line would pay", mend)
    if number.country_code != phonenumbers.country_code_for_region(country):
        raise Wrong(f"{printed} is in another country, and the line would pay", mend)


def _why_invalid(printed: str, country_code: int, country: str) -> str:
    """Such as `0800 9177 6506 has 12 digits, a GB freephone number has 10 or 11`."""
    region = phonenumbers.region_code_for_country_code(country_code) or country
    meta = PhoneMetadata.metadata_for_region(region)
    digits = printed.replace(" ", "").removeprefix(f"+{country_code}")
    prefix = (meta.national_prefix or "") if meta and not printed.startswith("+") else ""
    prefix = prefix if digits.startswith(prefix) else ""
    national = digits.removeprefix(prefix)
    likely = _lengths_like(country_code, national, meta)
    if not likely or len(national) in likely:
        return f"{printed} is not a number in use in {region}"
    nearest = min(likely, key=lambda length: abs(length - len(national)))
    kind = KINDS.get(likely[nearest], "number like it")
    lengths = " or ".join(str(length + len(prefix)) for length in sorted(likely))
    after = f" after +{country_code}" if printed.startswith("+") else ""
    return f"{printed} has {len(digits)} digits{after}, a {region} {kind} has {lengths}"


def _lengths_like(country_code: int, national: str, meta: PhoneMetadata | None) -> dict[int, int]:
    """Each length at which this number, cut or filled up with one digit, is valid, with its kind.

    So the 7 digits that only 0800 1111 has are no advice for another number.
    """
    likely: dict[int, int] = {}
    for length in meta.general_desc.possible_length if meta and meta.general_desc else ():
        for fill in "0123456789":
            candidate = _parse(f"+{country_code}{(national + fill * length)[:length]}", "")
            if phonenumbers.is_valid_number(candidate):
                likely[length] = phonenumbers.number_type(candidate)
    return likely
