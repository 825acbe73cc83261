"""Measure what a key press and a sound cost the server, against a bare Flask view and send_file.

Both run in gunicorn as the line does, and take turns; each ratio is of one turn. The figure is the
processor time of the server's workers, which other programs on the machine affect least. It asserts
nothing, and touches neither the project's store nor its database.
"""

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from threading import Thread
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from ivr.edition.clip_urls import sound_path
from ivr.edition.edition import Edition
from ivr.edition.store import Store
from ivr.errors import LineError
from ivr.settings import ROOT
from scripts.bench_studio import (
    SLUG,
    TOKEN,
    Server,
    make_library,
    rendering,
    run,
    server,
)
from scripts.options import parser_of

READER = "silent:10"
"""Its clips are as long as a quick reader's, nearly; silence costs what speech does."""

CLIPS = 12
"""Of the sound, the longest: some 30 seconds."""

FIELDS = 28
"""Of a provider's post, beside the five that count."""

PRESSES, SOUNDS = 2000, 1000
"""How many requests make a turn."""

CALL = 10
"""Key presses of one call."""

TWO_HOURS_MS = 2 * 60 * 60 * 1000

SETTLE_S = 1.5
"""After a turn, until all that it left to be written is written."""

COLUMNS = (
    *("Key press", "of a bare view", "99 of 100"),
    *("Sound", "of `send_file`", "99 of 100"),
)
"""What a row says: the processor time of one request at the line, the throughput against the
comparison, and how many times as long 99 of 100 take."""

BARE = """
from flask import Flask, Response, send_file
app = Flask(__name__)
@app.post("/voice/<path:path>")
def voice(path):
    return Response({document!r}, mimetype="text/xml")
@app.get("/clips/<stem>.wav")
def clips(stem):
    return send_file({sound!r}, mimetype="audio/wav", max_age=1000)
@app.get("/healthz")
def health():
    return {{"live": "bare"}}
"""
"""The comparison: it checks, decides and joins nothing."""


def main(argv: list[str] | None = None) -> int:
    """Measure and print."""
    parser = parser_of(__doc__)
    parser.add_argument(
        "--rounds", type=int, default=5, metavar="N", help="(default: %(default)s)"
    )
    parser.add_argument(
        "--articles",
        type=int,
        nargs="+",
        default=[1],
        metavar="N",
        help="how many articles the line has (default: 1)",
    )
    parser.add_argument(
        "--workers",
        type=int,
        nargs="+",
        default=[2],
        metavar="N",
        help="how many workers serve it (default: 2)",
    )
    parser.add_argument(
        "--servers",
        type=int,
        default=1,
        metavar="N",
        help="how many servers share the store and the database; requests go to each of them in"
        " turn (default: 1)",
    )
    options = parser.parse_args(argv)
    row("", *COLUMNS)
    try:
        with tempfile.TemporaryDirectory() as name:
            for articles in options.articles:
                folder = Path(name) / str(articles)
                content = make_library(folder / "content", articles)
                run(rendering(content, folder / "store", READER))
                for workers in options.workers:
                    measure(folder, articles, options.servers, workers, options.rounds)
    except LineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def measure(
    folder: Path, articles: int, servers: int, workers: int, rounds: int
) -> None:
    """Each kind of request to the line and to the bare views in turn, over two connections for each
    worker."""
    store = Store(folder / "store")
    edition = store.edition(str(store.live()))
    with ExitStack() as stack:
        lines: list[Server] = []
        for _ in range(servers):
            first = f"http://localhost:{lines[0].port}" if lines else ""
            made = server(folder / "content", store.folder, workers, first)
            lines.append(stack.enter_context(made))
        presses = Presses(lines[0], edition)
        fetch = a_sound(edition)
        [press] = presses.next(1)
        document, sound = answer(lines[0], *press), answer(lines[0], *fetch)
        file = folder / "sound.wav"
        file.write_bytes(sound)
        text = BARE.format(document=document.decode(), sound=str(file))
        (folder / "bare.py").write_text(text)
        bare = [stack.enter_context(bare_server(folder, workers)) for _ in lines]
        connections = 2 * workers * servers
        turns = []
        for _ in range(rounds):
            requests = presses.next(PRESSES)
            ours = turn(lines, requests, connections)
            turns.append((ours, turn(bare, requests, connections)))
        pressed = compared(turns)
        turns = []
        for _ in range(rounds):
            requests = [fetch] * SOUNDS
            ours = turn(lines, requests, connections)
            turns.append((ours, turn(bare, requests, connections)))
        what = f"{some(articles, 'article')}, {some(workers, 'worker')}"
        if servers > 1:
            what += f" on each of {servers} servers"
        row(what, *pressed, *compared(turns))


Request = tuple[str, str, str, dict[str, str]]
"""Method, path, body, headers."""


