"""How the line is used: each table of a report, with pictures of its figures, and its files."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from textwrap import wrap
from typing import Any, NamedTuple, Protocol
from unicodedata import east_asian_width

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from audio.web.pages import no_such_page, pages, studio
from ivr.errors import DatabaseError, PeriodError

MOST_BARS = 31
"""In a picture of one column: a month of days. Of more, the last."""

FILES = {"csv": ("text/csv", "utf-8-sig"), "json": ("application/json", "utf-8")}
"""By the ending of a report's file: its type, and its encoding. The mark that `utf-8-sig` begins
with tells a spreadsheet that it is UTF-8."""

# Pictures, in px. At 320 px between margins of 16, one has its natural size. What letters
# and digits take was measured in DejaVu Sans, which is wide.
WIDTH, LINE, GAP, FONT = 288, 22, 8, 15
LETTER, DIGIT = 9, 10  # of a label, which bars begin after; of a figure
LETTERS, CAPITALS = 27, 18  # in a line, bold

SVG = Markup(
    '<svg class="bars" role="img" aria-labelledby="{name}-title {name}-desc"'
    ' viewBox="0 0 {width} {height}"'
    ' width="{width}" height="{height}" font-size="{font}" fill="currentColor">'
    '<title id="{name}-title">Bars: {title}</title>'
    '<desc id="{name}-desc">The longest of {count} is {longest}: '
    "{figure}. The table has every figure.</desc>{drawn}</svg>"
)
BAR = Markup('<rect x="{}" y="{}" width="{}" height="{}"/>')
TEXT = Markup('<text x="{}" y="{}" font-weight="{}">{}</text>')


@pages.get("/use")
def use() -> ResponseReturnValue:
    """How the line was used in a period; without one, in the last month that is over."""
    counts = studio().counts
    if counts is None:
        return render_template("studio/use_missing.html")
    asked = request.args.get("period", "").strip() or "month"
    page = partial(
        render_template, "studio/use.html", asked=asked, trouble=counts.trouble()
    )
    try:
        report = counts.report(asked)
    except PeriodError as error:
        return page(wrong=error), 422
    except DatabaseError as error:
        return page(unread=error), 503
    return page(report=report, pictures=pictures)


@pages.get("/use/<period>.<form>")
def use_file(period: str, form: str) -> Response:
    """All figures of a period, for a spreadsheet or a program."""
    counts = studio().counts
    if counts is None or form not in FILES:
        no_such_page()
    try:
        report = counts.report(period)
    except PeriodError as error:
        abort(404, str(error))
    mimetype, encoding = FILES[form]
    data = report.printed(form).encode(encoding)
    response = Response(data, mimetype=mimetype)
    name = f"line-{report.period.name}.{form}"
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response


class Use(NamedTuple):
    """How much the line was used, for a glance."""

    title: str
    calls: str
    """How many, in words: small numbers are not shown, and may not be known."""


def last_week() -> Use:
    """The calls of the last week that is over."""
    counts = studio().counts
    if counts is None:
        return Use("Calls last week", "not counted here")
    try:
        report = counts.report("week")
    except DatabaseError:
        return Use("Calls last week", "not known just now")
    if not report.tables:
        return Use("Calls last week", "none")
    calls_table = report.tables[0]
    name, calls, *_ = calls_table.rows[0]
    return Use(f"{name} last week", str(calls))


class Figure(Protocol):
    """A number, or as much of it as may be shown: its words say how much."""

    @property
    def low(self) -> int:
        """The least that it can be."""


class Table(Protocol):
    """One thing to know about how the line is used."""

    @property
    def name(self) -> str:
        """Names it in the page: letters alone."""

    @property
    def title(self) -> str:
        """What it tells."""

    @property
    def head(self) -> Sequence[str]:
        """The columns' names."""

    @property
    def rows(self) -> Sequence[Sequence[Any]]:
        """Words, the last of which say what the row is about; then figures."""


class Bar(NamedTuple):
    """A figure to look at."""

    group: str
    """What stands above it and its neighbours; may be empty."""
    label: str
    figure: Figure


