"""`articles/*.md`: an article's front matter and Markdown, to sections and sentences."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from audio.words import front_matter
from audio.words.faults import shown
from audio.words.sentences import sentences
from audio.words.tables import (
    MOST_CHARACTERS,
    Table,
    blank,
    parse_table,
    read_text,
    unspeakable,
)
from ivr.edition.content import Article, Section
from ivr.errors import Fault

MARKDOWN = MarkdownIt("commonmark").enable("table")
"""Tables are enabled to be refused: otherwise their bars would be read out."""

FACTS = ("title", "source", "copyright", "published")
"""What an article's front matter has, and nothing else."""

Note = Callable[[int, str, str], None]
"""Notes a fault of the article's file: line, what, mend."""

MOST_REMEMBERED = 4000
"""Articles as they were parsed: some 10 kB each. The studio reads all of them for each page."""

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
class OpenSection:
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
        mend = "add one, in a file whose name ends in .md"
        faults.append(Fault(shown(folder), 0, "there are no articles", mend))
    articles = [_article(path, abbreviations, faults) for path in paths]
    articles.sort(key=lambda article: article.published, reverse=True)
    return tuple(articles)


def _article(
    path: Path, abbreviations: Collection[str], faults: list[Fault]
) -> Article:
    if not re.fullmatch(r"[a-z0-9-]+\.md", path.name):
        what = "URLs cannot carry this file name"
        faults.append(Fault(shown(path), 0, what, "rename it with a-z, 0-9 and -"))
    text = read_text(path, faults)
    if text is None:
        return _of_facts(path.stem, blank(shown(path)), ())
    article, found = _parsed(path.stem, text, tuple(abbreviations))
    faults += [replace(fault, file=shown(path)) for fault in found]
    return article


@lru_cache(maxsize=MOST_REMEMBERED)
def _parsed(
    slug: str, text: str, abbreviations: tuple[str, ...]
) -> tuple[Article, tuple[Fault, ...]]:
    """An article and its faults, which name no file; the same words are parsed once."""
    faults: list[Fault] = []

    def note(line: int, what: str, mend: str) -> None:
        faults.append(Fault("", line, what, mend))

    try:
        parts = front_matter.split(text)
    except front_matter.NoFrontMatter as error:
        note(error.line, error.what, error.mend)
        return _of_facts(slug, blank(""), ()), tuple(faults)
    facts = parse_table("", parts.facts_in_place, faults)
    sections = _sections(parts.body_in_place, abbreviations, note)
    return _of_facts(slug, facts, sections), tuple(faults)


def _of_facts(slug: str, facts: Table, sections: tuple[Section, ...]) -> Article:
    facts.only(FACTS)
    return Article(
        slug=slug,
        title=facts.text("title"),
        source=facts.text("source"),
        copyright=facts.text("copyright"),
        published=facts.day("published"),
        sections=sections,
    )


def sections_in(words: str, abbreviations: Collection[str] = ()) -> tuple[Section, ...]:
    """The sections of an article's words, whatever is wrong with them."""
    return _sections(words, abbreviations, lambda *_: None)


def _sections(
    body: str, abbreviations: Collection[str], note: Note
) -> tuple[Section, ...]:
    for number, line in enumerate(body.split("\n"), 1):
        found = unspeakable(line)
        if found:
            note(number, f"this line has the character {found}", "remove it")
    lead, *opened = _opened(MARKDOWN.parse(body), note)
    if lead.paragraphs:
        note(
            lead.line,
            "there is text before the first heading",
            "write a ## heading above it",
        )
    elif not opened:
        note(0, "the article has no words", "write a ## heading and what is to be read")
    _check_headings(opened, note)
    sections = tuple(_section(each, abbreviations) for each in opened)
    for opened_section, section in zip(opened, sections, strict=True):
        _check_length(section, opened_section.line, note)
    return sections


def _section(opened: OpenSection, abbreviations: Collection[str]) -> Section:
    read: list[str] = []
    for paragraph in opened.paragraphs:
        read += sentences(paragraph, abbreviations)
    return Section(opened.heading, tuple(read))


def _check_length(section: Section, line: int, note: Note) -> None:
    for sentence in section.sentences:
        if len(sentence) > MOST_CHARACTERS:
            what = f"a sentence here has {len(sentence):,} characters: {sentence[:40]}…"
            note(line, what, f"divide it: the most is {MOST_CHARACTERS}")


def _check_headings(opened: list[OpenSection], note: Note) -> None:
    seen: set[str] = set()
    for section in opened:
        heading = section.heading
        if not section.paragraphs:
            note(
                section.line,
                f"section {heading!r} is empty",
                "write its text, or remove it",
            )
        if heading.casefold() in seen:
            note(section.line, f"two sections are called {heading!r}", "rename one")
        seen.add(heading.casefold())


def _opened(tokens: list[Token], note: Note) -> list[OpenSection]:
    """The sections; the first, without a heading, is what stands before them."""
    found = [OpenSection("", 0)]
    is_heading = False
    for token in tokens:
        line = token.map[0] + 1 if token.map else 0
        if token.type in UNREADABLE:
            _note_unreadable(token, line, note)
        elif token.type == "heading_open":
            is_heading = True
            if token.markup != "##":
                note(
                    line,
                    "this heading has another level",
                    "write headings as ## Heading",
                )
        elif token.type == "inline":
            words = _words(token, line, note)
            if is_heading:
                found.append(OpenSection(words, line))
            else:
                found[-1].paragraphs.append(words)
                found[-1].line = found[-1].line or line
            is_heading = False
    return found


def _words(token: Token, line: int, note: Note) -> str:
    """What is read of a heading or a paragraph: links keep their text, emphasis goes."""
    words: list[str] = []
    for child in token.children or []:
        if child.type in UNREADABLE:
            _note_unreadable(child, line, note)
        if child.type in ("softbreak", "hardbreak"):
            line += 1
            words.append(" ")
        else:
            words.append(child.content)
    text = " ".join("".join(words).split())
    if not any(character.isalnum() for character in text):
        note(line, "there are no words here", "write some, or remove the line")
    return text


def _note_unreadable(token: Token, line: int, note: Note) -> None:
    note(
        line, f"{UNREADABLE[token.type]} cannot be read aloud", "write it as sentences"
    )
