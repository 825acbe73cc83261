"""The call map, and the README's copy of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ivr.call_map import Stop, stops
from ivr.call_map_picture import keys
from ivr.call_map_svg import as_svg
from ivr.content import slots
from ivr.edition import Edition, Store
from ivr.steps import KINDS
from scripts import call_map
from tests.small import article, edition, helpline, publish

ROOT = Path(__file__).parent.parent
SMALL = edition(article("one", 3, 4, 2))


def test_every_kind_of_step_is_on_the_map() -> None:
    names = {stop.name.split()[0] for stop in stops(SMALL)}
    assert names - {"welcome"} == set(KINDS) - {"articles"}  # a list of one is none


def test_a_step_tells_its_keys_and_its_seconds() -> None:
    menu = next(stop for stop in stops(SMALL) if stop.name == "menu")
    assert menu.leads["helplines 1"] == ["3", "0"]
    says = ("intro", "article", "contents", "helplines", "keys", "end")
    assert menu.seconds == pytest.approx(sum(len(f"<menu_{name}>") for name in says) / 10)


def test_every_prompt_is_listed_with_its_seconds() -> None:
    listed = call_map.prompts(SMALL)
    assert re.search(r"^welcome +0\.9 s   <welcome>$", listed, re.MULTILINE)
    assert len(listed.splitlines()) == len(slots())


def test_the_copy_in_the_readme_is_the_map(spoken: Path) -> None:
    """Its seconds too, where the voice it was drawn with is installed here."""
    store = Store(spoken)
    live: Edition = store.edition(store.live() or "")
    copy = call_map.MARKS.search((ROOT / "README.md").read_text("utf-8"))
    assert copy
    expected, found = call_map.markdown(live), copy[0]
    if f"voice {', '.join(live.voices.values())}." not in found:
        expected, found = (
            re.sub(r"voice .*\.|[0-9.]+ s\b", "", text) for text in (expected, found)
        )
    between = found.partition("\n")[2].rpartition("\n")[0] + "\n"
    assert between.split() == expected.split()


def test_it_brings_a_copy_up_to_date_and_says_where_it_cannot(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORE_URL", str(tmp_path / "store"))
    publish(tmp_path / "store", SMALL)
    file = tmp_path / "x.md"
    file.write_text("a\n<!-- call map -->\nold\n<!-- end of call map -->\nb\n")
    asked = ["--update", str(file)]
    assert call_map.main(asked) == 0
    text = file.read_text("utf-8")
    assert "old" not in text
    assert text.startswith("a\n<!-- call map -->\nSeconds")
    assert text.endswith("```\n<!-- end of call map -->\nb\n")
    file.write_text("no marks")
    assert call_map.main(asked) == 1
    assert "no <!-- call map --> marks" in capsys.readouterr().err


def test_without_an_edition_it_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORE_URL", str(tmp_path))
    assert call_map.main([]) == 1
    assert "scripts/render_audio.py" in capsys.readouterr().err


SVG = "{http://www.w3.org/2000/svg}"
LETTER_PX = 9
"""The width of a letter of a label, generously."""
ODD = [
    Stop("a < b & c", 1, {"x": ["1", "2"], "y": ["3"], '"z"': ["4"], "the line hangs up": ["5"]}),
    Stop("x", 2, {"y": ["1"], '"z"': ["2"], "x": []}),
    Stop("y", 3, {"x": ["1", "0"], '"z"': ["&", "silence"]}),
    Stop('"z"', 4, {"x": ["7"], "a < b & c": ["*"]}),
]
"""Names that need escaping; all but the first in one row, each leading to both others."""
MAPS = {
    "one article": stops(SMALL),
    "several articles": stops(edition(article("one", 3, 4, 2), article("two", 3, 1))),
    "many helplines": stops(edition(helplines=tuple(helpline(f"line {n}") for n in range(30)))),
    "odd": ODD,
}

Point = tuple[float, float]


@dataclass
class Area:
    """A part of the picture, px."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Area") -> bool:
        """Whether they have more than an edge in common."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def touches(self, point: Point) -> bool:
        """Whether it is on its edge."""
        return self.holds(point) and not self.holds(point, 1)

    def holds(self, point: Point, margin: float = 0) -> bool:
        """Whether it is inside, so far from its edges."""
        across = self.left + margin <= point[0] <= self.right - margin
        return across and self.top + margin <= point[1] <= self.bottom - margin


@dataclass
class Drawing:
    """The picture, as a browser reads it."""

    svg: ElementTree.Element

    def boxes(self) -> dict[str, Area]:
        """Each step's box, by the name that stands in it."""
        found = {}
        for group in self.svg.iter(f"{SVG}g"):
            (rect,) = group.iter(f"{SVG}rect")
            x, y, width, height = (float(rect.attrib[a]) for a in ("x", "y", "width", "height"))
            area = Area(x, y, x + width, y + height)
            for text in group.iter(f"{SVG}text"):
                assert area.holds((float(text.attrib["x"]), float(text.attrib["y"])), margin=5)
            found[group.findtext(f"{SVG}text[@class='name']", "")] = area
        return found

    def seconds(self) -> dict[str, str]:
        """What else stands in each box."""
        return {
            group.findtext(f"{SVG}text[@class='name']", ""): group.findtext(
                f"{SVG}text[@class='seconds']", ""
            )
            for group in self.svg.iter(f"{SVG}g")
        }

    def ways(self) -> dict[tuple[str, str], list[Point]]:
        """Points along each line, by the steps between which it says it leads."""
        return {
            (path.attrib["data-from"], path.attrib["data-to"]): list(points(path.attrib["d"]))
            for path in self.svg.iter(f"{SVG}path")
            if path.attrib["class"].startswith("way")
        }

    def labels(self) -> list[tuple[str, Point, Area]]:
        """Each label, where it begins, and the area that it takes."""
        found = []
        for text in self.svg.iter(f"{SVG}text"):
            if text.attrib["class"].startswith("label"):
                x, y = float(text.attrib["x"]), float(text.attrib["y"])
                width = LETTER_PX * len(text.text or "")
                left = x - width if text.attrib["text-anchor"] == "end" else x
                found.append((text.text or "", (x, y), Area(left, y - 11, left + width, y + 3)))
        return found

    def label_at(self, point: Point) -> str:
        """The label nearest to it."""
        near = {
            (x - point[0]) ** 2 + (y - point[1]) ** 2: text for text, (x, y), _ in self.labels()
        }
        assert min(near) < 25**2
        return near[min(near)]


