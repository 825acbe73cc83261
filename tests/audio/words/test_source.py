"""The content folder as a whole."""

from dataclasses import fields
from pathlib import Path
from shutil import copytree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audio.speech.pronunciations import Pronunciations
from audio.words.faults import shown
from audio.words.source import load
from ivr.edition.content import slots
from ivr.errors import ContentError
from tests.support.small_content import (
    ARTICLE,
    DIGITS,
    FILES,
    HELPLINES,
    LINE,
    PROMPTS,
    PRONUNCIATIONS,
    WELSH_PROMPTS,
    changed,
    faults,
    write,
    write_welsh,
)

NOT_TOML = 'write key = value, text in closed "quotes", lists in closed [brackets]'


def test_a_folder_without_a_fault_is_read_whole(tmp_path: Path) -> None:
    source = load(write(tmp_path))
    content = source.content
    assert (content.name, content.timezone) == ("Test line", "Europe/London")
    assert content.speeds == (0.75, 1.0, 2.0)
    assert all(type(speed) is float for speed in content.speeds)
    assert source.voices == {"en": ("silent",)}
    assert source.pronunciations["en"] == Pronunciations(
        words={"NHS": "N H S"},
        abbreviations={"Dr": "Doctor"},
        symbols={"*": "star", "#": "hash"},
        digits=DIGITS,
    )


def test_words_of_one_voice_are_read_by_its_name(tmp_path: Path) -> None:
    own = PRONUNCIATIONS + '[voices.flite]\nTzu = "Tsoo"\n'
    source = load(write(tmp_path, pronunciations=own))
    assert source.pronunciations["en"].voices == {"flite": {"Tzu": "Tsoo"}}


def test_a_mark_that_nobody_hears_is_a_warning_with_what_callers_hear(
    tmp_path: Path,
) -> None:
    source = load(write(tmp_path, one=changed(ARTICLE, "Second words.", "Tea | cake.")))
    [warning] = source.warnings
    assert "nothing is said for | in 'Tea | cake.'; callers hear 'Tea cake.'" in warning


def test_prompts_are_read_by_name(tmp_path: Path) -> None:
    prompts = load(write(tmp_path)).content.languages["en"].prompts
    assert prompts.press == "The words of press {key}."
    assert {field.name for field in fields(prompts)} == set(slots())


def test_languages_keep_the_order_of_the_line(tmp_path: Path) -> None:
    folder = write_welsh(tmp_path)
    line = (folder / "line.toml").read_text()
    line = changed(line, '["en", "cy"]', '["cy", "en"]')
    (folder / "line.toml").write_text(changed(line, "silent:2", 'silent", "other'))
    source = load(folder)
    assert list(source.content.languages) == ["cy", "en"]
    assert source.voices["cy"] == ("silent", "other")


def test_each_language_knows_the_keys_that_choose_it(tmp_path: Path) -> None:
    """Only those have a sound: the offer of one language alone is never said."""
    source = load(write_welsh(tmp_path / "two"))
    choices = {code: each.choices for code, each in source.content.languages.items()}
    assert choices == {"en": ("1", "5"), "cy": ("2", "5")}
    assert load(write(tmp_path / "one")).content.languages["en"].choices == ()


def test_all_that_a_second_language_lacks_is_named_at_once(tmp_path: Path) -> None:
    prompts = changed(WELSH_PROMPTS, 'tour = "Geiriau tour."\n', "")
    prompts = changed(prompts, "choose_language", "chose_language")
    folder = write_welsh(tmp_path, prompts=prompts, helplines=None, one=None)
    assert faults(folder) == [
        "cy/articles: there are no articles; add one, in a file whose name ends in .md",
        "cy/helplines.toml: the file is missing; add it",
        "cy/prompts.toml: 'choose_language' is missing; add it: text in \"quotes\"",
        "cy/prompts.toml: 'tour' is missing; add it: text in \"quotes\"",
        f"cy/prompts.toml:{LAST_PROMPT - 1}: 'chose_language' is not known here;"
        " did you mean choose_language?",
    ]


def test_an_offer_in_the_words_of_another_language_is_not_translated(
    tmp_path: Path,
) -> None:
    folder = write_welsh(tmp_path, prompts=PROMPTS)
    assert faults(folder) == [
        f"cy/prompts.toml:{LAST_PROMPT}: 'choose_language' has the words of en; write it in cy"
    ]


