"""An article from a file or from pasted words: a form with what was found, and what was not."""

from dataclasses import replace
from io import BytesIO

import pytest

from audio.locks import try_lock
from audio.web import importing_page
from ivr.settings import Settings
from tests.support.site import HTML, site
from tests.support.staff import Staff, written
from tests.support.word_file import word_file

ADDRESS = "/studio/en/articles/import"
SENTENCE = "The garden is open to all who like to grow peas and beans on a Friday."
PEAS = f"{SENTENCE} There is tea for everybody."
WORD = word_file(
    ("Title", "Our garden"),
    ("Heading1", "Peas"),
    ("", PEAS),
    ("Heading1", "Beans"),
    ("", PEAS),
)
PAGE = f"""<!doctype html><html lang="en"><head><title>Our garden</title></head><body>
<nav><a href="/">Home</a></nav><article><h1>Our garden</h1><h2>Peas</h2><p>{PEAS}</p>
<h2>Beans</h2><p>{PEAS} {PEAS} {PEAS}</p></article></body></html>""".encode()
COOKIES = b"We use cookies, and so does everybody whom we know."
MARKDOWN = f"# Our garden\n\n## Peas\n\n{PEAS}\n\n## Beans\n\n{PEAS}\n".encode()


@pytest.mark.parametrize(
    ("data", "name"),
    [(WORD, "Garden.DOCX"), (PAGE, "garden.html"), (MARKDOWN, "garden.md")],
)
def test_a_file_becomes_a_form_that_is_mended_and_saved(
    staff: Staff, settings: Settings, data: bytes, name: str
) -> None:
    before = written(settings)
    staff.opens("/studio/en/articles")
    [address] = staff.page.xpath("//a[.='Bring in an article']/@href")
    staff.opens(str(address))
    staff.presses("Read it", file=(BytesIO(data), name))
    assert staff.status == 200
    staff.sees("No source was found: write it.")
    assert staff.field("title") == "Our garden"
    assert "## Peas" in staff.field("words")
    assert "tea for everybody" in staff.field("words")
    assert written(settings) == before
    staff.presses("Save", source="From our newsletter.", copyright="Copyright nobody.")
    staff.sees("Saved.")
    assert staff.address == "/studio/en/articles/edit?name=our-garden"


@pytest.fixture
def at_home(settings: Settings) -> Settings:
    """An installation that may ask this machine."""
    return replace(settings, private_hosts=frozenset({"127.0.0.1"}))


def test_a_page_s_address_becomes_a_form_that_is_mended_and_saved(
    at_home: Settings,
) -> None:
    page = PAGE.replace(b"</article>", b"</article><div><p>%b</p></div>" % COOKIES)
    with site({"/garden": (200, HTML, page)}) as server:
        staff = Staff(at_home)
        staff.signs_in()
        before = written(at_home)
        staff.opens(ADDRESS)
        staff.presses("Read it", address=f"  {server.address}/garden ")
    staff.sees("No source was found: write it.", "left out: We use cookies")
    assert staff.field("title") == "Our garden"
    assert "tea for everybody" in staff.field("words")
    assert written(at_home) == before
    staff.presses("Save", source="From our newsletter.", copyright="Copyright nobody.")
    staff.sees("Saved.")


def test_an_address_within_the_network_is_not_asked_and_stays_in_the_form(
    staff: Staff, settings: Settings
) -> None:
    with site() as server:
        staff.opens(ADDRESS)
        staff.presses("Read it", address=f"{server.address}/page")
        assert server.asked == []
    assert staff.status == 422
    staff.sees("Nothing was read", "only web servers can be asked", "paste them")
    assert staff.field("address") == f"{server.address}/page"


def test_a_page_that_takes_for_ever_is_told_with_what_to_do(
    at_home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At an address, and in a file."""
    monkeypatch.setattr("audio.apart.MOST_CPU_S", 1)
    breaks = PAGE.replace(b"</p>", b"</p>" + b"<br><br>" * 50_000, 1)
    why = "it takes too long to read, or too much memory; try a part of it"
    with site({"/garden": (200, HTML, breaks)}) as server:
        staff = Staff(at_home)
        staff.signs_in()
        before = written(at_home)
        staff.opens(ADDRESS)
        staff.presses("Read it", address=f"{server.address}/garden")
        assert staff.status == 422
        staff.sees(why, "paste them")
        assert staff.field("address") == f"{server.address}/garden"
        staff.presses("Read it", file=(BytesIO(breaks), "garden.html"), address="")
        assert staff.status == 422
        staff.sees(why)
    assert written(at_home) == before


def test_one_page_is_read_at_a_time(staff: Staff, settings: Settings) -> None:
    staff.opens(ADDRESS)
    settings.studio.mkdir(exist_ok=True)
    with (settings.studio / "fetching").open("w") as lock:
        assert try_lock(lock)
        staff.presses("Read it", address="www.example.org/news")
    assert staff.status == 422
    staff.sees("The studio is reading another page.")


def test_pasted_words_become_a_form(staff: Staff) -> None:
    staff.opens(ADDRESS)
    staff.presses("Read it", pasted=f"Our garden\n\n{PEAS}\n\n{PEAS}\n")
    assert staff.field("title") == "Our garden"
    assert "grow peas and beans" in staff.field("words")


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (b"", "", "Write an address, choose a file, or paste the words."),
        (b"%PDF", "garden.pdf", "This kind of file cannot be read."),
        (b"PK not a Word file", "garden.docx", "this is not a Word file"),
        (word_file(("", "<w:t>")), "garden.docx", "this is not a Word file"),
        (word_file(("", "garden " * 2_000_000)), "garden.docx", "is too large"),
        (b"too short", "garden.txt", "no article was found"),
        (b"\0\1\2" * 100, "garden.txt", "this is not text"),
    ],
)
def test_what_cannot_be_read_is_told_and_changes_nothing(
    staff: Staff, settings: Settings, data: bytes, name: str, why: str
) -> None:
    before = written(settings)
    staff.opens(ADDRESS)
    staff.presses("Read it", file=(BytesIO(data), name), pasted="")
    assert staff.status == 422
    staff.sees("Nothing was read", why)
    assert written(settings) == before


def test_a_file_that_is_too_large_is_refused(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing_page, "MOST_BYTES", 1000)
    staff.opens(ADDRESS)
    staff.presses("Read it", file=(BytesIO(b"x" * 1001), "garden.txt"))
    assert staff.status == 422
    staff.sees("This file is larger than")


def test_nothing_is_brought_into_a_language_that_is_not_there(staff: Staff) -> None:
    staff.opens("/studio/xx/articles/import")
    assert staff.status == 404
