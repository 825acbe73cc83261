"""The real words: true to their source, and in pieces of a size to listen to."""

import datetime

import pytest

from audio.words.source import Source, load
from ivr.edition.content import Language
from ivr.settings import ROOT
from tests.support import small

DAY = 24 * 60
ALWAYS = [(day * DAY, (day + 1) * DAY) for day in range(7)]

BODY = (ROOT / "tests" / "co-production.txt").read_text(encoding="utf-8")
"""The article as COPE Scotland's page has it, without the page around it."""


@pytest.fixture(scope="module")
def source() -> Source:
    return load(ROOT / "content")


@pytest.fixture(scope="module")
def english(source: Source) -> Language:
    return source.content.languages["en"]


def test_the_article_is_the_pages_word_for_word(english: Language) -> None:
    [article] = english.articles
    read = " ".join(s for section in article.sections for s in section.sentences)
    assert read.split() == BODY.split()
    assert (article.slug, article.title) == (
        "what-is-co-production",
        "What is co-production?",
    )
    assert "COPE Scotland" in article.source
    assert article.copyright == "Copyright COPE Scotland 2019."


def test_sections_are_of_a_size_to_listen_to(english: Language) -> None:
    for section in english.articles[0].sections:
        assert 60 <= sum(len(s.split()) for s in section.sentences) <= 150, (
            section.heading
        )
        assert len(section.heading.split()) <= 5


def test_every_sentence_ends_as_the_page_ends_it(english: Language) -> None:
    sentences = [
        s for section in english.articles[0].sections for s in section.sentences
    ]
    assert len(sentences) == 23
    assert [s for s in sentences if s[-1] not in ".?!'"] == [
        "We are honoured that over the years we have been asked to share our views",
        "For example:",
        "In other words, it will be a better and more inclusive cake, "
        "people look forward to eating",
        "Lao Tzu",
    ]


def test_the_helplines_are_the_pages_ten_in_its_order_then_the_office(
    english: Language,
) -> None:
    assert [(h.name, h.number, h.e164) for h in english.helplines] == [
        ("Silverline", "0800 4 70 80 90", "+448004708090"),
        ("Childline", "0800 1111", "+448001111"),
        ("ParentLine", "08000 28 22 33", "+448000282233"),
        ("Samaritans", "116 123", None),
        ("Breathing Space", "0800 83 85 87", "+44800838587"),
        ("NHS 111", "111", None),
        ("Gamblers Anonymous", "0370 050 8881", "+443700508881"),
        ("Narcotics Anonymous", "0300 999 1212", "+443009991212"),
        ("Alcoholics Anonymous", "0800 9177 650", "+448009177650"),
        ("CALM", "0800 58 58 58", "+44800585858"),
        ("COPE Scotland's office", "0141 944 5490", "+441419445490"),
    ]


@pytest.mark.parametrize(
    "slug", ["silverline", "childline", "samaritans", "nhs-111", "alcoholics-anonymous"]
)
def test_lines_for_a_crisis_are_open_all_week(english: Language, slug: str) -> None:
    [helpline] = [h for h in english.helplines if h.slug == slug]
    assert list(helpline.hours) == ALWAYS
    assert helpline.on_holidays is None


def test_breathing_space_is_open_at_night_and_all_weekend(english: Language) -> None:
    [helpline] = [h for h in english.helplines if h.slug == "breathing-space"]
    hour = 60
    nights = [(n * DAY + 18 * hour, n * DAY + 26 * hour) for n in range(4)]
    assert list(helpline.hours) == [
        (0, 6 * hour),
        *nights,
        (4 * DAY + 18 * hour, 5 * DAY),
        *ALWAYS[5:],
    ]


def test_what_is_said_of_a_helpline_is_one_short_sentence_each(
    english: Language,
) -> None:
    for helpline in english.helplines:
        for said in (helpline.whom, helpline.when, helpline.cost):
            assert said.endswith("."), said
            assert said.count(".") == 1, said
            assert len(said.split()) <= 30, said
        assert datetime.date.fromisoformat(helpline.checked) <= datetime.date(
            2026, 11, 23
        )


def test_the_line_reads_with_a_neural_voice_or_else_another(source: Source) -> None:
    assert source.voices == {"en": ("hibari:heart", "flite:rms", "espeak:en-us+klatt6")}
    assert source.content.speeds == (0.75, 1.0, 1.25, 1.5, 2.0)


def test_the_keys_of_a_telephone_can_be_said(source: Source) -> None:
    said = source.pronunciations["en"]
    assert (said.symbols["*"], said.symbols["#"], said.digits["0"]) == (
        "star",
        "hash",
        "zero",
    )


@pytest.mark.parametrize(
    ("number", "spelled"),
    [
        ("0800 1111", "0, 8, 0, 0. 1, 1, 1, 1."),
        ("111", "1, 1, 1."),
        ("08 0 4", "0, 8. 0. 4."),
        ("+44 141", "+4, 4. 1, 4, 1."),
        ("+7 4", "+7. 4."),
    ],
)
def test_a_number_is_spelled_digit_by_digit_in_its_groups(
    number: str, spelled: str
) -> None:
    assert small.helpline("any", number, e164=None).spelled == tuple(spelled.split())
