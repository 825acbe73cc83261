"""What differs from one telephone provider to another, as data.

From the providers' documents, their validators, and engines that run TwiML. What could not be
confirmed counts as absent, so that the line promises and uses only what is known to hold. Telnyx is
not here: it does not sign the URL, which holds all of a call's state (see `ivr.settings`).
"""

from dataclasses import dataclass

from ivr.call.scene import Abilities
from ivr.settings import Settings


@dataclass(frozen=True)
class Dialect:
    """How one provider speaks TwiML, how it signs, and how it is asked to send a text."""

    name: str
    """As `PROVIDER` has it."""
    signature_header: str
    """Which header of a request carries its signature."""
    key: str
    """The variable that holds the key of the signatures."""
    lost_sound: str
    """What a sound that is not found does to the call, in words."""
    star_ends_dial: bool = False
    """Whether `hangupOnStar` is obeyed, once somebody has answered. While it rings, by nobody."""
    speech: bool = False
    """Whether `<Gather>` can listen to words."""
    relative_urls: bool = False
    """Whether an address may go without its scheme and host."""
    fragments: bool = False
    """Whether what follows `#` in an address may tune how it is fetched."""
    ring_s: tuple[int, int] = (1, 600)
    """The least and the most that `<Dial>` takes as its timeout, in seconds."""
    texts: bool = False
    """Whether its REST API sends text messages, as Twilio's does."""
    account: str = "TWILIO_ACCOUNT_SID"
    """The variable that names the account, and is the user of its REST API."""
    api_key: str = "TWILIO_AUTH_TOKEN"
    """The variable that holds the password of its REST API."""
    api: str = "https://api.twilio.com/2010-04-01/Accounts"
    """Where the API's accounts are; `{space}` is `SIGNALWIRE_SPACE`."""
    has_fallback: bool = True
    """Whether a number in the API has a second address, for when the first one fails."""
    overrides: str = ""
    """What follows `#` in an address of the number, so that a server that hangs is given up in
    seconds: milliseconds to connect, to the first byte, and in all; tries again, and after what.
    (https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides)"""
    bins: str = ""
    """Where the API keeps an account's documents that the provider itself serves."""
    most_bytes: int = 64 * 1024
    """In a document (https://www.twilio.com/docs/api/errors/11750); taken for all of them."""
    most_said: int = 3000
    """Characters in one `<Say>`: below Twilio's 4,096; taken for all of them."""

    @property
    def abilities(self) -> Abilities:
        """What of this the line's words depend on."""
        return Abilities(self.star_ends_dial, self.speech, text=self.texts)

    def signing_key(self, settings: Settings) -> str | None:
        """The key of the provider's signatures; None where it is not set."""
        key: str | None = getattr(settings, self.key.lower())
        return key


TWILIO = Dialect(
    name="twilio",
    signature_header="X-Twilio-Signature",
    key="TWILIO_AUTH_TOKEN",
    lost_sound="not known",
    star_ends_dial=True,
    speech=True,
    relative_urls=True,
    fragments=True,
    texts=True,
    overrides="#ct=2000&rt=4000&tt=9000&rc=1&rp=all",
)

SIGNALWIRE = Dialect(
    name="signalwire",
    signature_header="X-SignalWire-Signature",
    key="SIGNALWIRE_SIGNING_KEY",
    lost_sound="not known",
    star_ends_dial=True,
    speech=True,
    ring_s=(5, 600),
    texts=True,
    account="SIGNALWIRE_PROJECT",
    api_key="SIGNALWIRE_API_TOKEN",
    api="https://{space}/api/laml/2010-04-01/Accounts",
    bins="LamlBins",
)

SOMLENG = Dialect(
    name="somleng",
    signature_header="X-Twilio-Signature",
    key="TWILIO_AUTH_TOKEN",
    lost_sound="nothing is heard, nor the next time within 300 s",
    texts=True,
    api="https://api.somleng.org/2010-04-01/Accounts",
    has_fallback=False,
)

DIALECTS = {each.name: each for each in (TWILIO, SIGNALWIRE, SOMLENG)}
"""By name."""
