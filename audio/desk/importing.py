"""Bringing words in: a page, a text or Markdown becomes an article for review.

Nothing here is certain: what is left out is listed in `Draft.remarks`, and what is a
proposal is marked in the file, because a person reads it before callers hear it.
"""

import codecs
import logging
import re
from collections.abc import Callable, Iterator
from textwrap import shorten

from lxml import etree, html
from readability import Document

from audio.desk.drafts import Block, Draft, clean, copyright_in, day
from audio.desk.plain_text import of_text
from audio.words import front_matter
from audio.words.articles import MARKDOWN
from ivr.errors import ImportingError

logging.getLogger("readability").setLevel(logging.ERROR)

BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}

OF_THE_WEB = re.compile(
    r"utf-(8|16)(-(sig|le|be))?|ascii|cp\d+|iso8859-\d+|koi8-[ru]|mac-\w+|tis-620|big5(hkscs)?"
    r"|gb(k|2312|18030)|euc_(jp|kr)|shift_jis|iso2022_jp"
)
"""Encodings that pages are in, by Python's names. It knows others, such as `punycode`, whose
decoding takes hours for a page of some megabytes, or makes characters that are none."""

LEAST_WORDS_IN_ALL = 25
"""With fewer, it is not an article: a list of links, a login, an error page."""


def draft(data: bytes, format: str, charset: str | None = None) -> Draft:
    """What the bytes hold; `format` is one of `READERS`.

    Raises `ImportingError` where there is no article in them.
    """
    is_utf_16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if b"\0" in data and not is_utf_16:
        raise ImportingError("this is not text; give HTML, plain text or Markdown")
    text = decoded(data, charset).replace("\r\n", "\n").replace("\r", "\n")
    found = READERS[format](text)
    if sum(block.words for block in found.blocks) < LEAST_WORDS_IN_ALL:
        raise ImportingError(
            "no article was found; if there is one, copy its words into a text file and import that"
        )
    return found


def decoded(data: bytes, charset: str | None = None) -> str:
    """By the byte order mark, what the server or the page says, UTF-8, or else windows-1252.

    Latin-1 is read as windows-1252, as browsers do. Wrong for an old page in another
    encoding that says nothing of it.
    """
    for name in _encodings(data, charset):
        try:
            codec = codecs.lookup(name).name
            if codec == "iso8859-1":
                codec = "cp1252"
            if not OF_THE_WEB.fullmatch(codec):
                continue
            return data.decode(codec)
        except (LookupError, UnicodeError):
            continue
    return data.decode("cp1252", errors="replace")


def _encodings(data: bytes, charset: str | None) -> Iterator[str]:
    """Those that the bytes may be in, the likeliest first."""
    for mark, name in BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            yield name
    if charset:
        yield charset
    declared = re.search(rb"<meta[^>]{,200}charset=[\"']?([\w-]+)", data[:4096], re.I)
    if declared:
        yield declared[1].decode()
    yield "utf-8"


SILENT = {
    "img": "a picture",
    "picture": "a picture",
    "svg": "a picture",
    "video": "a picture",
    "audio": "a picture",
    "iframe": "a picture",
    "object": "a picture",
    "figcaption": "a caption",
    "caption": "a caption",
    "pre": "a block of code",
    "nav": "",
    "aside": "",
    "footer": "",
    "form": "",
    "button": "",
    "script": "",
    "style": "",
    "template": "",
}
"""Elements without sound, and what a remark calls them; page furniture needs no remark."""

A_REMARK = 6
"""Words from which a paragraph that was left out is worth a remark."""

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
PARTS_OF_PAGES = {
    "div",
    "section",
    "article",
    "main",
    "header",
    "address",
    "figure",
    "center",
}
PARAGRAPHS = {"p", "blockquote", "ul", "ol", "dl", "dt", "dd", "hr"}
PARTS_OF_TABLES = {"table", "tbody", "thead", "tr", "td", "th"}
BLOCKS = PARTS_OF_PAGES | PARAGRAPHS | PARTS_OF_TABLES
A_CELL = 12
"""A cell with more words is a paragraph, as where a page is laid out with tables."""

BLOCK_END = "\n\n"
HEADING_MARK = "\n\n##\0"
ITEM_MARK = "\n\n-\0"
"""What stands between blocks while a page is taken apart; no page has a NUL in it."""


def of_html(page: str) -> Draft:
    """The article of a page, found by readability's count of words, commas and links."""
    try:
        whole = html.document_fromstring(_undeclared(page))
        document = Document(_undeclared(page))
        found = _of_tree(document.summary(html_partial=True))
        title = document.short_title()
    except (
        Exception
    ) as error:  # it raises whatever its parts raise, for an empty page too
        raise ImportingError(f"this cannot be read as HTML: {error}") from error
    texts = whole.xpath(
        "//text()[normalize-space() and not(ancestor::script or ancestor::style)]"
    )
    published = whole.xpath(
        "string(//meta[@property='article:published_time']/@content)"
    )
    found.published = day(published or whole.xpath("string(//time/@datetime)"))
    found.source = clean(
        whole.xpath("string(//meta[@property='og:site_name']/@content)")
    )
    found.copyright = copyright_in("\n".join(texts))
    _take_title(found, clean(title))
    found.remarks += _left_out(whole, found)
    return found


