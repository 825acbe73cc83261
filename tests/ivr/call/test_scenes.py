"""Each step as a caller meets it: what is said, how long it waits, where keys and words lead.

`scenes.txt` beside this file is to be read: whoever changes the flow changes it by hand.
"""

from dataclasses import astuple, replace
from datetime import timedelta
from pathlib import Path

from ivr.call import flow
from ivr.call.scene import Abilities, Event, Outcome, Pressed, Reply, Silence, Spoken
from ivr.call.steps import (
    EVERY_KIND,
    Articles,
    Contents,
    Doubtful,
    End,
    Forgetting,
    Goodbye,
    Guide,
    Helplines,
    Languages,
    Menu,
    OneHelpline,
    Paused,
    Place,
    Reading,
    Step,
    TextConsent,
    Texting,
    Transfer,
    Unreached,
)
from ivr.edition.content import KEYS
from ivr.edition.edition import Edition
from tests.support.small import NOON, article, bilingual, edition

SEVERAL = edition(article("one", 3, 2), article("two", 1), speech=True)
ONE = edition(article("one", 3, 2), speech=True)
TWO_LANGUAGES = bilingual()

LEFT_OFF = Place("one", 2, 1)

SCENES: dict[str, tuple[Edition, Step]] = {
    "the choice of a language": (TWO_LANGUAGES, Languages(language="en")),
    "the menu, with another language": (TWO_LANGUAGES, Menu(language="en")),
    "the menu, with one article": (ONE, Menu(language="en")),
    "the menu, with several": (SEVERAL, Menu(language="en")),
    "the menu, where a caller left off": (
        SEVERAL,
        Menu(language="en", bookmark=LEFT_OFF),
    ),
    "the articles": (SEVERAL, Articles(language="en")),
    "the articles, for their contents": (
        SEVERAL,
        Articles(language="en", contents=True),
    ),
    "the contents": (ONE, Contents(language="en", article="one")),
    "the contents, from the reading": (
        ONE,
        Contents(language="en", article="one", bookmark=LEFT_OFF, reading=True),
    ),
    "the reading, in the first sentence": (
        ONE,
        Reading(language="en", article="one", section=1),
    ),
    "the reading, in the last section": (
        ONE,
        Reading(language="en", article="one", section=2, start=1, speed=2),
    ),
    "a pause": (ONE, Paused(language="en", article="one", section=1, start=1)),
    "the end": (ONE, End(language="en", article="one")),
    "the keys": (ONE, Guide(language="en")),
    "the helplines": (ONE, Helplines(language="en")),
    "the helplines, next page, from the reading": (
        ONE,
        Helplines(language="en", page=2, bookmark=LEFT_OFF, reading=True),
    ),
    "a helpline": (ONE, OneHelpline(language="en", helpline="always", page=2)),
    "a helpline that is closed": (ONE, OneHelpline(language="en", helpline="night")),
    "a helpline that cannot be dialled": (
        ONE,
        OneHelpline(language="en", helpline="code"),
    ),
    "which of two was meant": (
        ONE,
        OneHelpline(language="en", helpline="always", between="24"),
    ),
    "a transfer": (ONE, Transfer(language="en", helpline="always")),
    "a transfer in doubt": (ONE, Doubtful(language="en", helpline="always")),
    "a transfer in doubt, from the reading": (
        ONE,
        Doubtful(language="en", helpline="always", bookmark=LEFT_OFF, reading=True),
    ),
    "nobody reached": (
        ONE,
        Unreached(language="en", helpline="always", reason="busy", page=2),
    ),
    "what is remembered": (ONE, Forgetting(language="en")),
    "a text, before": (ONE, TextConsent(language="en", helpline="always")),
    "a text, meanwhile": (ONE, Texting(language="en", helpline="always")),
    "goodbye": (ONE, Goodbye(language="en")),
}

AT = NOON + timedelta(hours=1)


