"""What is to be rendered or published, as one value that can be handed to another process.

The process reads it from its standard input, and the store's URL from its environment: a URL
may hold a secret, and command lines and files can be read by others.
"""

import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

COMMAND = (sys.executable, "-m", "audio.air.production")
"""Carries an order out, in a process of its own."""

STORE_URL = "STORE_URL"
"""The environment variable with the store's URL."""


@dataclass(frozen=True)
class Order:
    """What is to be done, and with what."""

    content: Path
    """The folder of the words."""
    store: str | Path
    """Where editions and clips are kept: a folder, or a URL."""
    voice: str | None = None
    """Who is asked to read everything; by default, `who_reads` decides."""
    workers: int = 1
    """How many processes render on this machine."""
    scheduler: str | None = None
    """The URL of a cluster's scheduler, whose machines render what they can."""
    force: bool = False
    """Render everything again, under the same names."""
    listen: bool = False
    """Have a recogniser hear what is said, and publish only if it hears every utterance."""
    ear: Path | None = None
    """The folder of the recogniser's model; without one, it is downloaded."""
    only: tuple[str, ...] = ()
    """Render only these utterances, and publish nothing."""
    only_sound: bool = False
    """Render whatever is missing and publish nothing. Skip voices that send text away."""
    language: str | None = None
    """Whose words `only` are, even if the content does not say them; by default, it must."""
    history: Path | None = None
    """The repository of saves, which notes the words of what is published; None: nowhere."""
    who: str = "somebody at the server"
    """Who publishes."""
    gives_way: bool = False
    """Let calls on this machine come first, where there is much to render."""
    progress: Path | None = None
    """A file that always says how far it is, as `[done, in all]` utterances."""

    def as_json(self) -> bytes:
        """All of it but the store."""
        fields = asdict(self)
        del fields["store"]
        return json.dumps(fields, default=str).encode()

    def environment(self) -> dict[str, str]:
        """This process's environment, with the store."""
        return {**os.environ, STORE_URL: str(self.store)}


def read_order(text: bytes) -> Order:
    """The order that another process wrote; its store is in the environment."""
    fields = json.loads(text)
    fields["content"] = Path(fields["content"])
    fields["only"] = tuple(fields["only"])
    for name in ("ear", "progress", "history"):
        if fields[name]:
            fields[name] = Path(fields[name])
    return Order(store=os.environ[STORE_URL], **fields)
