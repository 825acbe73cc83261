"""What a form shows of an article, and what its file gets."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from audio.desk.paragraphs import line_shown, rewrapped, unwrapped
from audio.words.articles import sections_in
from ivr.settings import ROOT

FILE = (ROOT / "content/en/articles/what-is-co-production.md").read_text("utf-8")
WRAPPED = """\
## Peas

There are peas
in the garden.

- Beans
  and more
- Corn

> Somebody said
> this.
"""
SHOWN = """\
## Peas

There are peas in the garden.

- Beans and more
- Corn

> Somebody said this.
"""


def test_a_paragraph_is_a_line() -> None:
    assert unwrapped(WRAPPED) == SHOWN


def test_what_is_not_a_paragraph_stands_as_it_is() -> None:
    for other in ("```\na\nb\n```", "<div>\na\n</div>", "A\nB\n---", "a\\\nb"):
        assert unwrapped(other) == other


def test_what_nobody_changed_keeps_its_lines() -> None:
    changed = unwrapped(WRAPPED).replace("Corn", "Maize").replace("this", "that")
    expected = WRAPPED.replace("Corn", "Maize").replace(" said\n> this", " said that")
    assert rewrapped(changed, WRAPPED) == expected


def test_a_changed_paragraph_is_as_wide_as_the_others() -> None:
    sentence = "Some of us garden, and others bring a book and sit in the sun. "
    new = unwrapped(FILE).replace("Now there is a part of us", sentence * 4)
    written = rewrapped(new, FILE)
    assert unwrapped(written) == new
    widest = max(len(line) for line in FILE.split("\n"))
    assert max(len(line) for line in written.split("\n")) <= widest
    same = set(FILE.split("\n")) & set(written.split("\n"))
    assert len(same) >= len(set(FILE.split("\n"))) - 4


@pytest.mark.parametrize("line", ["1. a", "- a", "## a", "> a", "+ a", "``` a", "---"])
def test_a_new_line_break_begins_nothing(line: str) -> None:
    new = f"{'word ' * 18}{line} and the rest of it"
    assert unwrapped(rewrapped(new, "")) == new


def test_the_line_of_a_fault_is_that_of_the_form() -> None:
    assert [line_shown(WRAPPED, line) for line in (1, 3, 4, 6, 7, 8, 11)] == [
        *(1, 3, 3),
        *(5, 5, 6, 8),
    ]


markdown = st.text(st.sampled_from("ab1. -#>`\\*_|[]<&\n\t"), max_size=40).map(
    lambda body: f"## Heading\n\n{body}"
)


@given(markdown)
@example("## H\n\na\\\nb")
@example("## H\n\n- a\n  b\n    c")
@example("## H\n\na\\\\\nb")
@example("## H\n\n1. a\nb\n> c\nd")
def test_callers_hear_the_same_and_an_unchanged_form_is_the_same_file(
    body: str,
) -> None:
    assert sections_in(unwrapped(body)) == sections_in(body)
    assert rewrapped(unwrapped(body), body) == body


@given(markdown, markdown)
def test_callers_hear_what_was_typed_whatever_was_there_before(
    typed: str, before: str
) -> None:
    assert sections_in(rewrapped(typed, before)) == sections_in(typed)
