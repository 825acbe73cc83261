"""Figures as people say them: numbers to dial in groups, dates, times, money, counts."""

import re
from dataclasses import dataclass
from functools import lru_cache

from num2words import num2words

from audio.speech.pronunciations import Pronunciations

MOST_DIGITS = 12
"""Nobody could follow a longer figure as an amount, so it is said digit by digit."""

SEPARATED = re.compile(r"[0-9]+(?: [0-9]+)*")
SPELLED = re.compile(r"\+?[0-9][,.]")
"""A digit of a number that is said digit by digit."""
DIALLED = re.compile(
    r"(?<![\w.,£$€+-])(?:"
    r"\+\d{1,3}(?:[ -]?\(?\d+\)?){2,}"  # from abroad: +44 141 944 5490
    r"|\(?0\d{2,5}\)?(?:[ -]\d{2,})+|0\d{6,}"  # as printed at home: 0800 83 85 87
    r"|116 \d{3}|111|112|999"  # Europe's and Britain's short numbers
    r")(?!\w|[.,]\d|%)"
)
DAY_AND_MONTH = re.compile(r"\b(\d{1,2}) ([A-Z][a-z]+),? ((?:1[1-9]|20)\d\d)\b")
IN_FIGURES = re.compile(r"\b(?:(\d{4})-(\d\d)-(\d\d)|(\d{1,2})/(\d{1,2})/(\d{4}))\b")
"""Year first, or day first."""
HALF_DAY = re.compile(r"\b(\d{1,2})(?:[:.]([0-5]\d))?\s?(?:([ap])m\b|([ap])\.m\.)")
WHOLE_DAY = re.compile(r"\b([01]?\d|2[0-4]):([0-5]\d)\b(?!:)")
BETWEEN_TIMES = re.compile(r"(?<=[ap]m)\s?[–—-]\s?(?=\d)")
MONEY = re.compile(r"([£$€])(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d\d))?(?!\d)")
LARGE_MONEY = re.compile(
    r"([£$€])(\d[\d,]*(?:\.\d+)?)\s?(m|bn|k|million|billion|thousand)\b"
)
FRACTION = re.compile(r"(\d*)\s?([¼½¾⅓⅔])")
ROMAN = re.compile(r"\b(?=[XVI]{2})X{0,3}(?:IX|IV|V?I{0,3})\b")
ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}
DECADE = re.compile(r"\b((?:1[1-9]|20)\d0)s\b")
ORDINAL = re.compile(r"\b(\d{1,12})(?:st|nd|rd|th)\b")
CODE = re.compile(r"\b(?=[A-Z0-9]*[A-Z])(?=[A-Z0-9]*\d)[A-Z0-9]+\b")
YEAR = re.compile(r"(?<![\d.,-])\b((?:1[1-9]|20)\d\d)\b(?![.,]\d|\s?%)")
NUMBER = re.compile(r"(?:(?<![\w.,)-])-)?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?")

Found = re.Match[str]
"""What a pattern has found in a text."""


@dataclass(frozen=True)
class Saying:
    """What the rules know beside the text."""

    language: str
    """A code that num2words may know: `en`."""
    words: Pronunciations

    @property
    def is_english(self) -> bool:
        """Whether no letter but a to z is said: flite drops the others."""
        return self.language.partition("-")[0] == "en"


def numbers_to_dial(text: str, saying: Saying) -> str:
    """`0800 83 85 87` is said as `zero eight zero zero, eight three, eight five, eight seven`.

    A text of digits and spaces alone is one too: `116 123`. So is one digit with a mark, `8,`,
    which stands for it where a number is said digit by digit. Wrong for `111 people`.
    """
    digits = saying.words.digits

    def digit_said(digit: Found) -> str:
        return digits[digit[0]]

    def number_said(number: Found) -> str:
        return _groups(number[0], saying)

    bare = text.strip()
    if SPELLED.fullmatch(bare):
        return re.sub("[0-9]", digit_said, text)
    if SEPARATED.fullmatch(bare):
        return _groups(text, saying)
    return DIALLED.sub(number_said, text)


