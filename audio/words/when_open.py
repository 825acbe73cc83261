"""When a helpline is open, in words: the sentence that the line writes from the hours, and what
a sentence of staff's claims.

All words are the language's own, from its `hours.toml`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from audio.speech.figures import HALF_DAY, WHOLE_DAY
from audio.words.faults import InvalidValue
from audio.words.hours import DAY, DAYS, NIGHT_ENDS, WEEK, joined
from audio.words.tables import Table, read_table
from ivr.edition.content import Stretch
from ivr.errors import Fault

NOON = DAY // 2
HOURS = range(1, 13)
"""As a clock on the wall has them."""

TEMPLATES = {
    "sentence": ("hours",),
    "always": (),
    "on_days": ("days", "times"),
    "from_to": ("start", "end"),
    "all_day": (),
    "over_days": ("first_day", "start", "last_day", "end"),
    "last_day": ("one", "other"),
    "last": ("one", "other"),
    "next": ("one", "other"),
}
"""The phrases of `hours.toml`, with their slots in the English order."""

OF_DAYS = {**dict.fromkeys((*DAYS, "every"), ()), "range": ("first", "last")}
OF_TIMES = {
    "midnight": (),
    "midday": (),
    "00": ("hour", "part"),
    "15": ("hour", "part"),
    "30": ("hour", "part"),
    "45": ("next", "part"),
    "other": ("minute", "hour", "part"),
}


@dataclass(frozen=True)
class HoursWords:
    """What `hours.toml` says, checked."""

    phrases: dict[str, str]
    claims: tuple[str, ...]
    """Phrases that claim that somebody is always there, casefolded."""
    days: dict[str, str]
    times: dict[str, str]
    parts: dict[int, str]
    """By the hour at which each begins, rising; 0 is there."""

    def sentence(self, week: Sequence[Stretch]) -> str:
        """The sentence on these hours (see `Helpline.hours`), such as "Open every day from 5 in
        the afternoon to midnight."
        """
        whole = joined(week)
        if whole == ((0, WEEK),):
            return self.phrases["always"]
        said = [self._on_days(days, times) for times, days in _by_times(whole)]
        said += [
            self._over_days(stretch) for stretch in whole if _is_over_days(stretch)
        ]
        return self.phrases["sentence"].format(hours=self._list(said, "last"))

    def _on_days(self, days: tuple[int, ...], times: tuple[Stretch, ...]) -> str:
        said = [self._from_to(*stretch) for stretch in times]
        return self.phrases["on_days"].format(
            days=self._days(days), times=self._list(said, "last_day")
        )

    def _from_to(self, start: int, end: int) -> str:
        if (start, end) == (0, DAY):
            return self.phrases["all_day"]
        return self.phrases["from_to"].format(
            start=self.time(start), end=self.time(end)
        )

    def _over_days(self, stretch: Stretch) -> str:
        start, end = stretch
        return self.phrases["over_days"].format(
            first_day=self._day(start // DAY),
            start=self.time(start),
            last_day=self._day(end // DAY),
            end=self.time(end),
        )

    def _day(self, day: int) -> str:
        return self.days[DAYS[day % 7]]

    def _days(self, days: tuple[int, ...]) -> str:
        """Three or more in a row are a range, also over the week's end."""
        if len(days) == len(DAYS):
            return self.days["every"]
        said: list[str] = []
        for first in days:
            if (first - 1) % 7 in days:
                continue
            row = [first]
            while (row[-1] + 1) % 7 in days:
                row.append((row[-1] + 1) % 7)
            names = [self._day(day) for day in row]
            if len(row) > 2:
                names = [self.days["range"].format(first=names[0], last=names[-1])]
            said += names
        return self._list(said, "last_day")

    def _list(self, items: list[str], last: str) -> str:
        first, *rest = items
        said = first
        for item in rest[:-1]:
            said = self.phrases["next"].format(one=said, other=item)
        for item in rest[-1:]:
            said = self.phrases[last].format(one=said, other=item)
        return said

    def time(self, minute: int) -> str:
        """A time of day in words."""
        of_the_day = minute % DAY
        if of_the_day == 0:
            return self.times["midnight"]
        if of_the_day == NOON:
            return self.times["midday"]
        hour, past = divmod(of_the_day, 60)
        return self._said(hour % 12 or 12, past, self._part(hour))

    def _said(self, hour: int, past: int, part: str) -> str:
        template = self.times.get(f"{past:02}", self.times["other"])
        return template.format(hour=hour, next=hour % 12 + 1, minute=past, part=part)

    def _part(self, hour: int) -> str:
        return [part for begins, part in self.parts.items() if begins <= hour][-1]

    def times_in(self, text: str) -> Iterator[tuple[str, frozenset[int]]]:
        """Each time of day that a text names, with the minutes of a day that it may mean."""
        left = text.casefold()
        longest_first = sorted(self._every_time(left), key=lambda each: -len(each[0]))
        for phrase, meant in longest_first:
            if phrase not in left:
                continue
            left, count = re.subn(rf"(?<!\w){re.escape(phrase)}(?!\w)", " ", left)
            if count:
                yield phrase, meant
        for found in HALF_DAY.finditer(left):
            hour, past, *letters = found.groups()
            half = int("p" in letters)
            minute = half * NOON + int(hour) % 12 * 60 + int(past or 0)
            yield found[0].strip(), frozenset({minute})
        for found in WHOLE_DAY.finditer(left):
            minute = int(found[1]) * 60 + int(found[2])
            yield found[0], frozenset({minute % DAY})

    def _every_time(self, text: str) -> Iterator[tuple[str, frozenset[int]]]:
        """Every way to say a time in words that the text may have, with what it may mean."""
        yield self.times["midnight"].casefold(), frozenset({0})
        yield self.times["midday"].casefold(), frozenset({NOON})
        for part in set(self.parts.values()):
            if part.casefold() not in text:
                continue
            halves = {
                begins // 12 for begins, each in self.parts.items() if each == part
            }
            for hour in HOURS:
                for past in range(60):
                    meant = {half * NOON + hour % 12 * 60 + past for half in halves}
                    yield self._said(hour, past, part).casefold(), frozenset(meant)

    def refuse_other_hours(
        self, text: str, week: Sequence[Stretch], more: Iterable[Stretch] = ()
    ) -> None:
        """Raise `InvalidValue` where a sentence claims other hours than these.

        `more` are those of days that are like no other: the sentence may name them too. A time
        without its part of the day, such as "9 to 5", is not understood, and let be.
        """
        whole = joined(week)
        mend = (
            f'leave it out, or write such as "{self.sentence(week)}", or mend the hours'
        )
        claims = [claim for claim in self.claims if _has(text.casefold(), claim)]
        if claims and whole != ((0, WEEK),):
            what = f"it says {claims[0]!r}, but the hours are not always"
            raise InvalidValue(what, mend)
        edges: set[int] = set()
        if whole != ((0, WEEK),):
            edges = {edge % DAY for stretch in whole for edge in stretch}
        edges |= {edge % DAY for stretch in more for edge in stretch}
        for said, meant in self.times_in(text):
            if not meant & edges:
                what = f"it says {said!r}, but the hours neither begin nor end then"
                raise InvalidValue(what, mend)


