"""An article's words as a form shows them: a paragraph is a line, however the file breaks it.

Files keep their line breaks: what nobody changed is written as it stood.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from textwrap import wrap

from markdown_it.token import Token

from audio.words.articles import MARKDOWN

WIDTH = 96
"""Characters of a line in a new article's file."""
LEAST_WIDTH = 60
"""In a file whose paragraphs are short by chance."""


def unwrapped(body: str) -> str:
    """Markdown with each paragraph on one line; everything else stands as it is."""
    return "\n".join(shown for shown, _ in _pieces(body))


def rewrapped(words: str, before: str) -> str:
    """Words from a form, with the line breaks of a file: those that `before` had where a line is
    as it was, and others like them where it is new."""
    known: dict[str, list[str]] = defaultdict(list)
    for shown, written in _pieces(before):
        known[shown].append(written)
    width = _width(before)
    lines: list[str] = []
    for line in words.split("\n"):
        if known[line]:
            lines.append(known[line].pop(0))
        else:
            lines.append(_broken(line, width))
    found = "\n".join(lines)
    if unwrapped(found) != unwrapped(words):  # a break would begin something else
        return words
    return found


def line_shown(body: str, line: int) -> int:
    """The line of `unwrapped(body)` in which this line of it stands, both counted from 1."""
    lines = body.split("\n")
    above = "\n".join(lines[:line])
    return unwrapped(above).count("\n") + 1


def _pieces(body: str) -> Iterator[tuple[str, str]]:
    """Each line as it is shown, with the lines of the file that it stands for. A paragraph that
    marks its line breaks keeps them."""
    lines = body.split("\n")
    at = 0
    for paragraph in _paragraphs(body):
        start, end = paragraph.map or (0, 0)
        of_paragraph = paragraph.content.split("\n")
        first, *more = of_paragraph
        has_breaks = any(line.endswith("\\") for line in of_paragraph)
        if not more or has_breaks:
            continue
        if not lines[start].endswith(first):
            continue
        for line in lines[at:start]:
            yield line, line
        mark = lines[start].removesuffix(first)
        words = " ".join(map(str.strip, of_paragraph))
        written = "\n".join(lines[start:end])
        yield mark + words, written
        at = end
    for line in lines[at:]:
        yield line, line


def _paragraphs(body: str) -> Iterator[Token]:
    tokens = MARKDOWN.parse(body)
    for opens, token in pairwise(tokens):
        if opens.type == "paragraph_open":
            yield token


def _width(before: str) -> int:
    """How wide a file's paragraphs are; 0 where each is on one line."""
    if not before.strip():
        return WIDTH
    widest = 0
    for _, written in _pieces(before):
        lines = written.split("\n")
        if len(lines) > 1:
            widest = max(widest, LEAST_WIDTH, *map(len, lines))
    return widest


def _broken(line: str, width: int) -> str:
    """A new paragraph in lines of this width, if it is still one paragraph then."""
    if not 0 < width < len(line):
        return line
    broken = "\n".join(
        wrap(line, width, break_long_words=False, break_on_hyphens=False)
    )
    if unwrapped(broken) != line:
        return line
    return broken
