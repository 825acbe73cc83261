"""When a helpline is open, in words: the sentence that the line writes from the hours, and what
a sentence of staff's claims.

All words are the language's own, from its `hours.toml`.
"""

import re
from collections import defaultdict
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
ALWAYS = ((0, WEEK),)
"""The hours of somebody who is always there."""

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

OF_DAYS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys((*DAYS, "every"), ()),
    "range": ("first", "last"),
}
OF_TIMES = {
    "midnight": (),
    "midday": (),
    "00": ("hour", "part"),
    "15": ("hour", "part"),
    "30": ("hour", "part"),
    "45": ("next", "part"),
    "other": ("minute", "hour", "part"),
}


Days = tuple[int, ...]
"""From 0, which is Monday."""
Times = tuple[Stretch, ...]
TimesNamed = Iterator[tuple[str, frozenset[int]]]
"""The words of each time of day, with the minutes of a day that they may mean."""


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
        if whole == ALWAYS:
            return self._phrase("always")
        said = []
        for times, days in _by_times(whole):
            said.append(self._on_days(days, times))
        for stretch in whole:
            if _is_over_days(stretch):
                said.append(self._over_days(stretch))
        hours = self._list(said, "last")
        return self._phrase("sentence", hours=hours)

    def _phrase(self, name: str, **slots: str) -> str:
        return self.phrases[name].format(**slots)

    def _on_days(self, days: Days, times: Times) -> str:
        said = [self._from_to(*stretch) for stretch in times]
        return self._phrase(
            "on_days",
            days=self._days(days),
            times=self._list(said, "last_day"),
        )

    def _from_to(self, start: int, end: int) -> str:
        if (start, end) == (0, DAY):
            return self._phrase("all_day")
        return self._phrase(
            "from_to",
            start=self.time(start),
            end=self.time(end),
        )

    def _over_days(self, stretch: Stretch) -> str:
        start, end = stretch
        return self._phrase(
            "over_days",
            first_day=self._day(start // DAY),
            start=self.time(start),
            last_day=self._day(end // DAY),
            end=self.time(end),
        )

    def _day(self, day: int) -> str:
        return self.days[DAYS[day % 7]]

    def _days(self, days: Days) -> str:
        """Three or more in a row are a range, also over the week's end."""
        if len(days) == len(DAYS):
            return self.days["every"]
        said: list[str] = []
        for row in _rows(days):
            names = [self._day(day) for day in row]
            if len(row) > 2:
                names = [self._range(names[0], names[-1])]
            said += names
        return self._list(said, "last_day")

    def _range(self, first: str, last: str) -> str:
        from_to = self.days["range"]
        return from_to.format(first=first, last=last)

    def _list(self, items: list[str], last: str) -> str:
        if len(items) == 1:
            return items[0]
        said, *between, end = items
        for item in between:
            said = self._phrase("next", one=said, other=item)
        return self._phrase(last, one=said, other=end)

    def time(self, minute: int) -> str:
        """A time of day in words."""
        of_the_day = minute % DAY
        if of_the_day == 0:
            return self.times["midnight"]
        if of_the_day == NOON:
            return self.times["midday"]
        hour, past = divmod(of_the_day, 60)
        on_the_clock = hour % 12 or 12
        part = self._part(hour)
        return self._said(on_the_clock, past, part)

    def _said(self, hour: int, past: int, part: str) -> str:
        other = self.times["other"]
        template = self.times.get(f"{past:02}", other)
        return template.format(
            hour=hour,
            next=hour % 12 + 1,
            minute=past,
            part=part,
        )

    def _part(self, hour: int) -> str:
        begun = [begins for begins in self.parts if begins <= hour]
        return self.parts[begun[-1]]

    def times_in(self, text: str) -> TimesNamed:
        """Each time of day that a text names, with the minutes of a day that it may mean."""
        left = text.casefold()
        longest_first = sorted(
            self._every_time(left),
            key=lambda each: len(each[0]),
            reverse=True,
        )
        for phrase, meant in longest_first:
            if phrase not in left:
                continue
            pattern = _whole_words(phrase)
            left, count = re.subn(pattern, " ", left)
            if count:
                yield phrase, meant
        yield from _times_in_figures(left)

    def _every_time(self, text: str) -> TimesNamed:
        """Every way to say a time in words that the text may have, with what it may mean."""
        midnight = self.times["midnight"].casefold()
        midday = self.times["midday"].casefold()
        yield midnight, frozenset({0})
        yield midday, frozenset({NOON})
        parts = set(self.parts.values())
        for part in parts:
            if part.casefold() not in text:
                continue
            halves = self._halves(part)
            for minute in range(NOON):
                hour, past = divmod(minute, 60)
                said = self._said(hour or 12, past, part)
                meant = frozenset(half * NOON + minute for half in halves)
                yield said.casefold(), meant

    def _halves(self, part: str) -> set[int]:
        """The halves of a day in which a part begins: 0 is before noon, 1 is after."""
        halves = set()
        for begins, name in self.parts.items():
            if name == part:
                halves.add(begins // 12)
        return halves

    def refuse_other_hours(
        self, text: str, week: Sequence[Stretch], more: Iterable[Stretch] = ()
    ) -> None:
        """Raise `InvalidValue` where a sentence claims other hours than these.

        `more` are those of days that are like no other: the sentence may name them too. A time
        without its part of the day, such as "9 to 5", is not understood, and is left alone.
        """
        whole = joined(week)
        example = self.sentence(week)
        mend = f'leave it out, write something such as "{example}", or mend the hours'
        edges = _edges(more)
        if whole != ALWAYS:
            self._refuse_claims(text, mend)
            edges |= _edges(whole)
        for said, meant in self.times_in(text):
            if meant.isdisjoint(edges):
                what = f"it says {said!r}, but the hours neither begin nor end then"
                raise InvalidValue(what, mend)

    def _refuse_claims(self, text: str, mend: str) -> None:
        """Raise `InvalidValue` where a sentence claims that somebody is always there."""
        folded = text.casefold()
        for claim in self.claims:
            pattern = _whole_words(claim)
            if re.search(pattern, folded):
                what = f"it says {claim!r}, but the hours are not round the clock"
                raise InvalidValue(what, mend)


def _whole_words(phrase: str) -> str:
    """The pattern of a phrase that is not a part of a longer word."""
    literally = re.escape(phrase)
    return rf"(?<!\w){literally}(?!\w)"


def _times_in_figures(text: str) -> TimesNamed:
    """Each time of day that is written in figures, with the minute of a day that it means."""
    for found in HALF_DAY.finditer(text):
        hour, past, *letters = found.groups()
        minute = int(hour) % 12 * 60
        minute += int(past or 0)
        if "p" in letters:
            minute += NOON
        written = found[0].strip()
        yield written, frozenset({minute})
    for found in WHOLE_DAY.finditer(text):
        minute = int(found[1]) * 60
        minute += int(found[2])
        of_the_day = minute % DAY
        yield found[0], frozenset({of_the_day})


def _edges(stretches: Iterable[Stretch]) -> set[int]:
    """The minutes of a day at which they begin and end."""
    edges = set()
    for start, end in stretches:
        edges.add(start % DAY)
        edges.add(end % DAY)
    return edges


def _rows(days: Days) -> Iterator[list[int]]:
    """Days that follow each other, together; Monday follows Sunday."""
    for first in days:
        day_before = (first - 1) % 7
        if day_before in days:
            continue
        row = [first]
        following = (first + 1) % 7
        while following in days:
            row.append(following)
            following = (following + 1) % 7
        yield row


def load_hours_words(path: Path, faults: list[Fault]) -> HoursWords | None:
    """`hours.toml`; None where it has faults, which are noted."""
    before = len(faults)
    file = read_table(path, faults)
    file.only((*TEMPLATES, "claims", "days", "times", "parts"))
    days = file.table("days")
    days.only(OF_DAYS)
    times = file.table("times")
    times.only(OF_TIMES)
    phrases = _phrases(file, TEMPLATES)
    claims = [claim.casefold() for claim in file.texts("claims")]
    words = HoursWords(
        phrases=phrases,
        claims=tuple(claims),
        days=_phrases(days, OF_DAYS),
        times=_phrases(times, OF_TIMES),
        parts=_parts(file.table("parts")),
    )
    if len(faults) > before:
        return None
    return words


def _phrases(table: Table, slots: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """Each has its slots once, in any order, and no other braces."""
    phrases = {}
    for name, wanted in slots.items():
        phrase = table.text(name)
        phrases[name] = phrase
        braces = re.findall(r"\{[^{}]*\}|[{}]", phrase)
        has = sorted(braces)
        needs = sorted(f"{{{slot}}}" for slot in wanted)
        if phrase and has != needs:
            found = " ".join(has) or "no slot"
            right = " ".join(needs) or "none"
            mend = f"its slots are: {right}"
            table.fault(name, f"{name!r} has {found}", mend)
    return phrases


def _parts(table: Table) -> dict[int, str]:
    parts: dict[int, str] = {}
    hours = [str(hour) for hour in range(24)]
    for written in table.data:
        if written not in hours:
            what = f"{written!r} is not an hour"
            table.fault(written, what, "write one from 0 to 23")
            continue
        hour = int(written)
        parts[hour] = table.text(written)
    if table.data and 0 not in parts:
        table.fault("0", "no part of the day begins at 0", "add it")
    return dict(sorted(parts.items()))


def _is_over_days(stretch: Stretch) -> bool:
    """Whether it has neither the form of whole days nor that of one day with its night."""
    if _is_whole_days(stretch):
        return False
    start, end = stretch
    next_day = start // DAY + 1
    latest = next_day * DAY + NIGHT_ENDS
    goes_round_the_clock = end - start >= DAY
    return goes_round_the_clock or end > latest


def _is_whole_days(stretch: Stretch) -> bool:
    start, end = stretch
    begins_at_midnight = start % DAY == 0
    ends_at_midnight = end % DAY == 0
    return begins_at_midnight and ends_at_midnight


def _by_times(
    whole: Sequence[Stretch],
) -> list[tuple[Times, Days]]:
    """What days have in common, with the days; those over several days are left out."""
    by_day: dict[int, list[Stretch]] = defaultdict(list)
    within_days = [stretch for stretch in whole if not _is_over_days(stretch)]
    for stretch in within_days:
        for day, of_the_day in _of_days(stretch):
            by_day[day].append(of_the_day)
    days_of: dict[Times, list[int]] = defaultdict(list)
    for day in sorted(by_day):
        times = tuple(by_day[day])
        days_of[times].append(day)
    found = []
    for times, days in days_of.items():
        found.append((times, tuple(days)))
    return found


def _of_days(stretch: Stretch) -> Iterator[tuple[int, Stretch]]:
    """The days of a stretch, each with its time; a night belongs to the day before."""
    start, end = stretch
    first = start // DAY
    if _is_whole_days(stretch):
        for day in range(first, end // DAY):
            yield day % 7, (0, DAY)
        return
    midnight = first * DAY
    begins = start - midnight
    ends = end - midnight
    yield first, (begins, ends)
