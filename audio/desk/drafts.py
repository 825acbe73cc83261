"""An article while it is brought in: what was found of it, and the file that is written."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from anyascii import anyascii

from audio.words import front_matter
from audio.words.sentences import sentences
from audio.words.tables import unspeakable

LEAST_WORDS, MOST_WORDS = 60, 150
"""In a section: about half a minute, easy to navigate."""
BEST_WORDS = (LEAST_WORDS + MOST_WORDS) / 2

HEADING_WORDS = 8
"""At most, in a heading that is proposed."""


@dataclass(frozen=True)
class Block:
    """A paragraph, a heading or an item of a list."""

    text: str
    mark: str = ""
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


@dataclass(frozen=True)
class DraftSection:
    """A section of the article as it is written."""

    heading: str
    blocks: list[Block]
    is_proposed: bool
    """Whether the heading is ours, not the author's."""


def markdown(draft: Draft) -> str:
    """The article's file: its facts, then its sections, a line for each sentence."""
    facts = [
        f"title = {_quoted(draft.title)}",
        f"source = {_quoted(draft.source)}",
        f"copyright = {_quoted(draft.copyright)}",
        f"published = {draft.published}",
    ]
    body: list[str] = []
    for section in sections(draft.blocks):
        if section.is_proposed:
            facts.append(
                f"# For review: the heading {_quoted(section.heading)} is proposed"
            )
        body.append(f"## {_escaped(section.heading)}")
        body += [_written(block) for block in section.blocks]
    return front_matter.join("\n".join(facts), "\n\n".join(body))


def _quoted(text: str) -> str:
    """As text in TOML."""
    return json.dumps(text, ensure_ascii=False)


def sections(blocks: list[Block]) -> list[DraftSection]:
    """The sections, each with a heading of its own."""
    made: list[DraftSection] = []
    taken: set[str] = set()
    for given, inside in _under_headings(blocks):
        wanted = given
        for part in _parts(inside):
            heading = wanted or _proposal(part[0].text)
            if heading.casefold() in taken:
                heading += f" {len(made) + 1}"
            taken.add(heading.casefold())
            made.append(DraftSection(heading, part, is_proposed=heading != wanted))
            wanted = ""  # the rest of what is too long for one section
    return made


def _under_headings(blocks: list[Block]) -> list[tuple[str, list[Block]]]:
    """The blocks below each heading, with the heading; it is empty for what comes first."""
    groups: list[tuple[str, list[Block]]] = [("", [])]
    for block in blocks:
        heading, inside = groups[-1]
        if block.mark != "##":
            inside.append(block)
        elif inside:
            groups.append((block.text, []))
        elif heading:  # a heading right below another
            groups[-1] = (f"{heading}: {block.text}", [])
        else:
            groups[-1] = (block.text, [])
    return groups


def _parts(blocks: list[Block]) -> list[list[Block]]:
    """Cut so that all come as near as can be to the middle of a section's words.

    `cost[n]` is that of the best way to cut the first n blocks: the sum of the squares of what
    its parts are off by; `begins[n]` is where the last part of that way begins.
    """
    small = list(_cut_at_sentences(blocks))
    cost: list[float] = [0]
    begins: list[int] = [0]
    for end in range(1, len(small) + 1):
        best = float("inf")
        best_start = 0
        words = 0
        for start in range(end - 1, -1, -1):
            words += small[start].words
            this = cost[start] + (words - BEST_WORDS) ** 2
            if this <= best:
                best, best_start = this, start
            if words > 2 * MOST_WORDS:
                break
        cost.append(best)
        begins.append(best_start)
    parts: list[list[Block]] = []
    end = len(small)
    while end:
        parts.insert(0, small[begins[end] : end])
        end = begins[end]
    return parts


def _cut_at_sentences(blocks: list[Block]) -> Iterator[Block]:
    """A block that is too long for a section is cut into its sentences."""
    for block in blocks:
        if block.words <= MOST_WORDS:
            yield block
            continue
        for sentence in sentences(block.text):
            yield Block(sentence, block.mark)


def _proposal(text: str) -> str:
    """Its first words, up to a pause: wrong as often as not, so it is marked for review."""
    words = re.sub(r"^\W+", "", text).split()[:HEADING_WORDS]
    for number, word in enumerate(words, 1):
        if number > 2 and word[-1] in ",;:.?!":
            words = words[:number]
            break
    return " ".join(words).rstrip(",;:.")


def _written(block: Block) -> str:
    start = "- " if block.mark else ""
    lines = [_escaped(sentence) for sentence in sentences(block.text)]
    next_line = "\n" + " " * len(start)
    return start + next_line.join(lines)


def _escaped(line: str) -> str:
    """So that Markdown reads it as it stands."""
    line = re.sub(r"[\\`*_\[\]<>|~#]|&(?=#?\w+;)", r"\\\g<0>", line)
    return re.sub(r"^(\d*)([-+=.)])", r"\1\\\2", line)


def clean(text: str) -> str:
    """White space collapsed; characters that are not writing left out."""
    kept = [
        character
        for character in text
        if character.isspace() or not unspeakable(character)
    ]
    return " ".join("".join(kept).split())


def slug(title: str) -> str:
    """The title as a file's name and part of a URL."""
    return (
        re.sub(r"[^a-z0-9]+", "-", anyascii(title).lower()).strip("-")[:60].strip("-")
    )


def copyright_in(text: str) -> str:
    """The last line that claims it, as footers do, up to its first full stop.

    Wrong where only the article itself speaks of copyright.
    """
    found = re.findall(
        r"^.{,80}?(?:©|\(c\)|\bcopyright\b)([^.|\n]{3,80})", text, re.I | re.M
    )
    if not found:
        return ""
    words = clean(found[-1]).strip(" -,")
    if not any(character.isalpha() for character in words):
        return ""
    if "copyright" in words.casefold():
        return f"{words}."
    return f"Copyright {words}."


def day(text: str) -> str:
    """The ISO date that a text begins with, or nothing."""
    try:
        return date.fromisoformat(text.strip()[:10]).isoformat()
    except ValueError:
        return ""
