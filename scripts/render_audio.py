"""Render whatever audio is missing, and put the content on the air.

Exits with 0 when callers hear the content as it is now, with 1 when they do not
(and says why), with 2 when it was called wrongly, with 130 when it was stopped.
"""

import argparse
import itertools
import os
import sys
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from tqdm import tqdm

from audio.air.ear import can_hear, listen, ready, sections
from audio.air.plan import Take, Takes, every, missing, plan
from audio.air.preview import preview
from audio.air.publish import edition, live_edition, outdated, publish, who_reads
from audio.air.render import render
from audio.air.studio_store import Look, StudioStore
from audio.air.workers import cluster, processes
from audio.voices.engines import voice
from audio.voices.voice import Voice
from audio.words.source import Source, load
from ivr.edition.edition import SAMPLES_PER_MS
from ivr.edition.storage import Folder
from ivr.errors import LineError, ListenError, RenderError, VoiceError
from ivr.settings import Settings, environment


def main(argv: list[str] | None = None) -> int:
    """Run the command."""
    try:
        options = _options(argv)
        return int(options.does(options))
    except (LineError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped: nothing was published; what was rendered is kept.", file=sys.stderr)
        return 130


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument(
        "--check",
        dest="does",
        action="store_const",
        const=_check,
        help="render nothing; exit with 1 if anything is missing or out of date",
    )
    instead.add_argument(
        "--dry-run",
        dest="does",
        action="store_const",
        const=_preview,
        help="render nothing; tell what would be rendered, how long that takes, and what callers"
        " would hear differently",
    )
    instead.add_argument(
        "--listen",
        action="store_true",
        help="have a recogniser hear the articles, and publish only if it hears every sentence",
    )
    instead.add_argument(
        "--only",
        metavar="TEXT",
        action="append",
        help="render only this utterance, and publish nothing; may be given several times",
    )
    parser.set_defaults(does=_render)
    parser.add_argument(
        "--force",
        action="store_true",
        help="render everything again, under the same names",
    )
    parser.add_argument(
        "--voice",
        metavar="NAME",
        help="read everything with this voice, such as flite:rms (default: the one that read"
        " before, else the first in line.toml that is installed)",
    )
    parser.add_argument(
        "--workers",
        type=_at_least_one,
        default=os.cpu_count() or 1,
        metavar="N",
        help="how many processes render (default: one a processor, %(default)s)",
    )
    parser.add_argument(
        "--scheduler",
        metavar="URL",
        help="render on the machines of this dask.distributed scheduler, tcp://HOST:PORT",
    )
    parser.add_argument(
        "--progress",
        type=Path,
        metavar="FILE",
        help="keep writing into this file how far it is, as [done, of so many]",
    )
    parser.add_argument(
        "--content",
        type=Path,
        metavar="DIR",
        help="where the words are (default: CONTENT_DIR, or content in the project)",
    )
    parser.add_argument(
        "--store",
        metavar="URL",
        help="where editions and clips are kept: a folder, or a URL such as s3://bucket/line"
        " (default: STORE_URL, or instance/store)",
    )
    options = parser.parse_args(argv)
    settings = Settings.from_mapping(environment())
    options.content = options.content or settings.content
    options.store = options.store or settings.store
    return options


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 on")
    return int(text)


def _check(options: argparse.Namespace) -> int:
    source, store = load(options.content), StudioStore(options.store)
    reasons = outdated(source.content, plan(source, _voices(source, store, options.voice)), store)
    for reason in reasons:
        print(reason)
    print("To mend it: python scripts/render_audio.py" if reasons else "Everything is on the air.")
    return 1 if reasons else 0


def _preview(options: argparse.Namespace) -> int:
    source, store = load(options.content), StudioStore(options.store)
    voices = _voices(source, store, options.voice)
    takes = plan(source, voices)
    wanted = every(takes) if options.force else missing(takes, store, source.content.speeds)
    names = {code: reader.name for code, reader in voices.items()}
    for line in preview(source.content, takes, wanted, options.workers, names, live_edition(store)):
        print(line)
    return 0


def _render(options: argparse.Namespace) -> int:
    if options.listen:
        ready()
    source, store = load(options.content), StudioStore(options.store)
    takes = plan(source, _voices(source, store, options.voice))
    seen = store.look()
    if options.only:
        said = {text for language in takes.values() for text in language}
        if unknown := [text for text in options.only if text not in said]:
            raise LineError(f"the content does not say {unknown[0]!r}; nothing was rendered")
        takes = {
            code: {text: take for text, take in said.items() if text in options.only}
            for code, said in takes.items()
        }
    wanted = every(takes) if options.force else missing(takes, seen, source.content.speeds)
    _make(wanted, store, source.content.speeds, options)
    if options.only:
        return 0
    if options.listen:
        _listen(source, takes, store, options.workers)
    _publish(source, takes, store, len(wanted), None if wanted else seen)
    return 0


def _voices(source: Source, store: StudioStore, asked: str | None) -> dict[str, Voice]:
    """Who reads each language; says so, and how a voice that is liked better can be had."""
    chosen = who_reads(source, store, asked)
    for code, reader in chosen.items():
        print(f"{code} is read by {reader.name}.{_better(source.voices[code][0], reader)}")
    print(*source.warnings, sep="\n", end="\n" if source.warnings else "")
    return chosen


def _better(first: str, reader: Voice) -> str:
    if reader.name == first:
        return ""
    try:
        voice(first)
    except VoiceError as error:
        return f" line.toml prefers {first}, but {error}; then render with --voice {first}."
    return f" line.toml prefers {first}: for that, render with --voice {first}."


def _make(
    wanted: tuple[Take, ...],
    store: StudioStore,
    speeds: tuple[float, ...],
    options: argparse.Namespace,
) -> None:
    """Render on this machine, and in the cluster what can be said there; tell all faults."""
    there = [take for take in wanted if options.scheduler and take.is_said_anywhere]
    here = [take for take in wanted if not (options.scheduler and take.is_said_anywhere)]
    faults = []
    with tqdm(total=len(wanted), desc="Rendering", unit="utterance", disable=None) as bar:
        done = _teller(bar, options.progress)
        for takes in filter(None, (there, here)):
            with _workers(takes is there, len(takes), options) as pool:
                try:
                    render(takes, store, speeds, pool, done)
                except RenderError as error:
                    faults.append(str(error))
    if faults:
        raise RenderError("\n".join(faults))


def _teller(bar: "tqdm[Any]", file: Path | None) -> Callable[[], None]:
    """Tells the bar, and the file, that one more is done."""
    count = itertools.count(1)

    def done() -> None:
        bar.update()
        if file:
            Folder(file.parent).write(file.name, f"[{next(count)}, {bar.total}]".encode())

    return done


def _workers(
    elsewhere: bool, most: int, options: argparse.Namespace
) -> AbstractContextManager[Executor]:
    return cluster(options.scheduler) if elsewhere else processes(min(options.workers, most))


def _listen(source: Source, takes: Takes, store: StudioStore, workers: int) -> None:
    """Print what is heard of each section. Raises `ListenError` where a sentence is lost."""
    jobs = sections(source.content, takes)
    for code, said in takes.items():
        if not any(can_hear(code, take) for take in said.values()):
            print(f"{code}: the recogniser cannot hear this language or voice; not listened to.")
    if not jobs:
        return
    bar = tqdm(total=len(jobs), desc="Listening", unit="section", disable=None)
    with bar, processes(min(workers, len(jobs))) as pool:
        found = listen(jobs, store, pool, bar.update)
    print(*found, sep="\n")
    if lost := sum(len(heard.lost) for heard in found):
        what = "1 sentence was" if lost == 1 else f"{lost} sentences were"
        raise ListenError(f"{what} not heard, so nothing was published.")


def _publish(
    source: Source, takes: Takes, store: StudioStore, rendered: int, seen: Look | None
) -> None:
    made = edition(source.content, takes, store, seen)
    changed = publish(made, store)
    said = [spoken for clips in made.clips.values() for spoken in clips.values()]
    normal = source.content.speeds.index(1)
    seconds = sum(spoken.lengths[normal] for spoken in said) / SAMPLES_PER_MS / 1000
    print(
        f"{len(said)} utterances, {seconds:.0f} seconds of sound; {rendered} rendered now"
        f" ({rendered * len(source.content.speeds)} clips)."
    )
    print(f"Edition {made.id} is {'live now' if changed else 'live already; nothing to do'}.")


if __name__ == "__main__":
    sys.exit(main())
