"""The fields of what staff edit: what each is called, how it is typed, and what a file gets.

The forms, in the order in which a page has them, are at the end.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from audio.words.tables import MOST_CHARACTERS

Values = dict[str, str]
"""What a form holds, by the fields' names."""

MOST_OF_AN_ARTICLE = 150_000
"""Characters: about three hours. A call lasts four at most."""

A_MOMENT = "%Y-%m-%dT%H:%M"
"""A date with a time, as browsers send it and show it."""


@dataclass(frozen=True)
class Field:
    """A line of text, and what other fields have in common."""

    name: str
    """As the file has it."""
    label: str
    hint: str = ""
    fixed: bool = False
    """Given once, when the entry is added."""
    optional: bool = False
    """Whether a file has no such key where nothing is typed."""
    most: int = 300
    """The most characters: as much as callers can listen to, or staff can read."""

    control: ClassVar[str] = "text"
    """What a form shows: `text`, `lines`, `tick`, `number`, `choice`, `day` or `moment`."""
    rows: ClassVar[int] = 1
    """How many lines a form shows."""

    def tidied(self, typed: str) -> str:
        """What was typed, without what cannot be seen."""
        return " ".join(typed.split())

    def to_toml(self, text: str) -> object:
        """The value that a file gets."""
        return text

    def refusal(self, text: str) -> str:
        """Why no file can hold this, so that the content check never sees it; empty if one can."""
        return ""

    def too_long(self, text: str) -> str:
        """Why this is too long; empty if it is not."""
        if len(text) <= self.most:
            return ""
        return (
            f"this has {len(text):,} characters; shorten it to {self.most:,}, so that callers"
            " can follow it"
        )


Fields = tuple[Field, ...]
"""A form, in its order."""


class Paragraph(Field):
    """Text for which one line is too narrow; it has no line breaks of its own."""

    control = "lines"
    rows = 4


class SeveralLines(Field):
    """Text that keeps its line breaks."""

    control = "lines"
    rows = 24

    def tidied(self, typed: str) -> str:
        """Line ends are those of files; forms send others."""
        return typed.replace("\r\n", "\n").strip()


class ListOfLines(SeveralLines):
    """A list of texts: a line each."""

    rows = 4

    def to_toml(self, text: str) -> object:
        """Empty lines are no entries."""
        lines = [line.strip() for line in text.split("\n")]
        return list(filter(None, lines))


class HoursOfADay(ListOfLines):
    """`as usual`, `closed`, or the hours of a day, a line each."""

    rows = 2

    def to_toml(self, text: str) -> object:
        """One alone is text, as staff would write it in the file."""
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        if len(lines) == 1:
            return lines[0]
        return lines


class DatedLines(ListOfLines):
    """A date or a stretch of dates a line, and its hours: `2026-12-24 09:00-12:00`."""

    def tidied(self, typed: str) -> str:
        """One space between a date and its hours."""
        words_of_lines = [line.split() for line in typed.splitlines()]
        lines = [" ".join(words) for words in words_of_lines]
        return "\n".join(filter(None, lines))

    without_words = (
        "{key!r} has no hours; write them after it, such as: 2026-12-25 closed"
    )
    twice = "{key} stands here twice; put its hours on one line"

    def to_toml(self, text: str) -> object:
        """A table of what begins the lines."""
        return {key: self.value(words) for key, words in _keys_and_words(text)}

    def value(self, words: str) -> object:
        """Several hours of a date are a list."""
        several = [each.strip() for each in words.split(",")]
        if len(several) > 1:
            return several
        return words

    def refusal(self, text: str) -> str:
        """A table cannot hold a key twice, nor one without words."""
        seen: set[str] = set()
        for key, words in _keys_and_words(text):
            if not words:
                return self.without_words.format(key=key)
            if key in seen:
                return self.twice.format(key=key)
            seen.add(key)
        return ""


def _keys_and_words(text: str) -> Iterator[tuple[str, str]]:
    """What begins each line, and the rest of it."""
    for line in filter(None, text.split("\n")):
        key, _, words = line.partition(" ")
        yield key, words


class NamedLines(DatedLines):
    """A key and its words a line: `12 in the afternoon`."""

    without_words = "{key} does not say what it is; write it on the same line"
    twice = "{key} stands here twice; take one out"

    def value(self, words: str) -> object:
        """They are as they were typed."""
        return words


class NamedDates(NamedLines):
    """A date a line, and what it is: `2026-06-15 World Cup`."""

    control = "dates"

    def refusal(self, text: str) -> str:
        """What begins a line is a date."""
        for day, _ in _keys_and_words(text):
            if not re.fullmatch(r"\d{4}-\d\d-\d\d", day):
                return (
                    f"“{day}” is not a date; write a line such as: 2026-06-15 World Cup"
                )
        return super().refusal(text)


