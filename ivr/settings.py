"""Settings, read once from a mapping such as the environment."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dotenv import dotenv_values

from ivr.errors import SettingError

ROOT = Path(__file__).resolve().parent.parent
"""The project's folder; relative folders in settings start here."""


PROVIDERS = ("twilio", "signalwire", "somleng")
"""Whose dialect the line speaks; `ivr.provider.dialects` has what differs."""

NOT_TELNYX = (
    ". Telnyx does not sign the address of a request, only its body; but a step's address"
    " holds all of a call's state, so anybody could change it"
)


def environment() -> dict[str, str]:
    """The process's environment, over what the file `.env` says."""
    found = {}
    for name, value in dotenv_values(ROOT / ".env").items():
        if value is not None:
            found[name] = value
    return found | dict(os.environ)


@dataclass(frozen=True)
class Variable:
    """An environment variable that sets a field of `Settings`."""

    name: str
    takes: str
    """What it takes, in words that follow "is not"."""
    parse: Callable[[str], Any]
    """The field's value. Raises `ValueError` for what the variable does not take."""
    needs: tuple[str, ...] = ()
    """Variables that must be set when this one is."""
    needs_with: Mapping[str, str] = field(default_factory=dict)
    """By a value of this one: another variable that must then be set."""
    refusals: Mapping[str, str] = field(default_factory=dict)
    """By a value that it does not take: why."""
    is_secret: bool = False
    """Whether its value must not be shown."""

    def accepts(self, value: str) -> bool:
        """Whether the variable takes this value."""
        try:
            self.parse(value)
        except ValueError:
            return False
        return True

    def fault(self, value: str) -> str:
        """What to tell an operator who set it to this value."""
        if self.is_secret:
            return f"{self.name}: its value is not {self.takes}"
        why = self.refusals.get(value.lower(), "")
        return f"{self.name}: {value!r} is not {self.takes}{why}"


def set_by(
    name: str, takes: str, parse: Callable[[str], Any], **more: Any
) -> dict[str, Variable]:
    """The metadata of a field of `Settings`: the variable that sets it (see `Variable`)."""
    return {"variable": Variable(name, takes, parse, **more)}


