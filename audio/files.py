"""Files that are whole or not there at all, whatever is killed while they are written."""

import os
from pathlib import Path


def put(path: Path, data: bytes, lasting: bool = False) -> None:
    """Write beside it, then rename; if `lasting`, onto the disk before it returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
