"""Measure the studio on this machine, and print each figure with how it was found.

Without options: one changed sentence on the air, and the first render of the edition.
With --library: a library of 1,000 articles, 600,000 words, against one article.
Nothing is asserted, and the project's own content and store are not touched.
"""

import http.client
import json
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import lxml.html
import requests
from twilio.request_validator import RequestValidator
from werkzeug.security import generate_password_hash

from audio.air.plan import plan
from audio.voices.engines import voice
from audio.words.source import load
from ivr.errors import LineError
from ivr.settings import ROOT
from scripts.options import parser_of

VOICES = ("hibari:heart", "flite:rms")
"""The voice of a fresh install, and one that is a program."""
BARE = """\
import sys
from audio.voices.engines import voice
reader = voice(sys.argv[1])
for text in sys.argv[2:]:
    reader.say(text)
"""
"""A voice and nothing else, as a program."""
QUIET = "silent:1"
ARTICLES = 1000
WORDS = 600
"""Of each article of the library."""
CALLS = 2000
"""Of each webhook, to each server."""
TOKEN = "measuring"  # noqa: S105 - of a server that only this script knows
SECRET = "of a server that only this script knows"  # noqa: S105
PASSWORD = TOKEN
PAGES = (
    *("/", "/studio", "/studio/publish", "/studio/editions", "/studio/changes"),
    *("/studio/changes/waiting", "/studio/map", "/studio/use", "/studio/ready"),
    *("/studio/voices", "/studio/en/articles", "/studio/en/prompts"),
    *("/studio/en/helplines", "/studio/en/pronunciations", "/studio/en/notice"),
    "/studio/en/articles/edit?name=article-7",
    "/studio/en/articles/listen?name=article-7",
)
SLUG = "what-is-co-production"
WEBHOOKS = {
    "a new call": ("", ""),
    "on a section": (f"/EDITION/en/read/{SLUG}/2", "6"),
    "to the contents": (f"/EDITION/en/read/{SLUG}/2", "8"),
    "menu, 1": ("/EDITION/en/menu", "1"),
}
"""What a caller does: at which step, by which key."""


@dataclass(frozen=True)
class Server:
    """The line as `app.py` serves it, with two workers."""

    port: int
    process: int

    def live(self) -> str:
        """The live edition's id; empty while the server does not answer."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            line.request("GET", "/healthz")
            return str(json.load(line.getresponse())["live"])
        except OSError:
            return ""
        finally:
            line.close()

    def memory(self) -> float:
        """A worker's resident memory in MB, the mean of its workers."""
        command = ["ps", "-A", "-o", "ppid=,rss="]
        table = subprocess.check_output(command, text=True)  # noqa: S603
        rows = [line.split() for line in table.splitlines()]
        sizes = [int(size) for parent, size in rows if int(parent) == self.process]
        return sum(sizes) / len(sizes) / 1024


def main(argv: list[str] | None = None) -> int:
    """Measure and print."""
    parser = parser_of(__doc__)
    parser.add_argument(
        "--library", action="store_true", help="measure the library instead"
    )
    parser.add_argument(
        "--rounds", type=int, default=5, metavar="N", help="(default: %(default)s)"
    )
    options = parser.parse_args(argv)
    try:
        with tempfile.TemporaryDirectory() as name:
            if options.library:
                library(Path(name), options.rounds)
            else:
                for number, reader in enumerate(VOICES):
                    folder = Path(name) / str(number)
                    one_sentence(folder, options.rounds, reader)
                    first_render(folder, options.rounds, reader)
    except LineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def one_sentence(folder: Path, rounds: int, reader: str) -> None:
    """How soon a changed sentence is on the air: from starting the command until `/healthz` of
    a running server, asked every 10 ms, names the new edition."""
    content = Path(shutil.copytree(ROOT / "content", folder / "content"))
    store = folder / "store"
    run(rendering(content, store, reader))
    file = content / f"en/articles/{SLUG}.md"
    words = file.read_text("utf-8")
    sentence = next(text for text in sentences(content) if text in words)
    seconds = []
    with server(content, store) as line:
        for number in range(rounds):
            live = line.live()
            clips = count_clips(store)
            file.write_text(
                words.replace(sentence, f"This is sentence number {number}."), "utf-8"
            )
            start = time.perf_counter()
            command = rendering(content, store, reader)
            with subprocess.Popen(command, stdout=subprocess.DEVNULL):  # noqa: S603
                while line.live() == live and time.perf_counter() < start + 60:
                    time.sleep(0.01)
                seconds.append(time.perf_counter() - start)
            clips = count_clips(store) - clips
    print(f"One sentence changed, voice {reader}, median of {rounds}")
    row("on the air after", median(seconds), "s")
    print(f"  {clips} clips were rendered for the last")


