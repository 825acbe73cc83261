"""How the line is used, as staff see it: the same figures in picture, table and file."""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader
from playwright.sync_api import Browser, Page

from audio.web.usage import MOST_DAYS, as_csv, charts
from ivr.callers.counts import NO_COUNTS, Chosen, Counts, Day, Heard
from ivr.settings import ROOT
from tests.support.browser import NARROW_PX, WIDE_PX, clear, in_a_browser, opened

STYLE = ROOT / "audio/web/static/studio.css"

MONTHS = tuple(
    Day((date(2026, 6, 1) + timedelta(n)).isoformat(), n * 7 % 23)
    for n in range(45)
    if n % 9
)
SECTIONS = (
    Heard("Co-production: what it is", 1, "Introduction", 350, 295, 19),
    Heard(
        "Co-production: what it is", 2, "What it means for those who are asked", 9, 3, 4
    ),
    Heard(
        "Your rights at the doctor’s",
        1,
        "ASKING FOR A FORMAT THAT YOU CAN READ",
        9999,
        61,
        0,
    ),
    Heard(
        "Your rights at the doctor’s",
        2,
        "読める形式を求める方法と苦情を申し立てる方法について",
        2,
        1,
        1,
    ),
)
HELPLINES = (
    Chosen("Samaritans", 120, 72, 6, 12, 15, 0, 24),
    Chosen("Information about sight loss", 71, 42, 3, 7, 8, 1, 14),
)
BUSY = Counts(MONTHS, SECTIONS, HELPLINES)


def times() -> st.SearchStrategy[int]:
    """How often something happened."""
    return st.integers(0, 10**9)


def counts(words: st.SearchStrategy[str]) -> st.SearchStrategy[Counts]:
    """Any counts, with such titles, headings and names."""
    days = st.dates(date(2026, 1, 1), date(2027, 3, 1)).map(date.isoformat)
    day = st.builds(Day, days, times())
    section = st.builds(
        Heard, words, st.integers(1, 99), words, times(), times(), times()
    )
    helpline = st.builds(Chosen, words, *[times()] * 7)
    some = (st.lists(each, max_size=5).map(tuple) for each in (day, section, helpline))
    return st.builds(Counts, *some)


PRINTED = st.text(st.characters(exclude_categories=("Cc", "Cn", "Cs")), max_size=90)
MARKUP = st.sampled_from(
    ("<script>alert(1)</script>", "\" onload='x", "&amp; ]]> <!--", "{{ x }}")
)


def page_of(counts: Counts) -> str:
    """A page around the charts, as the studio's."""
    loader = FileSystemLoader(ROOT / "audio/web/templates")
    template = Environment(loader=loader, autoescape=True).from_string(
        '<html lang="en"><head><title>Usage</title></head><body><main><h1>Usage</h1>'
        '{% from "studio/usage_charts.html" import usage %}{{ usage(charts, csv_url) }}'
        "</main></body></html>"
    )
    return template.render(
        charts=charts(counts), csv_url=lambda name: f"/studio/{name}.csv"
    )


def parsed(counts: Counts) -> ElementTree.Element:
    """The page, which must be well formed."""
    return ElementTree.fromstring(page_of(counts))


def text(element: ElementTree.Element) -> str:
    """All its words."""
    return " ".join("".join(element.itertext()).split())


def test_before_the_first_call_the_page_says_so_and_no_more() -> None:
    assert not any(chart.rows or chart.pictures for chart in charts(NO_COUNTS))
    page = parsed(NO_COUNTS)
    assert (
        next(page.iter("p")).text
        == "No calls yet: this line does not count them so far."
    )
    assert {e.tag for e in page.iter()} == {
        "html",
        "head",
        "title",
        "body",
        "main",
        "h1",
        "p",
    }


def test_a_chart_without_data_says_so_beside_those_that_have_some() -> None:
    said = [text(section) for section in parsed(Counts(MONTHS, (), ())).iter("section")]
    assert ["Nothing yet." in each for each in said] == [False, True, True]


def test_days_without_calls_are_told_between_the_first_and_the_last() -> None:
    days = (Day("2026-03-01", 2), Day("2026-02-26", 7), Day("2026-03-01", 1))
    assert charts(Counts(days, (), ()))[0].rows == (
        ("Sunday", "2026-03-01", 3),
        ("Saturday", "2026-02-28", 0),
        ("Friday", "2026-02-27", 0),
        ("Thursday", "2026-02-26", 7),
    )


def test_of_many_days_the_picture_shows_the_last_and_says_so() -> None:
    calls = charts(BUSY)[0]
    assert len(calls.rows) == 44
    shown = [bar.figure for bar in calls.pictures[0].bars]
    assert shown == [row[2] for row in calls.rows[:MOST_DAYS]]
    said = [text(each) for each in parsed(BUSY).iter("figcaption")]
    assert said[0] == "The last 30 of 44 days; the table has them all"
    assert charts(Counts(MONTHS[:3], (), ()))[0].pictures[0].title == "Every day"