def _left_out(whole: etree._Element, found: Draft) -> Iterator[str]:
    """The paragraphs of a page that are not in its article. Menus and footers need no remark."""
    kept = {found.title, *(block.text for block in found.blocks)}
    bodies = [html.tostring(body, encoding="unicode") for body in whole.iter("body")]
    for block in _of_tree(f"<div>{''.join(bodies)}</div>").blocks:
        if block.words >= A_REMARK and block.text not in kept:
            yield f"left out: {shorten(block.text, 80, placeholder=' …')}"


def of_markdown(text: str) -> Draft:
    """All of it, but for what has no sound. Front matter gives the title and the date."""
    parts = _parts(text)
    facts = dict(
        re.findall(r"^(\w+)\s*[:=]\s*[\"']?(.*?)[\"']?\s*$", parts.facts, re.M)
    )
    found = _of_tree(f"<div>{MARKDOWN.render(parts.body)}</div>")
    found.source = facts.get("source", "")
    found.copyright = facts.get("copyright", "")
    found.published = day(facts.get("published") or facts.get("date") or "")
    _take_title(found, clean(facts.get("title") or _first_heading(found)))
    return found


def of_word(page: str) -> Draft:
    """A Word file, as `word_files.html_of` has it: there is no menu or footer, so all of it."""
    found = _of_tree(f"<div>{page}</div>")
    found.copyright = copyright_in("\n".join(block.text for block in found.blocks))
    _take_title(found, clean(_first_heading(found)))
    return found


def _first_heading(found: Draft) -> str:
    """The heading that a text begins with; empty where it begins otherwise."""
    if found.blocks and found.blocks[0].mark == "##":
        return found.blocks[0].text
    return ""


READERS: dict[str, Callable[[str], Draft]] = {
    "html": of_html,
    "markdown": of_markdown,
    "text": of_text,
    "word": of_word,
}


def _parts(text: str) -> front_matter.Parts:
    """Its front matter, in TOML or YAML, and the rest; all is the rest where there is none."""
    for fence in (front_matter.FENCE, front_matter.YAML_FENCE):
        try:
            return front_matter.split(text, fence)
        except front_matter.NoFrontMatter:
            continue
    return front_matter.all_body(text)


def _undeclared(page: str) -> str:
    """Without an XML declaration: it names an encoding, which decoded text no longer has; and lxml
    looks for the end of an open one for hours, while nothing else in the process goes on."""
    return re.sub(r"^(\s*<\?xml[^>]*>?)+", "", page)


def _take_title(found: Draft, title: str) -> None:
    """The title is said by itself, so not again as the first heading."""
    found.title = title
    if found.blocks and found.blocks[0].text.casefold() == title.casefold():
        del found.blocks[0]


def _of_tree(text: str) -> Draft:
    """The blocks of a piece of HTML."""
    found = Draft()
    tree = html.fragment_fromstring(
        text,
        create_parent="div",
        parser=html.HTMLParser(remove_comments=True, remove_pis=True),
    )
    for piece in re.split(r"\n\s*\n", "".join(_pieces(tree, found.remarks))):
        mark, _, words = piece.rpartition("\0")
        if any(character.isalnum() for character in words):
            found.blocks.append(Block(clean(words), mark.strip().removeprefix("\0")))
    return found


def _pieces(tree: etree._Element, remarks: list[str]) -> Iterator[str]:
    """Its words, with a mark before each block and after it."""
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            yield _after(element)
            yield _collapsed(element.tail)
            continue
        yield _before(element)
        if element.tag in SILENT:
            walk.skip_subtree()
            _remark_on_silence(element, remarks)
            continue
        if element.tag == "table" and not element.xpath(".//table"):
            remarks.append("changed: a table is now a line for each of its rows")
        yield _collapsed(element.text)


def _before(element: etree._Element) -> str:
    if element.tag in HEADINGS:
        return HEADING_MARK
    if element.tag == "li":
        return ITEM_MARK
    if element.tag == "br":
        return "\n"
    if element.tag in BLOCKS and not _is_cell(element):
        return BLOCK_END
    return ""


def _after(element: etree._Element) -> str:
    if _is_cell(element):
        return "." if element.getnext() is None else ", "
    if element.tag in HEADINGS or element.tag == "li" or element.tag in BLOCKS:
        return BLOCK_END
    return ""


def _is_cell(element: etree._Element) -> bool:
    """Whether it is a cell of a table whose rows are read as lines."""
    if element.tag not in ("td", "th"):
        return False
    words = " ".join(element.itertext()).split()
    return len(words) <= A_CELL


def _collapsed(text: str | None) -> str:
    return " ".join(re.split(r"\s+", text or ""))


def _remark_on_silence(element: etree._Element, remarks: list[str]) -> None:
    called = SILENT[element.tag]
    if called:
        about = element.get("alt") or " ".join(element.itertext())[:60]
        remarks.append(f"left out: {called}: {clean(about)}")
