"""An edition is made of the content and its clips, and goes live: all of it or nothing."""

import os
from datetime import UTC, datetime
from hashlib import blake2b

import msgspec

from audio.files import put
from audio.render import Takes, lengths, missing
from ivr.content import Content
from ivr.edition import Edition, Spoken, Store
from ivr.exceptions import StoreError

EXAMPLES = 5
"""How many of the missing utterances are shown."""


def edition(content: Content, takes: Takes, store: Store) -> Edition:
    """What would be published: the content, and the clips that the store has for it."""
    voices = {code: next(iter(said.values())).voice.name for code, said in takes.items()}
    clips = {
        code: {
            utterance: Spoken(take.name, lengths(take, store, content.speeds))
            for utterance, take in said.items()
        }
        for code, said in takes.items()
    }
    whole = msgspec.json.encode((voices, content, clips))
    created = datetime.now(UTC).isoformat(timespec="seconds")
    return Edition(blake2b(whole, digest_size=6).hexdigest(), created, voices, content, clips)


def publish(made: Edition, store: Store) -> bool:
    """Make the edition live; False, and nothing is written, where it is so already.

    `live` is switched last, when all that it stands for is on the disk.
    """
    kept = _is_kept(made.id, store)
    if kept and store.live() == made.id:
        return False
    os.sync()  # the clips: one call for all of them, as thousands of fsync would take minutes
    if not kept:
        put(store.edition_path(made.id), msgspec.json.encode(made), lasting=True)
    if store.live() != made.id:
        put(store.live_path, f"{made.id}\n".encode(), lasting=True)
    return True


def _is_kept(edition: str, store: Store) -> bool:
    try:
        return bool(store.edition(edition))
    except StoreError:
        return False


def voices_of_live(store: Store) -> dict[str, str]:
    """Who reads each language of the live edition; nobody, if there is none to be read."""
    try:
        return store.edition(store.live() or "").voices
    except StoreError:
        return {}


def outdated(content: Content, takes: Takes, store: Store) -> tuple[str, ...]:
    """Why callers do not hear this content, one reason a line; empty when they do."""
    wanted = missing(takes, store, content.speeds)
    if wanted:
        more = [f"and {len(wanted) - EXAMPLES} more"] if len(wanted) > EXAMPLES else []
        shown = [repr(take.utterance) for take in wanted[:EXAMPLES]]
        return (f"{len(wanted)} utterances have no clips:", *shown, *more)
    made = edition(content, takes, store)
    if store.live() == made.id and _is_kept(made.id, store):
        return ()
    live = store.live()
    return (f"edition {made.id} is not live; {f'{live} is' if live else 'none is'}",)
