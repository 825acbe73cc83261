"""Text as written becomes text as said: letters and pauses that every voice gets right.

Voices differ in what they can read: flite, which is English, drops whatever is not ASCII, says
"and amp" for `&amp;` and "eight zero ninety" for "80 90". So nothing but plain words reaches them.
Every word that is said comes from the content's pronunciations or from num2words.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache

from anyascii import anyascii

from audio.speech.figures import (
    Saying,
    clock_times,
    codes,
    dates,
    decades,
    fractions,
    large_money,
    money,
    numbers,
    numbers_to_dial,
    ordinals,
    roman_numerals,
    years,
)
from audio.speech.pronunciations import Pronunciations

Rule = Callable[[str, Saying], str]

PAUSES = ".,?!;:"
"""The marks that a voice pauses at."""
STRONGEST = "?!.;:,"
"""Of several, only the one that comes first here is kept."""
UNTIL_LATER = "£€–—…"
"""Marks with a rule of their own, kept until it comes."""

NOT_IN_LINKS = r"\s<>\"'()"
LINK = re.compile(
    rf"(?:https?://(?:www\.)?|\bwww\.)([^\W_](?:[^{NOT_IN_LINKS}]*[^{NOT_IN_LINKS}{PAUSES}/])?)/?"
    r"|\b([\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|\b((?:[\w-]+\.)+(?:org|com|net|info|gov|uk|scot|eu|ie)"
    rf"(?:/[^{NOT_IN_LINKS}]*\w)?)\b"
)
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
EMPHASIS = re.compile(r"(?<![\w*])([*_]{1,3})(?=[^\s*_])([^*_]*[^\s*_])\1(?![\w*])")
INITIALS = re.compile(r"\b(?:[A-Za-z]\.){2,}")


def speakable(text: str, language: str, words: Pronunciations) -> str:
    """What a voice is given for `text`: words, spaces and `.,?!;:'-`; in English, printable ASCII.

    Empty only for a text without a letter or a digit.
    """
    saying = Saying(language, words)
    for rule in RULES:
        text = rule(text, saying)
    return text


def entities(text: str, saying: Saying) -> str:
    """`Tea &amp; cake` is said as `Tea & cake`. Wrong for a text about HTML itself."""
    return html.unescape(text)


def unsaid_marks(text: str, language: str, words: Pronunciations) -> tuple[str, ...]:
    """The marks of `text` for which nothing is said, such as `|`, `<` or an emoji, in order."""
    saying = Saying(language, words)
    lost = [mark for mark in text if _is_picture(mark, saying)]
    before_leftovers = RULES[: RULES.index(leftovers)]
    for rule in before_leftovers:
        text = rule(text, saying)
    for mark in re.findall(r"[^A-Za-z0-9\s.,?!;:'-]", text):
        if not _is_letter(mark, saying):
            lost.append(mark)
    shown = [mark for mark in lost if mark.isprintable()]
    return tuple(dict.fromkeys(shown))


def markup(text: str, saying: Saying) -> str:
    """`<b>Bold</b>` is said as `Bold`. Wrong for `a <b and c> d`."""
    return TAG.sub(" ", text)


def emphasis(text: str, saying: Saying) -> str:
    """`**bold** and _new_` is said as `bold and new`. Wrong for `5 *6* 7` as a product."""
    return EMPHASIS.sub(r"\2", text)


def pictures(text: str, saying: Saying) -> str:
    """`Hello 😀` is said as `Hello`: an emoji has no words, but where the content has some.

    Wrong where the picture is the message.
    """
    if text.isascii():
        return text
    kept = []
    for mark in text:
        if _is_picture(mark, saying):
            kept.append(" ")
        else:
            kept.append(mark)
    return "".join(kept)


def _is_picture(mark: str, saying: Saying) -> bool:
    if mark in saying.words.symbols:
        return False
    joins = mark in "\N{ZERO WIDTH JOINER}\N{VARIATION SELECTOR-16}"
    return joins or unicodedata.category(mark) in ("So", "Sk")


def quotation_marks(text: str, saying: Saying) -> str:
    """`''Why?''` is said as `Why?`, while `it's` keeps its apostrophe.

    Wrong for a word that begins or ends with one: `'tis`, `the readers' cake`.
    """
    text = re.sub("[‘’‛ʼ`´′]", "'", text)
    text = re.sub("[“”„‟«»‹›″\"]|''", " ", text)
    return re.sub(r"(?<![^\W_])'|'(?![^\W_])", " ", text)


def plain_letters(text: str, saying: Saying) -> str:
    """`café` is said as `cafe`. Wrong for names whose plain letters sound otherwise: `Zoë`.

    A letter that has none, such as a cuneiform one, is said by its name in Unicode. A language
    other than English keeps its letters, as `tŷ` and `drücken` are no other words without them.
    """
    if text.isascii():
        return text
    kept = {*UNTIL_LATER, *saying.words.symbols}
    letters: list[str] = []
    for letter in unicodedata.normalize("NFC", text):
        if letter.isascii() or letter in kept or _is_letter(letter, saying):
            letters.append(letter)
        else:
            letters.append(_plain(letter))
    return "".join(letters)


def _is_letter(mark: str, saying: Saying) -> bool:
    """Whether the language's voices say it in words as it is; also a vowel sign, as of Hindi."""
    if saying.is_english:
        return mark.isascii() and mark.isalpha()
    return mark.isalpha() or unicodedata.category(mark).startswith("M")


def _plain(letter: str) -> str:
    plain = anyascii(unicodedata.normalize("NFKC", letter))
    if not plain and letter.isalnum():
        return f" {unicodedata.name(letter, '').lower()} "
    return plain


