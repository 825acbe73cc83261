"""Texts become words that every voice gets right."""

import html
import re
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from audio.speech.pronunciations import Pronunciations
from audio.speech.speakable import RULES, speakable, unsaid_marks
from ivr.settings import ROOT
from tests.support.small_content import DIGITS

WORDS = Pronunciations(
    words={"NHS": "N H S", "COPE": "Cope", "24/7": "day and night"},
    abbreviations={"Dr": "Doctor", "e.g.": "for example", "etc.": "and so on"},
    symbols={
        **{
            "*": "star",
            "#": "hash",
            "&": "and",
            "%": "per cent",
            "+": "plus",
            "@": "at",
        },
        **{"/": "slash", ".": "dot", "°": "degrees", "£": "pounds", "£1": "pound"},
        **{"–": "to", "am": "a m", "pm": "p m", "/03": "March"},
        **{"½": "half", "0½": "and a half", "0m": "million", "0bn": "billion"},
    },
    digits=DIGITS,
)


def said(text: str, words: Pronunciations = WORDS) -> str:
    return speakable(text, "en", words)


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("0800 83 85 87", "zero eight zero zero, eight three, eight five, eight seven"),
        ("0800 1111", "zero eight zero zero, one one one one"),
        ("111", "one one one"),
        ("116 123", "one one six, one two three"),
        ("0", "zero"),
        ("12 34", "one two, three four"),
        ("It is **bold** and _new_.", "It is bold and new."),
        ("Press *.", "Press star."),
        ("<b>Tea</b> &lt;b&gt;", "Tea b"),
        ("Hello 😀 there ❤️!", "Hello there!"),
        ("It cost £1.2m.", "It cost one point two million pounds."),
        ("£1 million or £3bn", "one million pounds or three billion pounds"),
        ("½ a cup, 2½ cups", "half a cup, two and a half cups"),
        ("World War II, Part XIV", "World War two, Part fourteen"),
        ("I mix vitamin C, a CD and XIX", "I mix vitamin C, a CD and nineteen"),
        ("the 1990s", "the nineteen nineties"),
        ("in the 2000s", "in the two thousands"),
        ("9.30am-5pm", "nine thirty a m to five p m"),
        ("1,", "one,"),
        ("+4.", "plus four."),
        ("Ring 116 123.", "Ring one one six, one two three."),
        ("dial 999. Now", "dial nine nine nine. Now"),
        ("NHS 111", "N H S one one one"),
        (
            "+44 141 944 5490",
            "plus four four, one four one, nine four four, five four nine zero",
        ),
        (
            "Ring (0141) 944 5490.",
            "Ring zero one four one, nine four four, five four nine zero.",
        ),
        ("Ring 08001111!", "Ring zero eight zero zero one one one one!"),
    ],
)
def test_a_number_to_dial_is_said_digit_by_digit_in_its_groups(
    written: str, heard: str
) -> None:
    assert said(written) == heard


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("On 12 March 2019 we met.", "On twelfth March twenty nineteen we met."),
        ("Since 2019-03-12.", "Since twelfth March twenty nineteen."),
        ("Since 12/03/2019.", "Since twelfth March twenty nineteen."),
        ("Since 12/04/2019.", "Since twelfth four twenty nineteen."),
        ("Copyright 2019.", "Copyright twenty nineteen."),
        ("from 9:30am to 18:05", "from nine thirty a m to six zero five p m"),
        ("at 9 a.m. sharp", "at nine a m sharp"),
        ("at 00:00 and 12:00", "at twelve a m and twelve p m"),
        ("£5.50, £1 or £1,000.00", "five pounds fifty, one pound or one thousand pounds"),
        ("50% of it", "fifty per cent of it"),
        ("the 1st and the 22nd", "the first and the twenty-second"),
        ("1,234.5 cakes", "one thousand two hundred and thirty-four point five cakes"),
        ("at -5 °", "at minus five degrees"),
        ("aged 9–21", "aged nine to twenty-one"),
        ("G15 8TG, SC022807", "G fifteen eight T G, S C zero two two eight zero seven"),
        ("press 5.", "press five."),
        ("007", "zero zero seven"),
        ("we have 1234567890123 of them", "we have " + " ".join(
            DIGITS[digit] for digit in "1234567890123") + " of them"),
    ],
)  # fmt: skip
def test_figures_are_said_as_people_say_them(written: str, heard: str) -> None:
    assert said(written) == heard


