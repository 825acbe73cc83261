"""An edition is made of the content and its clips, and goes live: all of it or nothing."""

from datetime import UTC, datetime
from hashlib import blake2b

import msgspec

from audio.air.plan import Takes, lengths, missing
from audio.air.studio_store import Look, StudioStore
from audio.voices.engines import choose
from audio.voices.person import Recording
from audio.voices.voice import Voice
from audio.words.source import Source
from ivr.edition.content import Content
from ivr.edition.edition import Edition, Spoken, clip_name
from ivr.edition.store import clip_key
from ivr.errors import StoreError

EXAMPLES = 5
"""How many of the missing utterances are shown."""


def edition(
    content: Content, takes: Takes, store: StudioStore, seen: Look | None = None
) -> Edition:
    """What would be published: the content, and the clips that the store has for it, or had
    when it was `seen` last.

    Raises `StoreError` where it lacks any.
    """
    seen = seen or store.look()
    voices = {
        code: next(t.voice.name for t in said.values() if not isinstance(t.voice, Recording))
        for code, said in takes.items()  # prompts with a slot are never recorded
    }
    clips = {
        code: {
            utterance: Spoken(take.name, lengths(take, seen, content.speeds))
            for utterance, take in said.items()
        }
        for code, said in takes.items()
    }
    every = [pair for said in clips.values() for pair in said.items()]
    lacking = [text for text, spoken in every if not spoken.lengths]
    if lacking:
        raise StoreError(
            f"{store.url}: {lacking[0]!r} has no clips any more, and {len(lacking) - 1} others;"
            " render again"
        )
    whole = msgspec.json.encode((voices, content, clips))
    created = datetime.now(UTC).isoformat(timespec="seconds")
    return Edition(blake2b(whole, digest_size=6).hexdigest(), created, voices, content, clips)


def publish(made: Edition, store: StudioStore) -> bool:
    """Make the edition live; False, and nothing is written, where it is so already.

    `live` is switched last, when all that it stands for is on the disk.
    """
    kept = _kept(made.id, store)
    if kept and store.live() == made.id:
        return False
    before = clips_of(live) if (live := live_edition(store)) else set()
    new = clips_of(made) - before
    store.storage.settle(clip_key(name) for name in new)
    if not kept:
        store.keep(made)
    if store.live() != made.id:
        store.pack(made, new)
        store.go_live(made.id)
    return True


def clips_of(edition: Edition) -> set[str]:
    """The names of an edition's clips."""
    return {
        clip_name(spoken.name, speed)
        for clips in edition.clips.values()
        for spoken in clips.values()
        for speed in edition.content.speeds
    }


def _kept(edition: str, store: StudioStore) -> Edition | None:
    try:
        return store.edition(edition)
    except StoreError:
        return None


def live_edition(store: StudioStore) -> Edition | None:
    """The live edition; None where there is none that can be read."""
    return _kept(store.live() or "", store)


def who_reads(source: Source, store: StudioStore, asked: str | None = None) -> dict[str, Voice]:
    """Who reads each language: whoever is asked for, else who reads it now, else the first of
    `line.toml` that can. Raises `VoiceError` where nobody can."""
    live = live_edition(store)
    return {
        code: choose(names, live.voices.get(code) if live else None, asked)
        for code, names in source.voices.items()
    }


def outdated(content: Content, takes: Takes, store: StudioStore) -> tuple[str, ...]:
    """Why callers do not hear this content, one reason a line; empty when they do."""
    wanted = missing(takes, store, content.speeds)
    if wanted:
        more = [f"and {len(wanted) - EXAMPLES} more"] if len(wanted) > EXAMPLES else []
        shown = [repr(take.utterance) for take in wanted[:EXAMPLES]]
        return (f"{len(wanted)} utterances have no clips:", *shown, *more)
    made = edition(content, takes, store)
    if store.live() == made.id and _kept(made.id, store):
        return ()
    live = store.live()
    return (f"edition {made.id} is not live; {f'{live} is' if live else 'none is'}",)