def first_render(folder: Path, rounds: int, reader: str) -> None:
    """Everything rendered for the first time, against the bare voice, which says each text
    once; in turn, and ratios are of each turn."""
    content = ROOT / "content"
    takes = plan(load(content), {"en": voice(reader)})
    texts = sorted({take.speakable for take in takes["en"].values()})
    speak = [sys.executable, "-c", BARE, reader, *texts]
    bare = []
    one = []
    two = []
    for number in range(rounds):
        bare.append(run(speak))
        one.append(run(rendering(content, folder / f"one{number}", reader, 1)))
        two.append(run(rendering(content, folder / f"two{number}", reader, 2)))
    print(
        f"First render of {len(texts)} utterances, voice {reader}, medians of {rounds}"
    )
    row("the bare voice, once each", median(bare), "s")
    row("one worker", median(one), "s")
    row("  against the bare voice", median(ratios(one, bare)), "times as long")
    row("two workers", median(two), "s")
    row("  against one worker", median(ratios(one, two)), "times as fast")
    print(
        f"  Lately {os.getloadavg()[1]:.1f} programs wanted {os.cpu_count()} processors."
    )


def library(folder: Path, rounds: int) -> None:
    """What many articles cost, against one; nothing is said aloud."""
    many = make_library(folder / "many", ARTICLES)
    one_store = folder / "store-one"
    many_store = folder / "store-many"
    run(rendering(ROOT / "content", one_store, QUIET))
    first = run(rendering(many, many_store, QUIET))
    again = [run(rendering(many, many_store, QUIET)) for _ in range(rounds)]
    check = [run([sys.executable, "scripts/check_content.py", "--content", str(many)])]
    words = sum(len(text.split()) for text in sentences(many))
    print(
        f"{ARTICLES:,} articles, {words:,} words, {count_clips(many_store):,} silent clips"
    )
    row("a render with nothing changed", median(again), "s")
    row("the check of their words", median(check), "s")
    row("rendered for the first time", first, "s")
    with server(ROOT / "content", one_store) as small, server(many, many_store) as big:
        for name, (path, key) in WEBHOOKS.items():
            one_ms, many_ms = times_ms((small, big), path, key)
            row(
                f"webhook: {name}",
                many_ms,
                f"ms, {many_ms / one_ms - 1:+.1%} against one article",
            )
        measure_pages(big, rounds)
        added = big.memory() - small.memory()
        row(
            "a server worker's memory",
            big.memory(),
            f"MB, {added:.0f} more than with one article",
        )


def measure_pages(line: Server, rounds: int) -> None:
    """The studio's pages of a library, and a save, as a browser asks for them."""
    browser = Browser(line)
    browser.send("/studio/sign-in", {"password": PASSWORD})
    for path in PAGES:
        times = [browser.open(path) for _ in range(rounds)]
        row(f"page: {path[:30] or '/'}", median(times), "s")
    address = "/studio/en/prompts/edit?name=busy"
    saves = []
    for number in range(rounds):
        saves.append(browser.send(address, {"text": f"They talk to {number} others."}))
    row("a save", median(saves), "s")
    row("page: Publish, as something waits", browser.open("/studio/publish"), "s")


class Browser:
    """Somebody at the studio's pages."""

    def __init__(self, line: Server) -> None:
        self.address = f"http://127.0.0.1:{line.port}"
        self.session = requests.Session()
        self.page = ""

    def open(self, path: str) -> float:
        """Opens a page; how many seconds it took."""
        start = time.perf_counter()
        answer = self.session.get(self.address + path, timeout=60)
        return self._seen(answer, start)

    def send(self, path: str, fields: dict[str, str]) -> float:
        """Fills in the fields of the page's form and sends it; how many seconds that took."""
        self.open(path)
        [form] = [
            form
            for form in lxml.html.fromstring(self.page).forms
            if set(fields) <= set(form.fields)
        ]
        data = {**dict(form.fields), **fields, "do": "save"}
        start = time.perf_counter()
        answer = self.session.post(self.address + path, data, timeout=60)
        return self._seen(answer, start)

    def _seen(self, answer: requests.Response, start: float) -> float:
        seconds = time.perf_counter() - start
        if answer.status_code != 200:
            raise LineError(f"{answer.url}: {answer.status_code}")
        self.page = answer.text
        return seconds