def links(text: str, saying: Saying) -> str:
    """`https://www.cope.org/help` is said as `cope dot org slash help`.

    A mark that the content does not say is a space: `cope.org?page` is `cope dot org page`.
    Wrong for a sentence end without a space after it: `Ask us.info is free`.
    """
    marks = saying.words.symbols

    def said_mark(mark: re.Match[str]) -> str:
        return f" {marks.get(mark[0], ' ')} "

    def said(link: re.Match[str]) -> str:
        address = link[link.lastindex or 0]
        return re.sub(r"\W|_", said_mark, address)

    return LINK.sub(said, text)


def words_of_the_content(text: str, saying: Saying) -> str:
    """`NHS` is said as `N H S`. Wrong where one spelling has two sounds: `read`, `live`."""
    return _replace(text, saying.words.words)


def abbreviations(text: str, saying: Saying) -> str:
    """`e.g. cake` is said as `for example cake`; the full stop of `Dr. Rose` is no pause.

    Wrong for `Dr` in `Rose Dr`.
    """
    short_forms = saying.words.abbreviations
    with_stop = {f"{short}.": said for short, said in short_forms.items()}
    text = _replace(text, with_stop, r"(?=\s+\S)")
    return _replace(text, short_forms)


def initials(text: str, saying: Saying) -> str:
    """`U.S.A.` is said as `U S A`. Wrong at the end of a sentence, which gets lost."""
    return INITIALS.sub(lambda found: found[0].replace(".", " "), text)


def dashes(text: str, saying: Saying) -> str:
    """`the cake – ours – is…` is said as `the cake, ours, is.`

    Between figures a dash is said as the content's symbol `–`, such as "to", if it has
    one; wrong for a score: `they won 3–1`.
    """
    to = saying.words.symbols.get("–", ",")
    text = re.sub(r"(?<=\d)\s?[–—-]\s?(?=\d)", f" {to} ", text)
    text = re.sub(r"(?:\.{2,}|…|[)\]}])\s*$", ".", text)
    return re.sub(r"\s-+\s|-{2,}|[–—…]|\.{2,}|[()\[\]{}]", ", ", text)


def symbols(text: str, saying: Saying) -> str:
    """`5 & 6 %` is said as `5 and 6 per cent`. Wrong for marks that only decorate: `***`."""
    said = saying.words.symbols
    marks = _marks(tuple(said))
    return marks.sub(lambda mark: f" {said[mark[0]]} ", text)


@lru_cache
def _marks(written: tuple[str, ...]) -> re.Pattern[str]:
    """Those that are neither words nor pauses; with none, what nothing matches."""
    without_words = [mark for mark in written if not re.search(r"[^\W_]", mark)]
    said = [mark for mark in without_words if mark not in f"{PAUSES}'-"]
    return re.compile(_any_of(said) or "(?!)")


def leftovers(text: str, saying: Saying) -> str:
    """Whatever no rule knew: a digit is said, any other mark is a space.

    Wrong for marks that mean something: `<` and `|` are not said unless the content says how.
    """
    digits = saying.words.digits
    text = re.sub("[0-9]", lambda digit: f" {digits[digit[0]]} ", text)
    if saying.is_english:
        text = anyascii(text)

    def kept(mark: re.Match[str]) -> str:
        if _is_letter(mark[0], saying):
            return mark[0]
        return " "

    return re.sub(r"[^A-Za-z.,?!;:'-]", kept, text)


def tidy(text: str, saying: Saying) -> str:
    """`Well , yes !?` is said as `Well, yes?` Wrong for `?!`, whose surprise is lost."""
    text = re.sub(r"(?<![^\W\d_])['-]+|['-]+(?![^\W\d_])", " ", text)
    text = re.sub(rf"\s*[{PAUSES}][\s{PAUSES}]*", _one_pause, text)
    return " ".join(text.lstrip(f"{PAUSES} ").split())


def _one_pause(marks: re.Match[str]) -> str:
    for mark in STRONGEST:
        if mark in marks[0]:
            return f"{mark} "
    return " "


def _replace(text: str, table: dict[str, str], after: str = "") -> str:
    """Replace each whole word of the table that the pattern `after` follows.

    One made of figures is not replaced inside a longer figure.
    """
    if not table:
        return text
    written = _whole_words(tuple(table), after)
    return written.sub(lambda word: table[word[0]], text)


@lru_cache
def _whole_words(words: tuple[str, ...], after: str) -> re.Pattern[str]:
    """Kept, because escaping and sorting a table takes longer than looking for its words."""
    before = r"(?<!\w)(?<![£$€\d][.,])(?<![£$€])"
    return re.compile(rf"{before}(?:{_any_of(words)})(?!\w|[.,]\d){after}")


def _any_of(written: Iterable[str]) -> str:
    """A pattern for any of these; the longest first, as the first that fits is taken."""
    longest_first = sorted(written, key=len, reverse=True)
    return "|".join(re.escape(each) for each in longest_first)


RULES: tuple[Rule, ...] = (
    markup,
    entities,
    emphasis,
    pictures,
    quotation_marks,
    plain_letters,
    links,
    numbers_to_dial,
    words_of_the_content,
    fractions,
    dates,
    clock_times,
    abbreviations,
    initials,
    large_money,
    money,
    ordinals,
    roman_numerals,
    codes,
    decades,
    dashes,
    years,
    numbers,
    symbols,
    leftovers,
    tidy,
)
"""In order: a rule may rely on those before it, and what it makes, later ones may change."""
