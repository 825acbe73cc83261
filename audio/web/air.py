"""What is on the air: its state, listening before, publishing, going back; the map and use."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from audio.changes import changes, readers
from audio.editing import taken
from audio.editions import listed, previous, roll_back
from audio.faults import ContentError, Fault
from audio.preview import preview
from audio.publish import live_edition, who_reads
from audio.render import Take, lengths, missing, plan, take
from audio.web.job import nice
from audio.web.studio import Studio
from audio.web.usage import as_csv, charts
from ivr.content import Language, slots
from ivr.edition import Edition, Store
from ivr.exceptions import LineError, StoreError

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


def add_pages(pages: Blueprint, studio: Studio) -> None:
    """The pages of what callers hear, now and next."""

    @pages.get("")
    def status() -> str:
        """What is on the air, since when, in which voice, and what is waiting."""
        live = live_edition(studio.store)
        source, faults = None, tuple[Fault, ...]()
        try:
            source = studio.source()
        except ContentError as error:
            faults = error.faults
        return render_template(
            "studio/status.html",
            live=live,
            since=_since(studio.store, live),
            changed=_changed(studio.store, live),
            waiting=changes(live.content, source.content) if live and source else (),
            touched=live and _touched(studio, live.created),
            faults=faults,
            warnings=source.warnings if source else (),
            progress=studio.job.progress(),
        )

    @pages.route("/publish", methods=["GET", "POST"])
    def publish() -> AnyResponse | str:
        """Tells what publishing would do, does it, and shows how far it is."""
        if request.method == "POST":
            if not studio.job.start():
                flash("Publishing is going on already.")
            return redirect(url_for("studio.publishing"), 303)
        source = studio.source()
        voices = who_reads(source, studio.store)
        takes = plan(source, voices)
        wanted = missing(takes, studio.store, source.content.speeds)
        names = {code: reader.name for code, reader in voices.items()}
        live = live_edition(studio.store)
        told = preview(source.content, takes, wanted, studio.workers, names, live)
        return render_template(
            "studio/publish.html", told=tuple(told), progress=studio.job.progress()
        )

    @pages.route("/publishing", methods=["GET", "POST"])
    def publishing() -> AnyResponse | str:
        """How far publishing is, which a script asks again and again; stops it."""
        if request.method == "POST":
            studio.job.stop()
            return redirect(url_for("studio.publishing"), 303)
        return render_template("studio/publishing.html", progress=studio.job.progress())

    @pages.route("/editions", methods=["GET", "POST"])
    def editions() -> AnyResponse | str:
        """Every edition that is kept; going back to one."""
        if request.method == "POST":
            edition = request.form.get("edition", "")
            with studio.job.alone() as free:
                if not free:
                    raise LineError(
                        "Publishing is going on, and would undo this. Stop it, or wait until it is"
                        " done; then go back."
                    )
                roll_back(studio.store, edition)
            flash("It is on the air now. Publishing would put today's words back.")
            return redirect(url_for("studio.status"), 303)
        return render_template("studio/editions.html", editions=reversed(listed(studio.store)))

    @pages.get("/map")
    def call_map() -> str:
        """The call as a picture, and in words."""
        live = live_edition(studio.store)
        picture, stops = studio.call_map(live) if live else ("", ())
        return render_template("studio/map.html", picture=picture, stops=stops)

    @pages.get("/use")
    def use() -> str:
        """How the line is used."""
        return render_template(
            "studio/use.html",
            charts=charts(studio.counts()),
            csv_url=lambda name: url_for("studio.use_csv", name=name),
        )

    @pages.get("/use/<name>.csv")
    def use_csv(name: str) -> Response:
        """One chart's figures, for a spreadsheet."""
        found = {chart.name: chart for chart in charts(studio.counts())}
        if name not in found:
            abort(404, "There are no such figures.")
        # Spreadsheets know by the mark at its beginning that it is UTF-8.
        response = Response(as_csv(found[name]).encode("utf-8-sig"), mimetype="text/csv")
        response.headers["Content-Disposition"] = f"attachment; filename={name}.csv"
        return response

    @pages.route("/<language>/<kind>/listen", methods=["GET", "POST"])
    def listen(language: str, kind: str) -> AnyResponse | str:
        """Plays a thing as callers will hear it, at any speed."""
        source = studio.source()
        words = source.content.languages.get(language) or abort(404, "No such language.")
        excerpt = _excerpt(words, kind, request.args) or abort(
            404, "There is nothing of that name."
        )
        speeds = source.content.speeds
        asked = request.args.get("speed", "1")
        speed = next((s for s in speeds if f"{s:g}" == asked), 1.0)
        if request.method == "POST":
            _make(studio, excerpt)
            return redirect(request.full_path, 303)
        reader = who_reads(source, studio.store)[language]
        takes = {text: take(source, language, text, reader) for text in excerpt.texts}
        ready = all(lengths(each, studio.store, speeds) for each in takes.values())
        return render_template(
            "studio/listen.html",
            language=language,
            kind=kind,
            excerpt=excerpt,
            sounds=tuple(_sounds(excerpt, takes, speed, studio.store)) if ready else (),
            speed=speed,
            speeds=speeds,
            values=_values(words, kind, request.args),
            slot=slots().get(request.args.get("name", "")),
        )


def _since(store: Store, live: Edition | None) -> datetime | None:
    times = [time for time, edition in store.history() if live and edition == live.id]
    return times[-1] if times else None


def _changed(store: Store, live: Edition | None) -> tuple[str, ...]:
    """What the live edition changed against the one that was live before it."""
    try:
        before = store.edition(previous(store))
    except StoreError:
        return ()
    if not live:
        return ()
    return changes(before.content, live.content) + readers(before.voices, live.voices)


def _touched(studio: Studio, made: str) -> bool:
    """Whether a file of the content is younger than the live edition, and than the last
    publishing that ended well, for which it may have changed nothing."""
    since = max(datetime.fromisoformat(made), studio.job.ended_well())
    files = (path for path in studio.content.rglob("*") if path.is_file())
    return any(datetime.fromtimestamp(path.stat().st_mtime, UTC) > since for path in files)


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
    """Have the clips made, by the command that publishes; nothing is published. One at a time:
    whoever listens must not take the server from those who call."""
    command = [
        *nice(),
        *studio.render,
        "--workers=1",
        *(f"--only={text}" for text in excerpt.texts),
    ]
    studio.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (studio.folder / "listening").open("w") as lock, tempfile.TemporaryFile("w+") as said:
        if not taken(lock):
            raise LineError("Another sound is being made just now. Try again in a moment.")
        process = subprocess.Popen(  # noqa: S603 - no shell, and the command is ours
            command, stdout=subprocess.DEVNULL, stderr=said, start_new_session=True
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


def _sounds(excerpt: Excerpt, takes: dict[str, Take], speed: float, store: Store) -> Iterator[str]:
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