def arrive(line: Edition, step: Step) -> Reply:
    """What is said at a step, whose words begin now."""
    stay: Event = Outcome("")
    if isinstance(step, Transfer):
        stay = Pressed("1")
    at_once = flow.answer(line, step, stay, AT, start_up_ms=0)
    begun = replace(step, at=at_once.step.at)
    return replace(at_once, step=begun)


def after(line: Edition, step: Step, event: Event) -> Reply:
    """What happens to a caller who has heard a moment of it."""
    return flow.answer(line, step, event, AT + timedelta(milliseconds=300))


def shown(reply: Reply) -> str:
    """Where the caller is, and the first words that they hear there."""
    step = reply.step
    place = ".".join(str(getattr(step, name)) for name in step.path)
    parts = [step.kind, place]
    page = getattr(step, "page", 1)
    if page > 1:
        parts.append(f"page {page}")
    start = getattr(step, "start", 0)
    if start:
        parts.append(f"from {start}")
    if step.speed != 1:
        parts.append(f"at {step.speed:g}")
    if step.language != "en":
        parts.append(f"in {step.language}")
    words = " ".join(filter(None, parts))
    return f"{words} “{' '.join(reply.says[:2])}”"


def scene(line: Edition, step: Step) -> list[str]:
    """Everything about a step, in lines."""
    arrived = arrive(line, step)
    told = [f"says {' '.join(arrived.says)}"]
    if arrived.dial:
        told.append(f"dials {arrived.dial.name}")
    if arrived.text:
        told.append(f"texts {arrived.text.name}")
    if arrived.last:
        told.append("hangs up")
    told += patience(line, arrived)
    told += keys(line, arrived.step)
    return told + words(line, arrived.step)


def patience(line: Edition, arrived: Reply) -> list[str]:
    """How long it waits, what it says in between, and where silence leads in the end."""
    told: list[str] = []
    waits = [f"waits {arrived.wait_s} s"]
    silent = after(line, arrived.step, Silence())
    for _ in range(12):  # ten times at most
        if not silent.step.silences:
            break
        words = f"then says {' '.join(silent.says)}"
        if told[-1:] != [words]:
            told.append(words)
        waits.append(f"{silent.wait_s} s")
        silent = after(line, silent.step, Silence())
    return [", ".join(waits), *told, f"… {shown(silent)}"]


def keys(line: Edition, step: Step) -> list[str]:
    """Where each key leads; those that lead to the same have one line."""
    by_way: dict[str, str] = {}
    for key in KEYS:
        way = shown(after(line, step, Pressed(key)))
        by_way[way] = by_way.get(way, "") + key
    return [f"{pressed} {way}" for way, pressed in by_way.items()]


def words(line: Edition, step: Step) -> list[str]:
    """Where the clearest words for each wish lead that a caller may say here."""
    vocabulary = line.content.languages["en"].vocabulary
    hints = arrive(line, step).hints
    if vocabulary is None or not hints:
        return []
    wishes = [wordings[0].replace(",", "") for wordings in astuple(vocabulary.wishes)]
    said = [words for words in wishes if words in hints]
    return [f"“{each}” {shown(after(line, step, Spoken(each)))}" for each in said]


def test_every_kind_of_step_is_shown() -> None:
    assert {type(step) for _, step in SCENES.values()} == set(EVERY_KIND)


def test_every_step_is_as_it_is_written_down() -> None:
    lines = []
    for name, (line, step) in SCENES.items():
        lines += ["", f"# {name}", *scene(line, step)]
    text = "\n".join(lines).strip() + "\n"
    written = Path(__file__).with_name("scenes.txt").read_text("utf-8")
    assert text.splitlines() == written.splitlines()


def test_whoever_has_nothing_to_forget_may_say_go_back() -> None:
    nobody = Abilities(remembers=False)
    step = Forgetting(language="en")
    reply = flow.answer(ONE, step, Spoken("go back"), AT, abilities=nobody)
    assert isinstance(reply.step, Guide)
