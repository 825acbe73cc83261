"""Draws the call: every step, how long its words take, and where each key leads.

It is made from the flow itself and the live edition's clips. A key that stays where it is, such
as 5 in a menu, is left out.
`--update` puts it between the two `call map` marks of a Markdown file.
"""

import argparse
import re
import sys
from pathlib import Path

from ivr.call.scene import Call
from ivr.call.steps import Goodbye
from ivr.call_map.stops import A_MONDAY, stops
from ivr.call_map.text import as_mermaid, as_text
from ivr.edition.content import slots
from ivr.edition.edition import Edition
from ivr.edition.store import Store
from ivr.errors import LineError
from ivr.settings import ROOT, read_settings

COPY = ROOT / "docs" / "call-map.md"

MARKS = re.compile(
    r"(?<=<!-- call map -->\n).*?(?=<!-- end of call map -->)", re.DOTALL
)


def markdown(edition: Edition) -> str:
    """The whole map, as it stands in `docs/call-map.md`."""
    drawn = stops(edition)
    voices = ", ".join(edition.voices.values())
    return (
        f"Seconds at speed 1 in the voice {voices}.\n\n"
        f"```text\n{as_text(drawn)}\n```\n\n```mermaid\n{as_mermaid(drawn)}\n```\n"
    )


def prompts(edition: Edition) -> str:
    """Each prompt and how long it takes, with the first value of its slot."""
    step = Goodbye(language=next(iter(edition.content.languages)))
    call = Call(edition, A_MONDAY, step)
    lines = []
    for name, slot in slots().items():
        said = getattr(call.prompts, name)
        if slot:
            values = call.words.values(slot)
            if not values:  # nobody hears it
                continue
            said = said.format(**{slot: values[0]})
        lines.append(f"{name:<20} {call.ms(said) / 1000:5.1f} s   {said}")
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    """Exits with 0, or 1 where there is no edition or the file has no marks."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--prompts", action="store_true", help="list each prompt and its seconds"
    )
    parser.add_argument(
        "--update",
        type=Path,
        metavar="FILE",
        nargs="?",
        const=COPY,
        help="brings a Markdown file up to date: docs/call-map.md, if none is named",
    )
    options = parser.parse_args(argv)
    try:
        store = Store(read_settings().store)
        edition = store.edition(store.live() or "(nothing is live)")
    except LineError as error:
        print(
            f"{error}; publish an edition with scripts/render_audio.py", file=sys.stderr
        )
        return 1
    if options.update:
        return _update(options.update, markdown(edition))
    if options.prompts:
        print(prompts(edition))
    else:
        print(markdown(edition), end="")
    return 0


def _update(file: Path, drawn: str) -> int:
    text = file.read_text("utf-8")
    if not MARKS.search(text):
        print(f"{file} has no <!-- call map --> marks; add both", file=sys.stderr)
        return 1
    file.write_text(MARKS.sub(lambda _: drawn, text), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
