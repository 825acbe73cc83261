"""What no reader should be: `work` for a separate process that takes what it is told to take."""

import time

from ivr.errors import ImportingError


def work(given: bytes) -> bytes:
    """Does what its bytes name, and gives them back."""
    match given:
        case b"processor":
            while True:
                pass
        case b"time":
            time.sleep(3600)
        case b"memory":
            bytes(4_000_000_000)
        case b"refuses":
            raise ImportingError("the page is in a language that nobody reads: ξ")
        case b"is wrong":
            raise RuntimeError("a fault of our own")
    return given
