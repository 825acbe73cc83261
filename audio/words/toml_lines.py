"""The line of each key of a TOML file, which `tomllib` does not tell."""

import re
import tomllib
from collections import Counter

KeyPath = tuple[str | int, ...]
"""Where a value is: the keys that lead to it, and the index in a list of tables."""

NAME = r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)"""
NAMES = rf"{NAME}(?:\s*\.\s*{NAME})*"
HEADER = re.compile(rf"\s*(\[\[?)\s*({NAMES})\s*\]\]?\s*(?:#.*)?")
KEY = re.compile(rf"\s*({NAMES})\s*=")
TOKEN = re.compile(
    r"""\"{3}(?:\\.|[^\\])*?"{3,5}|'{3}.*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|#[^\n]*""", re.DOTALL
)
"""A string of several lines, one of one line, or a comment, whichever begins first."""


def key_lines(text: str) -> dict[KeyPath, int]:
    """Each key's line and each table's first line, counted from 1, for a text that is TOML.

    Known wrong case: an inline table's keys have no line of their own, so `line_of` gives
    the table's.
    """
    lines: dict[KeyPath, int] = {}
    tables: Counter[KeyPath] = Counter()
    here: KeyPath = ()
    for number, line in enumerate(TOKEN.sub(_of_one_line, text).split("\n"), 1):
        if header := HEADER.fullmatch(line):
            here = _names(header[2])
            lines.setdefault(here, number)
            if header[1] == "[[":
                tables[here] += 1
                here = (*here, tables[here] - 1)
                lines[here] = number
        elif key := KEY.match(line):
            lines.setdefault((*here, *_names(key[1])), number)
    return lines


def _of_one_line(token: re.Match[str]) -> str:
    """The token, but nothing of a string of several lines except the lines."""
    return re.sub(r"[^\n]", " ", token[0]) if token[0][:3] in ('"""', "'''") else token[0]


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
