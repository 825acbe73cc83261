"""A caller is a keyed hash of the number, or nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.callers.caller import caller_hash, key_check, short
from tests.support.acting import KEY, NUMBER

NOBODY = (
    *(None, "", " ", "anonymous", "Anonymous", "Restricted", "unknown", "unavailable"),
    *("+266696687", "+7378742833", "+2562533", "+86282452253", "+8656696"),
    *("266696687", "sip:alice@example.org", "client:alice", "whatsapp:+441632960123"),
    *(
        "01632960123",
        "+0441632960123",
        "+44 1632 960123x",
        "+1234567890123456",
        "+123456",
    ),
    *("+４４１６３２９６０１２３", "+44\n1632960123", "+-441632960123"),
)


@pytest.mark.parametrize("number", NOBODY)
def test_whoever_withholds_or_invents_a_number_or_has_none_is_nobody(
    number: str | None,
) -> None:
    assert caller_hash(number, KEY) is None


def test_without_a_key_everybody_is_nobody() -> None:
    assert caller_hash(NUMBER, None) is None


def test_a_plus_that_was_lost_on_the_way_changes_nothing() -> None:
    assert caller_hash(NUMBER, KEY) == caller_hash(f" {NUMBER[1:]}", KEY)


def test_the_hash_is_hmac_sha_256_and_its_short_form_is_eight_digits() -> None:
    known = "c40d51d1a2b2ca8c4e3e4bdc8a1d3d1b"
    caller = caller_hash(NUMBER, KEY)
    assert caller is not None
    assert len(caller) == len(known) * 2
    assert short(caller) == caller[:8]


numbers = st.from_regex(r"\+[1-9][0-9]{8,14}", fullmatch=True)


@given(numbers, numbers, st.text(min_size=32), st.text(min_size=32))
def test_another_number_or_another_key_is_another_caller(
    one: str, other: str, key: str, other_key: str
) -> None:
    assert (caller_hash(one, key) == caller_hash(other, key)) is (one == other)
    assert (caller_hash(one, key) == caller_hash(one, other_key)) is (key == other_key)
    assert (key_check(key) == key_check(other_key)) is (key == other_key)
    assert key_check(key) not in str(caller_hash(one, key))
