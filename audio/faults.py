"""What is wrong in the content: every fault at once, each with its place and its mend."""

from dataclasses import dataclass
from pathlib import Path

from ivr.exceptions import LineError


@dataclass(frozen=True, order=True)
class Fault:
    """One thing to mend in a file of the content folder."""

    file: str
    """As shown to the person who mends it: relative to the current folder if it is inside."""
    line: int
    """Counted from 1; 0 where the fault is the whole file's."""
    what: str
    mend: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.what}; {self.mend}"


class ContentError(LineError):
    """The content has faults, so nothing is made of it.

    Mend each of `faults`; `scripts/check_content.py` lists them again.
    """

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


class Wrong(Exception):
    """A rule's refusal of one value; `Table.at` adds the file and the line."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.what = what
        self.mend = mend


def shown(path: Path) -> str:
    """The path as people see it: `content/line.toml` rather than `/home/…/content/line.toml`."""
    path = path.absolute()
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
