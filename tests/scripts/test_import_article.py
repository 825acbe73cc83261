"""Bringing words in: pages, texts and Markdown become articles for review."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from audio.desk.drafts import Block, Draft, clean, markdown, sections
from audio.desk.importing import _undeclared, decoded, draft
from audio.words.articles import load_articles
from audio.words.source import load
from ivr.edition.content import Article
from ivr.errors import Fault, ImportingError
from ivr.settings import ROOT
from scripts import check_content
from scripts.import_article import main
from tests.support.site import ANSWERS, site

HERE = ROOT / "tests"
BODY = (HERE / "co-production.txt").read_text("utf-8")
Out = pytest.CaptureFixture[str]

NEWS = f"""COPEScotland Latest News

What is co-production?


{BODY}Why we need to challenge stigma around mental heal...
Worrying about enough to eat?

Useful/Emergency Contacts

  • Silverline 0800 4 70 80 90
  • Samaritans 116 123
  • NHS 111
© Copyright COPE Scotland 2019. Design & Development by Letchim
Head Office:Units 14 & 17, Garscadden House, 3 Dalsetter Crescent, Drumchapel, G15 8TG
0141 944 5490
Terms and Conditions"""
"""The organisation's page, saved as text."""


class Desk:
    """Somebody who brings words in, and the content folder."""

    def __init__(self, content: Path) -> None:
        self.content = content
        self.before = self.files()

    def files(self) -> dict[str, bytes]:
        """Every article's file."""
        folder = self.content / "en/articles"
        return {path.name: path.read_bytes() for path in folder.iterdir()}

    def imports(self, where: object, *options: str) -> int:
        return main([str(where), "--content", str(self.content), *options])

    def new(self) -> Article:
        """The one article that was added; the whole folder passes the check."""
        assert check_content.main(["--content", str(self.content)]) == 0
        [added] = self.files().keys() - self.before.keys()
        return (
            load(self.content)
            .content.languages["en"]
            .article[added.removesuffix(".md")]
        )

    def raw(self) -> str:
        [added] = self.files().keys() - self.before.keys()
        return self.files()[added].decode()


@pytest.fixture
def desk(content_copy: Path) -> Desk:
    return Desk(content_copy)


def words(article: Article) -> list[str]:
    return [
        w
        for s in article.sections
        for sentence in s.sentences
        for w in sentence.split()
    ]


def said(article: Article) -> str:
    """Everything that is read of its sections."""
    read = (text for s in article.sections for text in (s.heading, *s.sentences))
    return "\n".join(read)


def test_the_organisations_page_becomes_its_article_word_for_word(
    desk: Desk, tmp_path: Path, capsys: Out
) -> None:
    page = tmp_path / "news.txt"
    page.write_text(NEWS)
    assert desk.imports(page, "--title", "Co-production again") == 0
    told = capsys.readouterr().err
    article = desk.new()
    assert words(article) == BODY.split()
    assert article.title == "Co-production again"
    assert article.source == "COPEScotland Latest News"
    assert article.copyright == "Copyright COPE Scotland 2019."
    lengths = [len(" ".join(section.sentences).split()) for section in article.sections]
    assert len(lengths) == 6
    assert all(60 <= length <= 150 for length in lengths)
    for line in (
        "Worrying about enough to eat?",
        "• Silverline 0800 4 70 80 90",
        "0141 944 5490",
    ):
        assert f"left out: {line}\n" in told


def test_its_own_title_is_taken_and_what_is_there_is_never_overwritten(
    desk: Desk, tmp_path: Path, capsys: Out
) -> None:
    page = tmp_path / "news.txt"
    page.write_text(NEWS)
    assert desk.imports(page) == 1
    assert "what-is-co-production.md exists already; give another --title" in (
        capsys.readouterr().err
    )
    assert desk.files() == desk.before


