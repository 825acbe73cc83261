"""Each kind of entry that staff edit: what is written is read again, and all else stays."""

import tomllib
from datetime import date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from audio.desk.entries import ENTRY_KINDS
from audio.desk.fields import ARTICLE_FACTS, HELPLINE_KEYS, Values
from audio.desk.paragraphs import unwrapped
from audio.words import articles, helpline_entries
from ivr.settings import ROOT
from tests.support.small_content import ARTICLE, HELPLINES, PRONUNCIATIONS

TEXTS = {
    "prompts": (ROOT / "content/en/prompts.toml").read_text("utf-8"),
    "helplines": (ROOT / "content/en/helplines.toml").read_text("utf-8"),
    "pronunciations": (ROOT / "content/en/pronunciations.toml").read_text("utf-8"),
    "articles": (ROOT / "content/en/articles/what-is-co-production.md").read_text(
        "utf-8"
    ),
}
line = st.text(st.characters(exclude_categories=["Cs", "Zl", "Zp"])).map(
    lambda text: " ".join(text.split())
)
"""Anything that somebody can type into one line of a form."""

days = st.dates(min_value=date(1000, 1, 1)).map(date.isoformat)


def write(kind: str, text: str, name: str, fields: Values | None) -> str:
    return ENTRY_KINDS[kind].write(text, name, fields)


@given(line)
def test_a_prompt_is_read_as_it_was_written_and_the_others_stay(words: str) -> None:
    before = TEXTS["prompts"]
    after = write("prompts", before, "welcome", {"text": words})
    assert ENTRY_KINDS["prompts"].read(after, "welcome") == {"text": words}
    assert tomllib.loads(after) == tomllib.loads(before) | {"welcome": words}
    same = zip(before.split("\n"), after.split("\n"), strict=True)
    assert sum(one != other for one, other in same) <= 1


@given(st.sampled_from(["words", "abbreviations", "symbols"]), line.filter(bool), line)
def test_a_pronunciation_is_added_changed_and_removed(
    table: str, written: str, said: str
) -> None:
    before = PRONUNCIATIONS
    name = f"{table}/{written}"
    was = tomllib.loads(before)[table]
    fields = {"table": table, "written": written, "said": said}
    after = write("pronunciations", before, name, fields)
    assert ENTRY_KINDS["pronunciations"].read(after, name) == fields
    assert tomllib.loads(after)[table] == was | {written: said}
    again = write("pronunciations", after, name, fields | {"said": "otherwise"})
    assert tomllib.loads(again)[table] == was | {written: "otherwise"}
    gone = write("pronunciations", again, name, None)
    assert tomllib.loads(gone)[table] == {k: v for k, v in was.items() if k != written}


NOT_LINES = ("checked", "dates")
TYPED = [field.name for field in HELPLINE_KEYS if field.name not in NOT_LINES]
PLAIN = dict.fromkeys(TYPED, "plain")
of_a_date = st.sampled_from(["closed", "09:00-12:00", "09:00-12:00, 14:00-16:00"])
dates = st.dictionaries(
    st.one_of(days, days.map(lambda day: f"{day}/9999-12-31")), of_a_date
)


@given(st.fixed_dictionaries(dict.fromkeys(TYPED, line)), days, dates)
@example(PLAIN | {"source": "Their page: '''call us"}, "2026-11-01", {})
@example(PLAIN | {"source": 'Three """ of them'}, "2026-11-01", {})
def test_a_helpline_is_read_as_it_was_written_and_the_others_stay(
    typed: Values, checked: str, dates: Values
) -> None:
    typed["dates"] = "\n".join(f"{day} {hours}" for day, hours in dates.items())
    hours = "\n".join(filter(None, [typed["hours"], "always"]))
    typed |= {"transfer": "yes", "checked": checked, "hours": hours}
    fields = {**typed, "place": "2"}
    before = TEXTS["helplines"]
    after = write("helplines", before, "childline", fields)
    assert ENTRY_KINDS["helplines"].read(after, "childline") == fields
    others = [h for h in tomllib.loads(before)["helpline"] if h["id"] != "childline"]
    assert [
        h for h in tomllib.loads(after)["helpline"] if h["id"] != "childline"
    ] == others
    fewer = fields | {"when": "", "holidays": "", "dates": ""}
    less = write("helplines", after, "childline", fewer)
    assert ENTRY_KINDS["helplines"].read(less, "childline") == fewer
    assert not {"when", "holidays", "dates"} & tomllib.loads(less)["helpline"][1].keys()
    gone = write("helplines", after, "childline", None)
    assert tomllib.loads(gone)["helpline"] == others


def test_new_keys_stand_in_their_helpline_although_it_has_a_table_of_dates() -> None:
    before = HELPLINES + '\n[helpline.dates]\n2026-12-25 = "closed"\n'
    fields = ENTRY_KINDS["helplines"].read(before, "first")
    assert fields
    after = write("helplines", before, "first", fields | {"holidays": "as usual"})
    [first] = tomllib.loads(after)["helpline"]
    assert first["holidays"] == "as usual"
    assert first["dates"] == {"2026-12-25": "closed"}


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("2026-12-24 09:00-12:00\n2026-12-25 closed", ""),
        (
            "2026-12-25",
            "'2026-12-25' has no hours; write them after it, such as: 2026-12-25 closed",
        ),
        (
            "2026-12-25 closed\n2026-12-25 10:00-11:00",
            "2026-12-25 stands here twice; put its hours on one line",
        ),
    ],
)
def test_dates_that_no_table_can_hold_are_refused(typed: str, refusal: str) -> None:
    [field] = [field for field in HELPLINE_KEYS if field.name == "dates"]
    assert field.refusal(field.tidied(typed)) == refusal


