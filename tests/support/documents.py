"""The project's documents, as a reader and as a program see them."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ivr.settings import ROOT

DOCUMENTS = sorted((*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")))

PATH_AND_NAME = re.compile(r"([\w./-]+\.py): ([\w.]+)")
"""How a document names a function: `ivr/call/flow.py: answer`."""


@dataclass(frozen=True)
class Document:
    """A Markdown file, parsed."""

    path: Path

    @property
    def text(self) -> str:
        """As it is written."""
        return self.path.read_text("utf-8")

    def tokens(self) -> Iterator[Token]:
        """Every token, those within a line of text among them."""
        for token in MarkdownIt("commonmark").enable("table").parse(self.text):
            yield token
            yield from token.children or ()

    def blocks(self, language: str) -> list[str]:
        """The code blocks in this language."""
        return [
            token.content for token in self.tokens() if token.info.strip() == language
        ]

    def spans(self) -> list[str]:
        """What stands between backticks in the text."""
        return [token.content for token in self.tokens() if token.type == "code_inline"]

    def links(self) -> list[str]:
        """The addresses of its links and pictures."""
        found = [
            token.attrGet("href") or token.attrGet("src") for token in self.tokens()
        ]
        return [str(address) for address in found if address]

    def anchors(self) -> set[str]:
        """What a link to one of its headings ends with, as GitHub makes it."""
        tokens = list(self.tokens())
        headings = [
            tokens[place + 1].content
            for place, token in enumerate(tokens)
            if token.type == "heading_open"
        ]
        return {_anchor(heading) for heading in headings}

    def part(self, heading: str) -> str:
        """What stands under a heading of the second level."""
        _, found, after = self.text.partition(f"\n## {heading}\n")
        assert found, f"{self.path.name} has no heading {heading!r}"
        return after.partition("\n## ")[0]


def _anchor(heading: str) -> str:
    words = re.sub(r"[^\w\s-]", "", heading.lower())
    return words.strip().replace(" ", "-")


def defined(path: Path) -> set[str]:
    """The names that a module defines: `answer`, `Library`, `Library.edition`, `RULES`.

    A function within another is `outer.inner`.
    """
    tree = ast.parse(path.read_text("utf-8"))
    return set(_functions(tree.body, "")) | set(_values(tree.body))


def _functions(body: list[ast.stmt], within: str) -> Iterator[str]:
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            name = within + statement.name
            yield name
            yield from _functions(statement.body, f"{name}.")


def _values(body: list[ast.stmt]) -> Iterator[str]:
    for statement in body:
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id=name)])
                | ast.AnnAssign(target=ast.Name(id=name))
            ):
                yield name
