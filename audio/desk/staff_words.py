"""Faults in the words of staff, who work in forms and never see a file.

The content check speaks to whoever writes the files, so it names keys, files and TOML. Each rule
here takes one of these out of what it says. Known wrong case: a text of staff's own that holds
such a phrase is changed as well, where the fault quotes it.
"""

import re
from pathlib import PurePosixPath

from audio.desk.fields import FORMS
from audio.desk.hours_form import HOURS
from audio.words.duties import FILE as OVERRULED
from audio.words.notice import FILE as NOTICE_FILE
from audio.words.phone_numbers import READ_OUT
from audio.words.untranslated import FILE as UNTRANSLATED
from ivr.errors import Fault

LABELS = {field.name: field.label for form in (*FORMS, HOURS) for field in form}
"""What each key of the files is called in the forms."""

PHRASES = {
    READ_OUT: f"clear “{LABELS['transfer']}”, and the number is read out instead",
    'add it: text in "quotes"': "write it",
    "add it: a list in [brackets]": "write it",
    "add it: a date such as": "write it such as",
    'add it: "': 'write "',
    'such as ["10:00-14:00"]': "such as 10:00-14:00",
    'name one in line.toml, such as holidays = "GB-SCT", or take this out': (
        "leave this empty, or ask whoever runs the line to name one"
    ),
    "translate them, then take them out of this list": "translate them",
    f", or remove {NOTICE_FILE}": ", or take it off the air",
    "name the folder after the article's file": (
        "remove the recordings of its sections first"
    ),
}
"""What the content check says, and what staff read in its place."""

PLACES = {
    "line.toml": "The line itself",
    "prompts.toml": "Prompts",
    "helplines.toml": "Helplines",
    "pronunciations.toml": "Pronunciations",
    "hours.toml": "How hours are said",
    NOTICE_FILE: "The notice",
    OVERRULED: "What is overruled",
    UNTRANSLATED: "Not translated",
    "vocabulary.toml": "What callers may say",
}
"""What the files of words are called."""


def told(fault: Fault) -> str:
    """A fault as the page shows it beside its field: what it is, and what to do."""
    return in_staff_words(f"{fault.what}; {fault.mend}")


def told_with_place(fault: Fault) -> str:
    """A fault as the page shows it away from any field, with its place."""
    return f"{place(fault.file)}: {told(fault)}"


def in_staff_words(text: str) -> str:
    """Words of the content check, without any mention of files."""
    for rule in (_phrases, _labels, _quotes):
        text = rule(text)
    return text


def place(file: str) -> str:
    """What staff call a file: `The recording of what-is-co-production, section 1`."""
    path = PurePosixPath(file)
    if "recordings" in path.parts:
        inside = path.parts[path.parts.index("recordings") + 1 :]
        name = ", section ".join(inside).removesuffix(path.suffix)
        return f"The recording of {name}"
    if path.suffix == ".md":
        return f"The article {path.stem}"
    return PLACES.get(path.name, path.stem)


def _phrases(text: str) -> str:
    """`add it: text in "quotes"` → `write it`."""
    for said, read in PHRASES.items():
        text = text.replace(said, read)
    return text


def _labels(text: str) -> str:
    """`'whom' has no words` → `“Who it is for” has no words`."""
    return re.sub(r"'(\w+)'(?= (?:has|is)\b)", _label, text)


def _label(key: re.Match[str]) -> str:
    return f"“{LABELS.get(key[1], key[1])}”"


def _quotes(text: str) -> str:
    """`'sometimes'` → `“sometimes”`; what can be typed as it is has no quotes at all."""
    text = re.sub(r"(?<!\w)'([^']*)'(?!\w)", r"“\1”", text)
    return re.sub(r'"([^"]*)"', r"\1", text)
