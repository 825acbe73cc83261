"""From the words to the air: whatever is missing is rendered, and an edition is published.

`scripts/render_audio.py` calls it. The studio's pages run it as a process of its own, which
reads its order from standard input: `python -m audio.air.production <order`.
What it prints is for staff.
"""

import itertools
import os
import sys
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tqdm import tqdm

from audio.air.order import Order, read_order
from audio.air.plan import (
    Clips,
    Take,
    Takes,
    Voices,
    every,
    missing,
    plan,
    plan_texts,
    remember_plan,
)
from audio.air.preview import preview
from audio.air.proofing import Ear, listen, report
from audio.air.publish import (
    live_edition,
    make_edition,
    outdated,
    preferred,
    publish,
    who_reads,
)
from audio.air.render import render
from audio.air.studio_store import Look, StudioStore
from audio.air.wording import counted
from audio.air.workers import cluster, processes, use_every_processor
from audio.history import History
from audio.sound.ear import can_hear, ear_model
from audio.voices.engines import refusal
from audio.voices.voice import Voice
from audio.words.source import Source, load
from ivr.edition.content import Content, Speeds
from ivr.edition.edition import SAMPLES_PER_MS, Edition
from ivr.edition.storage import Folder
from ivr.errors import LineError, ListenError, RenderError

FEW = 20
"""Utterances that are rendered in a few seconds, so that nobody is disturbed: a notice is one."""

MOST_ROUNDS = 10
"""Of preparing the sound, each with what was saved during the one before."""

LOWER_PRIORITY = 10
"""As the program `nice` lowers it."""


def status_of(work: Callable[[], bool]) -> int:
    """Do it; a command's exit status: 0 if it is true, 1 if it is false or fails, which is
    explained, 130 if it is stopped with Ctrl-C."""
    try:
        if work():
            return 0
    except (LineError, OSError) as error:
        print(error, file=sys.stderr)
    except KeyboardInterrupt:
        print(
            "Stopped: nothing was published; what was rendered is kept.",
            file=sys.stderr,
        )
        return 130
    return 1


def check(order: Order) -> bool:
    """Whether callers hear the content as it is now; prints why not. Renders nothing."""
    source = load(order.content)
    store = StudioStore(order.store)
    takes = plan(source, _readers(source, store, order.voice), store)
    live = live_edition(store)
    if live:
        for warning in source.calendar_warnings(live.content):
            print(warning)
    reasons = outdated(source.content, takes, store)
    if not reasons:
        print("Everything is on the air.")
        return True
    print(*reasons, sep="\n")
    print("To publish: python scripts/render_audio.py")
    return False


def dry_run(order: Order) -> bool:
    """Print what would be rendered, how long that takes, and what callers would hear."""
    source = load(order.content)
    store = StudioStore(order.store)
    readers = _readers(source, store, order.voice)
    takes = plan(source, readers, store)
    wanted = _wanted(takes, store, source.content, order)
    names = {code: reader.name for code, reader in readers.items()}
    live = live_edition(store)
    lines = preview(
        source.content,
        takes,
        wanted=wanted,
        workers=order.workers,
        voices=names,
        live=live,
    )
    for line in lines:
        print(line)
    return True


def produce(order: Order) -> bool:
    """Render what is missing, and publish it, unless only some utterances are wanted."""
    if order.gives_way:
        use_every_processor()  # at once, as threads keep to what they began with
    if order.listen and not order.only:
        ear_model(order.ear)  # what is missing is said before the work, not after it
    save = _keep_words(order)
    source = load(order.content, also=order.language or "")
    store = StudioStore(order.store)
    readers = _readers(source, store, order.voice)
    takes = plan(source, readers, store)
    if order.language:
        takes = _tried(source, order.language, readers, order.only)
    elif order.only:
        takes = _only(takes, order.only)
    seen = store.look()
    wanted = _wanted(takes, seen, source.content, order)
    if order.gives_way and len(wanted) > FEW:
        os.nice(LOWER_PRIORITY)
    _render(wanted, store, source.content.speeds, order)
    lost = 0
    if order.listen:
        lost = _listen(source, readers, takes, store, order)
    if order.only:
        return True
    _refuse_lost(lost)
    if wanted:
        seen = store.look()
    remember_plan(source, readers, takes, store)
    edition = _publish(source.content, takes, store, seen, len(wanted))
    if order.history and save:
        History(order.history, order.content).mark_edition(edition.id, save)
    return True


def _keep_words(order: Order) -> str:
    """Keeps the words as they are in the history, if all of them are to be published; the id of
    that save."""
    if not order.history or order.only:
        return ""
    history = History(order.history, order.content)
    return history.keep(order.who, "Publish the words", datetime.now(UTC))


def _refuse_lost(lost: int) -> None:
    """Raises `ListenError` if some utterances were not heard."""
    if lost == 1:
        raise ListenError(
            "1 utterance was not heard as it should be, so nothing was published."
        )
    if lost:
        raise ListenError(
            f"{lost:,} utterances were not heard as they should be, so nothing was published."
        )


def prepare(order: Order) -> bool:
    """Render what is missing, until nothing is: somebody may save meanwhile.

    Text for a voice on the network waits until somebody publishes.
    """
    for _ in range(MOST_ROUNDS):
        source = load(order.content)
        store = StudioStore(order.store)
        readers = who_reads(source, store, order.voice)
        takes = plan(source, readers, store)
        without_clips = missing(takes, store, source.content.speeds)
        wanted = [take for take in without_clips if not take.voice.engine.is_online]
        if not wanted:
            return True
        if len(wanted) > FEW:
            os.nice(LOWER_PRIORITY)
        _render(tuple(wanted), store, source.content.speeds, order)
    return True