def points(path: str) -> Iterator[Point]:
    """A line's points, close to each other; of SVG's commands, those that are used."""
    at = (0.0, 0.0)
    for command, numbers in re.findall(r"([A-Za-z])([^A-Za-z]*)", path):
        n = [float(number) for number in numbers.split()]
        if command == "M":
            at = (n[0], n[1])
        elif command == "C":
            corners = (at, (n[0], n[1]), (n[2], n[3]), (n[4], n[5]))
            yield from (between(corners, step / 40) for step in range(41))
            at = corners[-1]
        else:
            end = {"H": (n[0], at[1]), "V": (at[0], n[0])}[command]
            yield from (between((at, at, end, end), step / 20) for step in range(21))
            at = end


def between(corners: tuple[Point, ...], share: float) -> Point:
    """A point of a cubic curve."""
    t, u = share, 1 - share
    weights = (u**3, 3 * t * u * u, 3 * t * t * u, t**3)
    x, y = (sum(w * c[axis] for w, c in zip(weights, corners, strict=True)) for axis in (0, 1))
    return x, y


@pytest.fixture(params=MAPS)
def drawn(request: pytest.FixtureRequest) -> list[Stop]:
    """The steps of a call, of several kinds of line."""
    return MAPS[request.param]


@pytest.fixture
def drawing(drawn: list[Stop]) -> Drawing:
    """Their picture."""
    return Drawing(ElementTree.fromstring(as_svg(drawn)))


