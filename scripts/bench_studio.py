"""Measure the studio on this machine: each figure is printed with how it was found.

Without options: one changed sentence on the air, and the first render of the edition.
With --library: a library of 1,000 articles, 600,000 words, against one article; a real voice
reads a sample of it, or with --whole all of it, which takes hours.
Nothing is asserted, and the project's own content and store are not touched.
"""

import argparse
import http.client
import json
import os
import random
import re
import shlex
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

from twilio.request_validator import RequestValidator

from audio.air.plan import plan
from audio.voices.engines import voice
from audio.words.source import load
from ivr.edition.content import Article
from ivr.errors import LineError
from ivr.settings import ROOT

EMBEDDED, PROGRAM, QUIET = "espeak:en-us+klatt6", "flite:rms", "silent:1"
ARTICLES, WORDS, SAMPLE = 1000, 600, 20
"""Of the library: its articles, the words of each, and how many a real voice reads."""
AT_ONCE = 1000
"""Texts that a shell is given: a command line has no room for thirty thousand."""
CALLS = 2000
"""Of each webhook, to each server."""
TOKEN = "measuring"  # noqa: S105 - of a server that only this script knows
READ = "what-is-co-production/2"
WEBHOOKS = {
    "a new call": ("", ""),
    "on a section while reading": (f"/EDITION/en/read/{READ}", "6"),
    "to its contents": (f"/EDITION/en/read/{READ}", "8"),
    "menu, 1": ("/EDITION/en/menu", "1"),
}
"""What a caller does: at which step, by which key. With one article, the last begins to read it;
with several, it lists them."""


@dataclass(frozen=True)
class Ran:
    """A finished program."""

    seconds: float
    processor: float
    """Seconds of processors that it, and what it waited for, used: hardly changed by whatever
    else the machine does meanwhile."""
    megabytes: float
    """The most memory that it, or a process that it waited for, had at once."""


@dataclass(frozen=True)
class Server:
    """The line as `app.py` serves it, with two workers."""

    port: int
    process: int

    def live(self) -> str:
        """The live edition, as it tells operators; nothing while it does not answer."""
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
        table = subprocess.check_output(["ps", "-A", "-o", "ppid=,rss="], text=True)  # noqa: S607
        rows = (row.split() for row in table.splitlines())
        sizes = [int(size) for parent, size in rows if int(parent) == self.process]
        return sum(sizes) / len(sizes) / 1024


def main(argv: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--library", action="store_true", help="measure the library instead")
    parser.add_argument("--whole", action="store_true", help="have a real voice read all of it")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="(default: %(default)s)")
    options = parser.parse_args(argv)
    try:
        with tempfile.TemporaryDirectory() as folder:
            if options.library or options.whole:
                library(Path(folder), options.rounds, options.whole)
            else:
                one_sentence(Path(folder), options.rounds)
                first_render(Path(folder), ROOT / "content", options.rounds)
    except LineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def one_sentence(folder: Path, rounds: int) -> None:
    """How soon a changed sentence is on the air."""
    content, store = Path(shutil.copytree(ROOT / "content", folder / "content")), folder / "store"
    render(content, store, EMBEDDED)
    file = content / f"en/articles/{READ.partition('/')[0]}.md"
    words = file.read_text("utf-8")
    sections = load(content).content.languages["en"].article[file.stem].sections
    sentence = next(s for section in sections for s in section.sentences if s in words)
    seconds, clips = [], []
    with server(content, store) as line:
        for number in range(rounds):
            live, before = line.live(), _clips(store)
            file.write_text(words.replace(sentence, f"This is sentence number {number}."), "utf-8")
            start = time.perf_counter()
            with subprocess.Popen(_command(content, store, EMBEDDED), stdout=subprocess.DEVNULL):  # noqa: S603
                while line.live() == live and time.perf_counter() < start + 60:
                    time.sleep(0.01)
                seconds.append(time.perf_counter() - start)
            clips.append(len(_clips(store) - before))
    print(f"\nOne sentence of the article changed, voice {EMBEDDED}, median of {rounds}")
    row("on the air after", median(seconds), "s", _list(seconds))
    row("clips rendered", max(clips), "", "one for each speed")
    note("From starting render_audio.py until /healthz of a running server, asked every")
    note("10 ms, names the new edition.")


