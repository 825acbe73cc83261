"""Plain text: which of its lines are the article, and which stand around it."""

import re

from audio.desk.drafts import HEADING_WORDS, Block, Draft, clean, copyright_in

BULLET = re.compile(r"\s*(?:[•·▪◦*–-]|\d{1,2}[.)])\s+")
A_SENTENCE = re.compile(r"[.!?…:;]['\"’”)\s]*$")
QUOTED = re.compile(r"['\"’”]\s*$")
FURNITURE = re.compile(
    r"©|\(c\)|\bcopyright\b|all rights reserved|\bcookies?\b|\S@\S|https?://|www\."
    r"|\.\.\.$|…$|\|.*\||(?:\d[\s()-]*){6,}|\s\d{3,}$",
    re.I,
)
"""In a short line: a copyright, an address, a teaser that is cut off, a row of links, a number."""
SHORT_LINE = 20
"""Words; a longer line is prose, whatever else is in it."""
PROSE = 12
"""Words from which a line that ends a sentence is prose."""


def of_text(text: str) -> Draft:
    """The stretch of lines with the most prose in it; a short line before it is the title.

    Prose counts its words, a short line -5, one that looks like page furniture -20; so
    what stands around the article goes, and a number or an address inside it stays.
    Known wrong cases: a last line such as "Ring us on 0141 944 5490." goes with the
    footer; a long cookie notice right below the article stays; a poem is no prose.
    """
    lines = _lines(text)
    start, end = _best(_worth(lines))
    if end and end < len(lines) and QUOTED.search(lines[end - 1]) and _is_name(lines[end]):
        end += 1
    found = Draft(copyright=copyright_in(text))
    before = [line for line in lines[:start] if not FURNITURE.search(line)]
    found.title = clean(before[-1]) if before else ""
    found.source = clean(before[0]) if len(before) > 1 else ""
    found.blocks = [_block(lines, n, end) for n in range(start, end)]
    found.remarks = [f"left out: {line}" for line in (*before[1:-1], *lines[end:])]
    return found


def _lines(text: str) -> list[str]:
    """A line for each paragraph. Text of short lines is wrapped, so they are joined up to an
    empty one or a bullet; in other text each line is a paragraph."""
    raw = text.lstrip("").split("\n")
    if max(map(len, raw)) <= 100:
        marked = "\n".join(("\n" if BULLET.match(line) else "") + line for line in raw)
        raw = [" ".join(part.split()) for part in re.split(r"\n[ \t]*\n", marked)]
    return [clean(line) for line in raw if any(character.isalnum() for character in line)]


def _worth(lines: list[str]) -> list[int]:
    """What each line adds to the article that it is part of; items count after a colon."""
    worth: list[int] = []
    for n, line in enumerate(lines):
        words, in_list = len(line.split()), n and (lines[n - 1][-1] == ":" or worth[-1] > 0)
        if words > SHORT_LINE or (words >= PROSE and A_SENTENCE.search(line)):
            worth.append(words)
        elif FURNITURE.search(line):
            worth.append(-20)
        else:
            worth.append(words if in_list and BULLET.match(line) else -5)
    return worth


def _best(worth: list[int]) -> tuple[int, int]:
    """The stretch whose sum is greatest, as (start, end)."""
    best, total, start, found = 0, 0, 0, (0, 0)
    for n, value in enumerate(worth):
        total += value
        if total <= 0:
            total, start = 0, n + 1
        elif total > best:
            best, found = total, (start, n + 1)
    return found


def _is_name(line: str) -> bool:
    """Who said the quotation above it: a few words, and no sentence."""
    return len(line.split()) <= 4 and not A_SENTENCE.search(line) and not FURNITURE.search(line)


def _block(lines: list[str], n: int, end: int) -> Block:
    line = lines[n]
    if bullet := BULLET.match(line):
        return Block(line[bullet.end() :], "-")
    is_short = len(line.split()) <= HEADING_WORDS and not re.search(r"[.,;:!]\W*$", line)
    return Block(line, "##" if is_short and n + 1 < end and not QUOTED.search(line) else "")