def test_more_languages_than_a_menu_can_offer_are_a_fault(tmp_path: Path) -> None:
    folder = write_welsh(tmp_path)
    codes = ["en", "cy", "de", "fr", "pl"]
    for code in codes[2:]:
        copytree(folder / "cy", folder / code)
    text = (folder / "line.toml").read_text()
    listed = ", ".join(f'"{code}"' for code in codes)
    (folder / "line.toml").write_text(changed(text, '"en", "cy"', listed))
    assert "line.toml:2: there are more than 4 languages; take some out" in faults(
        folder
    )


def line_of(text: str, start: str) -> int:
    """The number of the line that begins so."""
    return next(
        n for n, line in enumerate(text.split("\n"), 1) if line.startswith(start)
    )


PRESS = line_of(PROMPTS, "press")
WELCOME = line_of(PROMPTS, "welcome")
LAST_PROMPT = len(slots())


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        # line.toml
        ("line", None, ["line.toml: the file is missing; add it"]),
        (
            "line",
            " \n",
            ["line.toml: the file is empty; write its words, or remove it"],
        ),
        (
            "line",
            changed(LINE, '["en"]\n', '["en"'),
            [f"line.toml:2: this is not TOML: Unclosed array; {NOT_TOML}"],
        ),
        (
            "line",
            changed(LINE, "country", "contry"),
            [
                "line.toml: 'country' is missing; add it: text in \"quotes\"",
                "line.toml:3: 'contry' is not known here; did you mean country?",
            ],
        ),
        (
            "line",
            changed(LINE, '"GB"', '"UK"'),
            [
                "line.toml:3: 'UK' is not a country code; write two capital letters, such as \"GB\""
            ],
        ),
        (
            "line",
            changed(LINE, "Europe/London", "Europe/Londn"),
            [
                "line.toml:4: 'Europe/Londn' is not a known time zone; "
                'write one such as "Europe/London"'
            ],
        ),
        (
            "line",
            changed(LINE, "Europe/London", "Europe"),
            [
                "line.toml:4: 'Europe' is not a known time zone;"
                ' write one such as "Europe/London"'
            ],
        ),
        (
            "line",
            changed(LINE, '"Test line"', "[1]"),
            ["line.toml:1: 'name' is a list in [brackets]; make it text in \"quotes\""],
        ),
        (
            "line",
            changed(LINE, "[0.75, 1, 2]", "[1, 0.75]"),
            ["line.toml:5: the speeds do not rise; sort them, and list each one once"],
        ),
        (
            "line",
            changed(LINE, "[0.75, 1, 2]", "[0.75, 2]"),
            ["line.toml:5: speed 1 is missing; add 1, at which calls start"],
        ),
        (
            "line",
            changed(LINE, "[0.75, 1, 2]", "[1, 2.5]"),
            ["line.toml:5: a speed is outside 0.5 to 2; take it out"],
        ),
        (
            "line",
            changed(LINE, "[0.75, 1, 2]", "[1, 1.1, 1.2, 1.3, 1.4, 1.5]"),
            ["line.toml:5: there are more than 5 speeds; take some out"],
        ),
        (
            "line",
            changed(LINE, "[0.75, 1, 2]", '[1, "fast", true]'),
            [
                "line.toml:5: 'speeds' has 'fast' in it; each entry must be a number",
                "line.toml:5: 'speeds' has True in it; each entry must be a number",
            ],
        ),
        (
            "line",
            changed(LINE, "[0.75, 1, 2]", "[]"),
            ["line.toml:5: 'speeds' is an empty list; list at least one"],
        ),
        (
            "line",
            changed(LINE, '["en"]', '["en", "fr"]'),
            [
                "line.toml:2: language 'fr' has no folder; add the folder fr, or take fr out"
            ],
        ),
        (
            "line",
            changed(LINE, '["en"]', '["en", "../en"]'),
            [
                'line.toml:2: \'../en\' is not a language code; write one such as "en" or "gd"'
            ],
        ),
        (
            "line",
            changed(LINE, '["silent"]', "[]"),
            ["line.toml:7: 'en' is an empty list; list at least one"],
        ),
        (
            "line",
            changed(LINE, "en =", "gd ="),
            [
                "line.toml:6: 'en' is missing; add it: a list in [brackets]",
                "line.toml:7: 'gd' is not known here; remove it",
            ],
        ),
        # prompts.toml
        ("prompts", None, ["en/prompts.toml: the file is missing; add it"]),
        (
            "prompts",
            changed(PROMPTS, "welcome", "wellcome"),
            [
                "en/prompts.toml: 'welcome' is missing; add it: text in \"quotes\"",
                f"en/prompts.toml:{WELCOME}: 'wellcome' is not known here; did you mean welcome?",
            ],
        ),
        (
            "prompts",
            changed(PROMPTS, "{key}", "{kye}"),
            [f"en/prompts.toml:{PRESS}: 'press' has {{kye}}; write {{key}} in it once"],
        ),
        (
            "prompts",
            changed(PROMPTS, "{key}", "key}"),
            [f"en/prompts.toml:{PRESS}: 'press' has }}; write {{key}} in it once"],
        ),
        (
            "prompts",
            changed(PROMPTS, " {key}", ""),
            [f"en/prompts.toml:{PRESS}: 'press' has no slot; write {{key}} in it once"],
        ),
        (
            "prompts",
            changed(PROMPTS, "{key}", "{key} {key}"),
            [
                f"en/prompts.toml:{PRESS}: 'press' has {{key}} {{key}}; write {{key}} in it once"
            ],
        ),
        (
            "prompts",
            changed(PROMPTS, "of welcome", "of {key}"),
            [
                f"en/prompts.toml:{WELCOME}: 'welcome' has {{key}}; take out the {{braces}}"
            ],
        ),
        (
            "prompts",
            changed(PROMPTS, '"The words of welcome."', '""'),
            [f"en/prompts.toml:{WELCOME}: 'welcome' has no words; write them"],
        ),
        (
            "prompts",
            changed(PROMPTS, "of welcome", "of\\u0000welcome"),
            [
                f"en/prompts.toml:{WELCOME}: 'welcome' has the character U+0000; remove it"
            ],
        ),
        (
            "prompts",
            changed(PROMPTS, "of welcome", "of \uffff welcome"),
            [
                f"en/prompts.toml:{WELCOME}: 'welcome' has the character U+FFFF; remove it"
            ],
        ),
        (
            "prompts",
            'long = """\npress = 1\n[more]\n"""\n' + changed(PROMPTS, "{key}", ""),
            [
                "en/prompts.toml:1: 'long' is not known here; remove it",
                f"en/prompts.toml:{PRESS + 4}: 'press' has no slot; write {{key}} in it once",
            ],
        ),
        (
            "prompts",
            PROMPTS + """quotes = "'''"\nlong = '''\n"\\q" = 1\n'''\n""",
            [
                f"en/prompts.toml:{LAST_PROMPT + 1}: 'quotes' is not known here; remove it",
                f"en/prompts.toml:{LAST_PROMPT + 2}: 'long' is not known here; remove it",
            ],
        ),
        (
            "prompts",
            changed(PROMPTS, '"The words of welcome."', "1"),
            [
                f"en/prompts.toml:{WELCOME}: 'welcome' is a number; make it text in \"quotes\""
            ],
        ),
        (
            "prompts",
            PROMPTS + 'welcome = "Again."\n',
            [
                f"en/prompts.toml:{LAST_PROMPT + 1}: this is not TOML: Cannot overwrite a value; "
                f"{NOT_TOML}"
            ],
        ),
        (
            "prompts",
            "a = " + "[" * 5000,
            [f"en/prompts.toml:1: this is not TOML: too deep; {NOT_TOML}"],
        ),
        (
            "prompts",
            b"a = 1\n\xff",
            ["en/prompts.toml:2: this is not UTF-8; save the file as UTF-8"],
        ),
        # pronunciations.toml
        (
            "pronunciations",
            None,
            ["en/pronunciations.toml: the file is missing; add it"],
        ),
        (
            "pronunciations",
            changed(PRONUNCIATIONS, '7 = "seven"\n', ""),
            ["en/pronunciations.toml:8: '7' is missing; add it: text in \"quotes\""],
        ),
        (
            "pronunciations",
            PRONUNCIATIONS + 'ten = "ten"\n',
            ["en/pronunciations.toml:19: 'ten' is not known here; remove it"],
        ),
        (
            "pronunciations",
            changed(PRONUNCIATIONS, '"#" = "hash"\n', ""),
            ["en/pronunciations.toml:5: '#' is missing; add it: text in \"quotes\""],
        ),
        (
            "pronunciations",
            changed(PRONUNCIATIONS, '[words]\nNHS = "N H S"\n', ""),
            ["en/pronunciations.toml: 'words' is missing; add it: a table"],
        ),
        (
            "pronunciations",
            changed(PRONUNCIATIONS, "[words]", "[names]\n[words]"),
            ["en/pronunciations.toml:1: 'names' is not known here; remove it"],
        ),
        (
            "pronunciations",
            changed(PRONUNCIATIONS, 'NHS = "N H S"', '"" = "x"\n"\\u0007" = "bell"'),
            [
                "en/pronunciations.toml:2: '' cannot be written in a text; remove it",
                "en/pronunciations.toml:3: '\\x07' cannot be written in a text; remove it",
            ],
        ),
        # helplines.toml; its own rules are in test_helplines.py
        ("helplines", None, ["en/helplines.toml: the file is missing; add it"]),
        (
            "helplines",
            "# nothing yet",
            ["en/helplines.toml: 'helpline' is missing; add it: a list in [brackets]"],
        ),
    ],
)
def test_a_broken_file_is_refused_with_file_line_and_mend(
    tmp_path: Path, file: str, text: str | bytes | None, expected: list[str]
) -> None:
    assert faults(write(tmp_path, **{file: text})) == expected