def test_every_step_has_a_box_with_its_name_and_seconds(
    drawn: list[Stop], drawing: Drawing
) -> None:
    expected = {stop.name: f"{stop.seconds:.1f} s" for stop in drawn}
    assert drawing.seconds() == expected | {"anywhere": ""}


def test_every_way_leads_from_box_to_box_and_begins_at_its_keys(
    drawn: list[Stop], drawing: Drawing
) -> None:
    """Zero, which leads to the helplines from anywhere, once."""
    names = {stop.name for stop in drawn}
    expected = {
        (stop.name, name): keys([label for label in labels if label not in ("0", "silence")])
        for stop in drawn
        for name, labels in stop.leads.items()
        if name in names and {*labels} - {"0", "silence"}
    }
    (helplines,) = {name for stop in drawn for name, labels in stop.leads.items() if "0" in labels}
    expected["anywhere", helplines] = "0"
    boxes, ways = drawing.boxes(), drawing.ways()
    assert {way: drawing.label_at(line[0]) for way, line in ways.items()} == expected
    assert len(drawing.labels()) == len(expected)
    for (origin, target), line in ways.items():
        assert boxes[origin].touches(line[0])
        assert boxes[target].touches(line[-1])


def test_no_box_or_label_lies_on_another(drawing: Drawing) -> None:
    areas = [*drawing.boxes().values(), *(area for _, _, area in drawing.labels())]
    assert not [pair for pair in combinations(areas, 2) if pair[0].overlaps(pair[1])]


def test_no_line_crosses_a_box_or_a_label(drawing: Drawing) -> None:
    boxes, labels = drawing.boxes().values(), drawing.labels()
    for way, line in drawing.ways().items():
        assert not [box for box in boxes if any(box.holds(point, 1) for point in line)], way
        assert not [text for text, _, area in labels if any(area.holds(p) for p in line)], way


def test_everything_is_in_the_picture_which_is_as_large_as_it_says(drawing: Drawing) -> None:
    left, top, width, height = (float(n) for n in drawing.svg.attrib["viewBox"].split())
    whole = Area(left, top, left + width, top + height)
    assert (drawing.svg.attrib["width"], drawing.svg.attrib["height"]) == (
        f"{width:.0f}",
        f"{height:.0f}",
    )
    areas = [*drawing.boxes().values(), *(area for _, _, area in drawing.labels())]
    assert all(whole.holds((a.left, a.top)) and whole.holds((a.right, a.bottom)) for a in areas)
    assert all(whole.holds(point, 2) for line in drawing.ways().values() for point in line)
    assert width <= 1400
    assert all(int(text.attrib["font-size"]) >= 14 for text in drawing.svg.iter(f"{SVG}text"))


def test_the_picture_has_a_name_and_nothing_that_a_strict_page_refuses(drawing: Drawing) -> None:
    every = list(drawing.svg.iter())
    ids = [element.attrib["id"] for element in every if "id" in element.attrib]
    assert drawing.svg.attrib["role"] == "img"
    assert drawing.svg.attrib["aria-labelledby"].split() == ids
    assert len(set(ids)) == 2
    assert all(drawing.svg.findtext(f"*[@id='{each}']") for each in ids)
    assert {element.tag.removeprefix(SVG) for element in every} == {
        *("svg", "title", "desc", "g", "rect", "text", "path")
    }
    assert not [element for element in every if "style" in element.attrib]


def test_three_keys_in_a_row_are_shown_as_a_range() -> None:
    assert keys(["1", "2", "3", "5", "6", "#"]) == "1–3 5 6 #"
    assert keys(["busy", "9", "*"]) == "busy 9 *"