def test_without_words_for_halves_of_the_day_all_24_hours_are_said() -> None:
    bare = replace(WORDS, symbols={})
    assert said("at 18:00", bare) == "at eighteen zero zero"


def test_a_language_without_number_words_has_its_digits_said() -> None:
    assert speakable("aged 16", "xx", WORDS) == "aged one six"


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("is, ''Why does it?''", "is, Why does it?"),
        ("decide' 'we made this happen' then", "decide we made this happen then"),
        ("“It’s a ‘fairy-tale’”", "It's a fairy-tale"),
        ("«Oui»", "Oui"),
    ],
)
def test_quotation_marks_go_and_apostrophes_in_words_stay(
    written: str, heard: str
) -> None:
    assert said(written) == heard


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("Tea &amp; cake", "Tea and cake"),
        (
            "see https://www.cope.org.uk/help. Now",
            "see cope dot org dot uk slash help. Now",
        ),
        ("see www.cope.org/", "see cope dot org"),
        ("mail info@cope.org, please", "mail info at cope dot org, please"),
        ("Dr Who, e.g., etc.", "Doctor Who, for example, and so on"),
        ("Dr. Rose, ask Dr.", "Doctor Rose, ask Doctor."),
        ("Drum", "Drum"),
        ("COPE is open 24/7.", "Cope is open day and night."),
        ("COPES", "COPES"),
        ("press *.", "press star."),
        ("the U.S.A. too", "the U S A too"),
        ("the cake – ours – is…", "the cake, ours, is."),
        ("co-production", "co-production"),
        ("café (Zoë’s)", "cafe, Zoe's."),
        ("one\u00a0two\tthree", "one two three"),
        ("Well , yes !?", "Well, yes?"),
        ("ا", "arabic letter alef"),
    ],
)
def test_marks_and_short_forms_become_words_and_pauses(
    written: str, heard: str
) -> None:
    assert said(written) == heard


@pytest.mark.parametrize(
    ("symbols", "heard"),
    [
        ({}, "see cope dot org slash a b c d, or cope dot org"),
        (
            {"?": "question mark", "=": "equals", "~": "tilde"},
            "see cope dot org slash a question mark b equals c tilde d, or cope dot org",
        ),
    ],
)
def test_a_mark_in_a_link_is_said_as_the_content_has_it_or_not_at_all(
    symbols: dict[str, str], heard: str
) -> None:
    """Not as the pause that it is elsewhere: the caller would take the link for a question."""
    words = replace(WORDS, symbols=WORDS.symbols | symbols)
    assert said("see https://cope.org/a?b=c~d, or cope.org", words) == heard


@given(st.text())
@example("\u0378١½Ⅷ①")
@example("https://www./")
@example("𐎀\U0001f600")
@example("'-'-a'-b")
@example("&lt <b>")
def test_whatever_the_text_a_voice_gets_plain_words(text: str) -> None:
    spoken = said(text)
    assert re.fullmatch(r"[A-Za-z][A-Za-z .,?!;:'-]*|", spoken)
    assert "  " not in spoken
    assert spoken == spoken.strip()
    without_markup = html.unescape(re.sub("</?[a-zA-Z][^<>]*>", " ", text))
    assert any(char.isalnum() for char in without_markup) <= bool(spoken)


@given(st.text(st.sampled_from("aA.,'\" -–0123459:/£%&*@#?()\n")))
def test_what_can_be_spoken_is_spoken_as_it_is(text: str) -> None:
    assert said(said(text)) == said(text)


