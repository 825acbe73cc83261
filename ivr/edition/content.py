"""What callers hear, as frozen objects. Made by the studio, read by the line."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Annotated, get_type_hints

from ivr.edition.vocabulary import Vocabulary

KEYS = "1234567890*#"
"""Every key of a telephone."""

Key = Annotated[str, "key"]
Number = Annotated[str, "number"]
Minutes = Annotated[str, "minutes"]
Name = Annotated[str, "name"]
Whom = Annotated[str, "helpline"]
Choice = Annotated[str, "choice"]


OTHER_LANGUAGE = 5
"""The first key of the main menu that leads to another language."""

HOLIDAYS_AHEAD = timedelta(days=365)
"""For how long public holidays should be known: whoever reads the warning has months to act."""

Speeds = tuple[float, ...]
"""Factors of a voice's own speed, rising; 1 is there."""

Stretch = tuple[int, int]
"""(from, to) in minutes, counted from the beginning of a day or of a week; local time."""


@dataclass(frozen=True, kw_only=True)
class Prompts:
    """The phrases of the line itself, in the order in which a call meets them.

    A prompt has at most one slot, such as `{key}`; its type says which. So the studio can have
    every prompt said with every value beforehand (`Language.values`).

    Editions from before a prompt was added are still in use when it comes. So a new one has a
    default, and the flow must do without its words; the content check wants it all the same.
    """

    # The welcome and the main menu
    welcome: str
    start_again: str
    trouble: str
    menu_intro: str
    menu_article: str
    menu_carry_on: str
    menu_articles: str
    menu_contents: str
    menu_other_articles: str
    menu_helplines: str
    menu_keys: str
    menu_end: str
    # Anywhere
    not_here: str
    still_there: str
    press: Key
    option: Name
    more: str
    back: str
    # Where callers may also speak
    not_understood: str = ""
    use_keys: str = ""
    did_you_mean: str = ""
    # Lists
    articles_intro: str
    contents_intro: str
    # Reading
    tour: str
    section: Number
    where: Number
    of_sections: Number
    minutes_left: Minutes
    last_minute: str
    slower: str
    faster: str
    slowest: str
    fastest: str
    beginning: str
    paused: str
    still_paused: str
    end_of_article: str
    end_again: str
    end_contents: str
    end_helplines: str
    end_menu: str
    # Helplines
    helplines_intro: str
    open_now: str
    closed_now: str
    they_are_open: str
    they_are_closed: str
    closed_on_holiday: str = ""
    closed_now_on_holiday: str = ""
    closed_today: str = ""
    closed_now_today: str = ""
    speak_only: str
    dial_yourself: str
    put_through: str
    put_through_anyway: str
    hear_number: str
    number_is: str
    number_again: str
    number_slower: str = ""
    # Transfer
    putting_through: Whom
    star_comes_back: str
    back_on_line: str
    did_you_speak: str = ""
    busy: str
    no_answer: str
    failed: str
    try_again: str
    others_open_first: str = ""
    other_helplines: str
    to_article: str = ""
    to_menu: str = ""
    # A number as a text message
    text_number: str = ""
    others_after_text: str = ""
    text_consent: str = ""
    text_confirm: str = ""
    text_moment: str = ""
    text_sent: str = ""
    text_awaited: str = ""
    text_failed: str = ""
    # The key guide
    guide_intro: str
    guide_1: str
    guide_2: str
    guide_3: str
    guide_4: str
    guide_5: str
    guide_6: str
    guide_7: str
    guide_8: str
    guide_9: str
    guide_0: str
    guide_star: str
    guide_hash: str
    guide_numbers: str = ""
    guide_try: str
    # What is remembered of a caller
    guide_forget: str = ""
    remembered: str = ""
    nothing_remembered: str = ""
    forget: str = ""
    forgotten: str = ""
    # The limits of a call
    ends_soon: str = ""
    time_is_over: str = ""
    last_transfer: str = ""
    no_more_transfers: str = ""
    rings_too_often: str = ""
    barred: str = ""
    other_help: str = ""
    # The end, and when the line itself is gone
    goodbye: str
    stay: str
    fallback_opening: str
    fallback_closing: str
    # The choice of a language, where the line has several
    choose_language: Choice = ""


