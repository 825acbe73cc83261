"""Settings, read once from a mapping such as the environment."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

from ivr.errors import SettingError

ROOT = Path(__file__).resolve().parent.parent
"""The project's folder; relative folders in settings start here."""


def environment() -> dict[str, str]:
    """The process's environment, over what the file `.env` says."""
    from_file = dotenv_values(ROOT / ".env")
    return {name: value for name, value in from_file.items() if value is not None} | dict(
        os.environ
    )


@dataclass(frozen=True)
class Settings:
    """How one installation differs from another. `.env.example` lists the variables."""

    port: int = 8000
    """`PORT`: where the server listens."""
    public_url: str = "http://localhost:8000"
    """`PUBLIC_URL`: the address by which the provider reaches the server, without a slash at
    the end. Signatures are made over it, whatever a proxy in between changes."""
    twilio_auth_token: str | None = None
    """`TWILIO_AUTH_TOKEN`: the key of the provider's signatures; without it every webhook is
    refused."""
    line_number: str | None = None
    """`LINE_NUMBER`: the number callers ring, in E.164; the caller ID of transfers."""
    store: str | Path = ROOT / "instance" / "store"
    """`STORE_URL`: where the editions and clips are; a folder's path, or any URL that fsspec
    knows, such as `s3://bucket/line`."""
    cache: Path = ROOT / "instance" / "cache"
    """`CACHE_DIR`: the folder of this machine's copy, where the store is not a folder."""
    cache_mb: int = 8000
    """`CACHE_MB`: how large that copy may be, in millions of bytes. A thousand articles of 600
    words, at five speeds, are 7,300."""
    content: Path = ROOT / "content"
    """`CONTENT_DIR`: the folder of the words."""
    studio: Path = ROOT / "instance" / "studio"
    """`STUDIO_DIR`: the folder where the studio's page notes who is signed in, and how far
    publishing is."""
    studio_password_hash: str | None = None
    """`STUDIO_PASSWORD_HASH`: of the password of the studio's page; without it nobody gets in."""
    secret_key: str | None = None
    """`SECRET_KEY`: signs the sessions of the studio's page."""

    @classmethod
    def from_mapping(cls, environ: Mapping[str, str]) -> "Settings":
        """Reads and checks them. Raises `SettingError` that names every one that is wrong.

        An empty variable counts as one that is not set.
        """
        given = {name: environ[name].strip() for name in CHECKS if environ.get(name, "").strip()}
        faults = [
            f"{name}={_shown(name, value)!r}: takes {takes}"
            for name, value in given.items()
            for takes, is_right in [CHECKS[name]]
            if not is_right(value)
        ]
        if "TWILIO_AUTH_TOKEN" in given:
            faults += [
                f"{name} is not set: TWILIO_AUTH_TOKEN needs it; it takes {CHECKS[name][0]}"
                for name in ("PUBLIC_URL", "LINE_NUMBER")
                if name not in given
            ]
        if "STUDIO_PASSWORD_HASH" in given and "SECRET_KEY" not in given:
            takes = CHECKS["SECRET_KEY"][0]
            faults.append(f"SECRET_KEY is not set: STUDIO_PASSWORD_HASH needs it; it takes {takes}")
        if faults:
            raise SettingError("\n".join(faults))
        port = int(given.get("PORT", cls.port))
        return cls(
            port=port,
            public_url=given.get("PUBLIC_URL", f"http://localhost:{port}").rstrip("/"),
            twilio_auth_token=given.get("TWILIO_AUTH_TOKEN"),
            line_number=given.get("LINE_NUMBER"),
            store=_store(given.get("STORE_URL", cls.store)),
            cache=ROOT / given.get("CACHE_DIR", cls.cache),
            cache_mb=int(given.get("CACHE_MB", cls.cache_mb)),
            content=ROOT / given.get("CONTENT_DIR", cls.content),
            studio=ROOT / given.get("STUDIO_DIR", cls.studio),
            studio_password_hash=given.get("STUDIO_PASSWORD_HASH"),
            secret_key=given.get("SECRET_KEY"),
        )


def _store(value: str | Path) -> str | Path:
    path = str(value).removeprefix("file://")
    return path if "://" in path else ROOT / path


def _is_store(value: str) -> bool:
    scheme, _, rest = value.rpartition("://")
    if scheme in ("", "file"):
        return bool(rest)
    from fsspec import available_protocols  # here, as it takes a tenth of a second

    return bool(rest) and scheme in available_protocols()


def _is_base_url(value: str) -> bool:
    try:
        url = urlsplit(value)
        _ = url.port
    except ValueError:
        return False
    return (
        url.scheme in ("http", "https") and bool(url.hostname) and not (url.query or url.fragment)
    )


CHECKS: dict[str, tuple[str, Callable[[str], bool]]] = {
    "PORT": (
        "a number from 1 to 65535",
        lambda value: bool(re.fullmatch(r"[0-9]{1,5}", value)) and 0 < int(value) < 65536,
    ),
    "PUBLIC_URL": ("an address such as https://line.example.org", _is_base_url),
    "TWILIO_AUTH_TOKEN": (
        "the provider's token, printable and without spaces or quotes",
        lambda value: bool(re.fullmatch(r"[!-~]+", value)) and not re.search("[\"']", value),
    ),
    "LINE_NUMBER": (
        "a number in E.164, such as +441414960000",
        lambda value: bool(re.fullmatch(r"\+[1-9][0-9]{6,14}", value)),
    ),
    "STORE_URL": (
        "a folder, such as instance/store, or a URL that fsspec knows, such as s3://bucket/line",
        _is_store,
    ),
    "CACHE_DIR": ("a folder, such as instance/cache", lambda value: "://" not in value),
    "CACHE_MB": (
        "a whole number of megabytes, from 1 on",
        lambda value: bool(re.fullmatch(r"[1-9][0-9]{0,8}", value)),
    ),
    "CONTENT_DIR": ("a folder, such as content", lambda value: "://" not in value),
    "STUDIO_DIR": ("a folder, such as instance/studio", lambda value: "://" not in value),
    "STUDIO_PASSWORD_HASH": (
        "what scripts/set_password.py sets",
        lambda value: bool(re.fullmatch(r"scrypt:[0-9:]+\$[!-~]+\$[0-9a-f]{128}", value)),
    ),
    "SECRET_KEY": (
        "32 characters or more that nobody can guess; scripts/set_password.py makes some",
        lambda value: len(value) >= 32,
    ),
}
"""Each variable, what it takes, and whether a value is that."""


SECRET = ("TWILIO_AUTH_TOKEN", "STUDIO_PASSWORD_HASH", "SECRET_KEY")


def _shown(name: str, value: str) -> str:
    """A value as an error may show it: a secret never is."""
    return "…" if name in SECRET else value