def _has(text: str, phrase: str) -> bool:
    """Whether a text has a phrase, as whole words."""
    return re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text) is not None


def load_hours_words(path: Path, faults: list[Fault]) -> HoursWords | None:
    """`hours.toml`; None where it has faults, which are noted."""
    before = len(faults)
    file = read_table(path, faults)
    file.only((*TEMPLATES, "claims", "days", "times", "parts"))
    words = HoursWords(
        phrases=_phrases(file, TEMPLATES),
        claims=tuple(claim.casefold() for claim in file.texts("claims")),
        days=_phrases(_only(file.table("days"), OF_DAYS), OF_DAYS),
        times=_phrases(_only(file.table("times"), OF_TIMES), OF_TIMES),
        parts=_parts(file.table("parts")),
    )
    if len(faults) > before:
        return None
    return words


def _only(table: Table, known: Iterable[str]) -> Table:
    table.only(known)
    return table


def _phrases(table: Table, slots: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """Each has its slots once, in any order, and no other braces."""
    found = {name: table.text(name) for name in slots}
    for name, wanted in slots.items():
        has = sorted(re.findall(r"\{[^{}]*\}|[{}]", found[name]))
        needs = sorted(f"{{{slot}}}" for slot in wanted)
        if found[name] and has != needs:
            what = f"{name!r} has {' '.join(has) or 'no slot'}"
            table.fault(name, what, f"its slots are: {' '.join(needs) or 'none'}")
    return found


def _parts(table: Table) -> dict[int, str]:
    parts: dict[int, str] = {}
    for written in table.data:
        if written not in map(str, range(24)):
            table.fault(written, f"{written!r} is no hour", "write one from 0 to 23")
            continue
        parts[int(written)] = table.text(written)
    if table.data and 0 not in parts:
        table.fault("0", "no part of the day begins at 0", "add it")
    return dict(sorted(parts.items()))


def _is_over_days(stretch: Stretch) -> bool:
    """Whether it has neither the form of whole days nor that of one day with its night."""
    start, end = stretch
    if start % DAY == 0 and end % DAY == 0:
        return False
    return end > (start // DAY + 1) * DAY + NIGHT_ENDS


def _by_times(
    whole: Sequence[Stretch],
) -> list[tuple[tuple[Stretch, ...], tuple[int, ...]]]:
    """What days have in common, with the days; those over several days are left out."""
    by_day: dict[int, list[Stretch]] = {}
    for start, end in whole:
        if _is_over_days((start, end)):
            continue
        first = start // DAY
        if start % DAY == 0 and end % DAY == 0:
            for day in range(first, end // DAY):
                by_day.setdefault(day % 7, []).append((0, DAY))
            continue
        by_day.setdefault(first, []).append((start - first * DAY, end - first * DAY))
    by_times: dict[tuple[Stretch, ...], list[int]] = {}
    for day, times in sorted(by_day.items()):
        by_times.setdefault(tuple(times), []).append(day)
    return [(times, tuple(days)) for times, days in by_times.items()]
