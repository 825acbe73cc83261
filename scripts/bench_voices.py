"""Measure how well voices are understood, and print the table of docs/voices.md.

A recogniser hears the clips as they are served; its word error rate counts, of the articles at
three speeds, and of everything else at speed 1. The seconds of processor are those that the voice
takes to say all of it once. Nothing is asserted, and no store is touched.
"""

import os
import resource
import sys
from concurrent.futures import Executor
from pathlib import Path

from audio.air.plan import Take, plan_one
from audio.air.production import status_of
from audio.air.proofing import Ear, Hearing, hear_window, report, windows
from audio.air.workers import processes
from audio.sound.ear import ear_model
from audio.sound.mastering import master
from audio.voices.engines import voice
from audio.words.source import Source, load
from audio.words.utterances import utterances
from ivr.edition.content import Language
from ivr.settings import Settings, environment
from scripts.options import parser_of

LANGUAGE = "en"
SPEEDS = (1.0, 1.5, 2.0)
HEAD = """\
| Voice | The articles at 1× | 1.5× | 2× | Everything else at 1× | Seconds of processor |
|---|---|---|---|---|---|"""


def main(argv: list[str] | None = None) -> int:
    """Measure and print."""
    parser = parser_of(__doc__)
    parser.add_argument(
        "voices",
        nargs="*",
        metavar="VOICE",
        help="such as flite:rms (default: those of line.toml that are installed)",
    )
    parser.add_argument(
        "--workers",
        type=int,
        default=os.cpu_count() or 1,
        metavar="N",
        help="how many processes listen, each with 0.6 GB (default: %(default)s)",
    )
    options = parser.parse_args(argv)
    return status_of(lambda: _measure(options.voices, options.workers))


def _measure(names: list[str], workers: int) -> bool:
    settings = Settings.from_mapping(environment())
    model = ear_model(settings.ear_model)
    source = load(settings.content)
    print(HEAD)
    for name in names or source.voices[LANGUAGE]:
        with processes(workers) as pool:
            print(_row(name, source, model, pool), flush=True)
    return True


def _row(name: str, source: Source, model: Path, pool: Executor) -> str:
    """A voice's row. Raises `VoiceError` where it cannot speak."""
    reader = voice(name)
    words = source.content.languages[LANGUAGE]
    takes = []
    for text in utterances(words):
        takes.append(plan_one(source, LANGUAGE, text, reader))
    before = _processor_s()
    sounds = [reader.say(take.speakable) for take in takes]
    seconds = _processor_s() - before
    clips = {}
    for take, sound in zip(takes, sounds, strict=True):
        made = master(sound, take.pause_ms, SPEEDS)
        clips[take.name] = dict(zip(SPEEDS, made, strict=True))
    read = _sentences(words)
    sentences = []
    others = []
    for take in takes:
        if take.utterance in read:
            sentences.append(take)
        else:
            others.append(take)
    said_so = source.pronunciations[LANGUAGE].for_voice(name)
    ear = Ear(model, LANGUAGE, said_so)
    rates = [_error_rate(sentences, clips, speed, ear, pool) for speed in SPEEDS]
    rates.append(_error_rate(others, clips, 1, ear, pool))
    shown = " | ".join(f"{rate:.1%}" for rate in rates)
    return f"| `{name}` | {shown} | {seconds:.1f} |"


def _sentences(words: Language) -> set[str]:
    """Those of all articles."""
    found: set[str] = set()
    for article in words.articles:
        for section in article.sections:
            found.update(section.sentences)
    return found


def _error_rate(
    takes: list[Take],
    clips: dict[str, dict[float, bytes]],
    speed: float,
    ear: Ear,
    pool: Executor,
) -> float:
    """Errors a word; which ones, is told beside the table."""
    sounds = {take.name: clips[take.name][speed] for take in takes}
    lengths = [len(sounds[take.name]) for take in takes]
    waiting = []
    for window in windows(takes, lengths):
        heard_as_one = [sounds[take.name] for take in window]
        waiting.append(pool.submit(hear_window, window, heard_as_one, ear))
    heard: dict[str, Hearing] = {}
    for future in waiting:
        heard |= future.result()
    for line in report(takes, heard):
        print(f"{takes[0].voice.name} at {speed:g}×: {line}", file=sys.stderr)
    words = sum(hearing.words for hearing in heard.values())
    errors = sum(hearing.errors for hearing in heard.values())
    return errors / words


def _processor_s() -> float:
    """What this process and those that it has run have used so far."""
    used = 0.0
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        usage = resource.getrusage(who)
        used += usage.ru_utime + usage.ru_stime
    return used


if __name__ == "__main__":
    sys.exit(main())
