"""Checks on this machine: keys, database, disk."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import false, update
from sqlalchemy.exc import DBAPIError

from ivr.callers.database import (
    check_version,
    database_url,
    engine_of,
    reason,
    shown,
)
from ivr.callers.tables import meta
from ivr.errors import DatabaseError, SettingError
from ivr.operators.findings import Finding, Site, Skip
from ivr.provider.dialects import DIALECTS
from ivr.settings import ROOT

LEAST_FREE = 1_000_000_000
"""Bytes. A published article and its logs take a twentieth of it."""


def provider_key(site: Site) -> Iterator[Finding]:
    """Without it, every call is refused."""
    dialect = DIALECTS[site.settings.provider]
    if not dialect.signing_key(site.settings):
        what = f"{dialect.key} is not set, so every call is refused"
        yield Finding(
            what, "copy it from the provider's console into .env, and restart"
        )


def password(site: Site) -> Iterator[Finding]:
    """Staff can sign in, and a key tells callers apart."""
    mend = "run scripts/set_password.py, and restart"
    if not site.settings.studio_password_hash:
        yield Finding("the studio has no password, so nobody can sign in", mend)
    if not site.settings.secret_key:
        yield Finding(
            "SECRET_KEY is not set, so the line cannot recognise callers", mend
        )


def secrets(site: Site) -> Iterator[Finding]:
    """Nobody else on this machine may read them."""
    file = site.secrets
    if not file.exists():
        raise Skip("there is no file .env; the settings come from elsewhere")
    if file.stat().st_mode & 0o077:
        what = f"others on this machine can read {file}"
        yield Finding(what, f"chmod 600 {file}")


def database(site: Site) -> Iterator[Finding]:
    """It can be reached and written, and is up to date."""
    mend = "run scripts/database.py upgrade, and follow what it says"
    try:
        url = database_url(site.settings.database, ROOT)
    except SettingError as error:
        yield Finding(str(error), mend)
        return
    file = Path(url.database or "")
    if url.get_backend_name() == "sqlite" and not file.exists():
        yield Finding(f"{shown(url)} is not set up", mend)
        return
    engine = engine_of(url)
    try:
        with engine.begin() as connection:
            check_version(connection, url)
            # Changes no row, but is refused where nothing may be written.
            no_change = update(meta).where(false()).values(value="")
            connection.execute(no_change)
    except DatabaseError as error:
        yield Finding(str(error), mend)
    except DBAPIError as error:
        yield Finding(f"{shown(url)} cannot be used: {reason(error)}", mend)
    finally:
        engine.dispose()


def disk(site: Site) -> Iterator[Finding]:
    """There is room on each disk that is written to."""
    settings = site.settings
    folders = {settings.studio, settings.content}
    if isinstance(settings.store, Path):
        folders.add(settings.store)
    else:
        folders.add(settings.cache)
    for folder in sorted(folders):
        free = shutil.disk_usage(_there(folder)).free
        if free < LEAST_FREE:
            what = f"{folder}: only {free // 1_000_000} MB are left on its disk"
            yield Finding(
                what, "make room: run scripts/editions.py --prune, or get a larger disk"
            )


def _there(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    while not folder.exists():
        folder = folder.parent
    return folder
