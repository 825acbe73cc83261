"""The content folder, read and checked whole: everything, or every fault at once."""

import re
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers

from audio.speech.pronunciations import Pronunciations
from audio.speech.speakable import speakable
from audio.words.articles import load_articles
from audio.words.duties import unmet
from audio.words.helpline_entries import Rules, load_helplines
from audio.words.notice import FILE, load_notice
from audio.words.public_holidays import (
    OWN,
    Holidays,
    last_day,
    own_holidays,
    public_holidays,
)
from audio.words.recordings import Recordings, load_recordings
from audio.words.tables import Table, blank, read_table, unspeakable
from audio.words.unsaid import unsaid
from audio.words.untranslated import (
    Untranslated,
    load_untranslated,
    refuse_untranslated,
)
from audio.words.vocabulary import load_vocabulary
from audio.words.when_open import load_hours_words
from ivr.edition.content import (
    Content,
    Helpline,
    Language,
    Prompts,
    Speeds,
    language_choices,
    slots,
)
from ivr.errors import ContentError, Fault

CODE = re.compile(r"[a-z]{2,3}(-[a-z0-9]+)*")
"""A language's code, which is its folder's name and part of URLs."""

MOST_LANGUAGES = 4
"""Each offers itself when a call begins; at most four options where possible (ISO/IEC 13714)."""

PRONUNCIATION_TABLES = tuple(field.name for field in fields(Pronunciations))
"""What `pronunciations.toml` has, and nothing else."""

CHOSEN_VOICE = "chosen_voice"
"""The table of `line.toml` that has the voice that staff chose for a language."""

PREPARING = "preparing"
"""The key of `line.toml` with the languages that callers are not offered yet."""

SLOWEST, FASTEST, MOST_SPEEDS = 0.5, 2.0, 5
"""Factors of a voice's own speed. Above 2 an independent recogniser loses the words
(15 % wrong at 2.5, 1.5 % at 2, measured); each speed is a whole set of clips."""

CHECK_AFTER_DAYS, MOST_CHECK_AFTER_DAYS = 90, 3650
"""When a helpline's facts are to be checked again, unless `line.toml` says otherwise."""

SHORT_TRANSFER_S, MOST_SHORT_S = 25, 600
"""A transfer that lasts less may have reached nobody, unless `line.toml` says otherwise."""

LINE_KEYS = (
    "name",
    "languages",
    "country",
    "holidays",
    "timezone",
    "speeds",
    "check_after_days",
    "short_transfer_seconds",
    "speech",
    "voices",
    CHOSEN_VOICE,
    OWN,
    PREPARING,
)
"""What `line.toml` has, and nothing else."""


@dataclass(frozen=True)
class Source:
    """All that staff write, checked."""

    content: Content
    voices: dict[str, tuple[str, ...]]
    """By language, in order of preference: `flite:rms`."""
    chosen_voice: dict[str, str]
    """By language, where staff chose one: it comes before those."""
    pronunciations: dict[str, Pronunciations]
    """By language."""
    recordings: dict[str, Recordings]
    """By language."""
    today: date
    """The day, in the line's time zone, by which the words were checked."""
    oldest_check: date
    """A helpline that was last checked before it is to be checked again."""
    past: tuple[Fault, ...]
    """Dates in the past. They are refused only when somebody types them, as every date passes."""
    unchecked: tuple[Fault, ...]
    """Helplines to check again, each with where its facts can be looked up."""
    preparing: tuple[str, ...] = ()
    """Languages that callers are not offered yet. Nothing else here is about them."""
    untranslated: dict[str, Untranslated] = field(default_factory=dict)
    """By language: what has no words of its own yet."""
    unsafe: tuple[Fault, ...] = ()
    """What the line owes its callers and does not say. The studio does not publish such words."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What staff should know, though it stops nothing: all of it."""
        told = [*self.unsaid_marks, *self.unused_recordings]
        told += self.calendar_warnings(self.content)
        for fault in (*self.unsafe, *self.past, *self.unchecked):
            told.append(str(fault))
        return tuple(told)

    @property
    def unsaid_marks(self) -> tuple[str, ...]:
        """Texts with marks that nobody will hear."""
        found: list[str] = []
        for code, language in self.content.languages.items():
            found += unsaid(code, language, self.pronunciations[code])
        return tuple(found)

    @property
    def unused_recordings(self) -> tuple[str, ...]:
        """Recordings of other words than the content has."""
        found: list[str] = []
        for recordings in self.recordings.values():
            found += [f"not used: {fault}" for fault in recordings.outdated]
        return tuple(found)

    def calendar_warnings(self, content: Content) -> tuple[str, ...]:
        """Whether `content`, such as that on the air, soon knows no public holidays any more."""
        if not content.holidays_run_out(self.today):
            return ()
        until = content.holidays_until
        mend = "publish again; if that changes nothing, update the package holidays"
        return (f"public holidays are known until {until} only; {mend}",)

    def to_check(self) -> list[tuple[str, Helpline]]:
        """The helplines to check again, each after its language's code."""
        oldest = self.oldest_check.isoformat()
        found: list[tuple[str, Helpline]] = []
        for code, language in self.content.languages.items():
            for helpline in language.helplines:
                if helpline.checked < oldest:
                    found.append((code, helpline))
        return found