def test_the_faults_of_all_files_come_at_once(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        line="x = ",
        prompts=changed(PROMPTS, "{key}", ""),
        pronunciations=changed(PRONUNCIATIONS, "hash", ""),
        helplines=changed(HELPLINES, "always", "never"),
        one=changed(ARTICLE, "## Two", "## One"),
    )
    places = [fault.split(": ")[0] for fault in faults(folder)]
    assert places == [
        "en/articles/one.md:12",
        "en/helplines.toml:9",
        f"en/prompts.toml:{PRESS}",
        "en/pronunciations.toml:7",
        "line.toml:1",
    ]


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    assert faults(tmp_path / "nowhere") == ["line.toml: the file is missing; add it"]


def test_a_folder_in_the_place_of_a_file_is_a_fault(tmp_path: Path) -> None:
    folder = write(tmp_path, line=None)
    (folder / "line.toml").mkdir()
    assert faults(folder) == [
        "line.toml: the file cannot be read (Is a directory); make it a file that everyone can read"
    ]


def test_files_are_shown_as_seen_from_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert shown(tmp_path / "content" / "line.toml") == "content/line.toml"
    assert shown(Path("content/line.toml")) == "content/line.toml"
    assert shown(tmp_path.parent / "line.toml") == str(tmp_path.parent / "line.toml")


