"""Staff who have names: each signs in with a password of their own."""

import json
from dataclasses import dataclass
from pathlib import Path

from werkzeug.security import generate_password_hash

from ivr.edition.storage import Folder
from ivr.errors import LineError

LEAST = 12
"""Characters of a password. Four short words are easier to remember, and harder to guess, than
eight symbols."""

MOST_OF_A_NAME = 60
"""Characters."""

FILE = "people.json"


@dataclass(frozen=True)
class People:
    """Their names and the hashes of their passwords, in a file of the studio's folder."""

    folder: Path

    def hashes(self) -> dict[str, str]:
        """By name; empty before anybody was added."""
        try:
            found = json.loads((self.folder / FILE).read_text("utf-8"))
        except FileNotFoundError:
            return {}
        hashes = {}
        for name, password_hash in found.items():
            hashes[str(name)] = str(password_hash)
        return hashes

    def add(self, name: str, password: str) -> None:
        """Add somebody, or give them another password, which signs them out.

        Raises `LineError` for a name or a password that will not do.
        """
        name = " ".join(name.split())
        if not 0 < len(name) <= MOST_OF_A_NAME or not name.isprintable():
            raise LineError(f"A name has 1 to {MOST_OF_A_NAME} characters.")
        if name.casefold() == "staff":
            raise LineError(
                "“staff” stands for anyone who uses the shared password. Choose another name."
            )
        if len(password) < LEAST:
            raise LineError(
                f"Too short: use at least {LEAST} characters, such as four words."
            )
        hashes = self.hashes()
        hashes[name] = generate_password_hash(password)
        self._write(hashes)

    def remove(self, name: str) -> None:
        """Remove somebody, which signs them out. Raises `LineError` where nobody has the name."""
        hashes = self.hashes()
        if name not in hashes:
            raise LineError(f"Nobody has the name {name!r}; `list` shows all names.")
        del hashes[name]
        self._write(hashes)

    def _write(self, hashes: dict[str, str]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        data = json.dumps(hashes, ensure_ascii=False, indent=1).encode()
        Folder(self.folder).write(FILE, data, lasting=True)
        (self.folder / FILE).chmod(0o600)