def test_every_rule_has_an_example_and_owns_up_to_what_it_gets_wrong() -> None:
    for rule in RULES:
        assert "`" in (rule.__doc__ or "")
        if rule.__name__ not in ("leftovers",):
            assert re.search(r"\bsaid as\b", rule.__doc__ or ""), rule.__name__
        assert "rong" in (rule.__doc__ or ""), rule.__name__


def test_no_spoken_word_is_in_the_rules() -> None:
    """Every literal that the rules put into a text is punctuation, or a key of the content's."""
    for module in ("speakable", "figures"):
        code = (ROOT / f"audio/speech/{module}.py").read_text()
        without_comments = re.sub(r'"""(?s:.*?)"""|#.*', "", code)
        for number in (*DIGITS.values(), "pounds", "point", "dot", "slash", "hundred"):
            assert not re.search(rf"\b{number}\b", without_comments), number


def test_a_word_may_be_said_in_another_way_by_one_voice_alone() -> None:
    words = replace(
        WORDS, voices={"flite": {"Tzu": "Tsoo"}, "flite:slt": {"Tzu": "Zoo"}}
    )
    heard = [
        said("Lao Tzu of the NHS", words.for_voice(name))
        for name in ("hibari:heart", "flite:rms", "flite:slt")
    ]
    assert heard == [
        "Lao Tzu of the N H S",
        "Lao Tsoo of the N H S",
        "Lao Zoo of the N H S",
    ]


def test_a_symbol_may_be_said_in_another_way_by_one_voice_alone() -> None:
    words = replace(WORDS, voices={"hibari": {"am": "eh em"}})
    hibari = words.for_voice("hibari:heart")
    assert said("I am here from 9am", hibari) == "I am here from nine eh em"
    flite = words.for_voice("flite:rms")
    assert said("I am here from 9am", flite) == "I am here from nine a m"


@pytest.mark.parametrize(
    ("written", "lost"),
    [
        ("Tea & cake, 50 %", ()),
        ("Tea | cake <", ("|", "<")),
        ("Hello 😀", ("😀",)),
        ("$5", ("$",)),
        ("Every day – all day…", ()),
    ],
)
def test_marks_that_nobody_hears_are_known(written: str, lost: tuple[str, ...]) -> None:
    assert unsaid_marks(written, "en", WORDS) == lost


@pytest.mark.parametrize(
    ("language", "written", "expected"),
    [
        ("cy", "Croeso i’r tŷ – dŵr, ‘tê’ & 2", "Croeso i'r tŷ, dŵr, tê and dau"),
        ("de", "Drücken Sie die 5: für Größe!", "Drücken Sie die fünf: für Größe!"),
        ("hi", "मेरी किताब | यह", "मेरी किताब यह"),
        ("en-gb", "Drücken", "Drucken"),
    ],
)
def test_another_language_keeps_its_letters(
    language: str, written: str, expected: str
) -> None:
    """Composed or not. What is no letter is no word there either."""
    words = replace(WORDS, symbols={**WORDS.symbols, "&": "and"})
    for form in ("NFC", "NFD"):
        text = unicodedata.normalize(form, written)
        assert speakable(text, language, words) == expected


def test_a_letter_of_the_language_is_not_told_to_be_lost() -> None:
    assert unsaid_marks("tŷ | 😀", "cy", WORDS) == ("😀", "|")
    assert unsaid_marks("मेरी", "hi", WORDS) == ()


@given(st.text(), st.sampled_from(["cy", "de", "hi"]))
def test_whatever_the_text_other_languages_get_letters_and_pauses(
    text: str, language: str
) -> None:
    spoken = speakable(text, language, WORDS)
    for mark in spoken:
        is_letter = unicodedata.category(mark)[0] in "LM"
        assert is_letter or mark in " .,?!;:'-"
    assert "  " not in spoken
