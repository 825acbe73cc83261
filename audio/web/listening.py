"""Listening to the words as callers will hear them, at any speed, before they are published."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from flask import abort, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from audio.air.job import nice
from audio.air.order import COMMAND, Order
from audio.air.plan import Take, lengths, plan_one
from audio.air.publish import who_reads
from audio.air.studio_store import StudioStore
from audio.desk.saving import taken
from audio.web.pages import pages, studio
from audio.web.studio import Studio
from ivr.edition.content import Language, slots
from ivr.errors import LineError

MOST_CLIPS, MOST_SAMPLES = 100, 2 * 1024 * 1024
"""In one sound, which `/clips` also refuses to exceed."""

SECONDS_TO_RENDER = 100
"""How long somebody waits to listen; what is made meanwhile is kept."""


@dataclass(frozen=True)
class Excerpt:
    """Something to listen to."""

    title: str
    texts: tuple[str, ...]
    """Its utterances, in order."""
    unhurried: tuple[str, ...] = ()
    """Those that callers never hear faster than at speed 1: numbers."""


@pages.route("/<language>/<kind>/listen", methods=["GET", "POST"])
def listen(language: str, kind: str) -> AnyResponse | str:
    """Plays a thing as callers will hear it, at any speed."""
    source = studio().source()
    words = source.content.languages.get(language) or abort(404, "No such language.")
    excerpt = _excerpt(words, kind, request.args) or abort(404, "There is nothing of that name.")
    speeds = source.content.speeds
    asked = request.args.get("speed", "1")
    speed = next((s for s in speeds if f"{s:g}" == asked), 1.0)
    if request.method == "POST":
        _make(studio(), excerpt)
        return redirect(request.full_path, 303)
    reader = who_reads(source, studio().store)[language]
    takes = {text: plan_one(source, language, text, reader) for text in excerpt.texts}
    ready = all(lengths(each, studio().store, speeds) for each in takes.values())
    return render_template(
        "studio/listen.html",
        language=language,
        kind=kind,
        excerpt=excerpt,
        sounds=tuple(_sounds(excerpt, takes, speed, studio().store)) if ready else (),
        speed=speed,
        speeds=speeds,
        values=_values(words, kind, request.args),
        slot=slots().get(request.args.get("name", "")),
    )


def _excerpt(words: Language, kind: str, asked: dict[str, str]) -> Excerpt | None:
    """What is to be heard of the thing that a page's address names."""
    name = asked.get("name", "")
    match kind:
        case "prompts" if name in slots():
            text = getattr(words.prompts, name)
            values = _values(words, kind, asked)
            value = asked.get("value", "")
            slot = {slots()[name] or "": value if value in values else "".join(values[:1])}
            return Excerpt(f"the prompt {name}", (text.format(**slot) if values else text,))
        case "helplines" if name in words.helpline:
            one = words.helpline[name]
            said = (one.name, one.whom, one.when, one.cost, one.number)
            return Excerpt(one.name, said, (one.number,))
        case "articles" if name in words.article:
            article = words.article[name]
            number = asked.get("section", "")
            if number in {str(n) for n in range(1, len(article.sections) + 1)}:
                section = article.sections[int(number) - 1]
                title = f"section {number} of {article.title}: {section.heading}"
                return Excerpt(title, (section.heading, *section.sentences))
            read = (text for each in article.sections for text in (each.heading, *each.sentences))
            texts = (article.title, *read, article.source, article.copyright)
            return Excerpt(article.title, texts)
    return None


def _values(words: Language, kind: str, asked: dict[str, str]) -> tuple[str, ...]:
    """What can stand in a prompt's slot; nothing where it has none."""
    slot = slots().get(asked.get("name", "")) if kind == "prompts" else None
    return words.values(slot) if slot else ()


def _make(studio: Studio, excerpt: Excerpt) -> None:
    """Have the clips made, by a process of its own; nothing is published. One at a time:
    whoever listens must not take the server from those who call."""
    order = Order(studio.content, studio.store.url, only=excerpt.texts)
    studio.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (
        (studio.folder / "listening").open("w") as lock,
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile("w+") as said,
    ):
        if not taken(lock):
            raise LineError("Another sound is being made just now. Try again in a moment.")
        given.write(order.as_json())
        given.seek(0)
        process = subprocess.Popen(  # noqa: S603 - no shell, and the command is ours
            [*nice(), *COMMAND],
            env=order.environment(),
            stdin=given,
            stdout=subprocess.DEVNULL,
            stderr=said,
            start_new_session=True,
        )
        try:
            status = process.wait(SECONDS_TO_RENDER)
        except subprocess.TimeoutExpired as error:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise LineError(
                "This takes longer than anybody waits. What was made is kept: try again, or"
                " publish."
            ) from error
        if status:
            said.seek(0)
            raise LineError(said.read().strip() or "The sound could not be made.")


def _sounds(
    excerpt: Excerpt, takes: dict[str, Take], speed: float, store: StudioStore
) -> Iterator[str]:
    """The addresses of its sound, of which each is no longer than `/clips` gives out."""
    texts = [text for text in excerpt.texts if text.strip()]
    for slow, group in groupby(texts, lambda text: text in excerpt.unhurried):
        at = min(speed, 1.0) if slow else speed
        names: list[str] = []
        samples = 0
        for text in group:
            length = store.length(f"{takes[text].name}_{at:g}") or 0
            if names and (len(names) == MOST_CLIPS or samples + length > MOST_SAMPLES):
                yield f"/clips/{at:g}-{'-'.join(names)}.wav"
                names, samples = [], 0
            names.append(takes[text].name)
            samples += length
        yield f"/clips/{at:g}-{'-'.join(names)}.wav"
