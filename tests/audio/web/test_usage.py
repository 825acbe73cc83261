"""How the line is used, as staff see it: the same figures in picture, table and file."""

import codecs
import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader
from playwright.sync_api import Browser, Page

from audio.web.usage import MOST_BARS, pictures
from ivr.callers.callers import Callers
from ivr.callers.database import database_url
from ivr.callers.events import Kind
from ivr.callers.report import Table
from ivr.callers.suppression import FEW, LEAST, MOST, Figure
from ivr.settings import ROOT, Settings
from tests.support.acting import KEY, Clock, until
from tests.support.browser import NARROW_PX, WIDE_PX, clear, in_a_browser, opened
from tests.support.staff import Staff
from tests.support.used import Use, counting

STYLE = ROOT / "audio/web/static/studio.css"
SCRIPT = ROOT / "audio/web/static/studio.js"


def exact(number: int) -> Figure:
    """A number that may be shown."""
    return Figure(number, number)


OR_MORE = Figure(31, MOST)

RIGHTS = ("en", "Your rights at the doctor’s")

SECTIONS = Table(
    "sections",
    "Sections",
    ("Language", "Article", "Section", "Heading", "Begun", "To the end", "Stopped"),
    (
        ("en", "Co-production", "1", "Introduction", exact(350), exact(295), FEW),
        (*RIGHTS, "1", "ASKING FOR A FORMAT THAT YOU CAN", exact(9999), OR_MORE, FEW),
        (*RIGHTS, "2", "読める形式を求める方法と苦情を", FEW, FEW, OR_MORE),
    ),
)
DAYS = Table(
    "days",
    "Calls each day",
    ("Day", "Calls", "Minutes"),
    tuple((f"2026-06-{n:02}", exact(n * 7), FEW) for n in range(1, 40)),
)
HELPLINES = Table(
    "helplines",
    "Helplines",
    ("Helpline", "Chosen", "Answered", "Number heard"),
    (("Samaritans", exact(120), exact(72), FEW),),
)
NOTHING = Table("speeds", "Speeds chosen", ("Speed", "Times chosen"), ())
BUSY = (DAYS, SECTIONS, HELPLINES, NOTHING)

FIGURES = (
    st.just(FEW)
    | st.integers(LEAST, 10**6).map(exact)
    | st.integers(LEAST, 10**6).map(lambda low: Figure(low, MOST))
)

PRINTED = st.text(st.characters(exclude_categories=("Cc", "Cn", "Cs")), max_size=90)
MARKUP = st.sampled_from(
    ("<script>alert(1)</script>", "\" onload='x", "&amp; ]]> <!--", "{{ x }}")
)
WORDS = PRINTED | MARKUP


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Any table."""
    words, figures = draw(st.integers(1, 4)), draw(st.integers(1, 7))
    head = draw(
        st.lists(WORDS, min_size=words + figures, max_size=words + figures).map(tuple)
    )
    row = st.tuples(*[WORDS] * words, *[FIGURES] * figures)
    rows = draw(st.lists(row, max_size=4).map(tuple))
    return Table("any", draw(WORDS), head, rows, draw(WORDS))


def page_of(*tables: Table) -> str:
    """A page around the tables, as the studio's."""
    loader = FileSystemLoader(ROOT / "audio/web/templates")
    template = Environment(loader=loader, autoescape=True).from_string(
        '<html lang="en"><head><title>Usage</title></head><body><main><h1>Usage</h1>'
        '{% from "studio/usage_tables.html" import usage %}{{ usage(tables, pictures) }}'
        "</main></body></html>"
    )
    return template.render(tables=tables, pictures=pictures)


def parsed(*tables: Table) -> ElementTree.Element:
    """The page, which must be well formed."""
    return ElementTree.fromstring(page_of(*tables))


def text(element: ElementTree.Element) -> str:
    """All its words."""
    return " ".join("".join(element.itertext()).split())


# The pictures


def test_few_columns_have_a_picture_each_and_of_many_rows_the_last_are_shown() -> None:
    calls, minutes = pictures(DAYS)
    assert calls.title == f"Calls: the last {MOST_BARS} of 39"
    assert calls.bars[-1] == ("", "2026-06-39", exact(273))
    assert len(calls.bars) == MOST_BARS
    assert {str(bar.figure) for bar in minutes.bars} == {"fewer than 5"}