class Tick(Field):
    """Yes or no: `yes` or nothing."""

    control = "tick"

    def to_toml(self, text: str) -> object:
        """True or false."""
        return text == "yes"


class Day(Field):
    """A date such as 2026-11-23."""

    control = "day"

    def to_toml(self, text: str) -> object:
        """What is not a date stays text, which the content check refuses."""
        with suppress(ValueError):
            return date.fromisoformat(text)
        return text

    def refusal(self, text: str) -> str:
        """More to the point than the content check, which knows nothing of forms."""
        if isinstance(self.to_toml(text), date):
            return ""
        return "this is not a date; write it such as 2026-11-23"


class Moment(Field):
    """A date with a time, by the line's clocks."""

    control = "moment"

    def tidied(self, typed: str) -> str:
        """As browsers send it, however it was typed."""
        return super().tidied(typed).replace(" ", "T")

    def to_toml(self, text: str) -> object:
        """What is no date with a time stays text, which the content check refuses."""
        with suppress(ValueError):
            return datetime.strptime(text, A_MOMENT)
        return text

    def refusal(self, text: str) -> str:
        """More to the point than the content check, which knows nothing of forms."""
        if not text:
            return "this is missing; write a date with a time, such as 2026-11-23 08:00"
        if isinstance(self.to_toml(text), datetime):
            return ""
        return "this is not a date with a time; write it such as 2026-11-23 08:00"


class Position(Field):
    """A place in a list, counted from 1; empty for the end."""

    control = "number"

    def refusal(self, text: str) -> str:
        """No file holds it: it is where the entry stands."""
        if re.fullmatch("[0-9]{0,3}", text):
            return ""
        return "this is not a valid position; write a number, such as 1"


@dataclass(frozen=True)
class Choice(Field):
    """One of a few."""

    choices: Mapping[str, str] | None = None
    """What is kept, and what is shown."""

    control = "choice"


class Whole(Field):
    """A whole number, as a file has it."""

    control = "number"

    def to_toml(self, text: str) -> object:
        """What is not a number stays text, which is refused."""
        if text.isdecimal():
            return int(text)
        return text

    def refusal(self, text: str) -> str:
        """The content check says how large it may be."""
        if text.isdecimal() or (self.optional and not text):
            return ""
        return "this is not a whole number; write one such as 90"


class Numbers(ListOfLines):
    """Numbers, a line each: `1.25`."""

    rows = 6

    def to_toml(self, text: str) -> object:
        """What is not a number stays text, which is refused."""
        return [_number(line) for line in text.split()]

    def refusal(self, text: str) -> str:
        """Names a line that is not a number."""
        for line in text.split():
            if isinstance(_number(line), str):
                return f"“{line}” is not a number; write one such as 1.25"
        return ""


class Calendar(Field):
    """A country, or a part of one: `GB-SCT`."""

    def refusal(self, text: str) -> str:
        """The content check knows whose holidays are known."""
        if not text or re.fullmatch(r"[A-Z]{2,4}(-[A-Z0-9]+)?", text):
            return ""
        return (
            f"“{text}” is not a calendar; write one such as GB-SCT, or leave this empty"
        )


def _number(text: str) -> float | str:
    """A number, if it is one; any other text as it is."""
    if re.fullmatch(r"[0-9]{1,3}", text):
        return int(text)
    if re.fullmatch(r"[0-9]{1,3}\.[0-9]{1,3}", text):
        return float(text)
    return text


def as_text(value: object) -> str:
    """A value of TOML in a field of a form, whatever its type: a file may have another."""
    if value is True:
        return "yes"
    if value is False:
        return ""
    if isinstance(value, list):
        return "\n".join(map(str, value))
    if isinstance(value, dict):
        lines = [f"{key} {_on_one_line(each)}" for key, each in value.items()]
        return "\n".join(line.strip() for line in lines)
    if isinstance(value, datetime):
        return value.strftime(A_MOMENT)
    return str(value)


def _on_one_line(value: object) -> str:
    return ", ".join(as_text(value).split("\n"))


ARTICLE_FACTS: Fields = (
    Field("title", "Title", most=200),
    Field("source", "Where it is from", "A sentence. It is said at the end."),
    Field("copyright", "Copyright", "It is said at the end."),
    Day("published", "Published on", "Such as 2026-11-23. Newest comes first."),
)
ARTICLE_WORDS = SeveralLines(
    "words",
    "The words",
    "A section begins with a line such as: ## A confusing term. An empty line separates"
    " paragraphs. Sections of 60 to 150 words are easiest to navigate.",
    most=MOST_OF_AN_ARTICLE,
)
ARTICLE: Fields = (*ARTICLE_FACTS, ARTICLE_WORDS)

