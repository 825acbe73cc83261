"""What is on the air: its state, publishing, going back; and the call map."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from audio.air.changes import changes, readers
from audio.air.editions import listed, previous, roll_back
from audio.air.publish import live_edition, preferred
from audio.air.studio_store import StudioStore
from audio.desk.staff_words import told_with_place
from audio.web.pages import pages, studio, when
from audio.web.studio import Studio
from audio.web.usage import last_week
from audio.words.source import Source
from ivr.edition.content import Helpline
from ivr.edition.edition import Edition
from ivr.errors import ContentError, Fault, LineError, StoreError

IN_THE_WAY = (
    "Publishing is in progress and would undo this. Stop it, or wait until it is done, then try"
    " again."
)


@pages.get("")
def status() -> str:
    """What is on the air, since when, in which voice, and what is waiting."""
    store = studio().store
    live = live_edition(store)
    waiting: tuple[str, ...] = ()
    source: Source | None = None
    warnings: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    better: dict[str, str] = {}
    to_check: list[tuple[str, Helpline]] = []
    try:
        source = studio().source()
    except ContentError as error:
        faults = error.faults
    else:
        to_check = source.to_check()
        past = map(told_with_place, source.past)
        warnings = (*source.unsaid_marks, *past)
        if live:
            of_calendar = source.calendar_warnings(live.content)
            warnings = (*of_calendar, *warnings)
            waiting = changes(live.content, source.content)
            better = _better(source, live)
    return render_template(
        "studio/status.html",
        live=live,
        since=_since(store, live),
        changed=_changed(store, live),
        waiting=waiting,
        better=better,
        touched=_was_touched(studio(), live),
        faults=faults,
        warnings=warnings,
        unused_recordings=_unused_recordings(source),
        to_check=to_check,
        progress=studio().job.progress(),
        use=last_week(),
    )


@pages.post("/publish")
def start_publishing() -> AnyResponse:
    """Publishes, unless that is in progress already, and leads to how far it is."""
    if not studio().publish():
        flash("Publishing is already in progress.")
    return redirect(url_for("studio.publishing"), 303)


@pages.get("/publishing")
def publishing() -> str:
    """How far publishing is, which a script asks again and again."""
    live = live_edition(studio().store)
    return render_template(
        "studio/publishing.html",
        progress=studio().job.progress(),
        live=live,
        changed=_changed(studio().store, live),
    )


@pages.post("/publishing")
def stop_publishing() -> AnyResponse:
    """Ends publishing; callers go on hearing what they hear."""
    studio().job.stop()
    return redirect(url_for("studio.publishing"), 303)


@pages.get("/editions")
def editions() -> str:
    """Every edition that is kept, newest first."""
    editions = listed(studio().store)[::-1]
    minutes = Counter(
        when(each.edition.created, each.edition.content.timezone) for each in editions
    )
    return render_template("studio/editions.html", editions=editions, minutes=minutes)


@pages.post("/editions")
def go_back() -> AnyResponse:
    """Puts an earlier edition back on the air."""
    edition_id = request.form.get("edition", "")
    with studio().job.alone() as lock:
        if lock is None:
            raise LineError(IN_THE_WAY)
        roll_back(studio().store, edition_id)
    flash("It is on the air now. Publishing again would put today's words back.")
    return redirect(url_for("studio.status"), 303)


@pages.get("/map")
def call_map() -> str:
    """Every step of a call, and where each key leads."""
    live = live_edition(studio().store)
    if live is None:
        return render_template("studio/map.html", rows=())
    rows = studio().call_map(live)
    return render_template("studio/map.html", rows=rows)


def _unused_recordings(source: Source | None) -> list[str]:
    """Recordings of other words than the content has; none where that has faults."""
    found: list[str] = []
    if source:
        for recordings in source.recordings.values():
            found += map(told_with_place, recordings.outdated)
    return found


def _better(source: Source, live: Edition) -> dict[str, str]:
    """By language, the voice that line.toml prefers, where another one reads and none was
    chosen."""
    found: dict[str, str] = {}
    not_chosen = source.voices.keys() - source.chosen_voice
    for code in not_chosen:
        name = preferred(source, code)
        reads = live.voices.get(code, name)
        if reads != name:
            found[code] = name
    return found


def _since(store: StudioStore, live: Edition | None) -> datetime | None:
    """When the live edition last went live."""
    if live is None:
        return None
    times = []
    for time, edition_id in store.history():
        if edition_id == live.id:
            times.append(time)
    return max(times, default=None)


def _changed(store: StudioStore, live: Edition | None) -> tuple[str, ...]:
    """What the live edition changed against the one that was live before it."""
    if live is None:
        return ()
    try:
        before = store.edition(previous(store))
    except StoreError:
        return ()
    words = changes(before.content, live.content)
    who_reads = readers(before.voices, live.voices)
    return words + who_reads


def _was_touched(studio: Studio, live: Edition | None) -> bool:
    """Whether a file of the content is younger than the live edition, and than the last
    publishing that ended well, for which it may have changed nothing."""
    if live is None:
        return False
    made = datetime.fromisoformat(live.created)
    published = studio.job.ended_well()
    since = max(made, published)
    files = [path for path in studio.content.rglob("*") if path.is_file()]
    return any(_written(path) > since for path in files)


def _written(path: Path) -> datetime:
    """When a file was last written."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
