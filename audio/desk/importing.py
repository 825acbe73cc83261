"""Bringing words in: a page, a text or Markdown becomes an article for review.

Nothing here is certain: what is left out is told in `Draft.remarks`, and what is a
proposal is marked in the file, because a person reads it before callers hear it.
"""

import codecs
import logging
import re
from collections.abc import Iterator

from lxml import etree, html
from readability import Document

from audio.desk.drafts import Block, Draft, clean, copyright_in, day
from audio.desk.plain_text import of_text
from audio.words.articles import MARKDOWN
from ivr.errors import ImportingError

logging.getLogger("readability").setLevel(logging.ERROR)

UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

AN_ARTICLE = 25
"""Words without which there is none: a list of links, a login, an error page."""


def draft(data: bytes, kind: str, charset: str | None = None) -> Draft:
    """What the bytes hold; `kind` is `html`, `markdown` or `text`.

    Raises `ImportingError` where there is no article in them.
    """
    if b"\0" in data and not data.startswith(UTF_16):
        raise ImportingError("this is no text; give HTML, plain text or Markdown")
    readers = {"html": of_html, "markdown": of_markdown, "text": of_text}
    found = readers[kind](decoded(data, charset).replace("\r\n", "\n").replace("\r", "\n"))
    if sum(block.words for block in found.blocks) < AN_ARTICLE:
        raise ImportingError(
            "no article was found; if there is one, copy its words into a text file and import that"
        )
    return found


def decoded(data: bytes, charset: str | None = None) -> str:
    """By the byte order mark, what the server or the page says, UTF-8, or else windows-1252.

    Latin-1 is read as windows-1252, as browsers do. Wrong for an old page in another
    encoding that says nothing of it.
    """
    said = re.search(rb"<meta[^>]{,200}charset=[\"']?([\w-]+)", data[:4096], re.I)
    marks = {codecs.BOM_UTF8: "utf-8-sig", **dict.fromkeys(UTF_16, "utf-16")}
    marked = next((name for mark, name in marks.items() if data.startswith(mark)), None)
    for name in (marked, charset, said and said[1].decode(), "utf-8"):
        try:
            codec = codecs.lookup(name or "").name
            return data.decode("cp1252" if codec == "iso8859-1" else codec)
        except (LookupError, UnicodeError):
            continue
    return data.decode("cp1252", errors="replace")


SILENT = {
    **dict.fromkeys(("img", "picture", "svg", "video", "audio", "iframe", "object"), "a picture"),
    **dict.fromkeys(("figcaption", "caption"), "a caption"),
    "pre": "a block of code",
    **dict.fromkeys(
        ("nav", "aside", "footer", "form", "button", "script", "style", "template"), ""
    ),
}
"""Elements without sound, and what a remark calls them; page furniture needs no remark."""

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
BLOCKS = {
    *("p", "div", "section", "article", "main", "header", "blockquote", "ul", "ol", "dl", "dt"),
    *("dd", "table", "tbody", "thead", "tr", "td", "th", "address", "figure", "hr", "center"),
}
A_CELL = 12
"""A cell with more words is a paragraph, as where a page is laid out with tables."""


def of_html(page: str) -> Draft:
    """The article of a page, found by readability's count of words, commas and links."""
    try:
        whole = html.document_fromstring(_declared(page))
        document = Document(_declared(page))
        article, title = document.summary(html_partial=True), document.short_title()
    except Exception as error:  # it raises whatever its parts raise, for an empty page too
        raise ImportingError(f"this cannot be read as HTML: {error}") from error
    found = _of_tree(article)
    texts = whole.xpath("//text()[normalize-space() and not(ancestor::script or ancestor::style)]")
    everything = "\n".join(texts)
    published = whole.xpath("string(//meta[@property='article:published_time']/@content)")
    found.published = day(published or whole.xpath("string(//time/@datetime)"))
    found.source = clean(whole.xpath("string(//meta[@property='og:site_name']/@content)"))
    found.copyright = copyright_in(everything)
    _take_title(found, clean(title))
    return found


def of_markdown(text: str) -> Draft:
    """All of it, but for what has no sound. Front matter gives the title and the date."""
    front, facts = re.match(r"(\+\+\+|---)\n(.*?)\n\1\s*\n", text, re.S), {}
    if front:
        facts = dict(re.findall(r"^(\w+)\s*[:=]\s*[\"']?(.*?)[\"']?\s*$", front[2], re.M))
        text = text[front.end() :]
    found = _of_tree(f"<div>{MARKDOWN.render(text)}</div>")
    found.source, found.copyright = facts.get("source", ""), facts.get("copyright", "")
    found.published = day(facts.get("published") or facts.get("date") or "")
    headed = found.blocks[0].text if found.blocks and found.blocks[0].kind == "##" else ""
    _take_title(found, clean(facts.get("title", "") or headed))
    return found


def _declared(page: str) -> str:
    """Without an XML declaration: it names an encoding, which decoded text no longer has."""
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", page)


def _take_title(found: Draft, title: str) -> None:
    """The title is said by itself, so not again as the first heading."""
    found.title = title
    if found.blocks and found.blocks[0].text.casefold() == title.casefold():
        del found.blocks[0]


def _of_tree(text: str) -> Draft:
    """The blocks of a piece of HTML."""
    found = Draft()
    tree = html.fragment_fromstring(
        text, create_parent="div", parser=html.HTMLParser(remove_comments=True, remove_pis=True)
    )
    for piece in re.split(r"\n\s*\n", "".join(_pieces(tree, found.remarks))):
        kind, _, words = piece.rpartition("\0")
        if any(character.isalnum() for character in words):
            found.blocks.append(Block(clean(words), kind.strip().removeprefix("\0")))
    return found


def _pieces(tree: etree._Element, remarks: list[str]) -> Iterator[str]:
    """Its words, an empty line around each block, and `##` or `-` and a NUL before its words."""
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        starts, tag = event == "start", element.tag
        silent = tag in SILENT
        if starts and silent:
            walk.skip_subtree()
            if SILENT[tag]:
                remarks.append(f"left out: {SILENT[tag]}: {clean(_about(element))}")
        if tag in HEADINGS or tag == "li":
            yield ("\n\n-\0" if tag == "li" else "\n\n##\0") if starts else "\n\n"
        elif tag in ("td", "th") and len(" ".join(element.itertext()).split()) <= A_CELL:
            if not starts:
                yield ", " if element.getnext() is not None else "."
        elif tag == "br" and starts:
            yield "\n"
        elif tag in BLOCKS:
            yield "\n\n"
        if tag == "table" and starts and not element.xpath(".//table"):
            remarks.append("changed: a table is now a line for each of its rows")
        if starts and not silent:
            yield " ".join(re.split(r"\s+", element.text or ""))
        elif not starts:
            yield " ".join(re.split(r"\s+", element.tail or ""))


def _about(element: etree._Element) -> str:
    return element.get("alt") or " ".join(element.itertext())[:60]