def load(folder: Path, today: date | None = None, also: str = "") -> Source:
    """Read the content folder; raise `ContentError` with every fault in it.

    `today` is the day of the line's time zone, unless another one is given. `also` may be a
    language that is being prepared: it is read as if callers were offered it, but it may have
    entries that are not translated.
    """
    faults: list[Fault] = []
    line = read_table(folder / "line.toml", faults)
    line.only(LINE_KEYS)
    timezone = _timezone(line)
    now = _now(timezone)
    today = today or now.date()
    days = _holidays(line, today)
    own_days = own_holidays(line)
    rules = Rules(
        country=_country(line),
        has_calendar="holidays" in line.data or bool(own_days),
        words=None,
        today=today,
        oldest_check=_oldest_check(line, today),
    )
    codes = _languages(line, folder)
    offered = tuple(codes)
    preparing = _preparing(line, offered, folder)
    if also in preparing:
        codes.append(also)
    has_speech = "speech" in line.data and line.flag("speech")
    voices = line.table("voices")
    voices.only([*offered, *preparing])
    chosen = _chosen_voice(line)
    chosen.only([*offered, *preparing])
    read: dict[str, _LanguageRead] = {}
    for code in codes:
        is_offered = code in offered
        found = _read_language(folder / code, rules, now, faults)
        if is_offered:
            refuse_untranslated(folder / code, found.untranslated, faults)
        choices = _choices(codes, code)
        language = replace(found.language, choices=choices)
        if has_speech and is_offered:
            vocabulary = load_vocabulary(folder / code, language.prompts, faults)
            language = replace(language, vocabulary=vocabulary)
        read[code] = replace(found, language=language)
    languages = {code: each.language for code, each in read.items()}
    _check_offers(folder, languages, faults)
    unsafe: list[Fault] = []
    for each in read.values():
        unsafe += each.unsafe
    source = Source(
        content=_content(line, languages, timezone, days, own_days),
        voices={code: voices.texts(code) for code in codes},
        chosen_voice={code: chosen.text(code) for code in codes if code in chosen.data},
        pronunciations={code: each.pronunciations for code, each in read.items()},
        recordings={code: each.recordings for code, each in read.items()},
        today=today,
        oldest_check=rules.oldest_check,
        past=tuple(sorted(rules.past)),
        unchecked=tuple(sorted(rules.unchecked)),
        preparing=preparing,
        untranslated={code: each.untranslated for code, each in read.items()},
        unsafe=tuple(sorted(unsafe)),
    )
    if faults:
        raise ContentError(tuple(sorted(faults)))
    return source


def _content(
    line: Table,
    languages: dict[str, Language],
    timezone: str,
    days: Holidays,
    own_days: Holidays,
) -> Content:
    """What callers hear; `days` are the calendar's holidays, `own_days` those of `line.toml`."""
    every_day = {**own_days, **days}
    return Content(
        name=line.text("name"),
        timezone=timezone,
        speeds=_speeds(line),
        languages=languages,
        holidays=dict(sorted(every_day.items())),
        holidays_until=last_day(days or own_days),
        short_transfer_seconds=line.whole(
            "short_transfer_seconds", SHORT_TRANSFER_S, MOST_SHORT_S
        ),
    )


