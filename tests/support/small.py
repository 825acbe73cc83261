"""A small edition, made by hand: for tests of the flow, which needs no sound."""

from collections.abc import Callable
from dataclasses import astuple, replace
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

from audio.air.studio_store import StudioStore
from audio.words.vocabulary import load_vocabulary
from ivr.edition.content import (
    Article,
    Content,
    Helpline,
    Language,
    Notice,
    Prompts,
    Section,
    slots,
)
from ivr.edition.edition import SAMPLES_PER_MS, Edition, Spoken, clip_name
from ivr.edition.store import clip_key, seal
from ivr.edition.vocabulary import Vocabulary
from ivr.settings import ROOT

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""A Monday, when London's clocks show UTC."""

SPEEDS = (0.75, 1.0, 1.25, 1.5, 2.0)

TOUR_S = 8
"""As real ones, it lasts longer than a reply takes to be heard."""

WEEK = ((0, 7 * 24 * 60),)


def helpline(slug: str, number: str = "0800 1111", **more: object) -> Helpline:
    """A helpline that is always open and can be dialled, unless a test says otherwise."""
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
            tuple(
                f"{slug} section {number} sentence {n}." for n in range(1, count + 1)
            ),
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


def prompts(language: str = "") -> Prompts:
    """Every prompt says its own name, in a language that is not English after its code."""
    said = {}
    for name, slot in slots().items():
        said[name] = f"<{language} {name}>" if language else f"<{name}>"
        if slot:
            said[name] += f" {{{slot}}}"
    return Prompts(**said)


WELSH = "cy"


def bilingual(notice: Notice | None = None) -> Edition:
    """English, then Welsh, each with an article and helplines of its own."""
    english = edition(article("one", 1, 1), helplines=HELPLINES[1:3])
    shared = replace(HELPLINES[1], whom="I bawb.", when="Ddydd a nos.", cost="Am ddim.")
    own = helpline("llinell", "0300 999 1212", whom="I bawb.")
    read = article("un", 2)
    welsh = Language(prompts(WELSH), (own, shared), (read,), notice, ("2", "5"))
    words = replace(english.content.languages["en"], choices=("1", "5"))
    return replace(
        english,
        id="b" * 12,
        voices={"en": "silent:100", WELSH: "silent:100"},
        content=replace(english.content, languages={"en": words, WELSH: welsh}),
        clips={"en": _clips(words), WELSH: _clips(welsh)},
    )


def vocabulary() -> Vocabulary:
    """The real one; but where callers may also speak, each prompt says `<say its own name>`."""
    real = load_vocabulary(ROOT / "content" / "en", prompts(), [])
    assert real
    return replace(
        real, say_or_press={f"<{name}>": f"<say {name}>" for name in slots()}
    )


def edition(
    *articles: Article,
    helplines: tuple[Helpline, ...] = HELPLINES,
    notice: Notice | None = None,
    speech: bool = False,
) -> Edition:
    """An edition in which every utterance but the tour takes 100 ms a character at speed 1."""
    read = articles or (article("one", 3, 4, 2),)
    words = Language(prompts(), helplines, read, notice)
    if speech:
        words = replace(words, vocabulary=vocabulary())
    clips = _clips(words)
    content = Content("A line", "Europe/London", SPEEDS, {"en": words})
    return Edition(
        "0" * 12, NOON.isoformat(), {"en": "silent:100"}, content, {"en": clips}
    )


def _clips(words: Language) -> dict[str, Spoken]:
    return {text: _spoken(text) for text in sorted(_utterances(words))}


def _utterances(words: Language) -> set[str]:
    """Everything that may be said."""
    said: set[str] = set()
    for name, slot in slots().items():
        prompt = getattr(words.prompts, name)
        if slot is None:
            said.add(prompt)
            continue
        said |= {prompt.format(**{slot: value}) for value in words.values(slot)}
    if words.vocabulary:
        said |= set(words.say_or_press.values())
        said |= {wordings[0] for wordings in astuple(words.vocabulary.wishes)}
    if words.notice:
        said.add(words.notice.text)
    for each in words.articles:
        said |= {each.title, each.source}
        for section in each.sections:
            said |= {section.heading, *section.sentences}
    for line in words.helplines:
        said |= {line.name, line.number, *line.spelled}
        said |= {line.whom, line.when, line.cost}
    return said


def _spoken(text: str) -> Spoken:
    """The clips of a text. As with real ones, no other text has clips of the same name."""
    name = blake2b(text.encode(), digest_size=8).hexdigest()
    lengths = tuple(round(samples(text) / speed) for speed in SPEEDS)
    return Spoken(name, lengths)


def samples(text: str) -> int:
    """How long an utterance is at speed 1."""
    if text == "<tour>":
        return TOUR_S * 1000 * SAMPLES_PER_MS
    return len(text) * 100 * SAMPLES_PER_MS


def publish(folder: Path | str, made: Edition) -> Edition:
    """Puts an edition with clips of silence into a store at this path or URL, and makes it live."""
    return publish_to(StudioStore(folder), made)


def publish_to(store: StudioStore, made: Edition) -> Edition:
    """Puts an edition with clips of silence into a store, and makes it live."""
    keep_clip = _straight_into(store.folder) if store.is_folder else store.keep_clip
    for clips in made.clips.values():
        for spoken in clips.values():
            for speed, length in zip(SPEEDS, spoken.lengths, strict=True):
                keep_clip(clip_name(spoken.name, speed), b"\xff" * length)
    store.keep(made)
    store.go_live(made.id)
    return made


def _straight_into(folder: Path) -> Callable[[str, bytes], None]:
    """Keeps clips in a third of the time: nobody reads them before the last is written."""
    there: set[Path] = set()

    def keep_clip(name: str, sound: bytes) -> None:
        path = folder / clip_key(name)
        if path.parent not in there:
            path.parent.mkdir(parents=True, exist_ok=True)
            there.add(path.parent)
        path.write_bytes(seal(name, sound))

    return keep_clip
