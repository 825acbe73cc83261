"""A small edition, made by hand: for tests of the flow, which needs no sound."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from audio.air.studio_store import StudioStore
from ivr.edition.content import Article, Content, Helpline, Language, Prompts, Section, slots
from ivr.edition.edition import SAMPLES_PER_MS, Edition, Spoken, clip_name

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""A Monday, when London's clocks show UTC."""

SPEEDS = (0.75, 1.0, 1.25, 1.5, 2.0)

TOUR_S = 8
"""As real ones, it lasts longer than a reply takes to be heard."""

WEEK = ((0, 7 * 24 * 60),)


def helpline(slug: str, number: str = "0800 1111", **more: object) -> Helpline:
    """A helpline that is always open and can be dialled, unless told otherwise."""
    plain = Helpline(
        slug=slug,
        name=slug.title(),
        number=number,
        e164="+44" + number.replace(" ", "")[1:],
        whom=f"For anyone who needs {slug}.",
        when="Day and night.",
        cost="Free.",
        hours=WEEK,
        source="a test",
        checked="2026-11-01",
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def article(slug: str, *sentences_in: int) -> Article:
    """An article whose sections have so many sentences each."""
    sections = tuple(
        Section(
            f"{slug} heading {number}",
            tuple(f"{slug} section {number} sentence {n}." for n in range(1, count + 1)),
        )
        for number, count in enumerate(sentences_in, 1)
    )
    return Article(slug, f"Title of {slug}", "From a test.", "", "2026-01-01", sections)


HELPLINES = (
    helpline("night", "0800 83 85 87", hours=((18 * 60, 26 * 60),)),
    helpline("always", "0800 1111"),
    helpline("code", "116 123", e164=None),
    helpline("office", "0141 944 5490", hours=((9 * 60, 17 * 60),)),
    helpline("evening", "0800 58 58 58", hours=((17 * 60, 24 * 60),)),
    helpline("second", "0300 999 1212"),
)

AT_ANY_HOUR = tuple(each for each in HELPLINES if each.hours == WEEK)
"""For tests with a real clock: `Always`, `Code` and `Second`, in this order day and night."""


def prompts() -> Prompts:
    """Every prompt says its own name."""
    return Prompts(
        **{name: f"<{name}>" + (f" {{{slot}}}" if slot else "") for name, slot in slots().items()}
    )


def edition(*articles: Article, helplines: tuple[Helpline, ...] = HELPLINES) -> Edition:
    """An edition in which every utterance but the tour takes 100 ms a character at speed 1."""
    words = Language(prompts(), helplines, articles or (article("one", 3, 4, 2),))
    said = {
        text.format(**{slot: value}) if slot else text
        for name, slot in slots().items()
        for text in [getattr(words.prompts, name)]
        for value in (words.values(slot) if slot else [""])
    }
    said |= {text for a in words.articles for text in (a.title, a.source)}
    said |= {text for a in words.articles for s in a.sections for text in (s.heading, *s.sentences)}
    said |= {text for h in helplines for text in (h.name, h.number, h.whom, h.when, h.cost)}
    clips = {
        text: Spoken(f"{n:016x}", tuple(round(samples(text) / speed) for speed in SPEEDS))
        for n, text in enumerate(sorted(said))
    }
    content = Content("A line", "Europe/London", SPEEDS, {"en": words})
    return Edition("0" * 12, NOON.isoformat(), {"en": "silent:100"}, content, {"en": clips})


def samples(text: str) -> int:
    """How long an utterance is at speed 1."""
    if text == "<tour>":
        return TOUR_S * 1000 * SAMPLES_PER_MS
    return len(text) * 100 * SAMPLES_PER_MS


def publish(folder: Path | str, snapshot: Edition) -> None:
    """Puts an edition with clips of silence into a store, and makes it live."""
    store = StudioStore(folder)
    for spoken in snapshot.clips["en"].values():
        for speed, length in zip(SPEEDS, spoken.lengths, strict=True):
            store.keep_clip(clip_name(spoken.name, speed), b"\xff" * length)
    store.keep(snapshot)
    store.go_live(snapshot.id)
