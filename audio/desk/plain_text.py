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
WRAPPED_AT = 100
"""Characters; text none of whose lines is longer has line breaks within its paragraphs."""


def of_text(text: str) -> Draft:
    """The stretch of lines with the most prose in it; a short line before it is the title.

    Prose counts its words, a short line -5, one that looks like page furniture -20; so
    what stands around the article goes, and a number or an address inside it stays.
    Known wrong cases: a last line such as "Ring us on 0141 944 5490." goes with the
    footer; a long cookie notice right below the article stays; a poem is not prose.
    """
    lines = _lines(text)
    worth = _worth(lines)
    start, end = _best(worth)
    if _is_signed(lines, end):
        end += 1
    draft = Draft(copyright=copyright_in(text))
    before = [line for line in lines[:start] if not FURNITURE.search(line)]
    if before:
        draft.title = clean(before[-1])
    if len(before) > 1:
        draft.source = clean(before[0])
    draft.blocks = [_block(lines, number, end) for number in range(start, end)]
    left_out = [*before[1:-1], *lines[end:]]
    draft.remarks = [f"left out: {line}" for line in left_out]
    return draft


def _lines(text: str) -> list[str]:
    """A line for each paragraph.

    Text whose lines are short is wrapped, so they are joined up to an empty one or a bullet; in
    other text each line is a paragraph.
    """
    raw = text.split("\n")
    longest = max(len(line) for line in raw)
    if longest <= WRAPPED_AT:
        raw = _unwrapped(raw)
    return [clean(line) for line in raw if _has_words(line)]


def _has_words(line: str) -> bool:
    return any(character.isalnum() for character in line)


def _unwrapped(raw: list[str]) -> list[str]:
    paragraphs: list[list[str]] = [[]]
    for line in raw:
        if not line.strip(" \t") or BULLET.match(line):
            paragraphs.append([])
        paragraphs[-1] += line.split()
    return [" ".join(words) for words in paragraphs]


def _worth(lines: list[str]) -> list[int]:
    """What each line adds to the article that it is part of; items count after a colon."""
    worth: list[int] = []
    in_list = False
    for line in lines:
        words = len(line.split())
        is_sentence = words >= PROSE and A_SENTENCE.search(line)
        if is_sentence or words > SHORT_LINE:
            worth.append(words)
        elif FURNITURE.search(line):
            worth.append(-20)
        elif in_list and BULLET.match(line):
            worth.append(words)
        else:
            worth.append(-5)
        in_list = line.endswith(":") or worth[-1] > 0
    return worth


def _best(worth: list[int]) -> tuple[int, int]:
    """The stretch whose sum is greatest, as (start, end)."""
    best = 0
    found = (0, 0)
    total = 0
    start = 0
    for number, value in enumerate(worth):
        total += value
        if total <= 0:
            total = 0
            start = number + 1
        elif total > best:
            best = total
            found = (start, number + 1)
    return found


def _is_signed(lines: list[str], end: int) -> bool:
    """Whether the line below a quotation says whose it is: a few words, and not a sentence."""
    if not 0 < end < len(lines):
        return False
    above = lines[end - 1]
    if not QUOTED.search(above):
        return False
    below = lines[end]
    if A_SENTENCE.search(below) or FURNITURE.search(below):
        return False
    return len(below.split()) <= 4


def _block(lines: list[str], number: int, end: int) -> Block:
    line = lines[number]
    bullet = BULLET.match(line)
    if bullet:
        item = line[bullet.end() :]
        return Block(item, "-")
    is_last = number + 1 == end
    if is_last or len(line.split()) > HEADING_WORDS:
        return Block(line)
    if QUOTED.search(line) or re.search(r"[.,;:!]\W*$", line):
        return Block(line)
    return Block(line, "##")