def test_many_columns_stand_together_under_what_the_row_is_about() -> None:
    first, second = pictures(SECTIONS)
    assert (first.title, second.title) == (
        "en: Co-production",
        "en: Your rights at the doctor’s",
    )
    assert first.bars[:2] == [
        ("1. Introduction", "Begun", exact(350)),
        ("1. Introduction", "To the end", exact(295)),
    ]
    [helplines] = pictures(HELPLINES)
    assert helplines.title == "Helpline"
    assert helplines.bars[0] == ("Samaritans", "Chosen", exact(120))


def test_a_table_without_rows_says_so_and_has_no_picture() -> None:
    assert list(pictures(NOTHING)) == []
    said = [text(section) for section in parsed(*BUSY).iter("section")]
    assert [each.endswith("Nothing.") for each in said] == [False, False, False, True]


@given(tables())
def test_the_page_has_the_same_figures_in_the_table_and_in_the_pictures(
    table: Table,
) -> None:
    page = parsed(table)
    if not table.rows:
        return
    cells = [[text(cell) for cell in row] for row in page.iter("tr")]
    assert cells == [
        [" ".join(str(cell).split()) for cell in row]
        for row in (table.head, *table.rows)
    ]
    words = [t for svg in page.iter("svg") for t in svg.iter("text")]
    drawn = [t.text for t in words if t.attrib["font-weight"] == "normal"]
    told = [str(cell) for row in table.rows for cell in row if isinstance(cell, Figure)]
    assert sorted(filter(None, drawn[1::2])) == sorted(told)
    rects = [each for svg in page.iter("svg") for each in svg.iter("rect")]
    assert len(rects) == len(told)


@given(tables())
def test_no_part_of_a_picture_leaves_it(table: Table) -> None:
    for svg in parsed(table).iter("svg"):
        _, _, width, height = map(int, svg.attrib["viewBox"].split())
        assert (svg.attrib["width"], svg.attrib["height"]) == (str(width), str(height))
        assert int(svg.attrib["font-size"]) >= 14
        for part in (*svg.iter("rect"), *svg.iter("text")):
            x, y = int(part.attrib["x"]), int(part.attrib["y"])
            across, down = (
                int(part.attrib.get(side, 0)) for side in ("width", "height")
            )
            assert 0 <= x <= x + across <= width
            assert 0 <= y <= y + down <= height


def test_a_longer_bar_is_a_greater_figure() -> None:
    rects = next(parsed(DAYS).iter("svg")).iter("rect")
    widths = [int(rect.attrib["width"]) for rect in rects]
    assert widths == sorted(widths)
    assert widths[-1] > 4 * widths[0]


@given(tables())
def test_a_strict_policy_blocks_nothing_of_it_and_names_are_apart(table: Table) -> None:
    page = parsed(table)
    tags = {element.tag for element in page.iter()}
    assert not tags & {"style", "script", "img", "foreignObject"}
    attributes = {name for e in page.iter() for name in e.attrib}
    assert not {name for name in attributes if name == "style" or name.startswith("on")}
    ids = [e.attrib["id"] for e in page.iter() if "id" in e.attrib]
    assert len(ids) == len(set(ids))
    named = [svg.attrib["aria-labelledby"].split() for svg in page.iter("svg")]
    assert [each for pair in named for each in pair] == ids


# The page


@pytest.fixture
def callers(tmp_path: Path) -> Iterator[Callers]:
    """Those of a server, at noon of 24 November."""
    callers = counting(tmp_path)
    yield callers
    callers.stop()


@pytest.fixture
def reader(settings: Settings, callers: Callers) -> Staff:
    """Somebody who is signed in, where calls are counted."""
    reader = Staff(settings, callers=callers)
    reader.signs_in()
    return reader


def test_what_was_counted_is_shown_and_fetched(reader: Staff, callers: Callers) -> None:
    day = date(2026, 10, 6)
    use = Use(callers)
    use.happens(40, day, Kind.CALL)
    use.happens(3, day, Kind.SILENT)
    use.happens(8, day, Kind.CHOSEN, subject="childline")
    told = use.report("2026-10")
    reader.opens("/studio/use")  # the last month that is over
    reader.sees(
        "How the line was used in October 2026",
        "Calls 40",
        "Silent calls fewer than 5",
        "Childline 8 fewer than 5",
    )
    csv_url, json_url = reader.page.xpath("//main//a[@download]/@href")
    answer = reader.client.get(csv_url)
    assert answer.headers["Content-Disposition"].endswith("line-2026-10.csv")
    assert answer.data.startswith(codecs.BOM_UTF8)  # by which spreadsheets know it
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert ["Calls", "40"] in rows
    assert len(rows) > sum(len(table.rows) for table in told.tables)
    loaded = json.loads(reader.client.get(json_url).data)
    assert loaded["tables"]["calls"][0] == {"": "Calls", "Number": 40}