def dates(text: str, saying: Saying) -> str:
    """`12 March 2019` is said as `twelfth March twenty nineteen`.

    A month in figures (`2019-03-12`, or day first `12/03/2019`) is said as the content's
    symbol `/03`, such as "March", if it has one, else as a number. Wrong for dates that
    have the month first, and for `12 Olympics 2012`.
    """

    def with_name(found: Found) -> str:
        day, month, year = found.groups()
        return _date(day, month, year, saying)

    def in_figures(found: Found) -> str:
        year, month, day, *day_first = found.groups()
        if year is None:
            day, month, year = day_first
        month_said = _month(month, saying)
        return _date(day, month_said, year, saying)

    text = DAY_AND_MONTH.sub(with_name, text)
    return IN_FIGURES.sub(in_figures, text)


def _month(figures: str, saying: Saying) -> str:
    symbol = f"/{figures:0>2}"
    name = saying.words.symbols.get(symbol)
    if name is None:
        number = int(figures)
        return _count(str(number), saying)
    return name


def _date(day: str, month: str, year: str, saying: Saying) -> str:
    day_said = _count(day, saying, "ordinal")
    year_said = _count(year, saying, "year")
    return f" {day_said} {month} {year_said} "


def clock_times(text: str, saying: Saying) -> str:
    """`9:30am` is said as `nine thirty a m`, as the content's symbols `am` and `pm` have it.

    With those, `18:00` is `six p m`, else `eighteen zero zero`; a dash between two is the
    symbol `–`, as in `9am-5pm`. Wrong for a ratio: `4:30`.
    """

    def of_half_day(time: Found) -> str:
        hour, minute, *letters = time.groups()
        half = "am"
        if "p" in letters:
            half = "pm"
        return _time(int(hour), minute or "00", half, saying)

    def of_whole_day(time: Found) -> str:
        hour, minute = time.groups()
        return _time_of_24(int(hour), minute, saying)

    to = saying.words.symbols.get("–", ",")
    text = BETWEEN_TIMES.sub(f" {to} ", text)
    text = HALF_DAY.sub(of_half_day, text)
    return WHOLE_DAY.sub(of_whole_day, text)


def _time_of_24(hour: int, minute: str, saying: Saying) -> str:
    symbols = saying.words.symbols
    if "am" not in symbols or "pm" not in symbols:
        hours = _count(str(hour), saying)
        minutes = _minute(minute, saying)
        if not minutes:
            minutes = _spelt(minute, saying)
        return f" {hours} {minutes} "
    half = "am"
    if 12 <= hour < 24:
        half = "pm"
    on_the_clock = hour % 12 or 12
    return _time(on_the_clock, minute, half, saying)


def _time(hour: int, minute: str, half: str, saying: Saying) -> str:
    hours = _count(str(hour), saying)
    minutes = _minute(minute, saying)
    spelt = " ".join(half)
    half_said = saying.words.symbols.get(half, spelt)
    return f" {hours} {minutes} {half_said} "


def _minute(minute: str, saying: Saying) -> str:
    """Nothing at the full hour."""
    if minute == "00":
        return ""
    if minute.startswith("0"):
        return _spelt(minute, saying)
    return _count(minute, saying)


def money(text: str, saying: Saying) -> str:
    """`£5.50` is said as `five pounds fifty`, where the content's symbol `£` is "pounds".

    Exactly one is the symbol `£1`, if there is one. Wrong for `£5 notes`.
    """

    symbols = saying.words.symbols

    def said(amount: Found) -> str:
        mark, whole, part = amount.groups()
        name = symbols.get(mark, mark)
        if whole == "1":
            name = symbols.get(f"{mark}1", name)
        change = ""
        if part and part != "00":
            change = _count(part, saying)
        amount_said = _count(whole, saying)
        return f" {amount_said} {name} {change} "

    return MONEY.sub(said, text)


def large_money(text: str, saying: Saying) -> str:
    """`£1.2m` is said as `one point two million pounds`, as the content's symbol `0m` has it.

    `£5 million` and `£3bn` (`0bn`) likewise. Wrong for `£5 m` where metres are meant.
    """
    symbols = saying.words.symbols

    def said(amount: Found) -> str:
        mark, figures, size = amount.groups()
        amount_said = _count(figures, saying)
        size_said = symbols.get(f"0{size}", size)
        name = symbols.get(mark, mark)
        return f" {amount_said} {size_said} {name} "

    return LARGE_MONEY.sub(said, text)


