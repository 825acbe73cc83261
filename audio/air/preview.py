"""What a render would do, told beforehand in the words that staff use."""

from collections.abc import Iterator

from audio.air.changes import changes, readers
from audio.air.plan import Take, Takes, every
from audio.words.utterances import parts
from ivr.edition.content import Content
from ivr.edition.edition import Edition

COST = {"flite": (20, 0.7), "espeak": (40, 0.45), "silent": (3, 0.1)}
"""How long an utterance takes one worker, said, mastered at five speeds and checked: so
many ms, and so many a character (measured with `rms` and `klatt6` on a machine of 2023)."""

START_S = 2
"""Until the workers are ready."""


def preview(
    content: Content,
    takes: Takes,
    wanted: tuple[Take, ...],
    workers: int,
    voices: dict[str, str],
    live: Edition | None,
) -> Iterator[str]:
    """What would be rendered, how long it takes, and what callers would hear differently.

    `voices` says who reads each language.
    """
    yield f"To be rendered: {len(wanted)} of {len(every(takes))} utterances."
    left = {take.name for take in wanted}
    for code, language in content.languages.items():
        for part, texts in parts(language):
            names = {takes[code][text].name for text in texts if text in takes[code]}
            if new := names & left:
                yield f"  {code}: {part}: {len(new)} of {len(names)}"
            left -= new
    if wanted:
        yield _time(wanted, workers)
    different = changes(live.content if live else None, content)
    different += readers(live.voices if live else {}, voices)
    yield "Callers would hear:" if different else "Callers would hear the same words as now."
    yield from (f"  {change}" for change in different)


def _time(wanted: tuple[Take, ...], workers: int) -> str:
    costs = [(COST.get(take.voice.name.partition(":")[0]), take) for take in wanted]
    ms = sum(cost[0] + cost[1] * len(take.speakable) for cost, take in costs if cost)
    seconds = START_S + ms / 1000 / min(workers, len(wanted))
    unknown = ", ".join(sorted({take.voice.name for cost, take in costs if not cost}))
    also = f", and as long as it takes with {unknown}" if unknown else ""
    return f"That takes about {seconds:.0f} seconds with {workers} workers{also}."
