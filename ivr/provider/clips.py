"""Serving sound: clips joined under one URL that names them, and their words as captions.

Anybody may ask; `ivr.edition.clip_urls` says for what.
"""

import html
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b

from flask import Blueprint, Response, abort, current_app, request

from ivr.edition.clip_urls import MOST_SAMPLES, Joined, parse
from ivr.edition.edition import SAMPLES_PER_MS, clip_name
from ivr.edition.library import Library
from ivr.edition.wav import wav
from ivr.errors import StoreError

FOR_EVER = "max-age=31536000, public, immutable"
"""A year, which is as long as caches keep anything."""

SILENCE = b"\xff"
"""A sample of it, in μ-law."""

TAG_BYTES = 4
"""Of an entity tag's digest. It is short, as FreeSWITCH keeps URL and tag in one small piece."""

clips = Blueprint("clips", __name__, url_prefix="/clips")


def _library() -> Library:
    """The library of the application that answers."""
    library: Library = current_app.extensions["library"]
    return library


@clips.get("/<stem>.wav")
def sound(stem: str) -> Response:
    """The joined sound. HEAD, ranges and entity tags work; it never changes.

    Where clips are lost, even all of them, silence is in their place: where a caller is in the
    sound is worked out from the lengths of its clips. 404 where no edition knows any length.
    """
    asked = parse(stem) or abort(404)
    if request.method == "GET":
        with suppress(StoreError):
            names = tuple(clip_name(name, asked.speed) for name in asked.names)
            whole = _library().sound(names, MOST_SAMPLES)
            return _served(whole, "audio/wav", stem, is_whole=True)
    there = _lengths_of_there(asked)
    sounds = _sounds(asked, there)
    lost = _lengths_of_lost(asked, sounds)
    heard = _silence(lost) | sounds or abort(404)
    joined = wav(*(heard.get(name, b"") for name in asked.names))
    is_whole = sounds.keys() >= set(asked.names)
    return _served(joined, "audio/wav", stem, is_whole)


@clips.get("/<stem>.vtt")
def captions(stem: str) -> Response:
    """What the sound of the same name says, and when (WebVTT)."""
    asked = parse(stem) or abort(404)
    lengths = _lengths_of_there(asked)
    lengths |= _lengths_of_lost(asked, lengths)
    if not lengths:
        abort(404)
    words = _library().words(asked.names)
    languages = _library().languages(asked.names)
    said = [
        Caption(words.get(name, ""), lengths.get(name, 0), languages.get(name, ""))
        for name in asked.names
    ]
    is_known = words.keys() >= set(asked.names)
    return _served(vtt(said).encode(), "text/vtt", stem, is_known)


@clips.after_request
def forget_what_is_not_found(response: Response) -> Response:
    """A clip that is missing now may be there in a second; caches must ask again."""
    if response.status_code == 404:
        response.cache_control.no_store = True
    return response


def _lengths_of_there(asked: Joined) -> dict[str, int]:
    """How long each clip that is there is, in samples; none is read.

    404 for several that are too long together, with those that are lost.
    """
    lengths = {}
    for name in asked.names:
        samples = _library().samples(clip_name(name, asked.speed))
        if samples is not None:
            lengths[name] = samples
    with_lost = lengths | _lengths_of_lost(asked, lengths)
    total = sum(with_lost.get(name, 0) for name in asked.names)
    if len(asked.names) > 1 and total > MOST_SAMPLES:
        abort(404)
    return lengths


def _lengths_of_lost(asked: Joined, found: Collection[str]) -> dict[str, int]:
    """How long the clips that were not found should be, without those that no edition has."""
    lost = set(asked.names).difference(found)
    return _library().lengths(lost, asked.speed)


def _sounds(asked: Joined, there: Mapping[str, int]) -> dict[str, bytes]:
    """The clips that are there and undamaged, each read once.

    For HEAD nothing is read: silence of their lengths will do.
    """
    if request.method == "HEAD":
        return _silence(there)
    sounds = {}
    for name in dict.fromkeys(asked.names):
        sound = _library().clip(clip_name(name, asked.speed))
        if sound is not None:
            sounds[name] = sound
    return sounds


def _silence(lengths: Mapping[str, int]) -> dict[str, bytes]:
    """As much silence as each clip is long, in samples."""
    return {name: SILENCE * samples for name, samples in lengths.items()}


def _served(body: bytes, mimetype: str, stem: str, is_whole: bool) -> Response:
    """What never changes; but what lacks something may be whole in a second."""
    if not is_whole:
        return Response(body, mimetype=mimetype, headers={"Cache-Control": "no-store"})
    # What never changes fulfils any If-Range; Werkzeug fails on dates after the year 9999.
    request.environ.pop("HTTP_IF_RANGE", None)
    response = Response(body, mimetype=mimetype)
    response.set_etag(blake2b(stem.encode(), digest_size=TAG_BYTES).hexdigest())
    response.headers["Cache-Control"] = FOR_EVER
    response.make_conditional(request, accept_ranges=True, complete_length=len(body))
    return response


@dataclass(frozen=True)
class Caption:
    """What a clip says."""

    text: str
    samples: int
    """The clip's length."""
    language: str
    """Empty if no language needs to be named."""


def vtt(said: list[Caption]) -> str:
    """Captions of clips that follow each other."""
    cues = ["WEBVTT"]
    start_ms = 0.0
    for caption in said:
        end_ms = start_ms + caption.samples / SAMPLES_PER_MS
        escaped = html.escape(caption.text, quote=False)
        if caption.language:
            escaped = f"<lang {caption.language}>{escaped}</lang>"
        cues.append(f"{_time(start_ms)} --> {_time(end_ms)}\n{escaped}")
        start_ms = end_ms
    return "\n\n".join(cues) + "\n"


def _time(ms: float) -> str:
    seconds, ms_left = divmod(round(ms), 1000)
    minutes, seconds_left = divmod(seconds, 60)
    hours, minutes_left = divmod(minutes, 60)
    return f"{hours:02}:{minutes_left:02}:{seconds_left:02}.{ms_left:03}"
