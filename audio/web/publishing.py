"""What is on the air: its state, publishing, going back; the call map, and how it is used."""

from datetime import UTC, datetime

from flask import Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from audio.air.changes import changes, readers
from audio.air.editions import listed, previous, roll_back
from audio.air.plan import missing, plan
from audio.air.preview import preview
from audio.air.publish import live_edition, who_reads
from audio.air.studio_store import StudioStore
from audio.web.pages import pages, studio
from audio.web.studio import Studio
from audio.web.usage import as_csv, charts
from ivr.edition.edition import Edition
from ivr.errors import ContentError, Fault, LineError, StoreError


@pages.get("")
def status() -> str:
    """What is on the air, since when, in which voice, and what is waiting."""
    live = live_edition(studio().store)
    source, faults = None, tuple[Fault, ...]()
    try:
        source = studio().source()
    except ContentError as error:
        faults = error.faults
    return render_template(
        "studio/status.html",
        live=live,
        since=_since(studio().store, live),
        changed=_changed(studio().store, live),
        waiting=changes(live.content, source.content) if live and source else (),
        touched=live and _touched(studio(), live.created),
        faults=faults,
        warnings=source.warnings if source else (),
        progress=studio().job.progress(),
    )


@pages.route("/publish", methods=["GET", "POST"])
def publish() -> AnyResponse | str:
    """Tells what publishing would do, does it, and shows how far it is."""
    if request.method == "POST":
        if not studio().job.start():
            flash("Publishing is going on already.")
        return redirect(url_for("studio.publishing"), 303)
    source = studio().source()
    voices = who_reads(source, studio().store)
    takes = plan(source, voices)
    wanted = missing(takes, studio().store, source.content.speeds)
    names = {code: reader.name for code, reader in voices.items()}
    live = live_edition(studio().store)
    told = preview(source.content, takes, wanted, studio().workers, names, live)
    return render_template(
        "studio/publish.html", told=tuple(told), progress=studio().job.progress()
    )


@pages.route("/publishing", methods=["GET", "POST"])
def publishing() -> AnyResponse | str:
    """How far publishing is, which a script asks again and again; stops it."""
    if request.method == "POST":
        studio().job.stop()
        return redirect(url_for("studio.publishing"), 303)
    return render_template("studio/publishing.html", progress=studio().job.progress())


@pages.route("/editions", methods=["GET", "POST"])
def editions() -> AnyResponse | str:
    """Every edition that is kept; going back to one."""
    if request.method == "POST":
        edition = request.form.get("edition", "")
        with studio().job.alone() as free:
            if not free:
                raise LineError(
                    "Publishing is going on, and would undo this. Stop it, or wait until it is"
                    " done; then go back."
                )
            roll_back(studio().store, edition)
        flash("It is on the air now. Publishing would put today's words back.")
        return redirect(url_for("studio.status"), 303)
    return render_template("studio/editions.html", editions=reversed(listed(studio().store)))


@pages.get("/map")
def call_map() -> str:
    """Every step of a call, and where each key leads."""
    live = live_edition(studio().store)
    if live is None:
        return render_template("studio/map.html", rows=())
    return render_template("studio/map.html", rows=studio().call_map(live))


@pages.get("/use")
def use() -> str:
    """How the line is used."""
    return render_template(
        "studio/use.html",
        charts=charts(studio().counts()),
        csv_url=lambda name: url_for("studio.use_csv", name=name),
    )


@pages.get("/use/<name>.csv")
def use_csv(name: str) -> Response:
    """One chart's figures, for a spreadsheet."""
    found = {chart.name: chart for chart in charts(studio().counts())}
    if name not in found:
        abort(404, "There are no such figures.")
    # Spreadsheets know by the mark at its beginning that it is UTF-8.
    response = Response(as_csv(found[name]).encode("utf-8-sig"), mimetype="text/csv")
    response.headers["Content-Disposition"] = f"attachment; filename={name}.csv"
    return response


def _since(store: StudioStore, live: Edition | None) -> datetime | None:
    times = [time for time, edition in store.history() if live and edition == live.id]
    return times[-1] if times else None


def _changed(store: StudioStore, live: Edition | None) -> tuple[str, ...]:
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
