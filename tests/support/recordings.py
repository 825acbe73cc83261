"""Sound files as a person would send them."""

import io

import av
import numpy as np
import soundfile

WELCOME = "The words of welcome."


SECTION = "First words. Second words."


def sound(*ms: int, rate: int = 16_000, format: str = "WAV", pitch: int = 200) -> bytes:
    """So many ms of speech, then of silence, and so on, in both ears."""
    parts = []
    for number, length in enumerate(ms):
        time = np.arange(length * rate // 1000) / rate
        parts.append(0.3 * np.sin(2 * np.pi * pitch * time) * (number % 2 == 0))
    mono = np.concatenate(parts)
    made = io.BytesIO()
    soundfile.write(made, np.stack([mono, mono], axis=1), rate, format=format)
    return made.getvalue()


def encoded(container: str, codec: str, seconds: float, hz: int = 300) -> bytes:
    """A tone, as a browser or a telephone packs it: `webm` with `libopus`, `ipod` with `aac`."""
    made = io.BytesIO()
    with av.open(made, "w", format=container) as file:
        stream = file.add_stream(codec, rate=48_000, layout="mono")
        assert isinstance(stream, av.AudioStream)
        time = np.arange(int(48_000 * seconds)) / 48_000
        tone = 0.3 * np.sin(2 * np.pi * hz * time).astype(np.float32)
        frame = av.AudioFrame.from_ndarray(tone[None], format="fltp", layout="mono")
        frame.sample_rate = 48_000
        for part in (frame, None):
            file.mux(stream.encode(part))
    return made.getvalue()


def film() -> bytes:
    """Two seconds of a picture, without sound."""
    made = io.BytesIO()
    with av.open(made, "w", format="mp4") as file:
        stream = file.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 64
        for _ in range(20):
            file.mux(stream.encode(av.VideoFrame(64, 64, "yuv420p")))
        file.mux(stream.encode(None))
    return made.getvalue()