def slots() -> dict[str, str | None]:
    """Each prompt's name, with the name of the slot that it must have, or None."""
    found = {}
    for name, hint in get_type_hints(Prompts, include_extras=True).items():
        slot, *_ = getattr(hint, "__metadata__", (None,))
        found[name] = slot
    return found


@dataclass(frozen=True)
class Section:
    """A part of an article that a caller can go to."""

    heading: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Article:
    """A text that callers hear, in sections."""

    slug: str
    """Its file's name without `.md`; this names it in URLs."""
    title: str
    source: str
    """Where the words come from, as a sentence; said at the end."""
    copyright: str
    """Said at the end."""
    published: str
    """ISO date. Where there are several articles, the newest comes first."""
    sections: tuple[Section, ...]

    @property
    def words(self) -> int:
        """How many words its sentences have."""
        count = 0
        for section in self.sections:
            for sentence in section.sentences:
                count += len(sentence.split())
        return count


@dataclass(frozen=True)
class DatedHours:
    """The hours of certain dates, in place of the usual ones."""

    first: str
    """ISO date."""
    last: str
    """ISO date; the same, where it is one day."""
    hours: tuple[Stretch, ...]
    """In minutes of each of these days; a night may go on into the next day. Empty: closed."""


@dataclass(frozen=True)
class Helpline:
    """Somebody a caller may be put through to."""

    slug: str
    name: str
    number: str
    """As printed. It is said in groups, which the spaces separate."""
    e164: str | None
    """What is dialled, such as `+44800838587`; None where the number is only said."""
    whom: str
    when: str
    cost: str
    hours: tuple[Stretch, ...]
    """When it is open in an ordinary week: (from, to) in minutes of the week, Monday 00:00 = 0,
    local time; sorted, none overlaps another. Each belongs to the day on which it begins, so
    one over several days is in pieces, and only a night goes on into the next day. (In editions
    from before public holidays were known, it is in one piece.)"""
    source: str
    """Where the facts were found; for staff."""
    checked: str
    """ISO date on which a person last checked them; for staff."""
    on_holidays: tuple[Stretch, ...] | None = None
    """Its hours on public holidays, in minutes of that day; empty: closed; None: as usual."""
    exceptions: tuple[DatedHours, ...] = ()
    """Sorted; no date is in two of them."""

    @property
    def spelled(self) -> tuple[str, ...]:
        """Its number digit by digit, each an utterance: `0,` `8,` `0,` `0.` A clip is followed by
        a longer pause after a full stop, which is where a group ends."""
        digits: list[str] = []
        for group in self.number.split():
            figures = group.removeprefix("+")
            digits += [f"{digit}," for digit in figures[:-1]]
            digits.append(f"{figures[-1]}.")
        if self.number.startswith("+"):
            digits[0] = f"+{digits[0]}"
        return tuple(digits)


@dataclass(frozen=True)
class Notice:
    """A sentence or two for a few days, said after the welcome."""

    text: str
    begins: datetime
    """Without a zone: by the clocks of the line's time zone, as staff write it."""
    ends: datetime
    """Likewise. From this moment on, nobody hears it."""