def test_a_page_of_wordpress(desk: Desk, capsys: Out) -> None:
    assert desk.imports(HERE / "pages/wordpress.html") == 0
    told = capsys.readouterr().err
    article, read = desk.new(), said(desk.new())
    assert (article.title, article.slug) == (
        "Walking for wellbeing",
        "walking-for-wellbeing",
    )
    assert article.source == "Hillside Community Project"
    assert article.copyright == "Copyright 2024 Hillside Community Project."
    assert article.published == "2024-05-14"
    assert [s.heading for s in article.sections[-2:]] == [
        "What to bring",
        "If you cannot see well",
    ]
    for kept in (
        "Some come for the fresh air, & some come because it’s the only",
        "Agnes Muir asked her neighbours",
        "a café had offered",
        "shoes that you can stand in for an hour,",
        "You never have to explain yourself.",
        "Now I know every bench by name.",
    ):
        assert kept in read
    for gone in ("cookies", "Skip to", "Donate", "Share", "Posted", "Recent", "Soup", "Lovely",
                 "newsletter", "960123", "red coat", "dataLayer"):  # fmt: skip
        assert gone not in read
    assert "left out: a picture: Agnes Muir in a red coat" in told


def test_a_page_of_a_council_with_a_table(desk: Desk, capsys: Out) -> None:
    assert (
        desk.imports(HERE / "pages/government.html", "--published", "2025-02-03") == 0
    )
    told = capsys.readouterr().err
    article, read = desk.new(), said(desk.new())
    assert article.published == "2025-02-03"
    headings = [section.heading for section in article.sections]
    assert headings == ["Overview", "Having an assessment", "What it costs"]
    assert article.sections[2].sentences[2:4] == (
        "Your savings, You pay.",
        "less than £14,250, nothing.",
    )
    assert (
        "training in getting about safely, indoors and out"
        in article.sections[0].sentences
    )
    assert "happy with dogs" in read
    for gone in (
        "cookies",
        "Contents",
        "Blue Badge",
        "Is this page useful",
        "Licence",
        "Menu",
    ):
        assert gone not in read
    assert "a table is now a line for each of its rows" in told


def test_a_newsletter_laid_out_with_tables_in_windows_1252(desk: Desk) -> None:
    assert desk.imports(HERE / "pages/newsletter.html") == 0
    article, read = desk.new(), said(desk.new())
    assert article.title == "The Lantern, winter issue"
    assert article.copyright.startswith("Copyright 2023 The Lantern Trust")
    assert (
        article.sections[0].sentences[0].startswith("For thirty years Jean’s neighbour")
    )
    assert read.endswith("four and six in the afternoon.")
    assert "the end of it – “I told the shop" in read
    assert "Then the library told her about a number that she could ring." in (
        article.sections[0].sentences
    )
    for gone in ("browser", "Unsubscribe", "Donate", "960456"):
        assert gone not in read


def test_a_page_of_divisions_without_an_article_element(
    desk: Desk, capsys: Out
) -> None:
    assert desk.imports(HERE / "pages/divs.html") == 0
    assert (
        "left out: a block of code: carrots 5 kg onions 2 kg" in capsys.readouterr().err
    )
    read = said(desk.new())
    assert desk.new().published == "2022-11-03"
    assert "By five o'clock there was soup for thirty" in read
    assert "<That is the whole of the rules.>" in read
    for gone in ("More news", "carrots 5", "960789", "rights reserved"):
        assert gone not in read


@pytest.mark.parametrize(
    "page",
    [
        (HERE / "pages/index.html").read_bytes(),
        b"",
        b"<html><body></body></html>",
        b"<!doctype html>",
        b"<html><head><title>News</tit",
        b"Only a line.",
        b"\x89PNG\0\0\0\rIHDR",
    ],
)
@pytest.mark.parametrize("name", ["a.html", "a.md", "a.txt"])
def test_where_no_article_is_nothing_is_written(
    desk: Desk, tmp_path: Path, capsys: Out, page: bytes, name: str
) -> None:
    (tmp_path / name).write_bytes(page)
    assert desk.imports(tmp_path / name, "--title", "None") == 1
    assert re.match(
        "(no article was found|this is not text|this cannot)", capsys.readouterr().err
    )
    assert desk.files() == desk.before


