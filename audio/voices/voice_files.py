"""Files of voices that their makers publish: fetched when staff ask for it, and never otherwise."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from ivr.edition.storage import Folder
from ivr.errors import VoiceError, VoiceUnavailable

CONNECT_S, ANSWER_S = 10, 60
"""How long a server may take to answer, and between two pieces of its answer."""

MOST_BYTES = 50_000_000
"""Of a file; the largest that we know of has 8 MB."""


@dataclass(frozen=True)
class VoiceFile:
    """A file as it was published."""

    voice: str
    """Whose it is: `hibari:emma`."""
    url: str
    sha256: str
    """Of its bytes, in hex digits."""
    path: Path
    """Where it is kept on this computer."""

    def check(self) -> Path:
        """Its path. Raises `VoiceError` where it is not here, or not as it was published."""
        fetch = f"`.venv/bin/python scripts/voices.py fetch {self.voice}`"
        try:
            data = self.path.read_bytes()
        except OSError as error:
            raise VoiceError(
                f"the voice {self.voice} is not here; fetch its file with {fetch}"
            ) from error
        if sha256(data).hexdigest() != self.sha256:
            raise VoiceError(
                f"{self.path} is not as it was published; fetch it again with {fetch}"
            )
        return self.path

    def is_here(self) -> bool:
        """Whether it is here, as it was published."""
        try:
            self.check()
        except VoiceError:
            return False
        return True

    def fetch(self) -> None:
        """Bring it here, in place of what is there.

        Raises `VoiceUnavailable` where it cannot be had, and `VoiceError` where what came is
        something else; nothing is kept then.
        """
        data = self._download()
        if sha256(data).hexdigest() != self.sha256:
            raise VoiceError(
                f"{self.url} sent something else than the voice {self.voice} ({len(data):,}"
                " bytes); nothing was kept: try another network"
            )
        self.path.parent.mkdir(parents=True, exist_ok=True)
        Folder(self.path.parent).write(self.path.name, data)

    def _download(self) -> bytes:
        import requests  # here: 120 ms, which only fetching needs

        by_hand = f"or copy the file from there to {self.path} by hand"
        try:
            with requests.get(
                self.url, timeout=(CONNECT_S, ANSWER_S), stream=True
            ) as answer:
                if answer.status_code >= 400:
                    raise VoiceUnavailable(
                        f"{self.url} answers {answer.status_code} {answer.reason}; try later,"
                        f" {by_hand}"
                    )
                data = b""
                for part in answer.iter_content(1 << 20):
                    data += part
                    if len(data) > MOST_BYTES:
                        break
                return data
        except requests.RequestException as error:
            raise VoiceUnavailable(
                f"no network: {self.url} cannot be reached; check the connection, {by_hand}"
            ) from error