def make_library(folder: Path, articles: int) -> Path:
    """The project's content, and articles put together from clauses of its own one, by a draw
    that is the same every time; no sentence comes twice."""
    content = Path(shutil.copytree(ROOT / "content", folder))
    clauses = []
    for sentence in sentences(content):
        parts = [part.strip(" .?!'") for part in re.split("[,;]", sentence)]
        clauses += [part for part in parts if part.count(" ") > 2]
    draw = random.Random(1)  # noqa: S311 - no secret
    for number in range(articles - 1):
        prose: list[str] = []
        while sum(sentence.count(" ") + 1 for sentence in prose) < WORDS:
            clause = ", ".join(draw.sample(clauses, 3))
            prose.append(f"Number {number} {len(prose)}, {clause}.")
        front = f'title = "Article {number}"\nsource = "S"\ncopyright = "C"\npublished = 2018-01-01'
        text = f"+++\n{front}\n+++\n\n## Part {number}\n\n{' '.join(prose)}\n"
        (content / f"en/articles/article-{number}.md").write_text(text, "utf-8")
    return content


def sentences(content: Path) -> Iterator[str]:
    """Every sentence of the articles."""
    for article in load(content).content.languages["en"].articles:
        for section in article.sections:
            yield from section.sentences


def times_ms(servers: tuple[Server, ...], path: str, key: str) -> list[float]:
    """A webhook's median time at each server, asked in turn."""
    asks = [asker(line, path, key) for line in servers]
    times: list[list[float]] = [[] for _ in servers]
    for _ in range(CALLS):
        for ask, taken in zip(asks, times, strict=True):
            taken.append(ask() * 1000)
    return [median(taken) for taken in times]


def asker(line: Server, path: str, key: str) -> Callable[[], float]:
    """Makes a webhook's request, over one connection; returns how many seconds it took."""
    path = f"/voice{path}".replace("EDITION", line.live())
    form = {"CallSid": "CA1", "Digits": key}
    url = f"http://localhost:{line.port}{path}"
    signature = RequestValidator(TOKEN).compute_signature(url, form)
    headers = {
        "X-Twilio-Signature": signature,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    connection = http.client.HTTPConnection("127.0.0.1", line.port)

    def ask() -> float:
        start = time.perf_counter()
        connection.request("POST", path, urlencode(form), headers)
        answer = connection.getresponse()
        document = answer.read()
        seconds = time.perf_counter() - start
        if answer.status != 200 or b"<Play>" not in document:
            raise LineError(f"{path}: {answer.status} {document!r}")
        return seconds

    return ask


def rendering(content: Path, store: Path, reader: str, workers: int = 2) -> list[str]:
    """The command that staff use."""
    where = ["--content", str(content), "--store", str(store)]
    script = str(ROOT / "scripts/render_audio.py")
    return [
        sys.executable,
        script,
        "--voice",
        reader,
        "--workers",
        str(workers),
        *where,
    ]


def run(command: list[str]) -> float:
    """How many seconds a program takes. Raises `LineError` with what it said if it fails."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise LineError(f"{command[:4]} failed:\n{done.stdout}{done.stderr}")
    return time.perf_counter() - start


@contextmanager
def server(content: Path, store: Path, workers: int = 2) -> Iterator[Server]:
    """A server on a free port, with a database beside the store, while it is needed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "PORT": str(port),
        "PUBLIC_URL": f"http://localhost:{port}",
        "STORE_URL": str(store),
        "CONTENT_DIR": str(content),
        "TWILIO_AUTH_TOKEN": TOKEN,
        "LINE_NUMBER": "+441632960000",
        "DATABASE_URL": f"sqlite:///{store.parent}/callers.db",
        "SECRET_KEY": SECRET,
        "GUNICORN_CMD_ARGS": f"--workers {workers}",
        "STUDIO_DIR": str(store.with_name(f"studio-{port}")),
        "STUDIO_PASSWORD_HASH": generate_password_hash(PASSWORD),
    }
    command = [sys.executable, str(ROOT / "app.py")]
    environment = {**os.environ, **settings}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603
    line = Server(port, process.pid)
    try:
        while not line.live():
            if process.poll() is not None:
                raise LineError("the server did not start")
            time.sleep(0.05)
        yield line
    finally:
        process.terminate()
        process.wait()


def ratios(ours: list[float], theirs: list[float]) -> list[float]:
    """Of each turn."""
    return [a / b for a, b in zip(ours, theirs, strict=True)]


def count_clips(store: Path) -> int:
    """How many clips a store has."""
    return len(list((store / "clips").glob("*/*")))


def row(what: str, value: float, unit: str) -> None:
    """Print one figure."""
    print(f"  {what:32}{value:9.2f} {unit}")


if __name__ == "__main__":
    sys.exit(main())