MARKDOWN = """\
---
title: "The garden"
date: 2025-06-01
---
# The garden

Every *spring* the [garden](https://x.org) opens, and anyone may dig: there is no list.

### Tools

#### Spades

We have twelve spades, 3 forks and one wheelbarrow, and <b>nobody</b> counts them at the gate.

- [x] gloves
- boots

![a spade](spade.png)

| Day | Open |
|-----|------|
| Mon | 9–5  |

```
dig()
```
<div>Bring *nothing* but time.</div>
"""


def test_markdown_keeps_its_words_and_loses_what_has_no_sound(
    desk: Desk, tmp_path: Path, capsys: Out
) -> None:
    (tmp_path / "g.md").write_text(MARKDOWN)
    assert (
        desk.imports(tmp_path / "g.md", "--source", "From us.", "--copyright", "Ours.")
        == 0
    )
    told, article = capsys.readouterr().err.splitlines(), desk.new()
    assert (article.title, article.published, article.source) == (
        "The garden", "2025-06-01", "From us.",
    )  # fmt: skip
    assert [section.heading for section in article.sections] == [
        "Every spring the garden opens", "Tools: Spades",
    ]  # fmt: skip
    assert article.sections[1].sentences == (
        "We have twelve spades, 3 forks and one wheelbarrow, and nobody counts them at the gate.",
        "[x] gloves",
        "boots",
        "Day, Open.",
        "Mon, 9–5.",
        "Bring *nothing* but time.",
    )
    assert told == [
        "left out: a picture: a spade",
        "changed: a table is now a line for each of its rows",
        "left out: a block of code: dig()",
    ]
    assert (
        '# For review: the heading "Every spring the garden opens" is proposed'
        in desk.raw()
    )
    assert 'Tools: Spades" is proposed' not in desk.raw()


WRAPPED = """\
The lantern walk

Last Friday a hundred people carried paper lanterns from the
school to the harbour, and back again in the rain.

What went well

Nobody fell. The band played under the bridge, where it was
dry, and for once everyone could hear the drums. For next year
we still need:

* somebody with a van
* a dry place for
  the lanterns

What did not

The soup was late, and the lights along the sea wall had been
switched off by mistake, so we sang until they came on again.

More: www.example.org
"""


def test_wrapped_text_with_headings_and_a_list(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "walk.txt").write_text(WRAPPED)
    assert desk.imports(tmp_path / "walk.txt") == 0
    article = desk.new()
    assert article.title == "The lantern walk"
    assert [s.heading for s in article.sections][1:] == [
        "What went well",
        "What did not",
    ]
    assert article.sections[1].sentences[-3:] == (
        "For next year we still need:", "somebody with a van", "a dry place for the lanterns",
    )  # fmt: skip
    assert "example" not in said(article)


def test_a_number_inside_the_article_stays() -> None:
    prose = (
        "These are words of an article, and there are more of them in every line of it."
    )
    text = f"A title\n\n{prose * 2}\n\nRing 0141 944 5490.\n\n{prose * 2}\n\nRing 0141 944 5490.\n"
    blocks = draft(text.encode(), "text").blocks
    assert [block.text[:4] for block in blocks] == ["Thes", "Ring", "Thes"]


def test_a_list_at_the_end_is_part_of_what_announces_it() -> None:
    prose = (
        "These are words of an article, and there are more of them in every line of it."
    )
    text = f"A title\n\n{prose * 2}\n\nPlease bring these things with you:\n\n• a coat\n• boots\n"
    blocks = draft(f"{text}\n• Home\n• Ring 0141 944 5490\n".encode(), "text").blocks
    assert [block.text for block in blocks if block.mark == "-"] == [
        "a coat",
        "boots",
        "Home",
    ]


def test_breaks_and_long_cells_part_paragraphs() -> None:
    words = (
        "Many words of prose, and more of them, stand here in a long line of its own"
    )
    page = f"<table><tr><td>{words} one<br>two<br><br>{words} three</td><td>{words} four</td></tr>"
    blocks = draft(f"<html><body>{page}</table></body></html>".encode(), "html").blocks
    assert [block.text.removeprefix(words) for block in blocks] == [
        " one two",
        " three",
        " four",
    ]


