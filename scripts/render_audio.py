"""Render whatever audio is missing, and put the content on the air.

Exits with 0 when callers hear the content as it is now, with 1 when they do not
(and says why), with 2 when it was called wrongly, with 130 when it was stopped.
"""

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tqdm import tqdm

from audio.publish import edition, outdated, publish, voices_of_live
from audio.render import Take, Takes, missing, plan, processes, render
from audio.source import Source, load
from audio.voices import Voice, VoiceError, choose, voice
from ivr.edition import SAMPLES_PER_MS, Store
from ivr.exceptions import LineError
from ivr.settings import Settings, environment


def main(argv: list[str] | None = None) -> int:
    """Run the command."""
    try:
        options = _options(argv)
        return _check(options) if options.check else _render(options)
    except (LineError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped: nothing was published; what was rendered is kept.", file=sys.stderr)
        return 130


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument(
        "--check",
        action="store_true",
        help="render nothing; exit with 1 if anything is missing or out of date",
    )
    parser.add_argument(
        "--voice",
        metavar="NAME",
        help="read everything with this voice, such as flite:rms (default: the one that read"
        " before, else the first in line.toml that is installed)",
    )
    parser.add_argument(
        "--workers",
        type=_at_least_one,
        default=os.cpu_count() or 1,
        metavar="N",
        help="how many processes render (default: one a processor, %(default)s)",
    )
    parser.add_argument(
        "--content",
        type=Path,
        metavar="DIR",
        help="where the words are (default: CONTENT_DIR, or content in the project)",
    )
    parser.add_argument(
        "--store",
        type=Path,
        metavar="DIR",
        help="where editions and clips are kept (default: STORE_URL, or instance/store)",
    )
    options = parser.parse_args(argv)
    settings = Settings.from_mapping(environment())
    options.content = options.content or settings.content
    options.store = options.store or settings.store
    return options


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 on")
    return int(text)


def _check(options: argparse.Namespace) -> int:
    source, store = load(options.content), Store(options.store)
    reasons = outdated(source.content, plan(source, _voices(source, store, options.voice)), store)
    for reason in reasons:
        print(reason)
    print("To mend it: python scripts/render_audio.py" if reasons else "Everything is on the air.")
    return 1 if reasons else 0


def _render(options: argparse.Namespace) -> int:
    source, store = load(options.content), Store(options.store)
    takes = plan(source, _voices(source, store, options.voice))
    wanted = missing(takes, store, source.content.speeds)
    if wanted:
        _make(wanted, store, source.content.speeds, options.workers)
    _publish(source, takes, store, len(wanted))
    return 0


def _voices(source: Source, store: Store, asked: str | None) -> dict[str, Voice]:
    """Who reads each language; says so, and how a voice that is liked better can be had."""
    kept = voices_of_live(store)
    chosen = {
        code: choose(preferences, kept.get(code), asked)
        for code, preferences in source.voices.items()
    }
    for code, reader in chosen.items():
        print(f"{code} is read by {reader.name}.{_better(source.voices[code][0], reader)}")
    return chosen


def _better(first: str, reader: Voice) -> str:
    if reader.name == first:
        return ""
    try:
        voice(first)
    except VoiceError as error:
        return f" line.toml prefers {first}, but {error}; then render with --voice {first}."
    return f" line.toml prefers {first}: for that, render with --voice {first}."


def _make(wanted: tuple[Take, ...], store: Store, speeds: tuple[float, ...], workers: int) -> None:
    bar = tqdm(total=len(wanted), desc="Rendering", unit="utterance", disable=None)
    with bar, processes(min(workers, len(wanted))) as pool:
        render(wanted, store, speeds, pool, bar.update)


def _publish(source: Source, takes: Takes, store: Store, rendered: int) -> None:
    made = edition(source.content, takes, store)
    changed = publish(made, store)
    said = [spoken for clips in made.clips.values() for spoken in clips.values()]
    normal = source.content.speeds.index(1)
    seconds = sum(spoken.lengths[normal] for spoken in said) / SAMPLES_PER_MS / 1000
    print(
        f"{len(said)} utterances, {seconds:.0f} seconds of sound; {rendered} rendered now"
        f" ({rendered * len(source.content.speeds)} clips)."
    )
    print(f"Edition {made.id} is {'live now' if changed else 'live already; nothing to do'}.")


if __name__ == "__main__":
    sys.exit(main())