@pytest.mark.parametrize("odd", ["\u2028", "\x85", "\u2029\u2029", "'''", '"""'])
def test_what_other_programs_take_for_a_line_is_none(odd: str) -> None:
    """In a comment by hand, it moves nothing from one helpline into another."""
    before = TEXTS["helplines"].replace(
        "# number    as printed", f"# num{odd}{odd}ber as printed"
    )
    assert odd in before
    others = [h for h in tomllib.loads(before)["helpline"] if h["id"] != "parentline"]
    gone = write("helplines", before, "parentline", None)
    assert tomllib.loads(gone)["helpline"] == others


@given(st.integers(0, 99))
def test_a_helpline_goes_to_its_place_and_takes_its_comments_along(place: int) -> None:
    before = TEXTS["helplines"]
    ids = [each["id"] for each in tomllib.loads(before)["helpline"]]
    fields = ENTRY_KINDS["helplines"].read(before, "childline")
    assert fields
    after = write("helplines", before, "childline", fields | {"place": str(place)})
    rest = [each for each in ids if each != "childline"]
    wanted = max(0, min(place - 1, len(rest)))
    expected = [*rest[:wanted], "childline", *rest[wanted:]]
    assert [each["id"] for each in tomllib.loads(after)["helpline"]] == expected
    assert sorted(after.split()) == sorted(before.split())


@pytest.mark.parametrize("kind", ["helplines", "articles"])
def test_what_is_written_as_it_was_read_changes_nothing(kind: str) -> None:
    name = {"helplines": "childline", "articles": "what-is-co-production"}[kind]
    fields = ENTRY_KINDS[kind].read(TEXTS[kind], name)
    assert write(kind, TEXTS[kind], name, fields) == TEXTS[kind]


@given(
    st.fixed_dictionaries(dict.fromkeys(articles.FACTS[:-1], line)),
    days,
    st.lists(line),
)
def test_an_article_is_read_as_it_was_written(
    facts: Values, day: str, lines: list[str]
) -> None:
    fields = facts | {"published": day, "words": "\n".join(lines).strip("\n")}
    for before in (ARTICLE, ""):
        after = write("articles", before, "one", fields)
        shown = fields | {"words": unwrapped(fields["words"])}
        assert ENTRY_KINDS["articles"].read(after, "one") == shown


def test_an_article_that_nobody_changed_keeps_every_byte() -> None:
    """However an editor laid it out: a save would otherwise be a change."""
    text = ARTICLE.replace("\n+++\n\n", "\n+++\n\n\n").replace(". ", ".\n") + "\n\n"
    fields = ENTRY_KINDS["articles"].read(text, "one")
    assert write("articles", text, "one", fields) == text != ARTICLE


def test_a_form_asks_for_everything_that_the_content_check_wants() -> None:
    asked = [field.name for field in HELPLINE_KEYS]
    assert ["id", *asked] == list(helpline_entries.KEYS)
    assert [field.name for field in ARTICLE_FACTS] == list(articles.FACTS)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("prompts", "nothing"),
        ("prompts", ""),
        ("helplines", "../x"),
        ("helplines", "Two words"),
        ("articles", "../prompts"),
        ("articles", ""),
        ("pronunciations", "nothing/x"),
        ("pronunciations", "words/"),
        ("notice", "another"),
    ],
)
def test_what_cannot_be_a_name_is_none(kind: str, name: str) -> None:
    assert not ENTRY_KINDS[kind].is_name(name)


@pytest.mark.parametrize(
    ("kind", "name", "snippet", "field"),
    [
        ("prompts", "welcome", "welcome =", "text"),
        ("prompts", "welcome", "goodbye =", ""),
        ("helplines", "first", "hours =", "hours"),
        ("helplines", "first", "[[helpline]]", "name"),
        ("helplines", "first", "2026-12-25 =", "dates"),
        ("pronunciations", "words/NHS", "NHS =", "said"),
        ("pronunciations", "words/NHS", "Dr =", ""),
        ("articles", "one", "published =", "published"),
        ("articles", "one", "First words.", "words"),
    ],
)
def test_a_line_of_the_file_belongs_to_a_field(
    kind: str, name: str, snippet: str, field: str
) -> None:
    small = {
        "helplines": HELPLINES + '[helpline.dates]\n2026-12-25 = "closed"\n',
        "pronunciations": PRONUNCIATIONS,
        "articles": ARTICLE,
    }
    text = small.get(kind, TEXTS[kind])
    lines = text.split("\n")
    number = next(n for n, each in enumerate(lines, 1) if each.startswith(snippet))
    assert ENTRY_KINDS[kind].field_at(text, name, number) == field


moments = st.datetimes(min_value=datetime(1000, 1, 1)).map(
    lambda moment: moment.strftime("%Y-%m-%dT%H:%M")
)


@given(line, moments, moments, line)
def test_a_notice_is_read_as_it_was_written_and_comments_stay(
    words: str, begins: str, ends: str, later: str
) -> None:
    fields = {"text": words, "begins": begins, "ends": ends}
    text = "# Ask Ann.\n" + write("notice", "", "notice", fields)
    assert ENTRY_KINDS["notice"].read(text, "notice") == fields
    found = tomllib.loads(text)
    assert found["ends"] == datetime.strptime(ends, "%Y-%m-%dT%H:%M")
    changed = write("notice", text, "notice", fields | {"text": later})
    assert tomllib.loads(changed) == found | {"text": later}
    assert changed.startswith("# Ask Ann.\n")
    assert write("notice", changed, "notice", None) == ""
    assert ENTRY_KINDS["notice"].read("", "notice") is None