@dataclass(frozen=True)
class _LanguageRead:
    """What the folder of a language has."""

    language: Language
    pronunciations: Pronunciations
    recordings: Recordings
    untranslated: Untranslated
    unsafe: tuple[Fault, ...]


def _read_language(
    folder: Path, rules: Rules, now: datetime, faults: list[Fault]
) -> _LanguageRead:
    words = _pronunciations(folder / "pronunciations.toml", faults)
    hours_words = load_hours_words(folder / "hours.toml", faults)
    of_language = replace(rules, words=hours_words)
    language = Language(
        prompts=_prompts(folder / "prompts.toml", faults),
        helplines=load_helplines(folder / "helplines.toml", of_language, faults),
        articles=load_articles(folder / "articles", words.abbreviations, faults),
        notice=load_notice(folder / FILE, now, faults, rules.past),
    )
    unsafe = unmet(folder, language, words, rules.country, faults)
    return _LanguageRead(
        language=language,
        pronunciations=words,
        recordings=_recordings(folder, language, words, faults),
        untranslated=load_untranslated(folder, faults),
        unsafe=tuple(unsafe),
    )


def _oldest_check(line: Table, today: date) -> date:
    """A helpline that was last checked before it is to be checked again."""
    days = line.whole("check_after_days", CHECK_AFTER_DAYS, MOST_CHECK_AFTER_DAYS)
    return today - timedelta(days)


def _languages(line: Table, folder: Path) -> list[str]:
    """The languages that have a folder, in the order of `line.toml`.

    Where `line.toml` names none, every folder counts, so that its faults show at once too.
    """
    listed = line.texts("languages")
    if not listed:
        codes = []
        for path in folder.glob("*"):
            if path.is_dir() and CODE.fullmatch(path.name):
                codes.append(path.name)
        return sorted(codes)
    found: list[str] = []
    for code in dict.fromkeys(listed):
        if not CODE.fullmatch(code):
            what = f"{code!r} is not a language code"
            line.fault("languages", what, 'write one such as "en" or "gd"')
        elif not (folder / code).is_dir():
            mend = f"add the folder {code}, or take {code} out"
            line.fault("languages", f"language {code!r} has no folder", mend)
        else:
            found.append(code)
    if len(found) > MOST_LANGUAGES:
        what = f"there are more than {MOST_LANGUAGES} languages"
        line.fault("languages", what, "take some out")
    return found


def _preparing(line: Table, offered: tuple[str, ...], folder: Path) -> tuple[str, ...]:
    """Those of `line.toml` that have a folder; there may be none."""
    if PREPARING not in line.data:
        return ()
    found: list[str] = []
    for code in line.texts(PREPARING):
        if code in offered:
            what = f"language {code!r} is among the languages as well"
            line.fault(PREPARING, what, "take it out of one of the two lists")
        elif not CODE.fullmatch(code) or not (folder / code).is_dir():
            mend = f"add the folder {code}, or take {code} out"
            line.fault(PREPARING, f"language {code!r} has no folder", mend)
        else:
            found.append(code)
    return tuple(found)


def _choices(codes: list[str], language: str) -> tuple[str, ...]:
    """Every key that chooses a language: at the start of a call, and from each other language."""
    keys: set[str] = set()
    for current in ("", *codes):
        choices = language_choices(codes, current)
        for key, code in choices.items():
            if code == language:
                keys.add(key)
    return tuple(sorted(keys))


def _check_offers(
    folder: Path, languages: dict[str, Language], faults: list[Fault]
) -> None:
    """Two languages must not offer themselves in the same words: one would not be translated."""
    offered: dict[str, str] = {}
    for code, language in languages.items():
        offer = language.prompts.choose_language
        first = offered.setdefault(offer, code)
        if offer and first != code:
            table = read_table(folder / code / "prompts.toml", faults)
            what = f"'choose_language' has the words of {first}"
            table.fault("choose_language", what, f"write it in {code}")


def _chosen_voice(line: Table) -> Table:
    """Nobody need have chosen one."""
    if CHOSEN_VOICE in line.data:
        return line.table(CHOSEN_VOICE)
    return blank(line.file)


