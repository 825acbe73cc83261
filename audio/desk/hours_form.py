"""How a language says opening hours: the phrases of its `hours.toml` in one form."""

from collections.abc import Iterator, Mapping

import tomlkit

from audio.desk.fields import Field, Fields, ListOfLines, NamedLines, Values
from audio.desk.only_entry import OnlyEntry
from audio.words.toml_lines import key_lines
from audio.words.when_open import OF_DAYS, OF_TIMES, TEMPLATES

LABELS = {
    "sentence": "The whole sentence",
    "always": "The sentence about somebody who is always there",
    "on_days": "Days and their times",
    "from_to": "From one time to another",
    "all_day": "A whole day",
    "over_days": "From one day to another",
    "last_day": "The last two of several days, or of several times",
    "last": "The last two of several parts of the sentence",
    "next": "Those before the last two",
    "days.Mon": "Monday",
    "days.Tue": "Tuesday",
    "days.Wed": "Wednesday",
    "days.Thu": "Thursday",
    "days.Fri": "Friday",
    "days.Sat": "Saturday",
    "days.Sun": "Sunday",
    "days.every": "Every day",
    "days.range": "Three or more days in a row",
    "times.midnight": "Midnight",
    "times.midday": "Midday",
    "times.00": "A full hour",
    "times.15": "A quarter past an hour",
    "times.30": "Half past an hour",
    "times.45": "A quarter to the next hour",
    "times.other": "Any other time",
}


def _phrases(table: str, slots: Mapping[str, tuple[str, ...]]) -> Iterator[Field]:
    """A field for each phrase, which says what must stay in it."""
    for name, wanted in slots.items():
        hint = ""
        if wanted:
            kept = " and ".join(f"{{{slot}}}" for slot in wanted)
            hint = f"Keep {kept}, wherever they belong."
        yield Field(f"{table}{name}", LABELS[f"{table}{name}"], hint)


HOURS: Fields = (
    *_phrases("", TEMPLATES),
    *_phrases("days.", OF_DAYS),
    *_phrases("times.", OF_TIMES),
    NamedLines(
        "parts",
        "Parts of the day",
        "One on each line: the hour at which it begins, and its words, such as:"
        " 12 in the afternoon",
    ),
    ListOfLines(
        "claims",
        "Words that claim that a helpline is always open",
        "One on each line. A sentence of yours with one of these is checked against the hours.",
        most=2000,
    ),
)


class Hours(OnlyEntry):
    """How hours are said: a file of its own in each language."""

    one = "wording of"
    form = HOURS
    stand_in = "hours"
    path = "hours.toml"

    def write(self, text: str, name: str, values: Values | None) -> str:
        """What is as it was keeps its lines. It is never removed."""
        was = self.read(text, name)
        if values is None or was is None:
            return text
        file = tomlkit.parse(text)
        for field in HOURS:
            if values[field.name] == was[field.name]:
                continue
            table, _, inner = field.name.rpartition(".")
            place = file.setdefault(table, tomlkit.table()) if table else file
            place[inner] = field.to_toml(values[field.name])
        return tomlkit.dumps(file)

    def others(self, text: str, name: str) -> object:
        """Nothing else is in the file."""

    def field_at(self, text: str, name: str, line: int) -> str:
        """The phrase on this line."""
        names = {field.name for field in HOURS}
        for path, number in key_lines(text).items():
            whole = ".".join(map(str, path))
            if number == line and whole in names:
                return whole
            if number == line and path[0] in names:
                return str(path[0])
        return ""
