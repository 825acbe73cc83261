"""Put a notice on the air, which callers hear after the welcome, or take it off.

It begins and ends by itself, by the line's clocks. Everything else that is saved is published
with it. Without words, and without --clear, this says what the notice is.
Exits with 0 when it is done, with 1 when it cannot be (and says why), with 2 when it was called
wrongly.
"""

import argparse
import os
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

from audio.air.job import Job
from audio.air.order import Order
from audio.air.production import produce, status_of
from audio.desk.fields import Values
from audio.desk.saving import Desk, mark
from audio.words.source import load
from ivr.edition.content import Notice
from ivr.errors import ChangeRefused, LineError
from ivr.settings import Settings, read_settings
from scripts.options import add_content, add_store

KIND = "notice"

ARGUMENTS = {"text": "the words", "begins": "--from", "ends": "--until"}
"""What gives each field."""


def main(argv: list[str] | None = None) -> int:
    """Run the command."""
    options = _options(argv)
    return status_of(lambda: _run(options))


def _run(options: argparse.Namespace) -> bool:
    """Raises `LineError`."""
    settings = read_settings()
    folder = options.content or settings.content
    content = load(folder).content
    language = options.language or next(iter(content.languages))
    if language not in content.languages:
        raise LineError(f"the line has no language {language!r}; see line.toml")
    if not options.words and not options.clear:
        print(_told(content.languages[language].notice))
        return True
    desk = Desk(folder, settings.studio / "saving")
    was = mark(desk.read(KIND, language, KIND))
    if options.clear:
        desk.save(KIND, language, KIND, None, was)
    else:
        values = {"text": options.words, "begins": options.begins}
        values["ends"] = options.until
        zone = ZoneInfo(content.timezone)
        now = datetime.now(zone).replace(tzinfo=None)
        _announce(desk, language, values, was, now)
    order = Order(
        folder,
        store=options.store or settings.store,
        workers=os.cpu_count() or 1,
    )
    return _publish(settings, order)


def _announce(
    desk: Desk, language: str, values: Values, was: str, now: datetime
) -> None:
    """Raises `LineError` with all that is wrong, by the argument that gave it."""
    try:
        desk.announce(language, values, was, now)
    except ChangeRefused as error:
        told: list[str] = []
        for field, faults in error.by_field.items():
            told += [f"{ARGUMENTS.get(field, field)}: {fault}" for fault in faults]
        raise LineError("\n".join(told)) from error


def _told(notice: Notice | None) -> str:
    if notice is None:
        return "There is no notice."
    return f"From {notice.begins} until {notice.ends}: {notice.text}"


def _publish(settings: Settings, order: Order) -> bool:
    """Not while the studio does: its edition would replace this one, without the notice."""
    with Job(settings.studio / "publishing", order).alone() as lock:
        if lock is None:
            raise LineError(
                "It is saved, but not on the air: the studio is publishing just now. When that"
                " is done, run scripts/render_audio.py."
            )
        return produce(order)


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "words", nargs="?", default="", help="the notice, in 40 words or fewer"
    )
    parser.add_argument(
        "--until",
        default="",
        metavar="TIME",
        help="when it ends, such as 2026-11-30T18:00; a notice must have an end",
    )
    parser.add_argument(
        "--from",
        dest="begins",
        default="",
        metavar="TIME",
        help="when it begins (default: now)",
    )
    parser.add_argument(
        "--clear", action="store_true", help="take the notice off the air"
    )
    parser.add_argument(
        "--language", metavar="CODE", help="whose notice (default: the first one's)"
    )
    add_content(parser)
    add_store(parser)
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
