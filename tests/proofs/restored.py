"""A backup is restored on a machine where nothing is, and the line answers from it: how long that
takes with the whole content."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from ivr.callers.database import database_url, prepare
from ivr.handset.phone import Phone, over_http
from ivr.operators.backup import back_up, restore
from ivr.settings import ROOT, Settings
from scripts import render_audio
from tests.proofs.record import Budget, Figure
from tests.support.acting import KEY
from tests.support.caller import PUBLIC_URL
from tests.support.server import TOKEN, started

MB = 1_000_000


def prove(budget: Budget) -> Iterator[Figure]:
    """From the file to a call."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "line.tar.gz"
        assert back_up(installed(folder / "old"), file, folder / "old/.env") == []
        shutil.rmtree(folder / "old")
        yield Figure("the backup", f"{file.stat().st_size / MB:.0f} MB")
        begun = time.monotonic()
        restore(file, folder / "new", datetime.now(UTC))
        yield Figure("restored, and every clip read, after", _since(begun))
        with started(folder / "new/instance/store") as server:
            phone = Phone(over_http(server.address, PUBLIC_URL), PUBLIC_URL, TOKEN)
            phone.ring()
            assert phone.words()
            yield Figure("a caller hears the welcome after", _since(begun))


def _since(begun: float) -> str:
    return f"{time.monotonic() - begun:.1f} s"


def installed(folder: Path) -> Settings:
    """An installation with the whole content, and an empty database."""
    store = folder / "instance/store"
    assert render_audio.main(["--store", str(store)]) == 0
    database = f"sqlite:///{folder}/instance/callers.db"
    prepare(database_url(database, folder), KEY, datetime.now(UTC))
    (folder / ".env").write_text("SECRET_KEY=hush\n")
    shutil.copytree(ROOT / "content", folder / "content")
    return Settings(
        store=store,
        content=folder / "content",
        studio=folder / "instance/studio",
        database=database,
    )