class Picture(NamedTuple):
    """Bars on one scale, which is this picture's own."""

    name: str
    """Names its parts in the page; apart from any other picture's."""
    title: str
    bars: Sequence[Bar]

    @property
    def svg(self) -> Markup:
        """The picture, drawn."""
        return bars_svg(self)


def pictures(table: Table) -> Iterator[Picture]:
    """A table's figures as pictures: one per column if there are few, otherwise by groups of
    rows."""
    if not table.rows:
        return
    words = sum(isinstance(cell, str) for cell in table.rows[0])
    if len(table.head) - words <= 2:
        yield from _columns(table, words)
    else:
        yield from _groups(table, words)


def _columns(table: Table, words: int) -> Iterator[Picture]:
    """A picture for each column of figures; of many rows, the last."""
    shown = table.rows[-MOST_BARS:]
    part = ""
    if len(shown) < len(table.rows):
        part = f": the last {len(shown)} of {len(table.rows)}"
    label = words - 1
    names = table.head[words:]
    for column, name in enumerate(names, words):
        bars = [Bar("", row[label], row[column]) for row in shown]
        yield Picture(f"{table.name}-{column}", f"{name}{part}", bars)


def _groups(table: Table, words: int) -> Iterator[Picture]:
    """A picture for each thing that rows have in common, such as the article of sections."""
    names = table.head[words:]
    in_common = max(0, words - 2)
    alike = groupby(table.rows, key=lambda row: row[:in_common])
    for number, (common, rows) in enumerate(alike, 1):
        bars: list[Bar] = []
        for row in rows:
            about = ". ".join(filter(None, row[in_common:words]))
            figures = row[words:]
            for name, figure in zip(names, figures, strict=True):
                bars.append(Bar(about, name, figure))
        title = ": ".join(common) or table.head[words - 1]
        yield Picture(f"{table.name}-{number}", title, bars)


def bars_svg(picture: Picture) -> Markup:
    """Each bar in a line of its own, between its label and its figure: no figure is told by
    colour or by length alone. Needs no styles and no scripts; the colour is the text's.
    """
    start = _start(picture.bars)
    scale = _scale(picture.bars, start)
    drawn: list[Markup] = []
    y = 0
    for group, bars in groupby(picture.bars, key=lambda bar: bar.group):
        for line in _lines(group):
            y += LINE
            drawn.append(_text(0, y, line, "bold"))
        for bar in bars:
            y += LINE
            length = round(bar.figure.low * scale)
            width = max(1, length)  # of nothing, a thin line is left
            top = y - LINE + 4
            after_bar = start + width + GAP // 2
            drawn.append(_text(0, y, bar.label))
            drawn.append(BAR.format(start, top, width, LINE - 6))
            drawn.append(_text(after_bar, y, str(bar.figure)))
        y += GAP
    longest = max(picture.bars, key=lambda bar: bar.figure.low)
    called = " ".join(filter(None, (longest.group, longest.label)))
    return SVG.format(
        name=picture.name,
        width=WIDTH,
        height=y,
        font=FONT,
        title=picture.title,
        count=len(picture.bars),
        longest=called,
        figure=longest.figure,
        drawn=Markup("").join(drawn),
    )


def _start(bars: Sequence[Bar]) -> int:
    """Where bars begin: after the longest label, or as much of it as there is room for."""
    longest = max(len(bar.label) for bar in bars)
    return min(GAP + LETTER * longest, WIDTH // 2)


def _scale(bars: Sequence[Bar], start: int) -> float:
    """How many px stand for one, so that each bar has room."""
    scales = []
    for bar in bars:
        figure = max(bar.figure.low, 1)
        scales.append(_room(bar, start) / figure)
    return min(scales)


def _room(bar: Bar, start: int) -> int:
    """How long a bar may be, so that its figure stands beside it."""
    return WIDTH - start - GAP - DIGIT * len(str(bar.figure))


def _lines(group: str) -> list[str]:
    """As much of a heading as three lines hold; the table has all of it."""
    letters = LETTERS
    is_wide = any(east_asian_width(letter) in "WF" for letter in group)
    if is_wide or group.isupper():
        letters = CAPITALS
    return wrap(group, letters, max_lines=3, placeholder=" …")


def _text(x: int, y: int, words: str, weight: str = "normal") -> Markup:
    return TEXT.format(x, y - 6, weight, words)
