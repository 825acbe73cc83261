"""Serving sound: the clips of a reply joined under one URL that names them, and their words."""

import html
import re
import struct
from io import BytesIO

from flask import Blueprint, Response, abort, request, send_file

from ivr.edition.edition import SAMPLES_PER_MS
from ivr.edition.library import Library

MOST_CLIPS = 100
"""In one URL, which then has 1,700 characters; a reply of a minute has about twenty."""

MOST_SAMPLES = 2 * 1024 * 1024
"""In one sound of several clips, about four minutes: anyone may ask for any clips at all."""

A_YEAR_S = 365 * 24 * 3600


def blueprint(library: Library) -> Blueprint:
    """`/clips/<speed>-<name>-<name>….wav`, and `.vtt` for the words as captions."""
    doors = Blueprint("clips", __name__)

    @doors.get("/clips/<names>.wav")
    def sound(names: str) -> Response:
        """The joined sound: HEAD, ranges and entity tags work; it never changes."""
        joined = b"".join(sound for _, sound in _clips(names))
        return _immutable(wav(joined), "audio/wav", names)

    @doors.get("/clips/<names>.vtt")
    def captions(names: str) -> Response:
        """What the sound of the same name says, and when (WebVTT)."""
        texts = [(library.words(name) or "", sound) for name, sound in _clips(names)]
        return _immutable(vtt(texts).encode(), "text/vtt", names)

    def _clips(names: str) -> list[tuple[str, bytes]]:
        """Each clip's name and sound; 404 unless every one is there."""
        speed, *asked = names.split("-")
        if not re.fullmatch(r"[0-9.]{1,5}(-[0-9a-f]{16})+", names) or len(asked) > MOST_CLIPS:
            abort(404)
        lengths = [library.store.length(f"{name}_{speed}") or 0 for name in asked]
        if len(asked) > 1 and sum(lengths) > MOST_SAMPLES:
            abort(404)
        found = [(name, library.clip(f"{name}_{speed}")) for name in asked]
        sounds = [(name, sound) for name, sound in found if sound is not None]
        if len(sounds) < len(found):
            abort(404)
        return sounds

    return doors


def _immutable(body: bytes, mimetype: str, names: str) -> Response:
    # What never changes fulfils any If-Range; Werkzeug fails on dates after the year 9999.
    request.environ.pop("HTTP_IF_RANGE", None)
    response = send_file(
        BytesIO(body), mimetype=mimetype, etag=names, conditional=True, max_age=A_YEAR_S
    )
    response.cache_control.public = True
    response.cache_control.immutable = True
    return response


def wav(sound: bytes) -> bytes:
    """A WAV file of 8 kHz mono μ-law (format 7); padded to an even length, as RIFF asks."""
    pad = len(sound) % 2
    header = b"WAVE" + struct.pack("<4sIHHIIHHH", b"fmt ", 18, 7, 1, 8000, 8000, 1, 8, 0)
    header += struct.pack("<4sII", b"fact", 4, len(sound))
    header += struct.pack("<4sI", b"data", len(sound))
    return (
        struct.pack("<4sI", b"RIFF", len(header) + len(sound) + pad) + header + sound + b"\0" * pad
    )


def vtt(clips: list[tuple[str, bytes]]) -> str:
    """Captions of (text, sound) pairs that follow each other."""
    cues, start = ["WEBVTT"], 0.0
    for text, sound in clips:
        end = start + len(sound) / SAMPLES_PER_MS
        cues.append(f"{_time(start)} --> {_time(end)}\n{html.escape(text, quote=False)}")
        start = end
    return "\n\n".join(cues) + "\n"


def _time(ms: float) -> str:
    minutes, left = divmod(round(ms), 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{left // 1000:02}.{left % 1000:03}"