def first_render(folder: Path, content: Path, rounds: int) -> float:
    """Everything rendered for the first time, against the bare program; one worker's time, as
    a part of the program's."""
    texts = _texts(content)
    program = shutil.which("flite") or "flite"
    bare, alone, both = [], [], []
    speak = f'for text do {shlex.quote(program)} -voice {PROGRAM[6:]} -t "$text" -o $0; done'
    shell = ["/bin/sh", "-c", speak, str(folder / "sound.wav")]
    for number in range(rounds):
        parts = [run([*shell, *texts[n : n + AT_ONCE]]) for n in range(0, len(texts), AT_ONCE)]
        bare.append(
            Ran(
                sum(part.seconds for part in parts),
                sum(part.processor for part in parts),
                max(part.megabytes for part in parts),
            )
        )
        alone.append(render(content, folder / f"alone{number}", PROGRAM, 1))
        both.append(render(content, folder / f"both{number}", PROGRAM, 2))
    print(f"\nFirst render of {len(texts)} utterances, voice {PROGRAM}, medians of {rounds} turns")
    row("the bare program, once each", *_taken(bare))
    row("render_audio.py --workers 1", *_taken(alone))
    row("  against the bare program", _ratio(alone, bare), "×", "")
    row("render_audio.py --workers 2", *_taken(both))
    row("  against one worker", _ratio(alone, both), "×", "as fast")
    note("In turn; ratios are of each turn. The bare program says each text at one speed, a")
    note("process each; the command checks the content, says, masters at every speed, writes")
    note(f"and publishes into an empty store. This machine has {os.cpu_count()} processors; lately")
    note(f"{os.getloadavg()[1]:.1f} programs wanted one: far more, and seconds mean little.")
    return _ratio(alone, bare)


def library(folder: Path, rounds: int, whole: bool) -> None:
    """What many articles cost, against one; `whole`, also of being read by a real voice."""
    one, many = ROOT / "content", _drawn(folder / "many", ARTICLES)
    store_one, store_many = folder / "store-one", folder / "store-many"
    render(one, store_one, QUIET)
    first = render(many, store_many, QUIET)
    again = [render(many, store_many, QUIET) for _ in range(rounds)]
    check = [run([sys.executable, "scripts/check_content.py", "--content", str(many)])
             for _ in range(rounds)]  # fmt: skip
    articles = load(many).content.languages["en"].articles
    words, clips = sum(a.words for a in articles), len(_clips(store_many))
    print(f"\nA library of {len(articles):,} articles, {words:,} words, {clips:,} clips")
    row("render_audio.py, nothing changed", median(r.seconds for r in again), "s", _most(again))
    row("check_content.py", median(r.seconds for r in check), "s", _most(check))
    row("render_audio.py for the first time", first.seconds, "s", "2 workers, no voice; once")
    note(f"Medians of {rounds}. The sentences are clauses of the project's article, put together")
    note(f"anew; the voice is {QUIET}, so the clips are short and silent.")
    with server(one, store_one) as small, server(many, store_many) as big:
        for name, (path, key) in WEBHOOKS.items():
            row(f"webhook: {name}", *_paired(small, big, path, key))
        one_mb, many_mb = small.memory(), big.memory()
        row("memory of a worker after these", many_mb, "MB", f"{one_mb:.0f} MB with one article")
        note(f"Medians of {CALLS} signed requests to each of two servers, in turn.")
    if whole:
        first_render(folder, many, 1)
        return
    sample = _drawn(folder / "sample", SAMPLE)
    ratio = first_render(folder, sample, 1)
    said, all_said = (sum(map(len, _texts(content))) for content in (sample, many))
    note(f"That was a sample of {SAMPLE} articles of the library's kind. The whole library is")
    note(
        f"{all_said / said:.0f} times as many letters. At that rate it would take {ratio:.2f} times"
    )
    note("what the voice needs, too: an extrapolation; --whole renders all, which takes hours.")


def _paired(small: Server, big: Server, path: str, key: str) -> tuple[float, str, str]:
    """A webhook's time at the big server, and beside it how that compares."""
    asks = [_asker(line, path, key) for line in (small, big)]
    for _ in range(100):
        _ = [ask() for ask in asks]
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(CALLS):
        for n in (0, 1) if turn % 2 else (1, 0):
            times[n].append(asks[n]() * 1000)
    one, many = map(median, times)
    return many, "ms", f"{one:.2f} ms with one article: {many / one - 1:+.1%}"


def _asker(line: Server, path: str, key: str) -> Callable[[], float]:
    """Makes a webhook's request, over one connection; tells how many seconds it took."""
    path = f"/voice{path}".replace("EDITION", line.live())
    form = {"CallSid": "CA1", "Digits": key}
    signature = RequestValidator(TOKEN).compute_signature(
        f"http://localhost:{line.port}{path}", form
    )
    headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
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