TOML_LIKE = st.text(alphabet="[]{}=\"'.,#\\\n+-:019aehlnpost ")
"""Text that is now and then TOML or Markdown."""


def spliced(original: str) -> st.SearchStrategy[str]:
    """The original with a piece replaced by something else."""
    place = st.integers(0, len(original))
    return st.builds(
        lambda a, b, new: original[: min(a, b)] + new + original[max(a, b) :],
        place,
        place,
        st.one_of(st.text(), TOML_LIKE),
    )


MOST_EXAMPLES = min(60, settings().max_examples)
"""Of each file; fewer in the quick tests."""


@pytest.mark.parametrize("name", FILES)
@settings(
    max_examples=MOST_EXAMPLES,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_bytes_in_any_file_give_the_content_or_its_faults(
    tmp_path: Path, name: str, data: st.DataObject
) -> None:
    text = data.draw(st.one_of(st.binary(), st.text(), TOML_LIKE, spliced(FILES[name])))
    raw = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    write(tmp_path, **{Path(name).stem: raw})
    try:
        load(tmp_path)
    except ContentError as error:
        found = error.faults
    else:
        return
    assert found
    assert all(fault.what and fault.mend for fault in found)


def test_how_short_a_transfer_is_doubted_can_be_set_and_must_be_seconds(
    tmp_path: Path,
) -> None:
    assert load(write(tmp_path)).content.short_transfer_seconds == 25
    of_40 = "short_transfer_seconds = 40\n" + LINE
    assert load(write(tmp_path, line=of_40)).content.short_transfer_seconds == 40
    for wrong, what in (
        ("0", "'short_transfer_seconds' is 0; make it 1 to 600"),
        ('"25"', "'short_transfer_seconds' is text in \"quotes\"; make it a number"),
    ):
        line = f"short_transfer_seconds = {wrong}\n{LINE}"
        assert faults(write(tmp_path, line=line)) == [f"line.toml:1: {what}"]
