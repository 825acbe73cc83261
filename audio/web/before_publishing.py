"""What callers will hear, sentence by sentence, before it is published."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from audio.air.heard import Difference, Length, differences, step_lengths
from audio.air.plan import Clips, Takes, lengths, not_on_air, plan
from audio.air.preview import preview
from audio.air.proofing import hearings
from audio.air.publish import live_edition, make_edition, who_reads_after
from audio.desk.staff_words import told_with_place
from audio.web.pages import pages, studio
from audio.words.source import Source

MOST_SHOWN = 100
"""Of the sentences that change: nobody listens to more before publishing."""

MOST_MEASURED = 20
"""Articles. The call map of more takes too long for a page."""

FEW_NEW = 200
"""Utterances whose clips are looked up one by one, as there may be 100,000 others in the store."""


@pages.get("/publish")
def publish() -> str:
    """What publishing would do, before it is done."""
    store = studio().store
    source = studio().source()
    live = live_edition(store)
    voices = who_reads_after(source, live)
    takes = plan(source, voices, store)
    new = not_on_air(takes, live)
    seen: Clips = store
    if len(new) > FEW_NEW:
        seen = store.look()
    content = source.content
    wanted = tuple(take for take in new if not lengths(take, seen, content.speeds))
    names = {code: voice.name for code, voice in voices.items()}
    lines = preview(content, takes, wanted, studio().workers, names, live)
    every = list(differences(content, takes, live, seen, hearings(store)))
    return render_template(
        "studio/publish.html",
        preview=list(lines),
        unsafe=[told_with_place(duty) for duty in source.unsafe],
        progress=studio().job.progress(),
        preparing=studio().preparing.progress(),
        waiting=len(wanted),
        differences=every[:MOST_SHOWN],
        more=len(every[MOST_SHOWN:]),
        lengths=_lengths(source, takes, every, bool(wanted)),
    )


@pages.get("/publish/sound")
def sound() -> AnyResponse | str:
    """How far the sound is, which a script asks again and again: the page that waits for it takes
    half a second. Leads back there when it is done."""
    preparing = studio().preparing.progress()
    if not preparing.going:
        return redirect(url_for("studio.publish"), 303)
    return render_template("studio/sound.html", preparing=preparing)


@pages.post("/publish/sound")
def prepare() -> AnyResponse:
    """Makes the sound of everything that waits, in the background; publishes nothing."""
    studio().preparing.start()
    flash("The sound is being made.")
    return redirect(url_for("studio.publish"), 303)


def _lengths(
    source: Source,
    takes: Takes,
    every: list[Difference],
    lacks_sound: bool,
) -> list[Length]:
    """How long each step would take; nothing while sound is missing, if nothing would change, or if
    there is too much to measure."""
    if lacks_sound or not every:
        return []
    languages = source.content.languages.values()
    articles = sum(len(words.articles) for words in languages)
    if articles > MOST_MEASURED:
        return []
    edition = make_edition(source.content, takes, studio().store)
    rows = {row.name: row.seconds for row in studio().call_map(edition)}
    return step_lengths(rows)
