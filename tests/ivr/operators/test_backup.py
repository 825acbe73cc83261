"""A backup, and the line that answers from what was restored."""

import errno
import io
import os
import tarfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ivr.callers.callers import Callers
from ivr.callers.database import database_url, prepare
from ivr.callers.events import Event, Happened, Kind
from ivr.edition.store import Store
from ivr.errors import BackupError
from ivr.operators.backup import back_up, restore
from ivr.settings import Settings
from scripts import backup as command
from scripts import restore as restore_command
from tests.support.acting import counted
from tests.support.caller import Caller, Clock
from tests.support.line import line
from tests.support.small import edition, publish
from tests.support.small_content import write

pytestmark = pytest.mark.slow  # each writes whole archives

NOW = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)


@pytest.fixture
def installation(tmp_path: Path) -> Settings:
    """A line with words, an edition, a count, somebody signed in, and secrets."""
    here = tmp_path / "here"
    publish(here / "instance/store", edition())
    database = f"sqlite:///{here}/instance/callers.db"
    url = database_url(database, here)
    prepare(url, None, NOW)
    callers = Callers(url, None, lambda: NOW)
    callers.count("one call", Happened(Event(Kind.CALL), NOW))
    callers.stop()
    for name in ("sessions/somebody", "kept/note"):
        note = here / "instance/studio" / name
        note.parent.mkdir(parents=True)
        note.touch()
    (here / ".env").write_text("SECRET_KEY=hush\n")
    return Settings(
        store=here / "instance/store",
        content=write(here / "content"),
        studio=here / "instance/studio",
        database=database,
    )


@pytest.fixture
def file(installation: Settings, tmp_path: Path) -> Path:
    """A backup of it."""
    file = tmp_path / "backups" / "line.tar.gz"
    secrets = installation.content.parent / ".env"
    assert back_up(installation, file, secrets) == []
    return file


def test_a_line_answers_from_what_was_restored_into_an_empty_folder(
    file: Path, tmp_path: Path
) -> None:
    new = tmp_path / "new"
    notes = restore(file, new, NOW)
    assert notes[0].startswith(f"Edition {edition().id} is live, with ")
    clock = Clock()
    caller = Caller(line(new / "instance/store", clock), clock)
    caller.rings()
    caller.hears("<welcome>")
    caller.presses("1")
    caller.hears("one section 1 sentence 1")
    assert (new / "content/en/prompts.toml").is_file()
    assert (new / ".env").read_text() == "SECRET_KEY=hush\n"
    assert (new / ".env").stat().st_mode & 0o777 == 0o600
    url = database_url(f"sqlite:///{new}/instance/callers.db", new)
    assert counted(url) == {("call", "", "", 0): 1}


