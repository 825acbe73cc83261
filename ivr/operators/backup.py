"""A backup of what an installation cannot make again, and its way back: one file, a tar archive.

    content/            the words, and recordings
    instance/store/     editions and clips
    instance/studio/    what the studio notes, except who is signed in
    instance/callers.db counts, and where callers left off
    .env                the settings, secrets among them

A bucket and a PostgreSQL database are not in it: they have ways of their own.
"""

import io
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path, PurePosixPath

from ivr.callers.database import database_url
from ivr.edition.store import Store, clip_key, sizes
from ivr.errors import BackupError, StoreError
from ivr.settings import ROOT, Settings

CONTENT, STORE, STUDIO, DATABASE, SECRETS = (
    "content",
    "instance/store",
    "instance/studio",
    "instance/callers.db",
    ".env",
)
"""Where each part is in an archive, and where it goes from there."""

PASSING = {"sessions", "sent"}
"""Which of the studio's notes are worthless tomorrow, or would let in anyone who has the file."""

Tar = tarfile.TarFile


def back_up(settings: Settings, file: Path, secrets: Path = ROOT / ".env") -> list[str]:
    """Writes a backup that only its owner may read; returns what is not in it, and why.

    Raises `BackupError` where the store lacks something, or changed meanwhile: no file is left.
    """
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = file.with_name(f".{file.name}.part")
    how = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    handle = os.open(part, how, mode=0o600)
    try:
        with (
            os.fdopen(handle, "wb") as raw,
            tarfile.open(
                fileobj=raw,
                mode="w:gz",
                compresslevel=1,
                dereference=True,  # a folder may be a link to another disk
            ) as archive,
        ):
            notes = list(_put_all(archive, settings, secrets))
    except (OSError, StoreError) as error:
        raise BackupError(f"nothing was backed up: {error}; then try again") from error
    else:
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)
    return notes


def _put_all(archive: Tar, settings: Settings, secrets: Path) -> Iterator[str]:
    """Puts each part in, and tells what cannot be."""
    store = Store(settings.store)
    if store.is_folder:
        _put_store(archive, store)
    else:
        yield f"The store {store.url} is not in it: set the bucket to keep old versions."
    if settings.content.is_dir():
        archive.add(settings.content, CONTENT)
    else:
        yield f"The words are not in it: {settings.content} is not on this machine."
    if settings.studio.is_dir():
        archive.add(settings.studio, STUDIO, filter=_lasting)
    if secrets.exists():
        archive.add(secrets, SECRETS)
    else:
        yield "The settings are not in it: there is no file .env."
    url = database_url(settings.database, ROOT)
    if url.get_backend_name() != "sqlite":
        yield "The database is not in it: back it up with pg_dump (docs/going-live.md)."
    elif Path(url.database or "").exists():
        _put_database(archive, Path(url.database or ""))


def _put_store(archive: Tar, store: Store) -> None:
    """What is live is read before all else, since an edition and its clips never change."""
    live = store.storage.read("live")
    needed = sizes(store.edition(live.decode().strip()))
    archive.add(store.folder, STORE, filter=_but_live)
    _put(archive, f"{STORE}/live", live)
    found = {member.name: member.size for member in archive.getmembers()}
    lost = 0
    for name, size in needed.items():
        lost += found.get(f"{STORE}/{clip_key(name)}") != size
    if lost:
        raise StoreError(f"{lost} clips are missing; run scripts/render_audio.py")


def _but_live(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    if member.name == f"{STORE}/live" or member.name.endswith(".part"):
        return None
    return member


def _lasting(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    name = PurePosixPath(member.name).relative_to(STUDIO)
    if name.parts and name.parts[0] in PASSING:
        return None
    return member


def _put_database(archive: Tar, file: Path) -> None:
    """A copy that is complete even if somebody writes meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "callers.db"
        with (
            closing(sqlite3.connect(file)) as now,
            closing(sqlite3.connect(copy)) as then,
        ):
            now.backup(then)
        archive.add(copy, DATABASE)


def _put(archive: Tar, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(data)
    archive.addfile(member, io.BytesIO(data))


def restore(file: Path, into: Path, now: datetime) -> list[str]:
    """Puts a backup into a folder, and checks that the line can answer from it.

    What is there already is set aside, not deleted. Returns what was done, in sentences.
    Raises `BackupError`.
    """
    notes: list[str] = []
    with tempfile.TemporaryDirectory(dir=_made(into), prefix=".restore-") as name:
        new = Path(name)
        try:
            with tarfile.open(file) as archive:
                _extract(archive, new)
        except (OSError, EOFError, tarfile.TarError) as error:
            raise BackupError(
                f"{file} is not a backup, or is damaged: {error}; use another one"
            ) from error
        notes += _looked_at(new)
        for part in (CONTENT, STORE, STUDIO, DATABASE, SECRETS):
            if (new / part).exists():
                notes += _put_back(new / part, into / part, now)
    return notes


def _extract(archive: Tar, folder: Path) -> None:
    """Takes out only plain files, and none that would be outside the folder.

    (`filter="data"` of tarfile does as much, but Debian 12's Python does not have it.)
    """
    for member in archive:
        path = PurePosixPath(member.name)
        if path.is_absolute() or ".." in path.parts:
            raise tarfile.TarError(f"{member.name} would be outside the folder")
        if not member.isreg():
            continue
        content = archive.extractfile(member)
        if content is None:
            continue
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        with content, place.open("wb") as file:
            shutil.copyfileobj(content, file)
        place.chmod(0o600 | member.mode & 0o666)  # what was nobody else's stays so


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _looked_at(new: Path) -> Iterator[str]:
    """Reads every clip of the edition that would be live. Raises `BackupError`."""
    if not (new / STORE).exists():
        yield "The backup holds no store: set STORE_URL to the bucket, or publish."
        return
    store = Store(new / STORE)
    edition = store.edition(store.live() or "")
    lost = [name for name in sizes(edition) if store.clip(name) is None]
    if lost:
        raise BackupError(f"{len(lost)} clips in it are damaged; use another backup")
    yield f"Edition {edition.id} is live, with {len(sizes(edition))} clips, all complete."


def _put_back(new: Path, place: Path, now: datetime) -> Iterator[str]:
    place.parent.mkdir(parents=True, exist_ok=True)
    aside = place.with_name(f"{place.name}.before-{now:%Y%m%dT%H%M%S}")
    if place.exists():
        yield f"{place} was there already; it is now called {aside.name}."
    for ending in ("", "-wal", "-shm"):  # a database may be in three files
        part = place.with_name(place.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
    if new.is_file():  # the settings, and the database
        new.chmod(0o600)
    shutil.move(new, place)  # which may be on another disk
    yield f"{place} is back."