def _drawn(folder: Path, articles: int) -> Path:
    """Content of so many articles beside the project's own. No prose may be shipped for it, so
    clauses of that one are put together anew, by a seeded draw; no sentence comes twice."""
    content = Path(shutil.copytree(ROOT / "content", folder))
    article = load(content).content.languages["en"].article[READ.partition("/")[0]]
    draw = random.Random(1)  # noqa: S311 - the same library every time
    written: set[str] = set()
    for number in range(articles - 1):
        sections = [
            f"## {section.heading}, {number}\n\n{_prose(article, draw, written)}"
            for section in article.sections
        ]
        front = f'title = "Article {number}"\nsource = "{article.source}"\n'
        front += f'copyright = "{article.copyright}"\npublished = 2018-01-01'
        text = "\n\n".join([f"+++\n{front}\n+++", *sections])
        (content / f"en/articles/article-{number}.md").write_text(f"{text}\n", "utf-8")
    return content


def _prose(article: Article, draw: random.Random, written: set[str]) -> str:
    """A section's share of `WORDS`, in sentences that are not `written` yet."""
    said = (sentence for section in article.sections for sentence in section.sentences)
    clauses = [c.strip(" .?!'") for s in said for c in re.split("[,;]", s) if c.count(" ") > 2]
    prose: list[str] = []
    while sum(len(sentence.split()) for sentence in prose) < WORDS / len(article.sections) - 18:
        sentence = ", ".join(draw.sample(clauses, draw.randint(2, 4)))
        if sentence not in written:
            written.add(sentence)
            prose.append(f"{sentence[0].upper()}{sentence[1:]}.")
    return " ".join(prose)


def _texts(content: Path) -> list[str]:
    """What the bare program is given: every utterance as it is said, once."""
    takes = plan(load(content), {"en": voice(PROGRAM)})
    return sorted({take.speakable for said in takes.values() for take in said.values()})


def render(content: Path, store: Path, reader: str, workers: int = 2) -> Ran:
    """The command that staff use, to its end."""
    return run([*_command(content, store, reader), "--workers", str(workers)])


def _command(content: Path, store: Path, reader: str) -> list[str]:
    command = [sys.executable, str(ROOT / "scripts/render_audio.py"), "--voice", reader]
    return [*command, "--content", str(content), "--store", str(store)]


def run(command: list[str]) -> Ran:
    """A program as a process of its own. Raises `LineError` with what it said if it fails."""
    with tempfile.TemporaryFile("w+") as told:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=told, stderr=told, cwd=ROOT)  # noqa: S603
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            told.seek(0)
            raise LineError(f"{' '.join(command)} failed:\n{told.read()}")
    megabytes = used.ru_maxrss / (2**20 if sys.platform == "darwin" else 1024)
    return Ran(seconds, used.ru_utime + used.ru_stime, megabytes)


@contextmanager
def server(content: Path, store: Path) -> Iterator[Server]:
    """A server on a free port, while it is needed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"PORT": str(port), "PUBLIC_URL": f"http://localhost:{port}"}
    settings |= {"STORE_URL": str(store), "CONTENT_DIR": str(content)}
    settings |= {"TWILIO_AUTH_TOKEN": TOKEN, "LINE_NUMBER": "+441632960000"}
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, str(ROOT / "app.py")],
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
    )
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


def row(what: str, value: float, unit: str, more: str) -> None:
    """Print one figure."""
    print(f"  {what:36}{value:9.{2 if unit else 0}f} {unit:3} {more}")


def note(text: str) -> None:
    """Print how figures were found."""
    print(f"    {text}")


def _most(ran: list[Ran]) -> str:
    processor = median(r.processor for r in ran)
    return f"{processor:.1f} s of a processor, {max(r.megabytes for r in ran):.0f} MB at most"


def _clips(store: Path) -> set[str]:
    return {path.name for path in (store / "clips").glob("*/*")}


def _ratio(ours: list[Ran], theirs: list[Ran]) -> float:
    return median(a.seconds / b.seconds for a, b in zip(ours, theirs, strict=True))


def _taken(ran: list[Ran]) -> tuple[float, str, str]:
    processor = median(r.processor for r in ran)
    return median(r.seconds for r in ran), "s", f"{processor:.1f} s of a processor"


def _list(values: list[float]) -> str:
    return ", ".join(f"{value:.2f}" for value in values)


if __name__ == "__main__":
    sys.exit(main())