@dataclass(frozen=True)
class Language:
    """Everything that is said in one language."""

    prompts: Prompts
    helplines: tuple[Helpline, ...]
    articles: tuple[Article, ...]
    """Newest first; at least one."""
    notice: Notice | None = None
    choices: tuple[str, ...] = ()
    """The keys that choose it, at the start of a call or in another language's main menu; none if
    it is the only one."""
    vocabulary: Vocabulary | None = None
    """What callers may say; None if they can only press keys."""

    @cached_property
    def article(self) -> dict[str, Article]:
        """The articles by slug."""
        return {article.slug: article for article in self.articles}

    def section(self, article: str, number: int) -> Section:
        """A section of the article of this slug, counted from 1."""
        return self.article[article].sections[number - 1]

    @cached_property
    def helpline(self) -> dict[str, Helpline]:
        """The helplines by slug."""
        return {helpline.slug: helpline for helpline in self.helplines}

    @cached_property
    def most_minutes(self) -> int:
        """The most minutes that are ever said to be left: those of the longest article at 70
        words a minute. Every voice is faster than that, even at 0.75 (measured at 1: 171 words
        a minute)."""
        longest = max(article.words for article in self.articles)
        return longest // 70 + 2

    @cached_property
    def say_or_press(self) -> dict[str, str]:
        """By utterance: what is said instead where a caller may also speak."""
        found: dict[str, str] = {}
        if self.vocabulary is None:
            return found
        for name, slot in slots().items():
            prompt = getattr(self.prompts, name)
            offered = self.vocabulary.offered(prompt)
            if offered != prompt:
                before = self.forms(prompt, slot)
                after = self.forms(offered, slot)
                found.update(zip(before, after, strict=True))
        return found

    def forms(self, prompt: str, slot: str | None) -> tuple[str, ...]:
        """A prompt as utterances: once with each value that its slot can take."""
        if slot is None:
            return (prompt,)
        return tuple(prompt.format(**{slot: value}) for value in self.values(slot))

    def values(self, slot: str) -> tuple[str, ...]:
        """Every value that `slot` can take, so that each can be said beforehand."""
        match slot:
            case "key":
                return tuple(KEYS)
            case "choice":
                return self.choices
            case "number":
                most = max(len(article.sections) for article in self.articles)
                return _counted(1, most)
            case "minutes":
                return _counted(2, self.most_minutes)
            case "name":
                return self._names()
            case "helpline":
                return self._helpline_names()
        raise ValueError(f"no slot is called {slot!r}")

    def _helpline_names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(helpline.name for helpline in self.helplines))

    def _names(self) -> tuple[str, ...]:
        """The name of everything that a menu may offer, each once."""
        names = list(self._helpline_names())
        names += [article.title for article in self.articles]
        for article in self.articles:
            names += [section.heading for section in article.sections]
        return tuple(dict.fromkeys(names))


def _counted(first: int, last: int) -> tuple[str, ...]:
    return tuple(str(n) for n in range(first, last + 1))


@dataclass(frozen=True)
class Content:
    """The words of the whole line, in every language."""

    name: str
    timezone: str
    """The zone of the helplines' hours, such as `Europe/London`."""
    speeds: Speeds
    """In rising order; 1 is among them."""
    languages: dict[str, Language]
    """By code. Calls start in the first."""
    holidays: dict[str, str] = field(default_factory=dict)
    """The public holidays, as ISO dates with their names, up to `holidays_until`."""
    holidays_until: str = ""
    """The last date (ISO) of which is known whether it is one; empty where the line has no
    calendar of them."""
    short_transfer_seconds: int = 25
    """A transfer that lasts less may have reached nobody: a helpline's recorded greeting alone
    takes 10 to 20 seconds, and so does a machine that picks up."""

    def holidays_run_out(self, today: date) -> bool:
        """Whether public holidays are known for less than a year from today; never, if the line
        has no calendar of them."""
        if not self.holidays_until:
            return False
        return date.fromisoformat(self.holidays_until) < today + HOLIDAYS_AHEAD


def language_choices(codes: Iterable[str], current: str = "") -> dict[str, str]:
    """The languages that a caller may choose, by key; none if there is only one.

    At the start of a call these are all languages; in the main menu of a `current` one, the others.
    """
    every = list(codes)
    others = [code for code in every if code != current]
    if len(every) == 1:
        return {}
    first = 1
    if current:
        first = OTHER_LANGUAGE
    return {str(key): code for key, code in enumerate(others, first)}
