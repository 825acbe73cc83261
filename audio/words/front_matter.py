"""Front matter: the facts of an article, between two lines of `+++` at the top of its file."""

from dataclasses import dataclass

FENCE = "+++"
"""Around facts in TOML."""
YAML_FENCE = "---"
"""Around facts in YAML, as other people's files have it."""


class NoFrontMatter(Exception):
    """The text does not begin with front matter, or it is not closed."""

    def __init__(self, line: int, what: str, mend: str) -> None:
        super().__init__(what)
        self.line = line
        """Where it should be, or where it begins; counted from 1."""
        self.what = what
        self.mend = mend


@dataclass(frozen=True)
class Parts:
    """The two parts of an article's file."""

    facts: str
    """Between the fences."""
    body: str
    """Below them, in Markdown."""
    facts_line: int
    """The line of the file at which the facts begin, counted from 1."""
    body_line: int
    """The line of the file at which the body begins."""

    @property
    def facts_in_place(self) -> str:
        """The facts below as many empty lines as make their line numbers the file's."""
        return "\n" * (self.facts_line - 1) + self.facts

    @property
    def body_in_place(self) -> str:
        """The body below as many empty lines as make its line numbers the file's."""
        return "\n" * (self.body_line - 1) + self.body


def split(text: str, fence: str = FENCE) -> Parts:
    """The front matter and the body; only empty lines may stand before the front matter.

    Raises `NoFrontMatter`.
    """
    lines = text.split("\n")
    fences = [number for number, line in enumerate(lines) if line.rstrip() == fence]
    first = min(fences, default=0)
    has_words_before = any(line.strip() for line in lines[:first])
    if not fences or has_words_before:
        mend = f"begin the file with {fence}, then title = ... and so on, then {fence}"
        raise NoFrontMatter(1, "there is no front matter", mend)
    if len(fences) == 1:
        mend = f"write {fence} on a line of its own after it"
        raise NoFrontMatter(fences[0] + 1, "the front matter is not closed", mend)
    opens, closes, *_ = fences
    return Parts(
        facts="\n".join(lines[opens + 1 : closes]),
        body="\n".join(lines[closes + 1 :]),
        facts_line=opens + 2,
        body_line=closes + 2,
    )


def all_body(text: str) -> Parts:
    """A text that has no front matter."""
    return Parts(facts="", body=text, facts_line=1, body_line=1)


def join(facts: str, body: str) -> str:
    """An article's file."""
    return f"{FENCE}\n{facts}\n{FENCE}\n\n{body}\n"
