"""When a helpline is open, in words: the line's own sentence, and staff's held against it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.words.faults import InvalidValue
from audio.words.hours import stretches, week
from audio.words.source import load
from audio.words.when_open import HoursWords, load_hours_words
from ivr.edition.content import Stretch
from ivr.settings import ROOT
from tests.support.drawn_hours import DRAWN, Drawn, entry
from tests.support.small_content import HELPLINES, HOURS, changed, faults, write


def real_words() -> HoursWords:
    words = load_hours_words(ROOT / "content/en/hours.toml", [])
    assert words
    return words


WORDS = real_words()


def hours(*entries: str) -> tuple[Stretch, ...]:
    return week([(entry, stretches(entry)) for entry in entries])


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        (["always"], "Open all day and all night."),
        (["daily 00:00-24:00"], "Open all day and all night."),
        (["daily 17:00-24:00"], "Open every day from 5 in the afternoon to midnight."),
        (
            ["Mon-Fri 09:00-21:00", "Sat,Sun 09:00-12:00"],
            "Open Monday to Friday from 9 in the morning to 9 at night,"
            " and Saturday and Sunday from 9 in the morning to midday.",
        ),
        (
            ["Mon-Thu 18:00-02:00", "Fri 18:00-Mon 06:00"],
            "Open Monday to Thursday from 6 in the evening to 2 in the morning,"
            " and from Friday at 6 in the evening to Monday at 6 in the morning.",
        ),
        (
            ["Mon,Wed,Fri 09:30-12:00", "Mon,Wed,Fri 12:30-16:45"],
            "Open Monday, Wednesday and Friday from half past 9 in the morning to midday"
            " and from half past 12 in the afternoon to a quarter to 5 in the afternoon.",
        ),
        (
            ["Sat 00:00-24:00", "Sun 00:00-06:00"],
            "Open from Saturday at midnight to Sunday at 6 in the morning.",
        ),
        (
            ["Sat-Mon 10:15-11:05"],
            "Open Saturday to Monday from a quarter past 10 in the morning"
            " to 5 minutes past 11 in the morning.",
        ),
        (
            ["Sat,Sun 00:00-24:00", "Tue 18:00-20:00"],
            "Open Tuesday from 6 in the evening to 8 in the evening,"
            " and Saturday and Sunday all day.",
        ),
        (
            ["Mon 18:00-24:00", "Tue 00:00-02:00"],
            "Open Monday from 6 in the evening to 2 in the morning.",
        ),
        (
            ["daily 22:00-00:30"],
            "Open every day from 10 at night to half past 12 at night.",
        ),
    ],
)
def test_the_line_says_its_hours_in_the_words_of_the_language(
    entries: list[str], sentence: str
) -> None:
    assert WORDS.sentence(hours(*entries)) == sentence


@given(st.lists(DRAWN, min_size=1, max_size=4))
def test_the_lines_own_sentence_never_claims_other_hours(
    drawn: list[Drawn],
) -> None:
    entries = [entry(each) for each in drawn]
    try:
        found = hours(*entries)
    except InvalidValue:
        return
    sentence = WORDS.sentence(found)
    assert "{" not in sentence
    WORDS.refuse_other_hours(sentence, found)


@pytest.mark.parametrize(
    ("when", "entries"),
    [
        ("Day and night.", ["always"]),
        ("Usually open in office hours, Monday to Friday.", ["Mon-Fri 09:00-17:00"]),
        ("Opening hours vary, so you may have to try again.", ["daily 09:00-21:00"]),
        ("Open from 9am to 5pm on weekdays.", ["Mon-Fri 09:00-17:00"]),
        ("Open from 09:00 to 17:00.", ["Mon-Fri 09:00-17:00"]),
        ("Weekdays, from half past 9 in the morning.", ["Mon-Fri 09:30-17:00"]),
        ("Every evening until midnight.", ["daily 17:00-24:00"]),
        ("From 6 at night to 2 at night.", ["daily 18:00-02:00"]),
        ("Open 9 to 5.", ["Mon-Fri 10:00-16:00"]),  # not understood, and let be
        ("Open daytime, and at night-time too.", ["always"]),
    ],
)
def test_a_sentence_that_claims_no_other_hours_stays(
    when: str, entries: list[str]
) -> None:
    WORDS.refuse_other_hours(when, hours(*entries))


@pytest.mark.parametrize(
    ("when", "entries", "what"),
    [
        (
            "Open all day and all night.",
            ["Mon-Fri 09:00-17:00"],
            "it says 'all day and all night', but the hours are not round the clock",
        ),
        (
            "Open 24 hours.",
            ["Mon-Fri 09:00-17:00"],
            "it says '24 hours', but the hours are not round the clock",
        ),
        (
            "Open from 9 in the morning.",
            ["always"],
            "it says '9 in the morning', but the hours neither begin nor end then",
        ),
        (
            "Open from 9 in the morning to 6 in the evening.",
            ["Mon-Fri 09:00-17:00"],
            "it says '6 in the evening', but the hours neither begin nor end then",
        ),
        (
            "Open from 9am to 5.30pm.",
            ["Mon-Fri 09:00-17:00"],
            "it says '5.30pm', but the hours neither begin nor end then",
        ),
        (
            "Open until 18:30.",
            ["Mon-Fri 09:00-17:00"],
            "it says '18:30', but the hours neither begin nor end then",
        ),
        (
            "Open from half past 9 in the morning.",
            ["Mon-Fri 09:00-17:00"],
            "it says 'half past 9 in the morning', but the hours neither begin nor end then",
        ),
        (
            "Open till midnight.",
            ["Fri 18:00-Mon 06:00"],
            "it says 'midnight', but the hours neither begin nor end then",
        ),
    ],
)
def test_a_sentence_that_claims_other_hours_is_refused(
    when: str, entries: list[str], what: str
) -> None:
    with pytest.raises(InvalidValue) as wrong:
        WORDS.refuse_other_hours(when, hours(*entries))
    assert wrong.value.what == what
    assert WORDS.sentence(hours(*entries)) in wrong.value.mend


def test_hours_of_other_days_may_be_named_too() -> None:
    when = "Open from 9am to 5pm, and from 10am on public holidays."
    office = hours("Mon-Fri 09:00-17:00")
    WORDS.refuse_other_hours(when, office, [(600, 840)])
    with pytest.raises(InvalidValue):
        WORDS.refuse_other_hours(when, office)


def test_without_a_sentence_the_line_writes_it_and_with_one_it_is_staffs(
    tmp_path: Path,
) -> None:
    without = changed(HELPLINES, 'when = "Day and night."\n', "")
    [helpline] = (
        load(write(tmp_path, helplines=without)).content.languages["en"].helplines
    )
    assert helpline.when == "Open all day and all night."
    [helpline] = load(write(tmp_path)).content.languages["en"].helplines
    assert helpline.when == "Day and night."


def test_a_sentence_against_the_hours_is_a_fault_that_shows_a_right_one(
    tmp_path: Path,
) -> None:
    text = changed(HELPLINES, '"always"', '"Mon-Fri 09:00-17:00"')
    assert faults(write(tmp_path, helplines=text)) == [
        "en/helplines.toml:7: it says 'day and night', but the hours are not round the clock; "
        'leave it out, write something such as "Open Monday to Friday from 9 in the morning to '
        '5 in the afternoon.", or mend the hours'
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "Open {hours}.",
            "Open.",
            "'sentence' has no slot; its slots are: {hours}",
        ),
        (
            "from {start} to {end}",
            "from {start} to {stop}",
            "'from_to' has {start} {stop}; its slots are: {end} {start}",
        ),
        (
            "all day and all night.",
            "{always}.",
            "'always' has {always}; its slots are: none",
        ),
        ('Mon = "Monday"', "", "'Mon' is missing; add it: text in \"quotes\""),
        ("midday = ", "noon = ", "'noon' is not known here; remove it"),
        ("21 = ", "24 = ", "'24' is not an hour; write one from 0 to 23"),
        ('0 = "at night"', "", "no part of the day begins at 0; add it"),
    ],
)
def test_a_fault_in_how_hours_are_said_is_told_in_its_place(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    found = faults(write(tmp_path, hours=changed(HOURS, old, new)))
    assert expected in [fault.partition(": ")[2] for fault in found]
    assert all(fault.startswith("en/hours.toml:") for fault in found)
