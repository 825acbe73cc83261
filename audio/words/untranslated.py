"""`untranslated.toml` of a language: what was copied from another language, and is still in it.

    prompts = ["welcome", "goodbye"]
    articles = ["what-is-co-production"]

Callers are not offered a language while anything is in it. The studio takes out whatever somebody
has translated.
"""

from pathlib import Path

from audio.words.tables import read_table
from ivr.errors import Fault

FILE = "untranslated.toml"

KINDS = ("prompts", "hours", "helplines", "articles", "pronunciations")
"""In the order in which they are translated."""

MOST_NAMED = 3
"""In one fault."""

Untranslated = dict[str, tuple[str, ...]]
"""The names of entries, by their kind."""


def load_untranslated(folder: Path, faults: list[Fault]) -> Untranslated:
    """What is in a language's file; nothing where it has none."""
    if not (folder / FILE).exists():
        return {}
    table = read_table(folder / FILE, faults)
    table.only(KINDS)
    return {kind: table.texts(kind) for kind in KINDS if kind in table.data}


def refuse_untranslated(
    folder: Path, untranslated: Untranslated, faults: list[Fault]
) -> None:
    """Note a fault for each kind of which something is not translated."""
    if not untranslated:
        return
    unread: list[Fault] = []  # noted where it was loaded
    file = read_table(folder / FILE, unread).file
    for kind, names in untranslated.items():
        named = ", ".join(names[:MOST_NAMED])
        what = f"{kind}: {len(names)} not translated yet, such as {named}"
        mend = "translate them, then take them out of this list"
        faults.append(Fault(file, 0, what, mend))