class Presses:
    """Key 6 in a section, as the provider sends it: no two are the same, and ten are of a call."""

    def __init__(self, line: Server, edition: Edition) -> None:
        self._line = line
        code = next(iter(edition.content.languages))
        self._path = f"/voice/{edition.id}/{code}/read/{SLUG}/2"
        self._made = 0

    def next(self, times: int) -> list[Request]:
        """So many more."""
        numbers = range(self._made, self._made + times)
        self._made += times
        return [self._press(number) for number in numbers]

    def _press(self, number: int) -> Request:
        call = number // CALL
        now = round(time.time() * 1000)
        query = {"bookmark": f"{SLUG}.2.0", "reading": 1, "at": now + number}
        query |= {"lead": 5312, "until": now + TWO_HOURS_MS}
        path = f"{self._path}?{urlencode(query)}"
        form = {"CallSid": f"CA{call:032}", "Digits": "6", "Direction": "inbound"}
        form |= {"From": f"+44163296{call % 10_000:04}", "To": "+441632960000"}
        form |= {f"Field{number}": "a value" for number in range(FIELDS)}
        url = f"http://localhost:{self._line.port}{path}"
        headers = {
            "X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(url, form),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return "POST", path, urlencode(form), headers


def a_sound(edition: Edition) -> Request:
    """Several clips under one address."""
    clips = next(iter(edition.clips.values())).values()
    longest = sorted(clips, key=lambda spoken: spoken.lengths[0])[-CLIPS:]
    names = [spoken.name for spoken in longest]
    return "GET", sound_path(1.0, names), "", {}


def answer(line: Server, *request: object) -> bytes:
    """The answer to one request. Raises `LineError` where there is none."""
    connection = http.client.HTTPConnection("127.0.0.1", line.port)
    connection.request(*request)  # type: ignore[arg-type]
    got = connection.getresponse()
    body = got.read()
    connection.close()
    if got.status != 200:
        raise LineError(f"{request[1]}: {got.status} {body!r}")
    return body


@dataclass(frozen=True)
class Turn:
    """What many requests cost a server."""

    cost_ms: float
    """The processor time of its workers, for one."""
    slow_ms: float
    """In which 99 of 100 were answered."""


def compared(turns: list[tuple[Turn, Turn]]) -> tuple[str, str, str]:
    """The cost of one request at the line, and ratios of each turn: throughput, and slowness."""
    cost_ms = median(ours.cost_ms for ours, _ in turns)
    throughput = median(bare.cost_ms / ours.cost_ms for ours, bare in turns)
    slower = median(ours.slow_ms / bare.slow_ms for ours, bare in turns)
    return f"{cost_ms:.2f} ms", f"{throughput:.2f}", f"{slower:.1f} times"


def some(number: int, what: str) -> str:
    """So many of something."""
    return f"{number:,} {what}{'s' * (number != 1)}"


def row(what: str, *cells: str) -> None:
    """Print a row of the table."""
    print(f"  {what:42}", *(f"{cell:16}" for cell in cells), flush=True)


def turn(places: list[Server], requests: list[Request], connections: int) -> Turn:
    """Many requests, over several connections at once, which the servers share."""
    times_ms: list[float] = []
    clients = []
    for first in range(connections):
        share = requests[first::connections]
        place = places[first % len(places)]
        clients.append(Thread(target=ask, args=(place, share, times_ms)))
    before = sum(map(worked_s, places))
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    time.sleep(SETTLE_S)
    if len(times_ms) != len(requests):
        raise LineError(f"{len(requests) - len(times_ms)} requests had no answer")
    spent_s = sum(map(worked_s, places)) - before
    slow_ms = sorted(times_ms)[len(times_ms) * 99 // 100]
    return Turn(spent_s / len(requests) * 1000, slow_ms)


def ask(place: Server, requests: list[Request], times_ms: list[float]) -> None:
    """Requests over one connection; notes how long each took, unless it failed."""
    connection = http.client.HTTPConnection("127.0.0.1", place.port)
    for request in requests:
        began = time.perf_counter()
        connection.request(*request)
        got = connection.getresponse()
        got.read()
        if got.status == 200:
            times_ms.append((time.perf_counter() - began) * 1000)
    connection.close()


def worked_s(place: Server) -> float:
    """The processor time that a server's workers have used so far."""
    children = Path(f"/proc/{place.process}/task/{place.process}/children")
    return sum(processor_s(int(worker)) for worker in children.read_text().split())


def processor_s(process: int) -> float:
    """The processor time that a process has used so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def bare_server(folder: Path, workers: int) -> Iterator[Server]:
    """The comparison, served in the same way."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", str(workers), "bare:app"]
    path = {"PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **path})  # noqa: S603
    bare = Server(port, process.pid)
    try:
        while not bare.live():
            if process.poll() is not None:
                raise LineError("the bare server did not start")
            time.sleep(0.05)
        yield bare
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    sys.exit(main())
