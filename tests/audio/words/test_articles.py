"""Articles: front matter and Markdown to sections and sentences."""

from pathlib import Path

import pytest

from audio.words.source import load
from ivr.edition.content import Article, Section
from tests.support.small_content import ARTICLE, changed, faults, write

FRONT = ARTICLE[: ARTICLE.index("## One")]


def article(folder: Path, text: str) -> Article:
    """The only article of a folder, with this text."""
    [found] = load(write(folder, one=text)).content.languages["en"].articles
    return found


def test_an_article_is_its_front_matter_and_its_sections(tmp_path: Path) -> None:
    assert article(tmp_path, ARTICLE) == Article(
        slug="one",
        title="A title",
        source="From a test.",
        copyright="Copyright nobody.",
        published="2026-01-02",
        sections=(
            Section("One", ("First words.", "Second words.")),
            Section("Two", ("Last words.",)),
        ),
    )


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("See [our page](https://x.org).", ["See our page."]),
        ("Some *very* **strong** words.", ["Some very strong words."]),
        ("A line\nand its end.", ["A line and its end."]),
        ("- one\n- two\n\n  and more", ["one", "two", "and more"]),
        ("1. one\n2. two", ["one", "two"]),
        ("> A quotation.", ["A quotation."]),
        ("Fish &amp; chips, `code`.", ["Fish & chips, code."]),
        ("Before\n\n---\n\nafter", ["Before", "after"]),
        ("Ask Dr. Brown.", ["Ask Dr. Brown."]),
    ],
)
def test_markdown_is_read_as_words(
    tmp_path: Path, markdown: str, expected: list[str]
) -> None:
    [section] = article(tmp_path, f"{FRONT}## One\n\n{markdown}\n").sections
    assert list(section.sentences) == expected


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    text = b"\xef\xbb\xbf" + ARTICLE.replace("\n", "\r\n").encode()
    write(tmp_path / "a", one=text)
    plain = load(write(tmp_path / "b"))
    assert load(tmp_path / "a") == plain


def test_articles_come_newest_first(tmp_path: Path) -> None:
    folder = write(tmp_path)
    for year in (2024, 2027, 2025):
        text = changed(ARTICLE, "2026", str(year))
        (folder / f"en/articles/of-{year}.md").write_text(text)
    found = [a.slug for a in load(folder).content.languages["en"].articles]
    assert found == ["of-2027", "one", "of-2025", "of-2024"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            changed(ARTICLE, 'title = "A title"\n', ""),
            [": 'title' is missing; add it: text in \"quotes\""],
        ),
        (
            changed(ARTICLE, '"A title"', '" "'),
            [":2: 'title' has no words; write them"],
        ),
        (
            changed(ARTICLE, "2026-01-02", "2026"),
            [":5: 'published' is a number; make it a date such as 2026-11-23"],
        ),
        (
            changed(ARTICLE, "published", 'writer = "A"\npublished'),
            [":5: 'writer' is not known here; remove it"],
        ),
        (
            changed(ARTICLE, '"A title"', '"A title'),
            [
                ":2: this is not TOML: Illegal character '\\n'; write key = value, "
                'text in closed "quotes", lists in closed [brackets]'
            ],
        ),
        (
            ARTICLE[ARTICLE.index("## One") :],
            [
                ":1: there is no front matter; begin the file with +++, then title = ... "
                "and so on, then +++"
            ],
        ),
        (
            changed(ARTICLE, "02\n+++", "02\n"),
            [
                ":1: the front matter is not closed; write +++ on a line of its own after it"
            ],
        ),
        (
            FRONT,
            [": the article has no words; write a ## heading and what is to be read"],
        ),
        (
            FRONT + "Only words.\n\nAnd more.\n",
            [":8: there is text before the first heading; write a ## heading above it"],
        ),
        (
            changed(ARTICLE, "First words. Second words.\n", ""),
            [":8: section 'One' is empty; write its text, or remove it"],
        ),
        (
            changed(ARTICLE, "## Two", "## one"),
            [":12: two sections are called 'one'; rename one"],
        ),
        (
            changed(ARTICLE, "## Two", "# Two"),
            [":12: this heading has another level; write headings as ## Heading"],
        ),
        (
            changed(ARTICLE, "## Two", "Two\n---"),
            [":12: this heading has another level; write headings as ## Heading"],
        ),
        (
            changed(ARTICLE, "## Two", "##"),
            [":12: there are no words here; write some, or remove the line"],
        ),
        (
            changed(ARTICLE, "Last words.", "* * x\n\n…"),
            [":16: there are no words here; write some, or remove the line"],
        ),
        (
            changed(ARTICLE, "Last words.", "Last\n<b>words</b>."),
            [":15: HTML cannot be read aloud; write it as sentences"] * 2,
        ),
        (
            changed(ARTICLE, "Last words.", "Words.\n\n<div>Last</div>"),
            [":16: HTML cannot be read aloud; write it as sentences"],
        ),
        (
            changed(ARTICLE, "Last words.", "Last\nwords ![a dog](dog.png)"),
            [":15: an image cannot be read aloud; write it as sentences"],
        ),
        (
            changed(ARTICLE, "Last words.", "| a | b |\n|---|---|\n| 1 | 2 |"),
            [":14: a table cannot be read aloud; write it as sentences"],
        ),
        (
            changed(ARTICLE, "Last words.", "Words.\n\n    Last"),
            [
                ":16: a block of code (a paragraph with 4 spaces before it is one) "
                "cannot be read aloud; write it as sentences"
            ],
        ),
        (
            changed(ARTICLE, "Last words.", "Words.\n\n```\nLast\n```"),
            [":16: a block of code cannot be read aloud; write it as sentences"],
        ),
        (
            changed(ARTICLE, "Last words.", "Last\x07 words."),
            [":14: this line has the character U+0007; remove it"],
        ),
        (
            changed(ARTICLE, '"A title"', '"A\\u0007 title"'),
            [":2: 'title' has the character U+0007; remove it"],
        ),
        ("", [": the file is empty; write its words, or remove it"]),
        (b"+++\n\xff\n+++", [":2: this is not UTF-8; save the file as UTF-8"]),
    ],
)
def test_a_broken_article_is_refused_line_by_line(
    tmp_path: Path, text: str | bytes, expected: list[str]
) -> None:
    found = faults(write(tmp_path, one=text))
    assert found == [f"en/articles/one.md{fault}" for fault in expected]


def test_a_section_with_a_faulty_block_only_is_named(tmp_path: Path) -> None:
    text = changed(ARTICLE, "Last words.", "<div>\nx\n</div>")
    assert faults(write(tmp_path, one=text)) == [
        "en/articles/one.md:12: section 'Two' is empty; write its text, or remove it",
        "en/articles/one.md:14: HTML cannot be read aloud; write it as sentences",
    ]


def test_a_file_name_that_no_url_can_carry_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "en/articles/Two words.md").write_text(ARTICLE)
    assert faults(folder) == [
        "en/articles/Two words.md: URLs cannot carry this file name; rename it with a-z, 0-9 and -"
    ]


def test_a_language_without_an_article_is_refused(tmp_path: Path) -> None:
    assert faults(write(tmp_path, one=None)) == [
        "en/articles: there are no articles; add one, in a file whose name ends in .md"
    ]