def test_what_was_left_out_of_a_page_is_told_but_not_its_menus() -> None:
    found = draft((HERE / "pages/wordpress.html").read_bytes(), "html")
    assert found.remarks == [
        "left out: a picture: A group of people on a canal path",
        "left out: a picture: Agnes Muir in a red coat",
        "left out: a caption: Agnes Muir in a red coat.",
        "left out: We use cookies to ensure that we give you the best experience on our"
        " website. …",
        "left out: Posted on changed on 20 May 2024 by Mo",
        "left out: One thought on “Walking for wellbeing”",
        "left out: Lovely to read this, I will come along next week with my sister and the dog.",
    ]


def test_what_is_not_text_is_refused() -> None:
    with pytest.raises(ImportingError, match="not text"):
        draft(b"\x89PNG\0\0\0\rIHDR", "text")


def test_sections_are_cut_to_one_length_and_keep_every_word() -> None:
    sentence = "One two three four five six seven eight nine ten. "
    for count in (1, 7, 16, 31, 100):
        made = sections([Block((sentence * count).strip())])
        lengths = [sum(block.words for block in section.blocks) for section in made]
        assert sum(lengths) == 10 * count
        assert all(60 <= length <= 150 for length in lengths) or count == 1
        assert all(section.is_proposed for section in made)
        assert len({section.heading.casefold() for section in made}) == len(made)


TEXT = st.text(st.characters(codec="utf-8"), max_size=60)


@example(
    title="",
    texts=[(text, "") for text in ("1. a", "12) b", "- c", "+ d", "= e", "# f")],
)
@example(
    title="", texts=[("a  #", "##"), ("> g", "-"), ("&amp; &#42;", ""), ("<b>", "##")]
)
@given(
    title=TEXT,
    texts=st.lists(st.tuples(TEXT, st.sampled_from(["", "-", "##"])), max_size=9),
)
def test_whatever_the_words_are_markdown_says_them_as_they_stand(
    tmp_path_factory: pytest.TempPathFactory, title: str, texts: list[tuple[str, str]]
) -> None:
    blocks = [
        Block(clean(text), kind)
        for text, kind in texts
        if re.search(r"[^\W_]", clean(text))
    ]
    found = Draft(
        f"A {clean(title)}",
        "From x.",
        "By x.",
        "2025-01-01",
        [Block("Start."), *blocks],
    )
    folder = tmp_path_factory.mktemp("words")
    (folder / "one.md").write_text(markdown(found), encoding="utf-8", newline="")
    faults: list[Fault] = []
    [article] = load_articles(folder, (), faults)
    assert faults == []
    made = sections(found.blocks)
    assert [s.heading for s in article.sections] == [
        section.heading for section in made
    ]
    written = [block.text for section in made for block in section.blocks]
    expected = " ".join(written).split()
    assert words(article) == expected
    assert article.title == found.title.strip()


@pytest.mark.parametrize(
    ("data", "charset", "expected"),
    [
        ("naïve".encode(), None, "naïve"),
        ("naïve".encode("utf-8-sig"), "latin-1", "naïve"),
        ("naïve".encode("utf-16"), None, "naïve"),
        (b"\xfe\xff" + "naïve".encode("utf-16-be"), None, "naïve"),
        ("naïve".encode(), "undefined", "naïve"),
        ("it’s".encode("cp1252"), None, "it’s"),
        ("it’s".encode("cp1252"), "iso-8859-1", "it’s"),
        ("Привет".encode("koi8-r"), "koi8-r", "Привет"),
        (b'<meta charset="koi8-r">' + "Привет".encode("koi8-r"), None, "Привет"),
        ("naïve".encode(), "no-such-charset", "naïve"),
        (b"no page is in it-bab", "punycode", "no page is in it-bab"),
        (b"half a sign: \\ud800", "unicode_escape", "half a sign: \\ud800"),
    ],
)
def test_letters_are_read_in_the_encoding_that_was_meant(
    data: bytes, charset: str | None, expected: str
) -> None:
    assert decoded(data, charset).endswith(expected)


