"""The account at the telephone provider, through its REST API: one number, and kept documents.

The API is Twilio's, which the others speak as well; what differs is in `ivr.provider.dialects`.
"""

from dataclasses import dataclass, field
from typing import Any

import requests

from ivr.errors import ProviderError, SettingError
from ivr.provider.dialects import DIALECTS, Dialect
from ivr.settings import Settings

PATIENCE_S = 10
"""How long the API may take to answer."""

DOCUMENT_NAME = "talking line: fallback"
"""What the fallback document is called at the provider."""

Facts = dict[str, Any]
"""What the API says about one thing, by name."""

REFUSALS = {
    401: "does not accept {user} and {key}: copy both from its console again",
    403: "does not let this account do that: look at the account's state and rights in its console",
    404: "does not know the account or number: check {user} and LINE_NUMBER",
    429: "got too many requests: wait a minute, then try again",
}
"""By status, what the API means. The API's own words follow."""


@dataclass(frozen=True)
class Account:
    """One account."""

    dialect: Dialect
    url: str
    """Where the API has it."""
    user: str
    password: str = field(repr=False)

    @classmethod
    def of(cls, settings: Settings) -> "Account":
        """The account of an installation. Raises `SettingError`, which names what is not set."""
        dialect = DIALECTS[settings.provider]
        user = getattr(settings, dialect.account.lower())
        password = getattr(settings, dialect.api_key.lower())
        needed = {dialect.account: user, dialect.api_key: password}
        if "{space}" in dialect.api:
            needed["SIGNALWIRE_SPACE"] = settings.signalwire_space
        missing = [name for name, value in needed.items() if not value]
        if missing:
            raise SettingError(
                f"{', '.join(missing)}: not set, so the provider cannot be asked;"
                " copy the values from its console"
            )
        api = dialect.api.format(space=settings.signalwire_space)
        return cls(dialect, f"{api}/{user}", user, password)

    def number(self, e164: str) -> Facts:
        """What the provider has set for a number. Raises `ProviderError` if it does not have it."""
        told = self._ask("GET", "IncomingPhoneNumbers.json", {"PhoneNumber": e164})
        found = told.get("incoming_phone_numbers", [])
        for each in found:
            if each.get("phone_number") == e164:
                return dict(each)
        raise ProviderError(
            f"{self.dialect.name}: the account does not have the number {e164}; buy it there, or"
            " set LINE_NUMBER to one of its numbers"
        )

    def change_number(self, number: Facts, fields: dict[str, str]) -> Facts:
        """Sets fields of a number; returns what is set then. Raises `ProviderError`."""
        return self._ask("POST", f"IncomingPhoneNumbers/{number['sid']}.json", fields)

    def keep(self, document: str) -> str:
        """Stores a document at the provider; returns its address. Raises `ProviderError`."""
        bins = self.dialect.bins
        if not bins:
            raise ProviderError(
                f"{self.dialect.name} cannot store a document for a program: keep it on another web"
                " server (scripts/fallback.py), and set FALLBACK_URL"
            )
        place = bins
        found = self._ask("GET", bins, {"Name": DOCUMENT_NAME})
        for each in found.get("laml_bins", []):
            if each.get("name") == DOCUMENT_NAME:
                place = f"{bins}/{each['sid']}"
        told = self._ask("POST", place, {"Name": DOCUMENT_NAME, "Contents": document})
        return str(told["request_url"])

    def _ask(self, method: str, path: str, fields: dict[str, str]) -> Facts:
        sent: dict[str, Any] = {"params" if method == "GET" else "data": fields}
        try:
            answer = requests.request(
                method,
                f"{self.url}/{path}",
                auth=(self.user, self.password),
                timeout=PATIENCE_S,
                **sent,
            )
        except requests.RequestException as error:
            raise ProviderError(
                f"{self.dialect.name}: the API cannot be reached ({type(error).__name__});"
                " check this machine's network, and the provider's status page"
            ) from None
        told = _json(answer)
        if not answer.ok:
            raise ProviderError(self._refusal(answer.status_code, told))
        if not isinstance(told, dict):
            raise ProviderError(
                f"{self.dialect.name}: the API's answer makes no sense; check its address,"
                f" {self.url}"
            )
        return told

    def _refusal(self, status: int, told: object) -> str:
        """What a refusal means, and what the API says itself."""
        means = REFUSALS.get(status, "refuses what it was given")
        if status >= 500:
            means = (
                "has a fault of its own: try again later, and look at its status page"
            )
        means = means.format(user=self.dialect.account, key=self.dialect.api_key)
        said = ""
        if isinstance(told, dict) and told.get("message"):
            said = f" It says: {told['message']}"
            if told.get("code"):
                said += f" ({told['code']})"
        return f"{self.dialect.name}: the API {means} (status {status}).{said}"


def _json(answer: requests.Response) -> object:
    """What the API said; None where it is not JSON."""
    try:
        return answer.json()
    except ValueError:
        return None
