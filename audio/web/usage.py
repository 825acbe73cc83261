"""How the line is used, as staff see it: charts, each a picture, a table and a CSV file."""

import csv
import io
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from textwrap import wrap
from typing import NamedTuple
from unicodedata import east_asian_width

from markupsafe import Markup

from ivr.callers.counts import Chosen, Counts, Day, Heard

MOST_DAYS = 30
"""In the picture; the table and the file have all."""

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")

# Pictures, in px. At 320 px between margins of 16, one has its natural size. What letters
# and digits take was measured in DejaVu Sans, which is wide.
WIDTH, LINE, GAP, FONT = 288, 22, 8, 15
LABEL = 112  # where bars begin, after the longest label
DIGIT = 10
LETTERS, CAPITALS = 27, 18  # in a line, bold


class Bar(NamedTuple):
    """A figure to look at."""

    group: str
    """What stands above it and its neighbours; may be empty."""
    label: str
    figure: int


@dataclass(frozen=True)
class Picture:
    """Bars on one scale, which is this picture's own."""

    name: str
    """Names its parts in the page; apart from any other picture's."""
    title: str
    bars: tuple[Bar, ...]

    @property
    def svg(self) -> Markup:
        """The picture, drawn."""
        return bars_svg(self)


@dataclass(frozen=True)
class Chart:
    """One thing to know about how the line is used."""

    name: str
    """Names it in addresses: letters alone."""
    title: str
    explanation: str
    head: tuple[str, ...]
    """The columns' names."""
    rows: tuple[tuple[str | int, ...], ...]
    """Words, the last of which say what the row is about, then figures."""
    pictures: tuple[Picture, ...]
    """The same figures to look at; of many days, only the last."""


def charts(counts: Counts) -> tuple[Chart, ...]:
    """Every chart, in the order of the page; without data, a chart has no rows."""
    return _calls(counts.days), _sections(counts.sections), _helplines(counts.helplines)


def _calls(days: tuple[Day, ...]) -> Chart:
    calls = Counter[date]()
    for day in days:
        calls[date.fromisoformat(day.date)] += day.calls
    length = (max(calls) - min(calls)).days + 1 if calls else 0
    every = [max(calls) - timedelta(n) for n in range(length)]
    bars = tuple(Bar("", f"{d:%a} {d.day} {d:%b}", calls[d]) for d in every[:MOST_DAYS])
    part = f"The last {MOST_DAYS} of {length} days; the table has them all"
    title = part if length > MOST_DAYS else "Every day"
    return Chart(
        "calls",
        "Calls each day",
        "How many calls began on each day, newest first.",
        ("Day", "Date", "Calls"),
        tuple((f"{d:%A}", d.isoformat(), calls[d]) for d in every),
        (Picture("calls", title, bars),) if bars else (),
    )


def _sections(sections: tuple[Heard, ...]) -> Chart:
    head = ("Begun", "To the end", "Stopped here")
    rows: list[tuple[str | int, ...]] = []
    pictures: list[Picture] = []
    for title, own in groupby(sections, key=lambda s: s.article):
        bars: list[Bar] = []
        for s in own:
            figures = (s.begun, s.to_the_end, s.stopped)
            rows.append((title, str(s.section), s.heading, *figures))
            bars += map(Bar, [f"{s.section}. {s.heading}"] * 3, head, figures)
        pictures.append(Picture(f"sections-{len(pictures) + 1}", title, tuple(bars)))
    return Chart(
        "sections",
        "Sections heard to the end, and where people stop",
        "How often each section was begun, and how often it was heard to its end. Stopped here: "
        "how often callers hung up in it, or left the article from it. Who went on to another "
        "section by key counts as begun alone. Each article has a scale of its own.",
        ("Article", "Section", "Heading", *head),
        tuple(rows),
        tuple(pictures),
    )


def _helplines(helplines: tuple[Chosen, ...]) -> Chart:
    ends = ("Answered", "In doubt", "Busy", "No answer", "Failed")
    head = ("Chosen", *ends, "Number heard")
    rows: list[tuple[str | int, ...]] = []
    bars: list[Bar] = []
    for h in helplines:
        ended = (h.answered, h.doubtful, h.busy, h.no_answer, h.failed)
        figures = (h.chosen, *ended, h.number_heard)
        rows.append((h.name, *figures))
        bars += map(Bar, [h.name] * len(head), head, figures)
    return Chart(
        "helplines",
        "Helplines chosen, and how transfers ended",
        "How often callers chose each helpline, what came of it when they asked to be put "
        "through, and how often they heard its number. A caller may try several times. In doubt: "
        "something answered, but the call was so short that it may have been a machine.",
        ("Helpline", *head),
        tuple(rows),
        (Picture("helplines", "Every helpline", tuple(bars)),) if bars else (),
    )


def as_csv(chart: Chart) -> str:
    """The chart's table under its head. Send it as `utf-8-sig`, by which Excel knows UTF-8.

    A spreadsheet runs a cell that begins with = + - @, a tab or a new line as a formula. A
    title may have come with anybody's page, so such words get an apostrophe in front.
    """
    file = io.StringIO(newline="")
    for row in (chart.head, *chart.rows):
        cells = (f"'{cell}" if str(cell).startswith(FORMULAS) else cell for cell in row)
        csv.writer(file).writerow(cells)
    return file.getvalue()


def bars_svg(picture: Picture) -> Markup:
    """Each bar in a line of its own, between its label and its figure: no figure is told by
    colour or by length alone. Needs no styles and no scripts; the colour is the text's.
    """
    top = max(picture.bars, key=lambda bar: bar.figure)
    scale = (WIDTH - LABEL - GAP - DIGIT * len(str(top.figure))) / max(top.figure, 1)
    parts: list[Markup] = []
    y = 0
    for group, bars in groupby(picture.bars, key=lambda bar: bar.group):
        for line in _lines(group):
            y += LINE
            parts.append(_text(0, y, line, "bold"))
        for bar in bars:
            y += LINE
            width = max(1, round(bar.figure * scale))  # of nothing, a thin line is left
            rect = Markup('<rect x="{}" y="{}" width="{}" height="{}"/>')
            parts.append(_text(0, y, bar.label))
            parts.append(rect.format(LABEL, y - LINE + 4, width, LINE - 6))
            parts.append(_text(LABEL + width + GAP // 2, y, str(bar.figure)))
        y += GAP
    most = " ".join(filter(None, (top.group, top.label)))
    return Markup(
        '<svg class="bars" role="img" aria-labelledby="{0}-title {0}-desc" viewBox="0 0 {1} {2}"'
        ' width="{1}" height="{2}" font-size="{3}" fill="currentColor">'
        '<title id="{0}-title">Bars: {4}</title><desc id="{0}-desc">The longest of {5} is {6}: '
        "{7}. The table has every figure.</desc>{8}</svg>"
    ).format(
        *(
            picture.name,
            WIDTH,
            y,
            FONT,
            picture.title,
            len(picture.bars),
            most,
            top.figure,
        ),
        Markup("").join(parts),
    )


def _lines(group: str) -> list[str]:
    """As much of a heading as three lines hold; the table has all of it."""
    wide = group.isupper() or any(east_asian_width(letter) in "WF" for letter in group)
    return wrap(group, CAPITALS if wide else LETTERS, max_lines=3, placeholder=" …")


def _text(x: int, y: int, words: str, weight: str = "normal") -> Markup:
    form = Markup('<text x="{}" y="{}" font-weight="{}">{}</text>')
    return form.format(x, y - 6, weight, words)
