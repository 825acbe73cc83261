"""Numbers, hours and the helplines file."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.words.faults import InvalidValue
from audio.words.hours import DAY, WEEK, joined, stretches, week
from audio.words.phone_numbers import dialled
from audio.words.source import load
from ivr.edition.content import DatedHours, Stretch
from tests.support.drawn_hours import DRAWN, Drawn, entry
from tests.support.small_content import HELPLINES, LINE, changed, faults, write


def hours(*entries: str) -> tuple[Stretch, ...]:
    """The week that the entries make, as people would tell it: what touches is one."""
    return joined(week([(entry, stretches(entry)) for entry in entries]))


@pytest.mark.parametrize(
    ("printed", "e164"),
    [
        ("0800 1111", "+448001111"),
        ("08000 28 22 33", "+448000282233"),
        ("0141 944 5490", "+441419445490"),
        ("0300 999 1212", "+443009991212"),
        ("+44 141 944 5490", "+441419445490"),
    ],
)
def test_a_valid_number_is_dialled_in_e164_or_only_said(
    printed: str, e164: str
) -> None:
    assert dialled(printed, transfer=True, country="GB") == e164
    assert dialled(printed, transfer=False, country="GB") is None


@pytest.mark.parametrize(
    "printed", ["116 123", "111", "999", "112", "+33 1 42 68 53 00", "0906 802 1234"]
)
def test_what_a_transfer_may_not_dial_may_be_said(printed: str) -> None:
    assert dialled(printed, transfer=False, country="GB") is None


@pytest.mark.parametrize(
    ("printed", "what"),
    [
        ("116 123", "116 123 is a short code, which a transfer cannot dial"),
        ("999", "999 is an emergency number, which a transfer must never dial"),
        (
            "0906 802 1234",
            "0906 802 1234 is a premium-rate number, and the line would pay",
        ),
        (
            "+33 1 42 68 53 00",
            "+33 1 42 68 53 00 is in another country, and the line would pay",
        ),
        ("112", "112 is an emergency number, which a transfer must never dial"),
        (
            "0800 9177 6506",
            "0800 9177 6506 has 12 digits, but a GB freephone number has 10 or 11",
        ),
        ("0141 944 549", "0141 944 549 has 10 digits, but a GB landline number has 11"),
        (
            "0141 944 54901",
            "0141 944 54901 has 12 digits, but a GB landline number has 11",
        ),
        ("07911 12345", "07911 12345 has 10 digits, but a GB mobile number has 11"),
        (
            "800 9177 6506",
            "800 9177 6506 has 11 digits, but a GB freephone number has 9 or 10",
        ),
        (
            "0800 111",
            "0800 111 has 7 digits, but a GB freephone number has 8, 10 or 11",
        ),
        (
            "+44 800 9177 6506",
            "+44 800 9177 6506 has 11 digits after +44, but a GB freephone number has 9 or 10",
        ),
        ("0999 123 4567", "0999 123 4567 is not a number in use in GB"),
        ("0", "0 is not a telephone number"),
        ("0800 FLOWERS", "number '0800 FLOWERS' is not just digits and spaces"),
        ("0800-1111", "number '0800-1111' is not just digits and spaces"),
        ("٠٨٠٠ ١١١١", "number '٠٨٠٠ ١١١١' is not just digits and spaces"),
    ],
)
def test_a_number_that_cannot_be_dialled_is_refused_with_the_reason(
    printed: str, what: str
) -> None:
    with pytest.raises(InvalidValue) as wrong:
        dialled(printed, transfer=True, country="GB")
    assert wrong.value.what == what


@given(
    st.text("0123456789 +", min_size=1), st.sampled_from(["GB", "IT", "US", "DE", "AC"])
)
def test_whatever_is_dialled_is_e164(printed: str, country: str) -> None:
    try:
        e164 = dialled(printed, transfer=True, country=country)
    except InvalidValue:
        return
    assert e164 is not None
    assert e164.startswith("+")
    assert e164[1:].isdigit()


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        (["always"], [(0, WEEK)]),
        (["daily 00:00-24:00"], [(0, WEEK)]),
        (["Mon 09:00-17:00"], [(540, 1020)]),
        (
            ["Sat,Sun 09:00-12:00"],
            [(5 * DAY + 540, 5 * DAY + 720), (6 * DAY + 540, 6 * DAY + 720)],
        ),
        (
            ["Sun 20:00-22:00", "Mon 09:00-17:00"],
            [(540, 1020), (6 * DAY + 1200, 6 * DAY + 1320)],
        ),
        (["Mon 18:00-02:00"], [(1080, DAY + 120)]),
        (["Sun 18:00-02:00"], [(6 * DAY + 1080, WEEK + 120)]),
        (["Fri 18:00-Mon 06:00"], [(4 * DAY + 1080, WEEK + 360)]),
        (
            ["Sat-Mon 09:00-10:00"],
            [(540, 600), (5 * DAY + 540, 5 * DAY + 600), (9180, 9240)],
        ),
        (["Mon 09:00-12:00", "Mon 12:00-13:00"], [(540, 780)]),
        (["Mon, Tue 09:00 - 10:00"], [(540, 600), (DAY + 540, DAY + 600)]),
    ],
)
def test_hours_become_minutes_of_the_week(
    entries: list[str], expected: list[Stretch]
) -> None:
    assert list(hours(*entries)) == expected


@pytest.mark.parametrize(
    ("entries", "what"),
    [
        (["Mon 25:00-26:00"], "hours 'Mon 25:00-26:00' have an impossible time, 25:00"),
        (["Mon 09:60-10:00"], "hours 'Mon 09:60-10:00' have an impossible time, 09:60"),
        (["Mon 24:00-02:00"], "hours 'Mon 24:00-02:00' have an impossible time, 24:00"),
        (["Mon 09:00-24:01"], "hours 'Mon 09:00-24:01' have an impossible time, 24:01"),
        (["Mon 09:00-09:00"], "hours 'Mon 09:00-09:00' end when they start"),
        (["daily 00:00-00:00"], "hours 'daily 00:00-00:00' end when they start"),
        (["Fri 09:00-Fri 09:00"], "hours 'Fri 09:00-Fri 09:00' end when they start"),
        (["Mo 09:00-10:00"], "hours 'Mo 09:00-10:00' have an unknown day, 'Mo'"),
        (["Mon- 09:00-10:00"], "hours 'Mon- 09:00-10:00' have an unknown day, ''"),
        (["weekdays"], "hours 'weekdays' cannot be understood"),
        (["Mon 9-5"], "hours 'Mon 9-5' cannot be understood"),
        (
            ["Mon-Fri 09:00-17:00", "Wed 16:00-18:00"],
            "hours 'Mon-Fri 09:00-17:00' and 'Wed 16:00-18:00' overlap on Wed 16:00",
        ),
        (
            ["Mon 01:00-03:00", "Sun 18:00-02:00"],
            "hours 'Sun 18:00-02:00' and 'Mon 01:00-03:00' overlap on Mon 01:00",
        ),
        (
            ["Mon 09:00-10:00", "Mon 09:00-10:00"],
            "hours 'Mon 09:00-10:00' and 'Mon 09:00-10:00' overlap on Mon 09:00",
        ),
        (["Mon-Wed,Tue 09:00-10:00"], "overlap on Tue 09:00"),
        (["always", "Mon 09:00-10:00"], "hours 'always' and 'Mon 09:00-10:00' overlap"),
    ],
)
def test_impossible_hours_are_refused_and_named(entries: list[str], what: str) -> None:
    with pytest.raises(InvalidValue) as wrong:
        hours(*entries)
    assert what in wrong.value.what


@given(st.lists(DRAWN))
def test_hours_are_sorted_apart_and_each_begins_within_the_week(
    drawn: list[Drawn],
) -> None:
    entries = [entry(each) for each in drawn]
    try:
        found = week([(each, stretches(each)) for each in entries])
    except InvalidValue:
        return
    edges = [edge for stretch in found for edge in stretch]
    assert edges == sorted(edges)
    assert all(0 <= start < WEEK for start, _ in found)
    assert all(end <= (start // DAY + 1) * DAY + 720 for start, end in found)
    length = sum((b - a) % DAY or DAY for _, a, b in drawn)
    assert sum(b - a for a, b in found) == length
    assert sum(b - a for a, b in joined(found)) == length


def test_what_goes_on_past_a_night_is_in_pieces_of_a_day_each() -> None:
    weekend = week([("", stretches("Fri 18:00-Mon 06:00"))])
    assert weekend == (
        (0, 360),
        (4 * DAY + 1080, 5 * DAY),
        (5 * DAY, 6 * DAY),
        (6 * DAY, WEEK),
    )
    assert len(week([("", stretches("always"))])) == 7
    night = week([("", stretches("Mon 18:00-12:00"))])
    assert night == ((1080, DAY + 720),)
    day = week([("", stretches("Mon 18:00-12:01"))])
    assert day == ((1080, DAY), (DAY, DAY + 721))


MORE = HELPLINES.replace("first", "second").replace("First", "Second")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            changed(HELPLINES, '"0800 1111"', '"0800 9177 6506"'),
            [
                "en/helplines.toml:4: 0800 9177 6506 has 12 digits, but a GB freephone number has "
                "10 or 11; check the number at its source"
            ],
        ),
        (
            changed(HELPLINES, '"0800 1111"', '"116 123"'),
            [
                "en/helplines.toml:4: 116 123 is a short code, which a transfer cannot dial; "
                "set transfer = false (untick it in the studio) to have it read out instead"
            ],
        ),
        (
            HELPLINES
            + changed(MORE, '"second"', '"First"').replace('"First"', '"first"', 1),
            [
                "en/helplines.toml:13: another helpline has the id 'first'; give each its own id",
            ],
        ),
        (
            HELPLINES + changed(MORE, '"Second"', '"FIRST "'),
            [
                "en/helplines.toml:14: another helpline has the name 'first'; "
                "give each its own name",
            ],
        ),
        (
            changed(HELPLINES, '"first"', '"First one"'),
            [
                "en/helplines.toml:2: id 'First one' cannot be part of a URL; use a-z, 0-9 and -",
            ],
        ),
        (
            changed(HELPLINES, '["always"]', "[]"),
            ["en/helplines.toml:9: 'hours' is an empty list; list at least one"],
        ),
        (
            changed(HELPLINES, '["always"]', '["never", "Mon 09:00-09:00", 3]'),
            [
                "en/helplines.toml:9: 'hours' has 3 in it; each entry must be text in \"quotes\"",
                "en/helplines.toml:9: hours 'Mon 09:00-09:00' end when they start; "
                'write "00:00-24:00" for a whole day, "always" for the whole week',
                "en/helplines.toml:9: hours 'never' cannot be understood; "
                'write "always", "daily 17:00-24:00", "Mon-Fri 09:00-21:00" or '
                '"Fri 18:00-Mon 06:00"',
            ],
        ),
        (
            changed(HELPLINES, 'whom = "For anyone."\n', 'whim = "For anyone."\n'),
            [
                "en/helplines.toml:1: 'whom' is missing; add it: text in \"quotes\"",
                "en/helplines.toml:6: 'whim' is not known here; did you mean whom?",
            ],
        ),
        (
            changed(HELPLINES, "2026-11-23", '"2026-11-23"').replace("true", '"yes"'),
            [
                "en/helplines.toml:5: 'transfer' is text in \"quotes\"; make it true or false",
                "en/helplines.toml:11: 'checked' is text in \"quotes\"; "
                "make it a date such as 2026-11-23",
            ],
        ),
        (
            HELPLINES.replace("[[helpline]]", "[helpline]"),
            [
                "en/helplines.toml:1: 'helpline' is a table; make it a list in [brackets]"
            ],
        ),
        (
            "helpline = [1]",
            ["en/helplines.toml:1: 'helpline' has 1 in it; each entry must be a table"],
        ),
        (
            "helpline = []",
            ["en/helplines.toml:1: 'helpline' is an empty list; list at least one"],
        ),
        (
            HELPLINES + changed(MORE, 'cost = "Free."\n', ""),
            ["en/helplines.toml:12: 'cost' is missing; add it: text in \"quotes\""],
        ),
        (
            HELPLINES + "[extra]\n",
            ["en/helplines.toml:12: 'extra' is not known here; remove it"],
        ),
    ],
)
def test_a_broken_helplines_file_is_refused_line_by_line(
    tmp_path: Path, text: str, expected: list[str]
) -> None:
    assert faults(write(tmp_path, helplines=text)) == expected


def test_helplines_keep_the_order_of_the_file(tmp_path: Path) -> None:
    source = load(write(tmp_path, helplines=MORE + HELPLINES))
    assert [h.slug for h in source.content.languages["en"].helplines] == [
        "second",
        "first",
    ]


def test_a_helpline_carries_its_facts(tmp_path: Path) -> None:
    [helpline] = load(write(tmp_path)).content.languages["en"].helplines
    assert (helpline.number, helpline.e164) == ("0800 1111", "+448001111")
    assert (joined(helpline.hours), helpline.checked) == (((0, WEEK),), "2026-11-23")
    assert (helpline.on_holidays, helpline.exceptions) == (None, ())


CALENDAR = changed(LINE, "timezone", 'holidays = "GB-SCT"\ntimezone')
OFFICE = changed(HELPLINES, '"always"', '"Mon-Fri 09:00-17:00"').replace(
    'when = "Day and night."\n', ""
)
TODAY = date(2026, 11, 23)


def with_dates(*lines: str) -> str:
    return "\n".join((HELPLINES + "[helpline.dates]", *lines, ""))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('"closed"', ()),
        ('"as usual"', None),
        ('"10:00-14:00"', ((600, 840),)),
        ('["18:00-02:00", "10:00-14:00"]', ((600, 840), (1080, 1560))),
    ],
)
def test_a_helpline_says_what_public_holidays_mean_to_it(
    tmp_path: Path, written: str, expected: tuple[Stretch, ...] | None
) -> None:
    text = changed(OFFICE, "source", f"holidays = {written}\nsource")
    source = load(write(tmp_path, line=CALENDAR, helplines=text))
    assert source.content.languages["en"].helplines[0].on_holidays == expected


def test_one_that_is_always_open_need_not_say_it(tmp_path: Path) -> None:
    source = load(write(tmp_path, line=CALENDAR))
    assert source.content.languages["en"].helplines[0].on_holidays is None


def test_without_a_calendar_none_needs_to_say_it_and_none_can(tmp_path: Path) -> None:
    load(write(tmp_path, helplines=OFFICE))
    text = changed(OFFICE, "source", 'holidays = "closed"\nsource')
    assert faults(write(tmp_path, helplines=text)) == [
        "en/helplines.toml:9: there is no calendar of public holidays; "
        'name one in line.toml, such as holidays = "GB-SCT", or take this out'
    ]


def test_dates_have_hours_of_their_own(tmp_path: Path) -> None:
    text = with_dates(
        '"2026-12-26/2027-01-02" = "closed"',
        '2026-12-24 = "09:00-12:00"',
        '2026-12-25 = ["10:00-11:00", "18:00-02:00"]',
    )
    [helpline] = load(write(tmp_path, helplines=text)).content.languages["en"].helplines
    assert helpline.exceptions == (
        DatedHours("2026-12-24", "2026-12-24", ((540, 720),)),
        DatedHours("2026-12-25", "2026-12-25", ((600, 660), (1080, 1560))),
        DatedHours("2026-12-26", "2027-01-02", ()),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            OFFICE,
            [
                "1: 'holidays' is missing, which says what public holidays mean to it; "
                'add it: "as usual", "closed", or hours such as ["10:00-14:00"]'
            ],
        ),
        (
            changed(OFFICE, "source", 'holidays = "Mon 10:00-14:00"\nsource'),
            [
                "9: hours 'Mon 10:00-14:00' of a day cannot be understood; "
                'write "closed", or hours such as "09:00-12:00"'
            ],
        ),
        (
            changed(
                OFFICE, "source", 'holidays = ["10:00-14:00", "13:00-15:00"]\nsource'
            ),
            [
                "9: hours '10:00-14:00' and '13:00-15:00' overlap at 13:00; "
                "let one end before the other starts"
            ],
        ),
        (
            changed(OFFICE, "source", "holidays = true\nsource"),
            ["9: 'holidays' is true or false; make it text in \"quotes\""],
        ),
        (
            changed(OFFICE, "source", "holidays = []\nsource"),
            ["9: 'holidays' is an empty list; list at least one"],
        ),
        (
            with_dates(
                '2026-13-01 = "closed"', '20261224 = "closed"', '2026-12-25 = "shut"'
            ),
            [
                "13: '2026-13-01' is not a date; write it such as 2026-12-24, or a stretch "
                "such as 2026-12-24/2027-01-02",
                "14: '20261224' is not a date; write it such as 2026-12-24, or a stretch "
                "such as 2026-12-24/2027-01-02",
                "15: hours 'shut' of a day cannot be understood; "
                'write "closed", or hours such as "09:00-12:00"',
            ],
        ),
        (
            with_dates(
                '"2026-12-24/2027-01-02" = "closed"',
                '"2027-01-02/2027-01-03" = "closed"',
                '"2027-02-02/2027-02-01" = "closed"',
            ),
            [
                "14: the dates 2026-12-24/2027-01-02 and 2027-01-02/2027-01-03 overlap on "
                "2027-01-02; give each date its hours only once",
                "15: the dates 2027-02-02/2027-02-01 end before they begin; swap the two",
            ],
        ),
        (
            with_dates(
                '"2026-12-01/2026-12-31" = "closed"',
                '2026-12-05 = "closed"',
                '2026-12-25 = "closed"',
            ),
            [
                "14: the dates 2026-12-01/2026-12-31 and 2026-12-05 overlap on "
                "2026-12-05; give each date its hours only once",
                "15: the dates 2026-12-01/2026-12-31 and 2026-12-25 overlap on "
                "2026-12-25; give each date its hours only once",
            ],
        ),
        (
            HELPLINES + 'dates = "2026-12-24"\n',
            ["12: 'dates' is text in \"quotes\"; make it a table"],
        ),
    ],
)
def test_dates_and_holidays_of_the_wrong_form_are_refused_all_at_once(
    tmp_path: Path, text: str, expected: list[str]
) -> None:
    found = faults(write(tmp_path, line=CALENDAR, helplines=text))
    assert found == [f"en/helplines.toml:{fault}" for fault in expected]


def test_dates_in_the_past_are_told_but_stop_nothing(tmp_path: Path) -> None:
    text = with_dates(
        '"2026-11-01/2026-11-22" = "closed"',
        '"2026-11-02/2026-11-23" = "closed"',
    )
    text = text.replace("2026-11-02", "2026-11-23")
    source = load(write(tmp_path, helplines=text), TODAY)
    [past] = [str(fault).removeprefix(f"{tmp_path}/") for fault in source.past]
    assert past == (
        "en/helplines.toml:13: First: the date 2026-11-01/2026-11-22 lies in the past; "
        "take it out, or write the date that is meant"
    )
    assert str(source.past[0]) in source.warnings


@pytest.mark.parametrize(
    ("checked", "setting", "is_told"),
    [
        ("2026-08-25", "", False),  # 90 days back
        ("2026-08-24", "", True),
        ("2026-08-24", "check_after_days = 91\n", False),
        ("2026-11-21", "check_after_days = 1\n", True),
    ],
)
def test_a_helpline_that_was_not_checked_for_long_is_told(
    tmp_path: Path, checked: str, setting: str, is_told: bool
) -> None:
    folder = write(
        tmp_path,
        line=setting + LINE,
        helplines=changed(HELPLINES, "2026-11-23", checked),
    )
    source = load(folder, TODAY)
    told = [str(fault).removeprefix(f"{tmp_path}/") for fault in source.unchecked]
    expected = (
        f"en/helplines.toml:11: First was last checked on {checked}; look it up (A test) or "
        "ring 0800 1111; if all is still right, set checked to that day (in the studio, "
        "press its button on the first page)"
    )
    assert told == [expected] * is_told
    assert [helpline.slug for _, helpline in source.to_check()] == ["first"] * is_told


@pytest.mark.parametrize("days", ["0", "-1", "3651", "true", '"90"'])
def test_an_impossible_number_of_days_is_refused(tmp_path: Path, days: str) -> None:
    [fault] = faults(write(tmp_path, line=f"check_after_days = {days}\n" + LINE))
    assert fault.startswith("line.toml:1: 'check_after_days' is ")