def _matching(pattern: str) -> Callable[[str], str]:
    """Takes what matches the whole pattern, as it is."""

    def parse(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(value)
        return value

    return parse


def _provider(value: str) -> str:
    if value.lower() not in PROVIDERS:
        raise ValueError(value)
    return value.lower()


def _port(value: str) -> int:
    port = int(_matching(r"[0-9]{1,5}")(value))
    if not 0 < port < 65536:
        raise ValueError(value)
    return port


def _megabytes(value: str) -> int:
    return int(_matching(r"[1-9][0-9]{0,8}")(value))


def _number(least: int, most: int) -> Callable[[str], int]:
    """Takes a whole number within these bounds."""

    def parse(value: str) -> int:
        number = int(_matching(r"[0-9]{1,4}")(value))
        if not least <= number <= most:
            raise ValueError(value)
        return number

    return parse


def _folder(value: str) -> Path:
    if "://" in value:
        raise ValueError(value)
    return ROOT / value


def _store(value: str) -> str | Path:
    scheme, _, rest = value.rpartition("://")
    if not rest:
        raise ValueError(value)
    if scheme in ("", "file"):
        return ROOT / rest
    from fsspec import available_protocols  # here, because it takes 100 ms

    if scheme not in available_protocols():
        raise ValueError(value)
    return value


def _hosts(value: str) -> frozenset[str]:
    names = [name.strip().lower() for name in value.split(",")]
    if not all(re.fullmatch(r"[a-z0-9.:-]+", name) for name in names):
        raise ValueError(value)
    return frozenset(names)


def _base_url(value: str) -> str:
    url = urlsplit(value)
    _ = url.port  # raises ValueError for a port that is not a number
    if url.scheme not in ("http", "https") or not url.hostname:
        raise ValueError(value)
    if url.query or url.fragment:
        raise ValueError(value)
    return value.rstrip("/")


def _web_address(value: str) -> str:
    url = urlsplit(value)
    _ = url.port  # raises ValueError for a port that is not a number
    if url.scheme not in ("http", "https") or not url.hostname:
        raise ValueError(value)
    return value


def _https_url(value: str) -> str:
    url = urlsplit(value)
    _ = url.port  # raises ValueError for a port that is not a number
    if url.scheme != "https" or not url.hostname or url.fragment:
        raise ValueError(value)
    return value


@dataclass(frozen=True)
class Settings:
    """How one installation differs from another. `.env.example` lists the variables, too."""

    port: int = field(
        default=8000,
        metadata=set_by("PORT", "a number from 1 to 65535", _port),
    )
    """Where the server listens."""
    public_url: str = field(
        default="http://localhost:8000",
        metadata=set_by(
            "PUBLIC_URL", "an address such as https://line.example.org", _base_url
        ),
    )
    """The address at which the provider reaches the server, without a slash at the end.
    Signatures are made over it, whatever a proxy in between changes."""
    provider: str = field(
        default="twilio",
        metadata=set_by(
            "PROVIDER",
            "twilio, signalwire or somleng",
            _provider,
            needs_with={"signalwire": "SIGNALWIRE_SIGNING_KEY"},
            refusals={"telnyx": NOT_TELNYX},
        ),
    )
    """The telephone provider, one of `PROVIDERS`."""
    twilio_auth_token: str | None = field(
        default=None,
        metadata=set_by(
            "TWILIO_AUTH_TOKEN",
            "the provider's token, printable and without spaces or quotes",
            _matching(r"[!#-&(-~]+"),
            needs=("PUBLIC_URL", "LINE_NUMBER"),
            is_secret=True,
        ),
    )
    """The key of Twilio's and Somleng's signatures. Without it, every webhook is refused."""
    signalwire_signing_key: str | None = field(
        default=None,
        metadata=set_by(
            "SIGNALWIRE_SIGNING_KEY",
            "the project's Signing Key, printable and without spaces or quotes",
            _matching(r"[!#-&(-~]+"),
            needs=("PROVIDER", "PUBLIC_URL", "LINE_NUMBER"),
            is_secret=True,
        ),
    )
    """The key of SignalWire's signatures."""
    line_number: str | None = field(
        default=None,
        metadata=set_by(
            "LINE_NUMBER",
            "a number in E.164, such as +441414960000",
            _matching(r"\+[1-9][0-9]{6,14}"),
        ),
    )
    """The number callers ring, in E.164; the caller ID of transfers."""
    sms_from: str | None = field(
        default=None,
        metadata=set_by(
            "SMS_FROM",
            "a number in E.164, such as +447700900000",
            _matching(r"\+[1-9][0-9]{6,14}"),
            needs=("PUBLIC_URL", "LINE_NUMBER", "SECRET_KEY"),
        ),
    )
    """The number that texts come from, in E.164. Without it, no helpline's number is texted. It
    needs `SECRET_KEY`, without which callers are not told apart, and so may ring too often."""
    store: str | Path = field(
        default=ROOT / "instance" / "store",
        metadata=set_by(
            "STORE_URL",
            "a folder, such as instance/store, or a URL that fsspec knows, such as"
            " s3://bucket/line",
            _store,
        ),
    )
    """Where the editions and clips are: a folder, or a URL."""
    cache: Path = field(
        default=ROOT / "instance" / "cache",
        metadata=set_by("CACHE_DIR", "a folder, such as instance/cache", _folder),
    )
    """The folder of this machine's copy, where the store is not a folder."""
    cache_mb: int = field(
        default=8000,
        metadata=set_by(
            "CACHE_MB", "a whole number of megabytes, 1 or more", _megabytes
        ),
    )
    """How large that copy may be, in millions of bytes. A thousand articles of 600 words, at five
    speeds, take 7,300."""
    database: str = field(
        default="sqlite:///instance/callers.db",
        metadata=set_by(
            "DATABASE_URL",
            "an SQLite file, such as sqlite:///instance/callers.db, or a PostgreSQL database, such"
            " as postgresql://user:password@host/name",
            _matching(r"(sqlite:///|postgres(ql)?(\+psycopg)?://).+"),
            is_secret=True,
        ),
    )
    """Where bookmarks and counts are kept; `ivr.callers.database.database_url` reads it."""
    content: Path = field(
        default=ROOT / "content",
        metadata=set_by("CONTENT_DIR", "a folder, such as content", _folder),
    )
    """The folder of the words."""
    ear_model: Path | None = field(
        default=None,
        metadata=set_by("EAR_MODEL", "a folder, such as instance/ear", _folder),
    )
    """The folder of the model that hears what is said, in faster-whisper's format. Without it, the
    studio does not listen, and `render_audio.py --listen` downloads one."""
    studio: Path = field(
        default=ROOT / "instance" / "studio",
        metadata=set_by("STUDIO_DIR", "a folder, such as instance/studio", _folder),
    )
    """Where the studio notes who is signed in, and how far publishing is."""
    studio_password_hash: str | None = field(
        default=None,
        metadata=set_by(
            "STUDIO_PASSWORD_HASH",
            "what scripts/set_password.py sets",
            _matching(r"scrypt:[0-9:]+\$[!-~]+\$[0-9a-f]{128}"),
            needs=("SECRET_KEY",),
            is_secret=True,
        ),
    )
    """The hash of the studio's password. Without it, nobody can sign in."""
    secret_key: str | None = field(
        default=None,
        metadata=set_by(
            "SECRET_KEY",
            "32 or more characters that nobody can guess, such as scripts/set_password.py makes",
            _matching(r"(?s).{32,}"),
            is_secret=True,
        ),
    )
    """Signs the studio's sessions; and callers are known by their numbers' hash with it."""

    # Bringing articles in.
    private_hosts: frozenset[str] = field(
        default=frozenset(),
        metadata=set_by(
            "PRIVATE_HOSTS",
            "names of servers such as intranet.example.org, with commas between them",
            _hosts,
        ),
    )
    """Servers inside a private network from which articles may be brought in. All others must be
    public ones."""
    feed_url: str | None = field(
        default=None,
        metadata=set_by(
            "FEED_URL",
            "an address such as https://www.example.org/feed",
            _web_address,
        ),
    )
    """The feed (RSS or Atom) of the organisation's site, whose new posts staff are offered."""

    # Limits for callers.
    longest_call_minutes: int = field(
        default=120,
        metadata=set_by(
            "LONGEST_CALL_MINUTES", "a number of minutes from 5 to 230", _number(5, 230)
        ),
    )
    """How long a call may be; providers end it after 240."""
    longest_withheld_minutes: int = field(
        default=60,
        metadata=set_by(
            "LONGEST_WITHHELD_MINUTES",
            "a number of minutes from 5 to 230",
            _number(5, 230),
        ),
    )
    """How long a call may be whose caller cannot be told apart."""
    transfers_per_call: int = field(
        default=10,
        metadata=set_by("TRANSFERS_PER_CALL", "a number from 1 to 99", _number(1, 99)),
    )
    """How often a call may put its caller through."""
    calls_per_hour: int = field(
        default=20,
        metadata=set_by("CALLS_PER_HOUR", "a number from 1 to 999", _number(1, 999)),
    )
    """How often one caller may ring within an hour."""

    # Going live: the provider's account, and where callers and operators find things.
    twilio_account_sid: str | None = field(
        default=None,
        metadata=set_by(
            "TWILIO_ACCOUNT_SID",
            "the account's SID, as Twilio's or Somleng's console shows it",
            _matching(r"[0-9A-Za-z-]{32,40}"),
        ),
    )
    """Names the account at Twilio or Somleng, for its REST API."""
    signalwire_space: str | None = field(
        default=None,
        metadata=set_by(
            "SIGNALWIRE_SPACE",
            "the space's host, such as example.signalwire.com",
            _matching(r"[0-9a-z-]+(\.[0-9a-z-]+)+"),
            needs=("SIGNALWIRE_PROJECT", "SIGNALWIRE_API_TOKEN"),
        ),
    )
    """The host of SignalWire's REST API."""
    signalwire_project: str | None = field(
        default=None,
        metadata=set_by(
            "SIGNALWIRE_PROJECT",
            "the project's id, as SignalWire's dashboard shows it",
            _matching(r"[0-9A-Za-z-]{32,40}"),
        ),
    )
    """Names the account at SignalWire."""
    signalwire_api_token: str | None = field(
        default=None,
        metadata=set_by(
            "SIGNALWIRE_API_TOKEN",
            "an API token of the project, printable and without spaces or quotes",
            _matching(r"[!#-&(-~]+"),
            is_secret=True,
        ),
    )
    """The password of SignalWire's REST API; its signing key is another."""
    fallback_url: str | None = field(
        default=None,
        metadata=set_by(
            "FALLBACK_URL",
            "an address such as https://static.example.org/fallback.xml",
            _https_url,
        ),
    )
    """Where a copy of the fallback document is kept, on another machine than this one."""
    privacy_url: str | None = field(
        default=None,
        metadata=set_by(
            "PRIVACY_URL",
            "an address such as https://www.example.org/privacy",
            _https_url,
        ),
    )
    """The organisation's privacy notice."""
    log_format: str = field(
        default="text",
        metadata=set_by("LOG_FORMAT", "text or json", _matching("text|json")),
    )
    """How a server's log is written: for people, or a line of JSON each for programs."""
    metrics_token: str | None = field(
        default=None,
        metadata=set_by(
            "METRICS_TOKEN",
            "32 or more printable characters, without spaces, that nobody can guess",
            _matching(r"[!-~]{32,}"),
            is_secret=True,
        ),
    )
    """With it, another machine may see the figures. Without it, only this machine."""

    @classmethod
    def from_mapping(cls, environ: Mapping[str, str]) -> "Settings":
        """Reads and checks them. Raises a `SettingError` that names every fault.

        An empty variable counts as one that is not set.
        """
        given = {}
        for name in VARIABLES:
            value = environ.get(name, "").strip()
            if value:
                given[name] = value
        faults = [*_malformed(given), *_missing(given)]
        if faults:
            raise SettingError("\n".join(faults))
        values = {}
        for each in fields(cls):
            variable = each.metadata["variable"]
            if variable.name in given:
                values[each.name] = variable.parse(given[variable.name])
        if "port" in values:
            values.setdefault("public_url", f"http://localhost:{values['port']}")
        return cls(**values)


VARIABLES: dict[str, Variable] = {
    each.metadata["variable"].name: each.metadata["variable"]
    for each in fields(Settings)
}
"""Each environment variable by name, in the order of the fields."""


def _malformed(given: dict[str, str]) -> list[str]:
    """What is wrong with the variables that are set."""
    faults = []
    for name, value in given.items():
        variable = VARIABLES[name]
        if not variable.accepts(value):
            faults.append(variable.fault(value))
    return faults


def _missing(given: dict[str, str]) -> list[str]:
    """Which variables are not set, though another needs them."""
    faults = []
    for name, value in given.items():
        variable = VARIABLES[name]
        for needed in variable.needs:
            if needed not in given:
                faults.append(_is_missing(needed, name))
        needed_now = variable.needs_with.get(value.lower())
        if needed_now and needed_now not in given:
            faults.append(_is_missing(needed_now, f"{name}={value}"))
    return faults


def _is_missing(needed: str, by: str) -> str:
    return f"{needed} is not set, but {by} needs it: {VARIABLES[needed].takes}"
