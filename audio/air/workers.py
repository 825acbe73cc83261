"""Who does the work of rendering: processes of this machine, or a cluster of machines.

Both are executors of `concurrent.futures`. A worker returns what it made, and the command
writes it: so workers need no store, and both ways have the same result.
"""

import os
import re
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import parent_process
from multiprocessing.context import SpawnContext, SpawnProcess
from threading import Thread

from ivr.errors import WorkersError

ANSWER_S = 10
"""How long a scheduler may take to answer."""


class _Worker(SpawnProcess):
    """Ctrl-C is for the command, which stops its workers: from their first moment on, they do not
    get it."""

    def start(self) -> None:
        """A signal that is blocked here is blocked in the new process, too."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            super().start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Workers(SpawnContext):
    Process = _Worker


@contextmanager
def processes(count: int) -> Iterator[Executor]:
    """Processes of this machine: threads would wait for each other's mastering."""
    pool = ProcessPoolExecutor(count, _Workers(), initializer=_begin)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def use_every_processor() -> None:
    """A worker of the server keeps to one (deploy/gunicorn.conf.py), and what it starts inherits
    that."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, range(os.cpu_count() or 1))


def _begin() -> None:
    """If the command is killed, its workers end, too."""
    Thread(target=_end_with_the_command, daemon=True).start()


def _end_with_the_command() -> None:
    command = parent_process()
    if command:
        command.join()
        os._exit(1)


@contextmanager
def cluster(scheduler: str) -> Iterator[Executor]:
    """The workers of a dask.distributed scheduler, at such as `tcp://192.0.2.7:8786`.

    If a worker dies, another one makes what it had in hand. Raises `WorkersError`.
    """
    if not re.fullmatch(r"(tcp|tls)://[^/]+:[0-9]+", scheduler):
        raise WorkersError(
            f"{scheduler} is not a scheduler's address, such as tcp://192.0.2.7:8786"
        )
    try:
        from distributed import Client  # here: 700 ms, and it may not be installed
    except ImportError as error:
        raise WorkersError(
            "--scheduler needs the package distributed; install it with"
            " `.venv/bin/python -m pip install -r requirements-dask.txt`"
        ) from error
    try:
        client = Client(scheduler, timeout=ANSWER_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise WorkersError(f"no scheduler answers at {scheduler}: {error}") from error
    with client:
        if not client.ncores():
            raise WorkersError(
                f"the scheduler at {scheduler} has no workers; start some, each in a copy of this"
                f" project: `PYTHONPATH=. .venv/bin/dask worker {scheduler}`"
            )
        executor = client.get_executor(pure=False)
        try:
            yield executor
        finally:
            executor.shutdown(wait=False)  # what still waits is cancelled
