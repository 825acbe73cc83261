"""An article while it is brought in: what was found of it, and the file that is written."""

import json
import re
from dataclasses import dataclass, field
from datetime import date

from anyascii import anyascii

from audio.words.articles import FENCE
from audio.words.sentences import sentences
from audio.words.tables import unspeakable

LEAST_WORDS, MOST_WORDS = 60, 150
"""In a section: about half a minute, easy to find one's way in."""

HEADING_WORDS = 8
"""At most, in a heading that is proposed."""


@dataclass(frozen=True)
class Block:
    """A paragraph, a heading or an item of a list."""

    text: str
    kind: str = ""
    """`##` for a heading, `-` for an item."""

    @property
    def words(self) -> int:
        """How many it has."""
        return len(self.text.split())


@dataclass
class Draft:
    """What was found. An empty text was not found."""

    title: str = ""
    source: str = ""
    copyright: str = ""
    published: str = ""
    """ISO date."""
    blocks: list[Block] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    """What was left out or changed, for whoever reviews it."""


def markdown(found: Draft) -> str:
    """The article's file: its facts, then its sections, a line for each sentence."""
    whole, proposed = sections(found.blocks)
    facts = ((name, getattr(found, name)) for name in ("title", "source", "copyright"))
    said = json.dumps
    notes = [
        f"# For review: the heading {said(h, ensure_ascii=False)} is proposed" for h in proposed
    ]
    front = [f"{name} = {said(value, ensure_ascii=False)}" for name, value in facts]
    front = [FENCE, *front, f"published = {found.published}", *notes, FENCE]
    parts = [f"## {_escaped(heading)}\n\n{_written(blocks)}" for heading, blocks in whole]
    return "\n".join(front) + "\n\n" + "\n\n".join(parts) + "\n"


def sections(blocks: list[Block]) -> tuple[list[tuple[str, list[Block]]], list[str]]:
    """The sections, each with its heading; and which of the headings are proposals."""
    groups: list[tuple[str, list[Block]]] = [("", [])]
    for block in blocks:
        if block.kind != "##":
            groups[-1][1].append(block)
        elif groups[-1][1]:
            groups.append((block.text, []))
        else:  # a heading right below another
            groups[-1] = (": ".join(filter(None, (groups[-1][0], block.text))), [])
    made: list[tuple[str, list[Block]]] = []
    proposed: list[str] = []
    for given, inside in groups:
        for number, part in enumerate(_parts(inside)):
            wanted = given if number == 0 else ""
            heading = wanted or _proposal(part[0].text)
            if heading.casefold() in (taken.casefold() for taken, _ in made):
                heading += f" {len(made) + 1}"
            made.append((heading, part))
            proposed += [heading] if heading != wanted else []
    return made, proposed


def _parts(blocks: list[Block]) -> list[list[Block]]:
    """Cut so that all come as near as can be to the middle of a section's words.

    A block that is too long for a section is cut at its sentences.
    """
    small: list[Block] = []
    for block in blocks:
        texts = sentences(block.text) if block.words > MOST_WORDS else (block.text,)
        small += [Block(text, block.kind) for text in texts]
    best: list[tuple[float, int]] = [(0, 0)]
    for end in range(1, len(small) + 1):
        ways, words = [], 0
        for start in range(end - 1, -1, -1):
            words += small[start].words
            away = words - (LEAST_WORDS + MOST_WORDS) / 2
            ways.append((best[start][0] + away**2, start))
            if words > 2 * MOST_WORDS:
                break
        best.append(min(ways))
    parts, end = [], len(small)
    while end:
        start = best[end][1]
        parts.append(small[start:end])
        end = start
    return parts[::-1]


def _proposal(text: str) -> str:
    """Its first words, up to a pause: wrong as often as not, so it is marked for review."""
    words = re.sub(r"^\W+", "", text).split()[:HEADING_WORDS]
    ends = (n for n, word in enumerate(words, 1) if n > 2 and word[-1] in ",;:.?!")
    return " ".join(words[: next(ends, len(words))]).rstrip(",;:.")


def _written(blocks: list[Block]) -> str:
    parts = []
    for block in blocks:
        start = "- " if block.kind else ""
        lines = [_escaped(sentence) for sentence in sentences(block.text)]
        parts.append(start + ("\n" + " " * len(start)).join(lines))
    return "\n\n".join(parts)


def _escaped(line: str) -> str:
    """So that Markdown says it as it stands."""
    line = re.sub(r"[\\`*_\[\]<>|~#]|&(?=#?\w+;)", r"\\\g<0>", line)
    return re.sub(r"^(\d*)([-+=.)])", r"\1\\\2", line)


def clean(text: str) -> str:
    """White space collapsed; characters that are no writing left out."""
    return " ".join("".join(c for c in text if c.isspace() or not unspeakable(c)).split())


def slug(title: str) -> str:
    """The title as a file's name and part of a URL."""
    return re.sub(r"[^a-z0-9]+", "-", anyascii(title).lower()).strip("-")[:60].strip("-")


def copyright_in(text: str) -> str:
    """The last line that claims it, as footers do, up to its first full stop.

    Wrong where only the article itself speaks of copyright.
    """
    found = re.findall(r"^.{,80}?(?:©|\(c\)|\bcopyright\b)([^.|\n]{3,80})", text, re.I | re.M)
    words = clean(found[-1]).strip(" -,") if found else ""
    if not any(character.isalpha() for character in words):
        return ""
    return f"{words}." if "copyright" in words.casefold() else f"Copyright {words}."


def day(text: str) -> str:
    """The ISO date that a text begins with, or nothing."""
    try:
        return date.fromisoformat(text.strip()[:10]).isoformat()
    except ValueError:
        return ""
