"""The line of each key of a TOML file, which `tomllib` does not tell."""

import re
import tomllib
from collections import Counter
from contextlib import suppress

KeyPath = tuple[str | int, ...]
"""Where a value is: the keys that lead to it, and the index in a list of tables."""

NAME = r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)"""
NAMES = rf"{NAME}(?:\s*\.\s*{NAME})*"
HEADER = re.compile(rf"\s*(\[\[?)\s*({NAMES})\s*\]\]?\s*(?:#.*)?")
KEY = re.compile(rf"\s*({NAMES})\s*=")


def key_lines(text: str) -> dict[KeyPath, int]:
    """Each key's line and each table's first line, counted from 1, for a text that is TOML.

    Known wrong cases: an inline table's keys have no line of their own, so
    `line_of` gives the table's; three quotes inside a string hide the keys after it.
    """
    lines: dict[KeyPath, int] = {}
    tables: Counter[KeyPath] = Counter()
    here: KeyPath = ()
    in_string = False
    for number, line in enumerate(text.split("\n"), 1):
        with suppress(tomllib.TOMLDecodeError):  # a line of a long string that looks like a key
            if not in_string and (header := HEADER.fullmatch(line)):
                here = _names(header[2])
                lines.setdefault(here, number)
                if header[1] == "[[":
                    tables[here] += 1
                    here = (*here, tables[here] - 1)
                    lines[here] = number
            elif not in_string and (key := KEY.match(line)):
                lines.setdefault((*here, *_names(key[1])), number)
        in_string ^= (line.count('"""') + line.count("'''")) % 2 == 1
    return lines


def line_of(lines: dict[KeyPath, int], path: KeyPath) -> int:
    """The line of `path`, or of the nearest table around it; 0 is the whole file."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 0)


def _names(written: str) -> KeyPath:
    """The keys of a dotted, perhaps quoted name: `a."b c"` -> `("a", "b c")`."""
    names: list[str] = []
    value: object = tomllib.loads(f"{written} = 0")
    while isinstance(value, dict):
        [(name, value)] = value.items()
        names.append(name)
    return tuple(names)
