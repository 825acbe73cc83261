"""Measure what a key press and a sound cost the server, against a bare Flask view and send_file.

Both run in gunicorn as the line does, and take turns; each ratio is of one turn. The figure is the
processor time of the server's workers, which other programs on the machine affect least. It needs
an edition on the air, and asserts nothing.
"""

import argparse
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from ivr.edition.clip_urls import sound_path
from ivr.edition.edition import Edition
from ivr.edition.store import Store
from ivr.errors import LineError, StoreError
from ivr.settings import ROOT, Settings, environment
from scripts.bench_studio import TOKEN, Server, row, server

CLIPS = 12
"""Of the sound: some 35 seconds."""

FIELDS = 28
"""Of a provider's post, beside the five that count."""

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
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--rounds", type=int, default=5, metavar="N", help="(default: %(default)s)"
    )
    rounds = parser.parse_args(argv).rounds
    try:
        settings = Settings.from_mapping(environment())
        store = Store(settings.store)
        live = store.live()
        if live is None:
            raise StoreError("nothing is on the air; run scripts/render_audio.py")
        with (
            tempfile.TemporaryDirectory() as folder,
            server(settings.content, store.folder) as line,
        ):
            measure(line, store.edition(live), Path(folder), rounds)
    except LineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def measure(line: Server, edition: Edition, folder: Path, rounds: int) -> None:
    """Each request to both servers in turn."""
    press, fetch = a_key(line, edition), a_sound(edition)
    document, sound = answer(line, *press), answer(line, *fetch)
    file = folder / "sound.wav"
    file.write_bytes(sound)
    text = BARE.format(document=document.decode(), sound=str(file))
    (folder / "bare.py").write_text(text)
    with bare_server(folder) as bare:
        both = (line, bare)
        compare("a signed key press", both, press, 1000, rounds)
        compare(f"a sound of {len(sound) // 1000} KB", both, fetch, 300, rounds)


Request = tuple[str, str, str, dict[str, str]]
"""Method, path, body, headers."""


def a_key(line: Server, edition: Edition) -> Request:
    """Key 6 in the second section of the first article, as the provider sends it."""
    code, words = next(iter(edition.content.languages.items()))
    path = f"/voice/{edition.id}/{code}/read/{words.articles[0].slug}/2"
    form = {"CallSid": "CA" + "0" * 32, "Digits": "6", "Direction": "inbound"}
    form |= {"From": "+441632960123", "To": "+441632960000"}
    form |= {f"Field{number}": "a value" for number in range(FIELDS)}
    url = f"http://localhost:{line.port}{path}"
    headers = {
        "X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(url, form),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return "POST", path, urlencode(form), headers


def a_sound(edition: Edition) -> Request:
    """Several clips under one address."""
    clips = next(iter(edition.clips.values())).values()
    names = [spoken.name for spoken in list(clips)[:CLIPS]]
    return "GET", sound_path(1.0, names), "", {}


def answer(line: Server, *request: object) -> bytes:
    """The answer to one request. Raises `LineError` where it is none."""
    connection = http.client.HTTPConnection("127.0.0.1", line.port)
    connection.request(*request)  # type: ignore[arg-type]
    got = connection.getresponse()
    body = got.read()
    connection.close()
    if got.status != 200:
        raise LineError(f"{request[1]}: {got.status} {body!r}")
    return body


def compare(
    name: str, servers: tuple[Server, Server], request: Request, times: int, rounds: int
) -> None:
    """Prints the processor time of one request at each, and the ratio of each turn."""
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(rounds):
        for place, taken in zip(servers, (ours, theirs), strict=True):
            taken.append(cost_ms(place, request, times))
    shares = [bare / full for full, bare in zip(ours, theirs, strict=True)]
    row(name, median(ours), "ms of processor time")
    row("  compared with", median(theirs), "ms")
    row("  so its throughput is", median(shares), "of that")


def cost_ms(place: Server, request: Request, times: int) -> float:
    """The processor time of a server's workers for one request, over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", place.port)
    before = processor_s(place)
    for _ in range(times):
        connection.request(*request)
        connection.getresponse().read()
    spent = processor_s(place) - before
    connection.close()
    return spent / times * 1000


def processor_s(place: Server) -> float:
    """What a server's workers have used so far."""
    children = Path(f"/proc/{place.process}/task/{place.process}/children")
    total = 0
    for worker in children.read_text().split():
        fields = Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


@contextmanager
def bare_server(folder: Path) -> Iterator[Server]:
    """The comparison, served in the same way."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
    command += ["--bind", f"127.0.0.1:{port}", "bare:app"]
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
