"""The server is gone, or hangs: what the provider says instead, and how soon."""

import functools
import os
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import requests

from ivr.edition.edition import Edition
from ivr.handset.phone import verbs_of
from ivr.operators.provisioning import wanted
from ivr.provider.dialects import TWILIO
from ivr.provider.fallback import document
from ivr.provider.twiml import sayable
from ivr.settings import Settings
from tests.proofs.record import Budget, Figure
from tests.support.caller import LINE_NUMBER, PUBLIC_URL
from tests.support.provider import DEFAULT, Got, Patience, Provider, patience
from tests.support.server import Server, started
from tests.support.small import AT_ANY_HOUR, edition, publish

MOST_S = 5
"""From when the provider gives the line up until the first word of the fallback, in seconds."""

CALLS = 10

A_WORKER = "one of two workers hangs"
HANGS = "the server hangs"
GONE = "the server is gone"


@contextmanager
def static_host(folder: Path) -> Iterator[str]:
    """A static web server on another machine, as far as the line can tell: its address."""
    handler = functools.partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as host:
        threading.Thread(target=host.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{host.server_address[1]}"
        host.shutdown()


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and says nothing."""

    def log_message(self, *_: object) -> None:
        """Nothing."""


def provider_of(server: str, fallback_url: str | None, waits: Patience) -> Provider:
    """A provider whose number `scripts/provision.py` has set."""
    settings = Settings(
        public_url=PUBLIC_URL, line_number=LINE_NUMBER, fallback_url=fallback_url
    )
    fields = wanted(settings)
    address, method = fields["VoiceFallbackUrl"], fields["VoiceFallbackMethod"]
    return Provider(server, address, method, waits)


@contextmanager
def line_and_copy(folder: Path) -> Iterator[tuple[Server, str, Edition]]:
    """A line that runs, and the address of a copy of its fallback document elsewhere."""
    made = publish(folder / "store", edition(helplines=AT_ANY_HOUR))
    (folder / "static").mkdir()
    (folder / "static" / "fallback.xml").write_text(document(made))
    log = folder / "log"
    with ExitStack() as stack:
        file = stack.enter_context(log.open("wb"))
        server = stack.enter_context(started(folder / "store", file))
        host = stack.enter_context(static_host(folder / "static"))
        yield server, f"{host}/fallback.xml", made


def hears_every_helpline(got: Got, made: Edition) -> bool:
    """Whether the caller is told what to do in danger, and then every helpline's number."""
    verbs = verbs_of(got.document)
    words = made.content.languages["en"]
    said = [verb.text or "" for verb in verbs if verb.tag == "Say"]
    numbers = [sayable(each.number) for each in words.helplines]
    begins = said[0] == sayable(words.prompts.fallback_opening)
    return begins and all(number in " ".join(said) for number in numbers)


def hangs(server: Server) -> None:
    """It takes connections, and answers nothing."""
    for process in (*server.workers(), server.process.pid):
        os.kill(process, signal.SIGSTOP)


def goes_on(server: Server) -> None:
    """As if nothing had happened."""
    for process in (server.process.pid, *server.workers()):
        os.kill(process, signal.SIGCONT)


def rung_at_a_dead_line(folder: Path, waits: Patience) -> dict[str, Got]:
    """What the provider gets from a line that hangs, from one that is gone, and from one of which
    a worker hangs. Raises `AssertionError` where a caller would hear anything else."""
    found = {}
    with line_and_copy(folder) as (server, copy, made):
        os.kill(server.workers()[0], signal.SIGSTOP)
        provider = provider_of(server.address, copy, DEFAULT)
        for _ in range(CALLS):
            found[A_WORKER] = provider.rings()
            assert not found[A_WORKER].by_fallback
        provider = provider_of(server.address, copy, waits)
        hangs(server)
        found[HANGS] = provider.rings()
        goes_on(server)
        server.process.terminate()
        server.process.wait()
        found[GONE] = provider.rings()
        without_a_copy = provider_of(server.address, None, waits)
        assert is_an_error(without_a_copy), "so a copy elsewhere is needed"
    for name in (HANGS, GONE):
        assert found[name].by_fallback
        assert hears_every_helpline(found[name], made), name
    return found


def is_an_error(provider: Provider) -> bool:
    """Whether the caller would hear the provider's own words about an error."""
    try:
        provider.rings()
    except requests.ConnectionError:
        return True
    return False


def prove(budget: Budget) -> Iterator[Figure]:
    """With the patience that `scripts/provision.py` sets at Twilio."""
    waits = patience(TWILIO.overrides)
    with tempfile.TemporaryDirectory() as name:
        found = rung_at_a_dead_line(Path(name), waits)
    yield Figure(
        "the provider gives up after",
        f"{waits.tries} times {waits.answer_s:g} s if nobody answers,"
        f" {waits.connect_s:g} s if it cannot connect",
    )
    for name, got in found.items():
        told = "the line answers as ever"
        if got.by_fallback:
            told = f"the fallback's first word comes {got.after_s:.2f} s after that"
            assert got.after_s < MOST_S
        yield Figure(name, told)
