"""An edition is made of the content and its clips, and goes live: all of it or nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import blake2b

import msgspec

from audio.air.plan import ByText, Take, Takes, Voices, lengths, missing
from audio.air.studio_store import Look, StudioStore
from audio.air.wording import counted
from audio.voices.engines import choose, refusal
from audio.voices.espeak import ESPEAK
from audio.words.source import Source
from ivr.edition.content import Content, Speeds
from ivr.edition.edition import Edition, Spoken, clip_name
from ivr.edition.store import clip_key
from ivr.errors import StoreError, VoiceError

EXAMPLES = 5
"""How many of the missing utterances are shown."""


def make_edition(
    content: Content, takes: Takes, store: StudioStore, seen: Look | None = None
) -> Edition:
    """What would be published: the content, and the clips that the store has for it, or had
    when it was `seen` last.

    Raises `StoreError` where it lacks any.
    """
    seen = seen or store.look()
    voices = {}
    clips = {}
    for code, said in takes.items():
        voices[code] = _reader(said)
        clips[code] = _spoken(said, seen, content.speeds)
    lacking = list(_lacking(clips))
    if lacking:
        raise StoreError(
            f"{store.url}: clips are missing, such as those of {lacking[0]!r}"
            f" ({counted(len(lacking), 'utterance')} in all); render again"
        )
    whole = msgspec.json.encode((voices, content, clips))
    edition_id = blake2b(whole, digest_size=6).hexdigest()
    created = datetime.now(UTC).isoformat(timespec="seconds")
    return Edition(
        id=edition_id,
        created=created,
        voices=voices,
        content=content,
        clips=clips,
    )


def _reader(said: ByText) -> str:
    """The voice that reads a language: prompts with a slot are never recorded."""
    readers = [take.voice for take in said.values()]
    return next(voice.name for voice in readers if not voice.engine.by_a_person)


def _spoken(said: ByText, seen: Look, speeds: Speeds) -> dict[str, Spoken]:
    spoken = {}
    for text, take in said.items():
        samples = lengths(take, seen, speeds)
        spoken[text] = Spoken(take.name, samples)
    return spoken


def _lacking(clips: dict[str, dict[str, Spoken]]) -> Iterator[str]:
    """The utterances that have no clips."""
    for said in clips.values():
        for text, spoken in said.items():
            if not spoken.lengths:
                yield text


def publish(edition: Edition, store: StudioStore) -> bool:
    """Make the edition live; False, with nothing written, where it already is.

    `live` is switched last, when all that it stands for is on the disk.
    """
    is_kept = _kept(edition.id, store) is not None
    if is_kept and store.live() == edition.id:
        return False
    new = clips_of(edition)
    live = live_edition(store)
    if live:
        new -= clips_of(live)
    store.storage.settle(clip_key(name) for name in new)
    if not is_kept:
        store.keep(edition)
    if store.live() != edition.id:
        store.pack(edition, new)
        store.go_live(edition.id)
    return True


def clips_of(edition: Edition) -> set[str]:
    """The names of an edition's clips."""
    speeds = edition.content.speeds
    names: set[str] = set()
    for clips in edition.clips.values():
        for spoken in clips.values():
            names.update(clip_name(spoken.name, speed) for speed in speeds)
    return names


def _kept(edition_id: str, store: StudioStore) -> Edition | None:
    try:
        return store.edition(edition_id)
    except StoreError:
        return None


def live_edition(store: StudioStore) -> Edition | None:
    """The live edition; None where there is none that can be read."""
    return _kept(store.live() or "", store)


def who_reads(source: Source, store: StudioStore, asked: str | None = None) -> Voices:
    """Who reads each language: whoever is asked for, else who staff chose, else who reads it now,
    else the first of `line.toml` that can.

    `asked` is a voice, such as `flite:rms`, or one for a single language: `cy=espeak:cy`. Raises
    `VoiceError` with every language that nobody can read.
    """
    return who_reads_after(source, live_edition(store), asked)


def who_reads_after(
    source: Source, live: Edition | None, asked: str | None = None
) -> Voices:
    """Who reads each language after this edition: see `who_reads`."""
    now: dict[str, str] = {}
    if live:
        now = live.voices
    found: Voices = {}
    refusals = []
    for code, names in source.voices.items():
        try:
            found[code] = choose(
                names,
                kept=now.get(code),
                asked=_asked(asked, code),
                chosen=source.chosen_voice.get(code),
            )
        except VoiceError as error:
            refusals.append(f"{code}: {error}{_instead(code)}")
    if refusals:
        raise VoiceError("\n".join(refusals))
    return found


def _asked(asked: str | None, code: str) -> str | None:
    """The voice that is asked for in a language, if any is."""
    if asked is None:
        return None
    language, _, name = asked.rpartition("=")
    if language in ("", code):
        return name
    return None


def _instead(code: str) -> str:
    """What eSpeak, which comes with the line, could do for a language that nobody can read."""
    name = f"{ESPEAK.name}:{code}"
    if refusal(name):
        return ""
    return f"\n{name} is installed, and could be listed there for {code}"


def preferred(source: Source, code: str) -> str:
    """The voice that should read a language, by its name, if it can."""
    first, *_ = source.voices[code]
    return source.chosen_voice.get(code, first)


def outdated(content: Content, takes: Takes, store: StudioStore) -> tuple[str, ...]:
    """Why callers do not hear this content, one reason a line; empty when they do."""
    wanted = missing(takes, store, content.speeds)
    if wanted:
        return tuple(_without_clips(wanted))
    edition = make_edition(content, takes, store)
    live = store.live()
    is_live = live == edition.id
    if is_live and _kept(edition.id, store):
        return ()
    if live:
        return (f"edition {edition.id} is not live; {live} is",)
    return (f"edition {edition.id} is not live; none is",)


def _without_clips(wanted: tuple[Take, ...]) -> Iterator[str]:
    if len(wanted) == 1:
        yield "1 utterance has no clips:"
    else:
        yield f"{counted(len(wanted), 'utterance')} have no clips:"
    for take in wanted[:EXAMPLES]:
        yield repr(take.utterance)
    more = len(wanted) - EXAMPLES
    if more > 0:
        yield f"and {more:,} more"
