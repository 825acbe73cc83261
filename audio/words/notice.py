"""`notice.toml`: what is said after the welcome for a few days. Without it, there is no notice.

    text = "The office is shut today because of snow."
    begins = 2026-11-23T08:00:00
    ends = 2026-11-24T09:00:00

Times are by the line's clocks. From its end on nobody hears it, even if the file stays.
"""

from datetime import datetime
from pathlib import Path

from audio.words.tables import Table, read_table
from ivr.edition.content import Notice
from ivr.errors import Fault

FILE = "notice.toml"

MOST_WORDS = 40
"""About a quarter of a minute, which every caller hears before anything that they can choose."""


def load_notice(
    path: Path, now: datetime, faults: list[Fault], past: list[Fault]
) -> Notice | None:
    """The notice, if there is one. `now` has no zone: it is by the line's clocks.

    That it ended is noted in `past`: the file may stay, and must not keep other words from the
    air.
    """
    if not path.exists():
        return None
    table = read_table(path, faults)
    table.only(("text", "begins", "ends"))
    text = table.text("text")
    words = len(text.split())
    if words > MOST_WORDS:
        what = f"the notice has {words} words"
        table.fault("text", what, f"say it in {MOST_WORDS} or fewer")
    begins = table.moment("begins")
    ends = table.moment("ends")
    if begins is None or ends is None:
        return None
    if ends <= begins:
        what = f"the notice ends before it begins, at {begins:%Y-%m-%d %H:%M}"
        table.fault("ends", what, "give it a later end")
    elif ends <= now:
        past.append(_is_over(table, ends))
    return Notice(text, begins, ends)


def _is_over(table: Table, ends: datetime) -> Fault:
    what = f"the notice ended at {ends:%Y-%m-%d %H:%M}, so nobody hears it"
    mend = f"give it a later end, or remove {FILE}"
    return Fault(table.file, table.place("ends"), what, mend)
