"""Pointing the provider's number at this line: what should be set, and what is."""

from dataclasses import dataclass

from ivr.errors import SettingError
from ivr.operators.account import Facts
from ivr.provider.dialects import DIALECTS
from ivr.settings import Settings

HIDERS = {
    "voice_application_sid": "an application",
    "trunk_sid": "a SIP trunk",
}
"""What a number may belong to: the provider then ignores the addresses set on the number."""

FIELDS = {
    "VoiceUrl": "voice_url",
    "VoiceMethod": "voice_method",
    "VoiceFallbackUrl": "voice_fallback_url",
    "VoiceFallbackMethod": "voice_fallback_method",
    "StatusCallback": "status_callback",
    "StatusCallbackMethod": "status_callback_method",
}
"""The API's name for setting a value, by its name for reading it."""


@dataclass(frozen=True)
class Difference:
    """A field that is not as it should be."""

    field: str
    now: str
    wanted: str

    def __str__(self) -> str:
        return f"{self.field}: {self.now or 'nothing'}, but should be {self.wanted}"


def wanted(settings: Settings) -> dict[str, str]:
    """Every field that the number should have, as the API takes it. Raises `SettingError`.

    The method is POST everywhere: with GET, callers' numbers would be in addresses, and so in
    logs. Only a copy of the fallback on a static server is fetched by GET, as such servers refuse
    a POST.
    """
    if not (settings.line_number and settings.public_url.startswith("https://")):
        raise SettingError(
            "set LINE_NUMBER, and PUBLIC_URL to an https address, before you point the number at"
            " this line"
        )
    dialect = DIALECTS[settings.provider]
    fields = {
        "VoiceUrl": f"{settings.public_url}/voice{dialect.overrides}",
        "VoiceMethod": "POST",
        "StatusCallback": f"{settings.public_url}/voice/ended",
        "StatusCallbackMethod": "POST",
    }
    if not dialect.has_fallback:
        return fields
    fields["VoiceFallbackUrl"] = f"{settings.public_url}/voice/fallback"
    fields["VoiceFallbackMethod"] = "POST"
    if settings.fallback_url:
        fields["VoiceFallbackUrl"] = settings.fallback_url
        fields["VoiceFallbackMethod"] = "GET"
    return fields


def differences(number: Facts, fields: dict[str, str]) -> list[Difference]:
    """Where a number differs from what it should be."""
    found = []
    for name, value in fields.items():
        now = str(number.get(FIELDS[name]) or "")
        if now != value:
            found.append(Difference(name, now, value))
    return found


def hidden_by(number: Facts) -> list[str]:
    """What hides the number's own addresses, and how to mend each."""
    found = []
    for name, what in HIDERS.items():
        if number.get(name):
            found.append(
                f"the number belongs to {what} ({number[name]}), so the provider ignores the"
                " addresses set on it: take the number out of it in the provider's console"
            )
    if number.get("voice_receive_mode") == "fax":
        found.append(
            "the number receives faxes, not calls: set it to voice in the provider's console"
        )
    return found
