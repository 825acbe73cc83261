"""A lock on a file, which one process at a time holds, on one machine."""

import fcntl
from typing import IO


def try_lock(file: IO[str]) -> bool:
    """Whether the lock could be had at once; it is held until the file is closed.

    A process that inherits the open file holds it, too.
    """
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
