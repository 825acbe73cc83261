"""What a render would do, said beforehand in the words that staff use."""

from collections.abc import Iterator

from audio.air.changes import changes, readers
from audio.air.plan import Take, Takes, every
from audio.air.wording import counted
from audio.words.utterances import parts
from ivr.edition.content import Content
from ivr.edition.edition import Edition

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

    `wanted` is what has no clips yet; `voices` says who reads each language.
    """
    in_all = counted(len(every(takes)), "utterance")
    yield f"To be rendered: {len(wanted):,} of {in_all}."
    yield from _by_part(content, takes, wanted)
    if wanted:
        yield _time(wanted, workers)
    different = _different(content, voices, live)
    if not different:
        yield "Callers would hear the same words as now."
        return
    yield "Callers would hear:"
    for change in different:
        yield f"  {change}"


def _by_part(content: Content, takes: Takes, wanted: tuple[Take, ...]) -> Iterator[str]:
    """How much of each part is new. What several parts say counts as the first one's."""
    left = {take.name for take in wanted}
    for code, language in content.languages.items():
        said = takes[code]
        for part, texts in parts(language):
            names = {said[text].name for text in texts if text in said}
            new = names & left
            if new:
                yield f"  {code}: {part}: {len(new):,} of {len(names):,}"
            left -= new


def _different(
    content: Content, voices: dict[str, str], live: Edition | None
) -> tuple[str, ...]:
    """What callers would hear that they do not hear now."""
    if live is None:
        return changes(None, content)
    words = changes(live.content, content)
    who_reads = readers(live.voices, voices)
    return words + who_reads


def _time(wanted: tuple[Take, ...], workers: int) -> str:
    work_s = 0.0
    unknown = set()
    for take in wanted:
        cost = take.voice.engine.cost
        if cost:
            work_s += cost.seconds(len(take.speakable))
        else:
            unknown.add(take.voice.name)
    at_work = min(workers, len(wanted))
    seconds = START_S + work_s / at_work
    about = f"That takes about {seconds:.0f} seconds with {counted(workers, 'worker')}"
    if not unknown:
        return f"{about}."
    names = ", ".join(sorted(unknown))
    return f"{about}, and as long as it takes with {names}."