def test_nobody_else_can_read_it_and_nobody_is_signed_in_by_it(file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600
    with tarfile.open(file) as archive:
        names = archive.getnames()
    assert "instance/studio/kept/note" in names
    assert not [name for name in names if "sessions" in name]


def test_what_a_link_leads_to_is_in_it(installation: Settings, tmp_path: Path) -> None:
    """As where a folder was moved to another disk."""
    for folder in (installation.content, installation.studio):
        moved = folder.rename(folder.with_name(f"{folder.name} moved"))
        folder.symlink_to(moved)
    file = tmp_path / "line.tar.gz"
    back_up(installation, file, tmp_path / "no secrets")
    restore(file, tmp_path / "new", NOW)
    assert (tmp_path / "new/content/en/prompts.toml").is_file()
    assert (tmp_path / "new/instance/studio/kept/note").is_file()


def test_a_part_that_is_on_another_disk_is_put_back_there(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = tmp_path / "new"
    rename = os.rename

    def renamed(before: Path, after: Path) -> None:
        if ".restore-" in str(before):
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        rename(before, after)

    monkeypatch.setattr(os, "rename", renamed)
    restore(file, new, NOW)
    assert Store(new / "instance/store").live() == edition().id
    assert (new / "content/en/prompts.toml").is_file()


def test_what_nobody_else_could_read_nobody_else_can(
    installation: Settings, tmp_path: Path
) -> None:
    note = installation.studio / "kept/note"
    file = tmp_path / "line.tar.gz"
    for mode in (0o600, 0o644):
        note.chmod(mode)
        back_up(installation, file, tmp_path / "no secrets")
        new = tmp_path / f"new {mode}"
        restore(file, new, NOW)
        restored = new / "instance/studio/kept/note"
        assert restored.stat().st_mode & 0o777 == mode


def test_what_is_there_is_set_aside_and_not_deleted(file: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    (new / "content").mkdir(parents=True)
    (new / "content/mine").touch()
    (new / "instance").mkdir()
    (new / "instance/callers.db-wal").write_text("what was not written yet")
    restore(file, new, NOW)
    assert (new / "content.before-20261124T033000/mine").exists()
    assert not (new / "content/mine").exists()
    assert not (new / "instance/callers.db-wal").exists()
    assert (new / "instance/callers.db.before-20261124T033000-wal").exists()
    assert (new / "instance/callers.db").stat().st_mode & 0o777 == 0o600


def test_a_damaged_backup_changes_nothing(file: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    (new / "content").mkdir(parents=True)
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2])
    with pytest.raises(BackupError, match="is not a backup, or is damaged"):
        restore(file, new, NOW)
    assert [path.name for path in new.iterdir()] == ["content"]


@pytest.mark.parametrize(
    "name", ["../outside", "content/../../outside", "/tmp/outside"]
)
def test_a_backup_cannot_write_outside_its_folder(name: str, tmp_path: Path) -> None:
    file = tmp_path / "evil.tar.gz"
    with tarfile.open(file, "w:gz") as archive:
        archive.addfile(tarfile.TarInfo(name), io.BytesIO())
    with pytest.raises(BackupError, match="would be outside the folder"):
        restore(file, tmp_path / "new", NOW)
    assert not list(tmp_path.rglob("outside"))


def test_a_backup_makes_no_link(tmp_path: Path) -> None:
    file = tmp_path / "evil.tar.gz"
    link = tarfile.TarInfo("content")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc"
    with tarfile.open(file, "w:gz") as archive:
        archive.addfile(link)
    restore(file, tmp_path / "new", NOW)
    assert not (tmp_path / "new" / "content").exists()


def test_a_store_that_lacks_a_clip_is_not_backed_up(
    installation: Settings, tmp_path: Path
) -> None:
    next(Store(installation.store).folder.glob("clips/*/*")).unlink()
    file = tmp_path / "backups" / "line.tar.gz"
    with pytest.raises(BackupError, match="1 clips are missing"):
        back_up(installation, file)
    assert list(file.parent.iterdir()) == []


def test_what_a_backup_does_not_hold_is_said(
    installation: Settings, tmp_path: Path
) -> None:
    elsewhere = replace(
        installation,
        content=tmp_path / "none",
        database="postgresql://line:hush@db.example.org/line",
    )
    notes = back_up(elsewhere, tmp_path / "line.tar.gz", tmp_path / "none")
    assert [note.partition(" is ")[0].partition(" are ")[0] for note in notes] == [
        "The words",
        "The settings",
        "The database",
    ]


@pytest.mark.parametrize("number", ["0", "-1", "two"])
def test_a_number_that_would_keep_none_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, number: str
) -> None:
    """`-1` would delete the newest ones instead of the oldest."""
    with pytest.raises(SystemExit):
        command.main([f"--keep={number}", str(tmp_path)])
    assert "--keep" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_commands_keep_the_newest_and_put_one_back(
    installation: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORE_URL", str(installation.store))
    monkeypatch.setenv("CONTENT_DIR", str(installation.content))
    monkeypatch.setenv("STUDIO_DIR", str(installation.studio))
    monkeypatch.setenv("DATABASE_URL", installation.database)
    folder = tmp_path / "backups"
    folder.mkdir()
    for old in ("line-20200101T000000Z.tar.gz", "line-20210101T000000Z.tar.gz"):
        (folder / old).touch()
    assert command.main(["--keep", "2", str(folder)]) == 0
    older, newest = sorted(folder.iterdir())
    assert older.name == "line-20210101T000000Z.tar.gz"
    new = str(tmp_path / "new")
    assert restore_command.main([str(older), "--into", new]) == 1
    assert restore_command.main([str(newest), "--into", new]) == 0
    assert (tmp_path / "new/instance/store/live").exists()