def _country(line: Table) -> str:
    country = line.text("country")
    if not country or country in phonenumbers.SUPPORTED_REGIONS:
        return country
    mend = 'write two capital letters, such as "GB"'
    line.fault("country", f"{country!r} is not a country code", mend)
    return ""


def _timezone(line: Table) -> str:
    timezone = line.text("timezone")
    if timezone and timezone not in _timezones():
        mend = 'write one such as "Europe/London"'
        line.fault("timezone", f"{timezone!r} is not a known time zone", mend)
    return timezone


def _now(timezone: str) -> datetime:
    """The time by the line's clocks, without a zone; by UTC's where its zone has a fault."""
    now = datetime.now(UTC)
    if timezone in _timezones():
        now = datetime.now(ZoneInfo(timezone))
    return now.replace(tzinfo=None)


def _holidays(line: Table, today: date) -> Holidays:
    """None where the line names no calendar."""
    if "holidays" not in line.data:
        return {}
    calendar = line.text("holidays")
    if calendar:
        with line.at("holidays"):
            return public_holidays(calendar, today)
    return {}


@cache
def _timezones() -> set[str]:
    return available_timezones()


def _speeds(line: Table) -> Speeds:
    speeds = line.numbers("speeds")
    within = _within_bounds(speeds)
    rising = sorted(set(speeds))
    if list(speeds) != rising:
        mend = "sort them, and list each one once"
        line.fault("speeds", "the speeds do not rise", mend)
    if speeds and 1 not in speeds:
        line.fault("speeds", "speed 1 is missing", "add 1, at which calls start")
    if len(within) < len(speeds):
        line.fault("speeds", "a speed is outside 0.5 to 2", "take it out")
    if len(speeds) > MOST_SPEEDS:
        what = f"there are more than {MOST_SPEEDS} speeds"
        line.fault("speeds", what, "take some out")
    return within


def _within_bounds(speeds: Speeds) -> Speeds:
    within = []
    for speed in speeds:
        if SLOWEST <= speed <= FASTEST:
            within.append(float(speed))
    return tuple(within)


def _prompts(path: Path, faults: list[Fault]) -> Prompts:
    table = read_table(path, faults)
    table.only(slots())
    texts = {name: table.text(name) for name in slots()}
    for name, slot in slots().items():
        if texts[name]:
            _check_slot(table, name, texts[name], slot)
    return Prompts(**texts)


def _check_slot(table: Table, name: str, text: str, slot: str | None) -> None:
    """A prompt has its slot, once, and no other braces."""
    found = re.findall(r"\{[^{}]*\}|[{}]", text)
    has = " ".join(found) or "no slot"
    if slot is None and found:
        table.fault(name, f"{name!r} has {has}", "take out the {braces}")
    if slot is not None and found != [f"{{{slot}}}"]:
        mend = f"write {{{slot}}} in it once"
        table.fault(name, f"{name!r} has {has}", mend)


def _pronunciations(path: Path, faults: list[Fault]) -> Pronunciations:
    file = read_table(path, faults)
    file.only(PRONUNCIATION_TABLES)
    digits = file.table("digits")
    digits.only("0123456789")
    return Pronunciations(
        words=_said(file.table("words")),
        abbreviations=_said(file.table("abbreviations")),
        symbols=_said(file.table("symbols"), required="*#"),
        digits=_said(digits, required="0123456789"),
        voices=_of_voices(file),
    )


def _of_voices(file: Table) -> dict[str, dict[str, str]]:
    """The words of one voice or engine, in tables such as `[voices.flite]`; there may be none."""
    if "voices" not in file.data:
        return {}
    voices = file.table("voices")
    return {name: _said(voices.table(name)) for name in voices.data}


def _recordings(
    folder: Path, language: Language, words: Pronunciations, faults: list[Fault]
) -> Recordings:
    def spoken(text: str) -> str:
        return speakable(text, folder.name, words)

    return load_recordings(folder / "recordings", language, spoken, faults)


def _said(table: Table, required: str = "") -> dict[str, str]:
    """A table as written -> as said; `required` are what callers press and hear."""
    for written in table.data:
        if not written.strip() or unspeakable(written):
            what = f"{written!r} cannot be written in a text"
            table.fault(written, what, "remove it")
    every = [*required, *table.data]
    return {written: table.text(written) for written in dict.fromkeys(every)}
