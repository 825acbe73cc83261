"""Who does the work of rendering: processes of this machine, or a cluster of machines.

Both are executors of `concurrent.futures`. Whoever works returns what was made, and the
command writes it: so workers need no store, and both ways have the same outcome.
"""

import os
import re
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from threading import Thread

from ivr.exceptions import LineError

ANSWER_S = 10
"""How long a scheduler may take to answer."""


class WorkersError(LineError):
    """There is nobody to work. Start the scheduler and its workers, or work on this machine."""


@contextmanager
def processes(count: int) -> Iterator[Executor]:
    """Processes, as threads would wait for each other's mastering."""
    pool = ProcessPoolExecutor(count, get_context("spawn"), initializer=_begin)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _begin() -> None:
    """Ctrl-C is for the command, which stops its workers; if it is killed, they end, too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_the_command, daemon=True).start()


def _end_with_the_command() -> None:
    command = parent_process()
    if command:
        command.join()
        os._exit(1)


@contextmanager
def cluster(scheduler: str) -> Iterator[Executor]:
    """The workers of a dask.distributed scheduler, at such as `tcp://192.0.2.7:8786`.

    What a worker had in hand when it died, another one makes. Raises `WorkersError`.
    """
    if not re.fullmatch(r"(tcp|tls)://[^/]+:[0-9]+", scheduler):
        raise WorkersError(f"{scheduler} is no scheduler's address, such as tcp://192.0.2.7:8786")
    try:
        from distributed import Client
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
            executor.shutdown(wait=False)  # what is still waiting is cancelled