def test_days_weeks_and_months_can_be_asked_for_and_paged_through(
    reader: Staff, callers: Callers
) -> None:
    use = Use(callers)
    use.happens(40, date(2026, 10, 6), Kind.CALL)
    use.report("2026-10")
    for period, said in (
        ("2026-10-06", "on 6 October 2026"),
        ("2026-W41", "in the week from Monday, 5 October 2026"),
        (" 2026-10 ", "in October 2026"),
        ("2026", "in 2026"),
    ):
        reader.opens(f"/studio/use?period={period}")
        reader.sees(f"How the line was used {said}", "Calls 40")
        assert reader.page.get_element_by_id("field-period").value == period.strip()
    before, after = reader.page.xpath("//h2/following-sibling::p[1]/a/@href")
    assert before.endswith("period=2025")
    assert after.endswith("period=2027")
    reader.opens(before)
    reader.sees("Nothing was counted in 2025.")


def test_a_month_without_data_says_so(reader: Staff) -> None:
    reader.opens("/studio/use?period=2026-02")
    reader.sees("Nothing was counted in February 2026.")
    assert reader.page.xpath("//main//section | //main//a[@download]") == []


def test_a_period_that_is_none_is_named_beside_the_field(reader: Staff) -> None:
    reader.opens("/studio/use?period=July")
    assert reader.status == 422
    assert reader.fault("period").startswith("'July' is not a period: name one as ")
    assert reader.page.get_element_by_id("field-period").value == "July"
    reader.opens("/studio/use/July.csv")
    assert reader.status == 404
    reader.sees("'July' is not a period")


def test_without_a_database_the_page_says_what_is_missing(staff: Staff) -> None:
    staff.opens("/studio/use")
    staff.sees("Calls are not counted here: this server runs without its database.")
    staff.opens("/studio/use/2026-10.csv")
    assert staff.status == 404


def test_a_database_that_is_away_is_told_in_the_page(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ivr.callers.writer.STOP_S", 0.1)
    nowhere = database_url("postgresql://nobody:a-secret@127.0.0.1:1/none", tmp_path)
    callers = Callers(nowhere, KEY, Clock())
    callers.start()
    until(lambda: callers.status().trouble is not None)
    staff = Staff(settings, callers=callers)
    staff.signs_in()
    staff.opens("/studio/use")
    assert staff.status == 503
    staff.sees(
        "Counts are not being kept just now , because: The database postgresql://127.0.0.1:1/none"
        " is away",
        "The counts cannot be read now",
    )
    assert "a-secret" not in staff.document
    callers.stop()


# A year, in a browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page."""
    with opened(browser) as page:
        yield page


@in_a_browser
def test_no_barrier_is_found_in_the_figures_of_a_year(
    page: Page, reader: Staff, callers: Callers
) -> None:
    Use(callers).for_a_year()
    reader.opens("/studio/use?period=2026")
    reader.sees("Calls each month", "2026-10")
    page.set_content(reader.document)
    page.add_style_tag(content=STYLE.read_text())
    page.add_script_tag(content=SCRIPT.read_text())
    clear(page)
    for width in (NARROW_PX, WIDE_PX):
        page.set_viewport_size({"width": width, "height": 800})
        assert letters_that_do_not_fit(page) == []


@in_a_browser
@pytest.mark.parametrize("width", [NARROW_PX, WIDE_PX])
def test_no_letters_of_a_picture_are_cut_off_or_too_small(
    page: Page, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.set_content("<!doctype html>" + page_of(*BUSY))
    page.add_style_tag(content=STYLE.read_text())
    assert letters_that_do_not_fit(page) == []


def letters_that_do_not_fit(page: Page) -> list[object]:
    """Words in pictures that are too small, cut off, or run into a bar."""
    letters = page.evaluate(
        """[...document.querySelectorAll("svg text")].map((text) => {
          const box = text.getBoundingClientRect(), all = text.ownerSVGElement;
          const frame = all.getBoundingClientRect(), scale = frame.width / 288;
          const bars = [...all.querySelectorAll("rect")].map((r) => r.getBoundingClientRect());
          const struck = bars.some((bar) => bar.left < box.right && box.left < bar.right
            && bar.top < box.bottom && box.top < bar.bottom && bar.top > box.top);
          return [text.textContent, 15 * scale, box.left - frame.left, frame.right - box.right,
            struck];
        })"""
    )
    assert letters
    return [each for each in letters if each[1] < 14 or min(each[2:4]) < -1 or each[4]]