def test_each_figure_stands_under_its_own_name() -> None:
    _, sections, helplines = charts(BUSY)
    assert dict(zip(sections.head, sections.rows[0], strict=True)) == {
        **{
            "Article": "Co-production: what it is",
            "Section": "1",
            "Heading": "Introduction",
        },
        **{"Begun": 350, "To the end": 295, "Stopped here": 19},
    }
    assert dict(zip(helplines.head, helplines.rows[1], strict=True)) == {
        **{
            "Helpline": "Information about sight loss",
            "Chosen": 71,
            "Answered": 42,
            "In doubt": 3,
            "Busy": 7,
        },
        **{"No answer": 8, "Failed": 1, "Number heard": 14},
    }
    bars = [(*bar,) for picture in sections.pictures for bar in picture.bars]
    assert bars[1] == ("1. Introduction", "To the end", 295)
    assert [picture.title for picture in sections.pictures] == list(
        dict.fromkeys(s.article for s in SECTIONS)
    )


@given(counts(st.text()))
def test_the_file_read_back_gives_the_table(counts: Counts) -> None:
    for chart in charts(counts):
        read = list(csv.reader(io.StringIO(as_csv(chart), newline="")))
        assert tuple(read[0]) == chart.head
        assert len(read) == 1 + len(chart.rows)
        for cells, row in zip(read[1:], chart.rows, strict=True):
            for cell, told in zip(cells, row, strict=True):
                assert cell in (str(told), f"'{told}")
                assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_words_are_a_formula_to_a_spreadsheet(begin: str) -> None:
    words = f'{begin}HYPERLINK("http://x.test","y")'
    chart = charts(Counts((), (), (Chosen(words, 1, 0, 0, 0, 0, 0, 0),)))[2]
    read = list(csv.reader(io.StringIO(as_csv(chart), newline="")))
    assert read[1] == ["'" + words, "1", *["0"] * 6]


@given(counts(PRINTED | MARKUP))
def test_the_page_has_the_same_figures_in_the_table_and_in_the_pictures(
    counts: Counts,
) -> None:
    told = [chart for chart in charts(counts) if chart.rows]
    sections = [
        each for each in parsed(counts).iter("section") if list(each.iter("table"))
    ]
    for chart, section in zip(told, sections, strict=True):
        cells = [[text(c) for c in row] for row in section.iter("tr")]
        assert cells == [
            [" ".join(str(cell).split()) for cell in row]
            for row in (chart.head, *chart.rows)
        ]
        shown = chart.rows[:MOST_DAYS] if chart.name == "calls" else chart.rows
        words = [t for svg in section.iter("svg") for t in svg.iter("text")]
        drawn = [t.text for t in words if t.attrib["font-weight"] == "normal"]
        assert drawn[1::2] == [
            str(n) for row in shown for n in row if isinstance(n, int)
        ]
        assert len(drawn[1::2]) == sum(
            1 for svg in section.iter("svg") for _ in svg.iter("rect")
        )


@given(counts(PRINTED | MARKUP))
def test_no_part_of_a_picture_leaves_it(counts: Counts) -> None:
    for svg in parsed(counts).iter("svg"):
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
    rects = next(parsed(BUSY).iter("svg")).iter("rect")
    widths = [int(rect.attrib["width"]) for rect in rects]
    shown = [bar.figure for bar in charts(BUSY)[0].pictures[0].bars]
    assert sorted(zip(shown, widths, strict=True)) == list(
        zip(sorted(shown), sorted(widths), strict=True)
    )
    assert len(set(widths)) == len(set(shown))


@given(counts(PRINTED | MARKUP))
def test_a_strict_policy_blocks_nothing_of_it_and_names_are_apart(
    counts: Counts,
) -> None:
    page = parsed(counts)
    assert not {e.tag for e in page.iter()} & {
        "style",
        "script",
        "img",
        "foreignObject",
    }
    attributes = {name for e in page.iter() for name in e.attrib}
    assert not {name for name in attributes if name == "style" or name.startswith("on")}
    ids = [e.attrib["id"] for e in page.iter() if "id" in e.attrib]
    assert len(ids) == len(set(ids))
    named = [svg.attrib["aria-labelledby"].split() for svg in page.iter("svg")]
    assert [each for pair in named for each in pair] == ids


def test_each_chart_can_be_fetched_as_a_file() -> None:
    links = [(a.attrib["href"], text(a)) for a in parsed(BUSY).iter("a")]
    assert links == [
        (f"/studio/{c.name}.csv", f"{c.title}, as CSV") for c in charts(BUSY)
    ]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page."""
    with opened(browser) as page:
        yield page


@in_a_browser
@pytest.mark.parametrize("counts", [BUSY, NO_COUNTS], ids=["busy", "no calls"])
def test_no_barrier_is_found(page: Page, counts: Counts) -> None:
    page.set_content("<!doctype html>" + page_of(counts))
    page.add_style_tag(content=STYLE.read_text())
    clear(page)


@in_a_browser
@pytest.mark.parametrize("width", [NARROW_PX, WIDE_PX])
def test_no_letters_of_a_picture_are_cut_off_or_too_small(
    page: Page, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.set_content("<!doctype html>" + page_of(BUSY))
    page.add_style_tag(content=STYLE.read_text())
    letters = page.evaluate(
        """[...document.querySelectorAll("svg text")].map((text) => {
          const box = text.getBoundingClientRect(), all = text.ownerSVGElement;
          const frame = all.getBoundingClientRect(), scale = frame.width / 288;
          return [text.textContent, 15 * scale, box.left - frame.left, frame.right - box.right];
        })"""
    )
    assert letters
    assert [each for each in letters if each[1] < 14 or min(each[2:]) < -1] == []
