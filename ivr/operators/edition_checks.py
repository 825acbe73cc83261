"""Checks of the edition on the air, and of the settings that go with it."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType

from ivr.edition.content import Helpline
from ivr.edition.store import sizes
from ivr.errors import StoreError
from ivr.operators.findings import Finding, Site, Skip

PUBLISH = "publish, in the studio or with scripts/render_audio.py"

NOT_SHOWN = {
    PhoneNumberType.PREMIUM_RATE: "a premium-rate number",
    PhoneNumberType.SHARED_COST: "a number that costs extra",
    PhoneNumberType.PERSONAL_NUMBER: "a personal number",
    PhoneNumberType.PAGER: "a pager's number",
}
"""Kinds of number that telephone companies may not show to the person who is called."""


def on_the_air(site: Site) -> Iterator[Finding]:
    """Callers have something to hear."""
    try:
        live = site.store.live()
        if live is None:
            yield Finding(f"{site.store.url}: nothing is on the air", PUBLISH)
        else:
            site.store.edition(live)
    except (OSError, StoreError) as error:
        yield Finding(str(error), PUBLISH)


def clips(site: Site) -> Iterator[Finding]:
    """Every clip of the edition is there, as long as it should be. Its bytes are verified when
    it is first played."""
    needed = sizes(site.edition)
    found = {}
    for key, entry in site.store.storage.entries("clips/").items():
        _, _, name = key.rpartition("/")
        found[name] = entry.size
    wrong = [name for name, size in needed.items() if found.get(name) != size]
    if wrong:
        what = f"{len(wrong)} of {len(needed)} clips are missing or cut, such as {wrong[0]}"
        yield Finding(what, "run scripts/render_audio.py, which makes them again")


def voices(site: Site) -> Iterator[Finding]:
    """The silent voice is only for tests."""
    for code, voice in site.edition.voices.items():
        if voice.startswith("silent"):
            what = f"no voice reads {code}: it is set to {voice}"
            yield Finding(what, "choose a voice in the studio, then publish")


def words(site: Site) -> Iterator[Finding]:
    """What the studio finds, if the words are on this machine."""
    if not site.settings.content.is_dir():
        raise Skip(f"{site.settings.content} is not on this machine")
    yield from site.words()


def helplines(site: Site) -> Iterator[Finding]:
    """Every number that the line dials exists, and there is at least one."""
    every = _helplines(site)
    if not any(helpline.e164 for helpline in every):
        yield Finding(
            "callers cannot be put through to anybody",
            "let the line dial a helpline, then publish",
        )
    for helpline in every:
        if helpline.e164 and not _is_valid(helpline.e164):
            what = f"{helpline.name}: {helpline.number} is not a valid number"
            yield Finding(what, "check it at its source, change it, then publish")


def hours(site: Site) -> Iterator[Finding]:
    """Every helpline is open at some time."""
    for helpline in _helplines(site):
        if not helpline.hours:
            what = f"{helpline.name} is never open"
            yield Finding(what, "set its hours, or remove it; then publish")


def holidays(site: Site) -> Iterator[Finding]:
    """They are known for a year, if the line has a calendar."""
    content = site.edition.content
    if not content.holidays_until:
        raise Skip("the line has no calendar of public holidays")
    zone = ZoneInfo(content.timezone)
    today = site.clock().astimezone(zone).date()
    if content.holidays_run_out(today):
        what = f"public holidays are known only until {content.holidays_until}"
        mend = f"{PUBLISH}; if that changes nothing, update the package holidays"
        yield Finding(what, mend, stops=False)


def line_number(site: Site) -> Iterator[Finding]:
    """It is set and valid, and in the country whose helplines are dialled."""
    number = site.settings.line_number
    if not number:
        yield Finding(
            "LINE_NUMBER is not set", "set it to the number that callers ring"
        )
        return
    if not _is_valid(number):
        what = f"LINE_NUMBER={number} is not a valid number"
        yield Finding(what, "check it in the provider's console")
        return
    codes = {_country(each.e164) for each in _helplines(site) if each.e164}
    if codes and _country(number) not in codes:
        what = f"LINE_NUMBER={number} is not in the helplines' country"
        yield Finding(
            what, "buy a number there: freephone numbers refuse calls from abroad"
        )


def caller_id(site: Site) -> Iterator[Finding]:
    """Helplines may see the line's number, and it is not one of theirs."""
    number = site.settings.line_number
    if not number:
        raise Skip("LINE_NUMBER is not set")
    kind = NOT_SHOWN.get(phonenumbers.number_type(_parsed(number)))
    if kind:
        what = f"LINE_NUMBER={number} is {kind}, which may not be shown to a helpline"
        yield Finding(what, "buy a landline or freephone number")
    for helpline in _helplines(site):
        if helpline.e164 == number:
            what = f"LINE_NUMBER={number} is the number of {helpline.name}"
            yield Finding(what, "set it to the number that callers ring")


def _helplines(site: Site) -> list[Helpline]:
    """Those of every language."""
    found: list[Helpline] = []
    for language in site.edition.content.languages.values():
        found += language.helplines
    return found


def _parsed(e164: str) -> PhoneNumber:
    """A number, if it can be read as one."""
    try:
        return phonenumbers.parse(e164)
    except NumberParseException:
        return PhoneNumber()


def _is_valid(e164: str) -> bool:
    return bool(phonenumbers.is_valid_number(_parsed(e164)))


def _country(e164: str) -> int:
    """Its country code, such as 44."""
    return int(_parsed(e164).country_code or 0)
