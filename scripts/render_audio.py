"""Render whatever audio is missing, and put the content on the air.

Exits with 0 when callers hear the content as it is now, with 1 when they do not
(and says why), with 2 when it was called wrongly, with 130 when it was stopped.
"""

import argparse
import os
import sys

from audio.air.order import Order
from audio.air.production import check, dry_run, produce, status_of
from ivr.settings import Settings, environment
from scripts.options import add_content, add_store, parser_of


def main(argv: list[str] | None = None) -> int:
    """Run the command."""
    options = _parser().parse_args(argv)
    return status_of(lambda: options.does(_order(options)))


def _order(options: argparse.Namespace) -> Order:
    """Raises `SettingError`."""
    settings = Settings.from_mapping(environment())
    history = None
    if not options.content and not options.store:
        history = settings.studio / "history.git"
    return Order(
        history=history,
        content=options.content or settings.content,
        store=options.store or settings.store,
        voice=options.voice,
        workers=options.workers,
        scheduler=options.scheduler,
        force=options.force,
        listen=options.listen,
        ear=settings.ear_model,
    )


def _parser() -> argparse.ArgumentParser:
    parser = parser_of(__doc__)
    parser.set_defaults(does=produce)
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument(
        "--check",
        dest="does",
        action="store_const",
        const=check,
        help="render nothing; exit with 1 if anything is missing or out of date",
    )
    instead.add_argument(
        "--dry-run",
        dest="does",
        action="store_const",
        const=dry_run,
        help="render nothing; say what would be rendered, how long that takes, and what callers"
        " would hear differently",
    )
    instead.add_argument(
        "--listen",
        action="store_true",
        help="have a recogniser hear all that is said, and publish only if nothing is missing, cut"
        " or swapped",
    )
    parser.add_argument(
        "--force",
        action="store_true",
        help="render everything again, under the same names",
    )
    parser.add_argument(
        "--voice",
        metavar="NAME",
        help="read everything with this voice, such as flite:rms, or one language, as in"
        " cy=espeak:cy (default: the one that read"
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
        "--scheduler",
        metavar="URL",
        help="render on the machines of this dask.distributed scheduler, tcp://HOST:PORT",
    )
    add_content(parser)
    add_store(parser)
    return parser


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 1 or more")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
