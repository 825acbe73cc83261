"""The line as a service: what systemd does with deploy/line.socket and deploy/line.service."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import requests

from ivr.settings import ROOT
from tests.support.server import environment, until

BACKLOG = 1024
"""As in deploy/line.socket."""

RESTART_S = 1
"""As in deploy/line.service."""

FIRST_SOCKET = 3
"""The descriptor of the socket that systemd passes on."""

STARTED = 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" app.py'


class Service:
    """Holds the port while the server restarts, so that requests wait; and starts it again when it
    has died."""

    def __init__(
        self, settings: dict[str, str], port: socket.socket, log: Path
    ) -> None:
        self.address = f"http://127.0.0.1:{port.getsockname()[1]}"
        self._settings = settings
        self._port = port
        self._log = log
        self._is_wanted = True
        self._process = self._started()
        self._watch = threading.Thread(target=self._keep_running, daemon=True)
        self._watch.start()

    def _started(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            return subprocess.Popen(
                ["/bin/sh", "-c", STARTED, sys.executable],
                cwd=ROOT,
                env=os.environ | self._settings,
                preexec_fn=self._pass_the_port_on,
                pass_fds=(FIRST_SOCKET,),
                start_new_session=True,
                stdout=log,
                stderr=log,
            )

    def _pass_the_port_on(self) -> None:
        os.dup2(self._port.fileno(), FIRST_SOCKET)

    def _keep_running(self) -> None:
        """`Restart=always`."""
        while self._is_wanted:
            self._process.wait()
            self._kill_the_rest()
            if self._is_wanted:
                time.sleep(RESTART_S)
                self._process = self._started()

    def workers(self) -> list[int]:
        """The processes that answer."""
        pid = self._process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children")
        with suppress(OSError):
            return [int(child) for child in children.read_text().split()]
        return []

    def answers(self) -> bool:
        """Whether it is there, with both of its workers."""
        try:
            healthy = requests.get(f"{self.address}/healthz", timeout=60).ok
        except requests.ConnectionError:
            return False
        return healthy and len(self.workers()) == 2

    def kill_a_worker(self) -> None:
        """`kill -9`."""
        with suppress(ProcessLookupError):
            os.kill(self.workers()[0], signal.SIGKILL)

    def kill_the_server(self) -> None:
        """`kill -9`; its workers follow at once, as systemd sees to it."""
        os.kill(self._process.pid, signal.SIGKILL)
        self._kill_the_rest()

    def _kill_the_rest(self) -> None:
        """What is left of a server that died is killed (`KillMode=mixed`)."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def reload(self) -> None:
        """`systemctl reload line`."""
        os.kill(self._process.pid, signal.SIGHUP)

    def restart(self) -> None:
        """`systemctl restart line`."""
        os.kill(self._process.pid, signal.SIGTERM)

    def stop(self) -> None:
        """`systemctl stop line`."""
        self._is_wanted = False
        self._process.terminate()
        self._watch.join(timeout=60)


@contextmanager
def serving(store: Path, folder: Path, **more: str) -> Iterator[Service]:
    """The service, which keeps its database and its log in a folder."""
    with socket.socket() as port:
        port.bind(("127.0.0.1", 0))
        port.listen(BACKLOG)
        settings = environment(store, port.getsockname()[1]) | more
        settings.setdefault("DATABASE_URL", f"sqlite:///{folder}/callers.db")
        service = Service(settings, port, folder / "log")
        try:
            until(service.answers)
            yield service
        finally:
            service.stop()