def test_an_article_without_a_title_asks_for_one(
    desk: Desk, tmp_path: Path, capsys: Out
) -> None:
    (tmp_path / "untitled.txt").write_text(BODY)
    assert desk.imports(tmp_path / "untitled.txt") == 1
    assert capsys.readouterr().err == "no title was found; give one with --title\n"
    assert desk.imports(tmp_path / "untitled.txt", "--title", "Untitled") == 0
    assert words(desk.new()) == BODY.split()


def test_a_copyright_is_the_footers_and_no_programs() -> None:
    prose = "<p>Copyright is a word, and words are free, as every reader of this page knows.</p>"
    page = (
        f"<html><body><article>{prose * 4}</article><p>© 2020 Ours Ltd. All rights</p>"
    )
    script = "<script>/* Copyright 1999 Theirs */</script></body></html>"
    assert (
        draft((page + script).encode(), "html").copyright == "Copyright 2020 Ours Ltd."
    )


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["nowhere.txt"], "nowhere.txt"),
        (["ftp://example.org/x"], "is not a web page"),
        (["file:///etc/passwd"], "is not a web page"),
        (["x.txt", "--language", "cy"], "cy is missing; make it"),
    ],
)
def test_what_cannot_be_read_is_told_plainly(
    desk: Desk, capsys: Out, options: list[str], why: str
) -> None:
    assert desk.imports(*options) == 1
    told = capsys.readouterr().err
    assert why in told
    assert "Traceback" not in told
    assert desk.files() == desk.before


NEWS_IN_MARKDOWN = {"Content-Type": "text/plain; charset=utf-8"}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A web site on this machine."""
    answers = ANSWERS | {"/news.md": (200, NEWS_IN_MARKDOWN, MARKDOWN.encode())}
    with site(answers) as server:
        yield server.address


@pytest.fixture
def here(address: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The same, where this machine may be asked."""
    monkeypatch.setenv("PRIVATE_HOSTS", "intranet.example.org, 127.0.0.1")
    return address


@pytest.mark.parametrize("page", ["/page", "/moved"])
def test_a_page_is_fetched(desk: Desk, here: str, page: str) -> None:
    assert desk.imports(here + page) == 0
    assert desk.new().title == "Walking for wellbeing"
    assert "a café had offered" in said(desk.new())


def test_a_fetched_text_is_markdown_by_its_name_and_its_server_is_its_source(
    desk: Desk, here: str
) -> None:
    assert desk.imports(f"{here}/news.md") == 0
    assert (desk.new().title, desk.new().source) == ("The garden", "127.0.0.1")


def test_a_page_that_cannot_be_had_is_named(
    desk: Desk, address: str, capsys: Out
) -> None:
    assert desk.imports(f"{address}/page") == 1
    told = capsys.readouterr().err
    assert told.startswith(
        f"{address}/page cannot be read: only web servers can be asked"
    )
    assert desk.files() == desk.before


def test_the_first_article_of_a_new_language_can_be_imported(desk: Desk) -> None:
    (desk.content / "gd").mkdir()
    assert desk.imports(HERE / "pages/divs.html", "--language", "gd") == 0
    assert [path.name for path in (desk.content / "gd/articles").iterdir()] == [
        "soup-and-how-we-came-to-make-it.md"
    ]


def test_it_runs_from_anywhere(desk: Desk, tmp_path: Path) -> None:
    script = HERE.parent / "scripts/import_article.py"
    page = HERE / "pages/wordpress.html"
    done = subprocess.run(
        [sys.executable, script, page, "--content", desk.content],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.startswith(
        f"{desk.content}/en/articles/walking-for-wellbeing.md is written"
    )


def test_a_declaration_without_an_end_does_not_keep_the_server_busy() -> None:
    """Were it not taken out, lxml's own search would take a minute for each 200,000 spaces."""
    opened = b"<?xml >" + b"<?xml" + b" " * 50_000
    page = opened + b"><p>" + b"A plain sentence of the article, at last. " * 9
    words = [block.text for block in draft(page, "html").blocks]
    assert words[0].startswith("A plain sentence")
    assert _undeclared(decoded(opened)) == ""
