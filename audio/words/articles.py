"""`articles/*.md`: an article's front matter and Markdown, to sections and sentences."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from audio.words.faults import shown
from audio.words.sentences import sentences
from audio.words.tables import Table, blank, parse_table, read_text, unspeakable
from ivr.edition.content import Article, Section
from ivr.errors import Fault

MARKDOWN = MarkdownIt("commonmark").enable("table")
"""Tables are enabled to be refused: otherwise their bars would be read out."""

Note = Callable[[int, str, str], None]
"""Notes a fault of the article's file: line, what, mend."""

FENCE = "+++"

UNREADABLE = {
    "html_block": "HTML",
    "html_inline": "HTML",
    "image": "an image",
    "table_open": "a table",
    "code_block": "a block of code (a paragraph with 4 spaces before it is one)",
    "fence": "a block of code",
}
"""Markdown that has no sound."""


@dataclass
class _Draft:
    """A section while its paragraphs are gathered."""

    heading: str
    line: int
    paragraphs: list[str] = field(default_factory=list)


def load_articles(
    folder: Path, abbreviations: Collection[str], faults: list[Fault]
) -> tuple[Article, ...]:
    """Every article of the folder, newest first."""
    paths = sorted(folder.glob("*.md"))
    if not paths:
        faults.append(
            Fault(shown(folder), 0, "there is no article", "add one, its name ends in .md")
        )
    articles = [_article(path, abbreviations, faults) for path in paths]
    return tuple(sorted(articles, key=lambda article: article.published, reverse=True))


def _article(path: Path, abbreviations: Collection[str], faults: list[Fault]) -> Article:
    def note(line: int, what: str, mend: str) -> None:
        faults.append(Fault(shown(path), line, what, mend))

    if not re.fullmatch(r"[a-z0-9-]+\.md", path.name):
        note(0, "the file name cannot be used", "rename it with a-z, 0-9 and -: URLs name it")
    front, body = blank(shown(path)), None
    if text := read_text(path, faults):
        front, body = _split(shown(path), text, faults)
    front.only(("title", "source", "copyright", "published"))
    return Article(
        slug=path.stem,
        title=front.text("title"),
        source=front.text("source"),
        copyright=front.text("copyright"),
        published=front.day("published"),
        sections=() if body is None else _sections(body, abbreviations, note),
    )


def _split(file: str, text: str, faults: list[Fault]) -> tuple[Table, str | None]:
    """The front matter and the Markdown; None where one cannot tell which is which.

    Blank lines stand for what comes before, so that both keep the file's line numbers.
    """
    lines = text.split("\n")
    fences = [n for n, line in enumerate(lines) if line.rstrip() == FENCE]
    if not fences or any(line.strip() for line in lines[: fences[0]]):
        mend = f"begin the file with {FENCE}, then title = ... and so on, then {FENCE}"
        faults.append(Fault(file, 1, "there is no front matter", mend))
    elif len(fences) == 1:
        mend = f"write {FENCE} on a line of its own after it"
        faults.append(Fault(file, fences[0] + 1, "the front matter is not closed", mend))
    else:
        start, end = fences[0] + 1, fences[1]
        front = "\n" * start + "\n".join(lines[start:end])
        body = "\n" * (end + 1) + "\n".join(lines[end + 1 :])
        return parse_table(file, front, faults), body
    return blank(file), None


def _sections(body: str, abbreviations: Collection[str], note: Note) -> tuple[Section, ...]:
    for number, line in enumerate(body.split("\n"), 1):
        if found := unspeakable(line):
            note(number, f"there is the character {found}", "remove it")
    drafts = _drafts(MARKDOWN.parse(body), note)
    lead = drafts.pop(0)
    if lead.paragraphs:
        note(lead.line, "there is text before the first heading", "write a ## heading above it")
    elif not drafts:
        note(0, "the article has no words", "write a ## heading and what is to be read")
    _check_headings(drafts, note)
    return tuple(_section(draft, abbreviations) for draft in drafts)


def _section(draft: _Draft, abbreviations: Collection[str]) -> Section:
    read = (s for paragraph in draft.paragraphs for s in sentences(paragraph, abbreviations))
    return Section(draft.heading, tuple(read))


def _check_headings(drafts: list[_Draft], note: Note) -> None:
    seen: set[str] = set()
    for draft in drafts:
        if not draft.paragraphs:
            note(draft.line, f"section {draft.heading!r} is empty", "write its text, or remove it")
        if draft.heading.casefold() in seen:
            note(draft.line, f"two sections are called {draft.heading!r}", "rename one")
        seen.add(draft.heading.casefold())


def _drafts(tokens: list[Token], note: Note) -> list[_Draft]:
    """The sections; the first, without a heading, is what stands before them."""
    drafts = [_Draft("", 0)]
    is_heading = False
    for token in tokens:
        line = token.map[0] + 1 if token.map else 0
        if token.type in UNREADABLE:
            note(line, f"{UNREADABLE[token.type]} cannot be read aloud", "write it as sentences")
        elif token.type == "heading_open":
            is_heading = True
            if token.markup != "##":
                note(line, "this heading is of another level", "write headings as ## Heading")
        elif token.type == "inline":
            words = _words(token, line, note)
            if is_heading:
                drafts.append(_Draft(words, line))
            else:
                drafts[-1].paragraphs.append(words)
                drafts[-1].line = drafts[-1].line or line
            is_heading = False
    return drafts


def _words(token: Token, line: int, note: Note) -> str:
    """What is read of a heading or a paragraph: links keep their text, emphasis goes."""
    words = ""
    for child in token.children or []:
        if child.type in UNREADABLE:
            note(line, f"{UNREADABLE[child.type]} cannot be read aloud", "write it as sentences")
        is_break = child.type in ("softbreak", "hardbreak")
        line += is_break
        words += " " if is_break else child.content
    if not any(character.isalnum() for character in words):
        note(line, "there are no words here", "write some, or remove the line")
    return " ".join(words.split())