def _readers(source: Source, store: StudioStore, asked: str | None) -> Voices:
    """Who reads each language; says so, and how a voice that is liked better can be had."""
    chosen = who_reads(source, store, asked)
    for code, reader in chosen.items():
        first = preferred(source, code)
        asking = f"--voice {first}"
        if len(chosen) > 1:
            asking = f"--voice {code}={first}"
        print(f"{code} is read by {reader.name}.{_better(first, reader, asking)}")
    for warning in source.warnings:
        print(warning)
    return chosen


def _better(first: str, reader: Voice, asking: str) -> str:
    """How to get the preferred voice; `asking` is the option that asks for it."""
    if reader.name == first:
        return ""
    fault = refusal(first)
    if fault:
        return f" line.toml prefers {first}, but {fault}; then render with {asking}."
    return (
        f" line.toml prefers {first}: for that, render with {asking}, or choose it on the"
        " studio's page of voices."
    )


def _only(takes: Takes, texts: tuple[str, ...]) -> Takes:
    """The takes of these texts. Raises `LineError` where the content does not say one."""
    found: Takes = {}
    for code, said in takes.items():
        found[code] = {text: said[text] for text in texts if text in said}
    for text in texts:
        if not any(text in said for said in found.values()):
            raise LineError(f"the content does not say {text!r}; nothing was rendered")
    return found


def _tried(
    source: Source, language: str, readers: Voices, texts: tuple[str, ...]
) -> Takes:
    """The takes of texts that somebody wants to hear, whether or not callers ever do."""
    said = plan_texts(source, language, texts, readers[language])
    return {language: said}


def _wanted(
    takes: Takes, clips: Clips, content: Content, order: Order
) -> tuple[Take, ...]:
    if order.force:
        return every(takes)
    return missing(takes, clips, content.speeds)


def _render(
    wanted: tuple[Take, ...],
    store: StudioStore,
    speeds: Speeds,
    order: Order,
) -> None:
    """Render in the cluster what can be said there, and the rest on this machine.

    Raises `RenderError` with the faults of both.
    """
    there = []
    here = []
    for take in wanted:
        if order.scheduler and take.voice.engine.is_anywhere:
            there.append(take)
        else:
            here.append(take)
    faults = []
    with tqdm(
        total=len(wanted), desc="Rendering", unit="utterance", disable=None
    ) as bar:
        done = _counter(bar, order.progress)

        def work(takes: list[Take], workers: AbstractContextManager[Executor]) -> None:
            with workers as pool:
                try:
                    render(takes, store, speeds, pool, done)
                except RenderError as error:
                    faults.append(str(error))

        if there and order.scheduler:
            work(there, cluster(order.scheduler))
        if here:
            workers = min(order.workers, len(here))
            work(here, processes(workers))
    if faults:
        raise RenderError("\n".join(faults))


def _counter(bar: "tqdm[Any]", file: Path | None) -> Callable[[], None]:
    """Call it when one more is done: the bar shows it, and the file has it."""
    count = itertools.count(1)

    def done() -> None:
        bar.update()
        if file:
            progress = f"[{next(count)}, {bar.total}]"
            Folder(file.parent).write(file.name, progress.encode())

    return done


def _listen(
    source: Source,
    readers: Voices,
    takes: Takes,
    store: StudioStore,
    order: Order,
) -> int:
    """Print what was heard of each utterance; how many are lost."""
    model = ear_model(order.ear)
    lost = 0
    for code, said in takes.items():
        one_language = every({code: said})
        audible = [take for take in one_language if can_hear(code, take.voice)]
        if not audible:
            print(
                f"{code}: the recogniser cannot hear this language or voice; not listened to."
            )
            continue
        words = source.pronunciations[code].for_voice(readers[code].name)
        ear = Ear(model, code, words)
        bar = tqdm(
            total=len(audible),
            desc="Listening",
            unit="utterance",
            disable=None,
        )
        with bar, processes(order.workers) as pool:
            heard = listen(audible, store, ear, pool, bar.update)
        for line in report(audible, heard):
            print(f"{code}: {line}")
        lost += sum(hearing.is_lost for hearing in heard.values())
    return lost


def _publish(
    content: Content, takes: Takes, store: StudioStore, seen: Look, rendered: int
) -> Edition:
    """Publish, and print what is on the air now."""
    edition = make_edition(content, takes, store, seen)
    is_new = publish(edition, store)
    print(_amount(edition, rendered))
    if is_new:
        print(f"Edition {edition.id} is live now.")
    else:
        print(f"Edition {edition.id} is live already; nothing to do.")
    return edition


def _amount(edition: Edition, rendered: int) -> str:
    """How much an edition says, and how much of it was rendered just now."""
    speeds = edition.content.speeds
    normal = speeds.index(1)
    said = 0
    samples = 0
    for clips in edition.clips.values():
        said += len(clips)
        samples += sum(spoken.lengths[normal] for spoken in clips.values())
    seconds = round(samples / SAMPLES_PER_MS / 1000)
    return (
        f"{counted(said, 'utterance')}, {counted(seconds, 'second')} of sound;"
        f" {rendered:,} rendered now ({counted(rendered * len(speeds), 'clip')})."
    )


def main() -> int:
    """Carry out the order on standard input."""
    order = read_order(sys.stdin.buffer.read())
    if order.only_sound:
        return status_of(lambda: prepare(order))
    return status_of(lambda: produce(order))


if __name__ == "__main__":
    sys.exit(main())
