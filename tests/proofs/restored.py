"""A backup is restored on a machine where nothing is, and the line answers from it: how long that
takes with the whole content."""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from ivr.callers.database import database_url, prepare
from ivr.handset.phone import Phone, over_http
from ivr.operators.backup import back_up
from ivr.settings import ROOT, Settings
from scripts import render_audio
from tests.proofs.record import Budget, Figure
from tests.support.acting import KEY
from tests.support.caller import PUBLIC_URL
from tests.support.server import TOKEN, started

MB = 1_000_000


def prove(budget: Budget) -> Iterator[Figure]:
    """With the whole content."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = folder / "old/instance/store"
        assert render_audio.main(["--store", str(store)]) == 0
        shutil.copytree(ROOT / "content", folder / "old/content")
        yield from rehearsed(installed(folder / "old"), folder)


def rehearsed(old: Settings, folder: Path) -> Iterator[Figure]:
    """A backup of an installation, which is then deleted; the script restores it elsewhere, and
    somebody rings."""
    file = folder / "line.tar.gz"
    assert back_up(old, file, old.content.parent / ".env") == []
    shutil.rmtree(old.content.parent)
    yield Figure("the backup", f"{file.stat().st_size / MB:.0f} MB")
    new = folder / "new"
    command = [sys.executable, "scripts/restore.py", str(file), "--into", str(new)]
    begun = time.monotonic()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    yield Figure(
        "`scripts/restore.py`, which reads every clip, has ended after", _since(begun)
    )
    with started(new / "instance/store") as server:
        phone = Phone(over_http(server.address, PUBLIC_URL), PUBLIC_URL, TOKEN)
        phone.ring()
        assert phone.words()
        yield Figure("a caller hears the welcome after", _since(begun))


def _since(begun: float) -> str:
    return f"{time.monotonic() - begun:.1f} s"


def installed(folder: Path) -> Settings:
    """An installation of the store and the content in a folder, with an empty database."""
    database = f"sqlite:///{folder}/instance/callers.db"
    prepare(database_url(database, folder), KEY, datetime.now(UTC))
    (folder / ".env").write_text("SECRET_KEY=hush\n")
    return Settings(
        store=folder / "instance/store",
        content=folder / "content",
        studio=folder / "instance/studio",
        database=database,
    )