def fractions(text: str, saying: Saying) -> str:
    """`½` is said as `half`, `2½` as `two and a half`: the content's symbols `½` and `0½`.

    Wrong for `½ mile`, which people call half a mile.
    """
    symbols = saying.words.symbols

    def said(found: Found) -> str:
        whole, mark = found.groups()
        if not whole:
            part = symbols.get(mark, mark)
            return f" {part} "
        count = _count(whole, saying)
        part = symbols.get(f"0{mark}", mark)
        return f" {count} {part} "

    return FRACTION.sub(said, text)


def roman_numerals(text: str, saying: Saying) -> str:
    """`World War II` is said as `World War two`; from 2 to 39, and never a single letter.

    Wrong for kings, `Henry VIII`, and for a drip, `IV`: write such words in the content.
    """

    def said(found: Found) -> str:
        value = _value(found[0])
        words = _count(str(value), saying)
        return f" {words} "

    return ROMAN.sub(said, text)


def _value(roman: str) -> int:
    """`XIV` is 14: a smaller numeral before a larger one is taken away."""
    total = 0
    largest = 0
    for letter in reversed(roman):
        value = ROMAN_VALUES[letter]
        if value < largest:
            total -= value
        else:
            total += value
            largest = value
    return total


def decades(text: str, saying: Saying) -> str:
    """`the 1990s` is said as `the nineteen nineties`. Wrong for languages but English."""

    def said(decade: Found) -> str:
        words = _count(decade[1], saying, "year")
        if words.endswith("y"):
            return f" {words.removesuffix('y')}ies "
        return f" {words}s "

    return DECADE.sub(said, text)


def ordinals(text: str, saying: Saying) -> str:
    """`21st` is said as `twenty-first`. Wrong for endings of languages other than English."""

    def said(found: Found) -> str:
        words = _count(found[1], saying, "ordinal")
        return f" {words} "

    return ORDINAL.sub(said, text)


def codes(text: str, saying: Saying) -> str:
    """`G15 8TG` is said as `G fifteen eight T G`. Wrong for words: `COVID19`."""

    def said(code: Found) -> str:
        parts = re.findall(r"[A-Z]|\d+", code[0])
        words = [_part_of_code(part, saying) for part in parts]
        together = " ".join(words)
        return f" {together} "

    return CODE.sub(said, text)


def _part_of_code(part: str, saying: Saying) -> str:
    if part.isalpha():
        return part
    if len(part) <= 2:
        return _count(part, saying)
    return _spelt(part, saying)


def years(text: str, saying: Saying) -> str:
    """`in 2019` is said as `in twenty nineteen`. Wrong for amounts: `1800 people`."""

    def said(found: Found) -> str:
        words = _count(found[1], saying, "year")
        return f" {words} "

    return YEAR.sub(said, text)


def numbers(text: str, saying: Saying) -> str:
    """`1,234.5` is said as `one thousand two hundred and thirty-four point five`.

    Wrong for languages that write it `1.234,5`.
    """

    def said(found: Found) -> str:
        words = _count(found[0], saying)
        return f" {words} "

    return NUMBER.sub(said, text)


def _groups(figures: str, saying: Saying) -> str:
    """Digit by digit, with a pause wherever the groups are apart."""
    groups = re.findall(r"\d+", figures)
    spelt = [_spelt(group, saying) for group in groups]
    said = ", ".join(spelt)
    if "+" in figures:
        plus = saying.words.symbols.get("+", "")
        said = f"{plus} {said}"
    return said


def _spelt(figures: str, saying: Saying) -> str:
    digits = saying.words.digits
    found = re.findall("[0-9]", figures)
    return " ".join(digits[digit] for digit in found)


def _count(figures: str, saying: Saying, kind: str = "cardinal") -> str:
    """The amount in words; digit by digit where it is not an amount, or words are unknown."""
    plain = figures.replace(",", "")
    spelt = _spelt(plain, saying)
    if len(plain) > MOST_DIGITS:
        return spelt
    if kind == "cardinal" and re.match(r"0\d", plain):
        return spelt
    return _in_words(plain, saying.language, kind) or spelt


@lru_cache(10_000)
def _in_words(plain: str, language: str, kind: str) -> str:
    """Empty where num2words does not know the language. Each takes a quarter of a millisecond."""
    try:
        words = num2words(plain, lang=language, to=kind)
    except NotImplementedError:
        return ""
    return str(words).replace(",", "")
