"""Serving sound: clips joined under one URL that names them, and their words as captions.

Anybody may ask; `ivr.edition.clip_urls` says for what.
"""

import html
import struct
from io import BytesIO

from flask import Blueprint, Response, abort, current_app, request, send_file

from ivr.edition.clip_urls import MOST_SAMPLES, parse
from ivr.edition.edition import SAMPLES_PER_MS, clip_name
from ivr.edition.library import Library

A_YEAR_S = 365 * 24 * 3600

clips = Blueprint("clips", __name__, url_prefix="/clips")


def _library() -> Library:
    """The library of the application that answers."""
    library: Library = current_app.extensions["library"]
    return library


@clips.get("/<stem>.wav")
def sound(stem: str) -> Response:
    """The joined sound. HEAD, ranges and entity tags work; it never changes."""
    joined = b"".join(sound for _, sound in _found(stem))
    return _immutable(wav(joined), "audio/wav", stem)


@clips.get("/<stem>.vtt")
def captions(stem: str) -> Response:
    """What the sound of the same name says, and when (WebVTT)."""
    found = _found(stem)
    words = _library().words(name for name, _ in found)
    said = [(words.get(name, ""), sound) for name, sound in found]
    body = vtt(said).encode()
    if all(name in words for name, _ in found):
        return _immutable(body, "text/vtt", stem)
    return Response(body, mimetype="text/vtt", headers={"Cache-Control": "no-store"})


@clips.after_request
def forget_what_is_not_found(response: Response) -> Response:
    """A clip that is missing now may be there in a second; caches must ask again."""
    if response.status_code == 404:
        response.cache_control.no_store = True
    return response


def _found(stem: str) -> list[tuple[str, bytes]]:
    """The name and sound of each clip that is asked for; 404 unless every one is there."""
    asked = parse(stem) or abort(404)
    found: list[tuple[str, bytes]] = []
    samples = 0
    for name in asked.names:
        sound = _library().clip(clip_name(name, asked.speed))
        if sound is None:
            abort(404)
        samples += len(sound)
        if len(asked.names) > 1 and samples > MOST_SAMPLES:
            abort(404)
        found.append((name, sound))
    return found


def _immutable(body: bytes, mimetype: str, tag: str) -> Response:
    # What never changes fulfils any If-Range; Werkzeug fails on dates after the year 9999.
    request.environ.pop("HTTP_IF_RANGE", None)
    response = send_file(
        BytesIO(body), mimetype=mimetype, etag=tag, conditional=True, max_age=A_YEAR_S
    )
    response.cache_control.public = True
    response.cache_control.immutable = True
    return response


def wav(sound: bytes) -> bytes:
    """A WAV file of 8 kHz mono μ-law (format 7), padded to an even length, as RIFF requires."""
    padding = b"\0" * (len(sound) % 2)
    chunks = [
        b"WAVE",
        struct.pack("<4sIHHIIHHH", b"fmt ", 18, 7, 1, 8000, 8000, 1, 8, 0),
        struct.pack("<4sII", b"fact", 4, len(sound)),
        struct.pack("<4sI", b"data", len(sound)),
        sound,
        padding,
    ]
    body = b"".join(chunks)
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def vtt(said: list[tuple[str, bytes]]) -> str:
    """Captions of clips that follow each other, each a text and its sound."""
    cues = ["WEBVTT"]
    start_ms = 0.0
    for text, sound in said:
        end_ms = start_ms + len(sound) / SAMPLES_PER_MS
        escaped = html.escape(text, quote=False)
        cues.append(f"{_time(start_ms)} --> {_time(end_ms)}\n{escaped}")
        start_ms = end_ms
    return "\n\n".join(cues) + "\n"


def _time(ms: float) -> str:
    seconds, ms_left = divmod(round(ms), 1000)
    minutes, seconds_left = divmod(seconds, 60)
    hours, minutes_left = divmod(minutes, 60)
    return f"{hours:02}:{minutes_left:02}:{seconds_left:02}.{ms_left:03}"