PROMPT: Fields = (Paragraph("text", "What the line says", most=MOST_CHARACTERS),)

NOTICE: Fields = (
    Paragraph(
        "text", "What callers hear", "At most 40 words. It comes after the welcome."
    ),
    Moment("begins", "From", "Leave it empty, and it begins at once."),
    Moment("ends", "Until", "At this moment it is gone by itself."),
)

HELPLINE_KEYS: Fields = (
    Field("name", "Name", most=80),
    Field(
        "number",
        "Number",
        "As it is printed. It is read out in the groups you write.",
        most=40,
    ),
    Tick(
        "transfer",
        "The line may put callers through",
        "Untick for short numbers such as 116 123, which can only be read out.",
    ),
    Field("whom", "Who it is for", "A sentence that callers hear."),
    Field(
        "when",
        "When it is open, in words",
        "A sentence that callers hear. Leave it empty, and the line writes it from the hours.",
        optional=True,
    ),
    Field("cost", "What it costs", "A sentence that callers hear."),
    ListOfLines(
        "hours",
        "Opening hours, for the line to use",
        "One on each line: always, or daily 17:00-24:00, or Mon-Fri 09:00-21:00,"
        " or Fri 18:00-Mon 06:00.",
        most=600,
    ),
    HoursOfADay(
        "holidays",
        "On public holidays",
        "closed, or as usual, or hours such as 10:00-14:00. Leave it empty for one that is"
        " always open.",
        optional=True,
    ),
    Field("source", "Where these facts are from", "For you; callers do not hear it."),
    Day("checked", "Last checked on", "Such as 2026-11-23. Ring them, and ask."),
    DatedLines(
        "dates",
        "Dates with hours of their own",
        "One on each line: 2026-12-24 09:00-12:00, or 2026-12-25 closed, or"
        " 2026-12-28/2027-01-04 10:00-12:00, 14:00-16:00.",
        optional=True,
        most=5000,
    ),
)
"""What `helplines.toml` has of each, beside its `id`."""
HELPLINE: Fields = (
    *HELPLINE_KEYS,
    Position("place", "Place in the list", "1 is first; leave it empty for the end."),
)

TABLES = {
    "words": "a word",
    "abbreviations": "a short form",
    "symbols": "a mark",
    "digits": "a digit",
}
"""What each table of `pronunciations.toml` holds."""
PRONUNCIATION: Fields = (
    Choice("table", "What it is", fixed=True, choices=TABLES),
    Field("written", "As it is written", "Capitals matter.", fixed=True, most=100),
    Field("said", "As it is said", "Write it as it sounds: Glaz go.", most=200),
)

LINE: Fields = (
    Field(
        "name",
        "Name",
        "It is on the telephone’s page, in texts and in reports. What callers hear is in the"
        " prompts.",
        most=80,
    ),
    Field(
        "country",
        "Country",
        "Two capital letters, such as GB. Helplines’ numbers are this country’s.",
        most=20,
    ),
    Field(
        "timezone",
        "Time zone",
        "Such as Europe/London. Opening hours and notices are in its time.",
        most=60,
    ),
    Numbers(
        "speeds",
        "Speeds",
        "How fast callers can listen, slowest first, one on each line: 0.5 to 2, at most five. 1"
        " must be among them: calls begin with it. A new speed takes minutes to publish.",
    ),
    Calendar(
        "holidays",
        "Calendar of public holidays",
        "A country or a part of one: GB-SCT is Scotland, GB-ENG England. Leave it empty if"
        " holidays make no difference to any helpline.",
        optional=True,
        most=20,
    ),
    NamedDates(
        "more_holidays",
        "More public holidays",
        "Dates that count as public holidays here, beside those of the calendar, each with what it"
        " is. Callers do not hear that.",
        optional=True,
        most=5000,
    ),
    Whole(
        "check_after_days",
        "Days until a helpline must be checked again",
        "After this many days, the studio asks you to ring it. If you leave this empty, it is 90.",
        optional=True,
        most=4,
    ),
    Whole(
        "short_transfer_seconds",
        "Shortest call to a helpline that must have reached somebody, in seconds",
        "After a shorter one, the line asks whether anybody was there. If you leave this"
        " empty, it is 25.",
        optional=True,
        most=4,
    ),
    Tick(
        "speech",
        "Callers may also speak",
        "In menus and lists. The telephone provider then hears what callers say, and charges for"
        " it: ask an operator first.",
    ),
)
"""What `line.toml` has of the line as a whole. Languages and voices have pages of their own."""

FORMS = (LINE, ARTICLE, PROMPT, NOTICE, HELPLINE, PRONUNCIATION)
"""Every form that staff fill in."""
