"""How faults in the content are noted, and how a file is shown to whoever mends it."""

from pathlib import Path

from ivr.errors import Fault


class InvalidValue(Exception):
    """A rule refuses one value; `Table.at` catches it and adds the file and the line."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.what = what
        self.mend = mend


def note(faults: list[Fault], path: Path, what: str, mend: str, line: int = 0) -> None:
    """Note a fault of a file; line 0 is the whole file."""
    faults.append(Fault(shown(path), line, what, mend))


def shown(path: Path) -> str:
    """The path as people see it: `content/line.toml` rather than `/home/…/content/line.toml`."""
    path = path.absolute()
    here = Path.cwd()
    if path.is_relative_to(here):
        return str(path.relative_to(here))
    return str(path)
