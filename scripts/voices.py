"""Every voice that there is or could be: what it speaks, and how to get it; or what it sounds like.

`voices.py` lists them. `voices.py fetch hibari:emma` brings the file of a voice here.
`voices.py say "Hello."` has each installed voice say it as the phone has it, into a file each;
voices that send the words away only if they are named: `voices.py say "Hello." gtts:en.co.uk`.

Exits with 0, or with 1 where a voice cannot be fetched or fails (and says why).
"""

import argparse
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from audio.air.plan import plan_one
from audio.air.render import make
from audio.voices.engines import Offer, fetch, offers, voice
from audio.words.source import Source, load
from ivr.edition.edition import SAMPLES_PER_MS
from ivr.edition.wav import wav
from ivr.errors import LineError
from ivr.settings import ROOT, Settings, environment

PLAYERS = ("aplay", "paplay", "afplay")
"""Programs that play a sound file: of Linux, and of a Mac."""


def main(argv: list[str] | None = None) -> int:
    """Run the command."""
    options = _parser().parse_args(argv)
    try:
        return int(options.does(options))
    except (LineError, OSError) as error:
        print(error, file=sys.stderr)
        return 1


def _list(options: argparse.Namespace) -> int:
    """Each voice in a line; what is missing below it."""
    for offer in offers(_preferred()):
        print("\n".join(_about(offer)))
    return 0


def _about(offer: Offer) -> Iterator[str]:
    engine = offer.engine
    facts = [offer.speaks or "see its name", engine.licence]
    facts.append(f"time for a sentence: {engine.time}")
    if engine.is_online:
        facts.append("the words are sent away")
    yield f"{offer.name:<24} {' | '.join(facts)}"
    if offer.refusal:
        yield f"    {offer.refusal}"


def _preferred() -> list[str]:
    """The voices that line.toml names."""
    names: list[str] = []
    for those in _source().voices.values():
        names += those
    return names


def _fetch(options: argparse.Namespace) -> int:
    for name in options.voices:
        print(f"{name} is here: {fetch(name)}")
    return 0


def _say(options: argparse.Namespace) -> int:
    """Each voice's sound; a voice that fails does not stop the others."""
    source = _source()
    names = options.voices
    if not names:
        ready = [offer for offer in offers(_preferred()) if not offer.refusal]
        names = [offer.name for offer in ready if not offer.engine.is_online]
    status = 0
    for name in names:
        try:
            print(_say_one(source, options.text, name, options))
        except LineError as error:
            print(f"{name}: {error}", file=sys.stderr)
            status = 1
    return status


def _say_one(source: Source, text: str, name: str, options: argparse.Namespace) -> str:
    """What was made, in words."""
    language = next(iter(source.content.languages))
    begun = perf_counter()
    take = plan_one(source, language, text, voice(name))
    [clip] = make(take, speeds=(1.0,)).clips
    took_s = perf_counter() - begun
    options.folder.mkdir(parents=True, exist_ok=True)
    file = options.folder / f"{name.replace(':', '-')}.wav"
    file.write_bytes(wav(clip))
    if options.play:
        _play(file)
    long_s = len(clip) / SAMPLES_PER_MS / 1000
    return f"{name}: {long_s:.1f} s of sound, made in {took_s:.1f} s: {file}"


def _play(file: Path) -> None:
    """Raises `LineError` where there is no program for it."""
    found = [program for program in map(shutil.which, PLAYERS) if program]
    if not found:
        raise LineError(
            f"nothing here plays sound: install one of {', '.join(PLAYERS)}, or open {file}"
        )
    subprocess.run([found[0], str(file)], check=False)  # noqa: S603 - no shell reads it


def _source() -> Source:
    return load(Settings.from_mapping(environment()).content)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.set_defaults(does=_list)
    parser.add_argument(
        "--folder",
        type=Path,
        default=ROOT / "instance" / "heard",
        metavar="DIR",
        help="where `say` puts its files (default: instance/heard)",
    )
    parser.add_argument(
        "--play", action="store_true", help="`say` plays them on the loudspeaker, too"
    )
    todo = parser.add_subparsers(metavar="fetch|say")
    fetching = todo.add_parser("fetch", help="bring the files of voices here")
    fetching.add_argument("voices", nargs="+", metavar="VOICE")
    fetching.set_defaults(does=_fetch)
    saying = todo.add_parser("say", help="have voices say a text")
    saying.add_argument("text")
    saying.add_argument("voices", nargs="*", metavar="VOICE")
    saying.set_defaults(does=_say)
    return parser


if __name__ == "__main__":
    sys.exit(main())
