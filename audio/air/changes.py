"""What changed between two contents, in the words that staff use."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from difflib import SequenceMatcher
from typing import Any, TypeVar

from audio.air.wording import counted
from ivr.edition.content import Article, Content, Helpline, Language, Section

Part = TypeVar("Part")

CALLED = {
    "e164": "number that is dialled",
    "whom": "words on whom it is for",
    "when": "words on its hours",
    "cost": "words on what it costs",
    "checked": "date of its check",
    "published": "date",
    "timezone": "time zone",
    "on_holidays": "hours on public holidays",
    "exceptions": "dates with hours of their own",
    "holidays": "the dates of public holidays",
    "holidays_until": "until when public holidays are known",
    "short_transfer_seconds": "how short a call to a helpline is doubted",
}
"""Fields whose name in the program would tell staff too little."""

DEEPER = {
    "languages",
    "prompts",
    "helplines",
    "articles",
    "sections",
    "sentences",
    "slug",
}
"""Fields that are compared part by part, or that name the part."""


def changes(before: Content | None, after: Content) -> tuple[str, ...]:
    """What is different, one sentence each; empty where the contents are the same.

    `before` is None where nothing was on the air. Who reads is not part of the content: for
    that, see `readers`.
    """
    if before is None:
        return tuple(f"language {code} added" for code in after.languages)
    languages = _parts(
        "language",
        name=_by_key,
        before=before.languages,
        after=after.languages,
        changed=_language,
    )
    return (*_facts("the line", before, after), *languages)


def readers(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """Who reads a language that somebody else read before; by language."""
    said = []
    for code, name in after.items():
        was = before.get(code, name)
        if was != name:
            said.append(f"{code} is now read by {name} instead of {was}")
    return tuple(said)


def _language(called: str, before: Language, after: Language) -> Iterator[str]:
    code = called.removeprefix("language ")
    for prompt in _unlike(before.prompts, after.prompts):
        yield f"{code}: prompt {prompt} changed"
    if before.notice != after.notice:
        yield f"{code}: {_notice(before, after)}"
    if before.vocabulary != after.vocabulary:
        yield f"{code}: what callers may say changed"
    for what in _parts("helpline", _by_name, before.helpline, after.helpline, _facts):
        yield f"{code}: {what}"
    for what in _parts("article", _by_title, before.article, after.article, _article):
        yield f"{code}: {what}"


def _notice(before: Language, after: Language) -> str:
    if before.notice is None:
        return "notice added"
    if after.notice is None:
        return "notice removed"
    return "notice changed"


def _article(called: str, before: Article, after: Article) -> Iterator[str]:
    yield from _facts(called, before, after)
    old = {section.heading: section for section in before.sections}
    new = {section.heading: section for section in after.sections}
    headings = list(new)

    def name(heading: str, _: Section) -> str:
        if heading not in new:
            return repr(heading)
        number = headings.index(heading) + 1
        return f"{number} {heading!r}"

    for what in _parts("section", name, old, new, _section):
        yield f"{called}, {what}"


def _section(called: str, before: Section, after: Section) -> Iterator[str]:
    """A sentence where another stood is changed; beyond those, they are added or removed."""
    count = {"changed": 0, "added": 0, "removed": 0}
    alike = SequenceMatcher(None, before.sentences, after.sentences, autojunk=False)
    for how, old, old_end, new, new_end in alike.get_opcodes():
        if how == "equal":
            continue
        was = old_end - old
        now = new_end - new
        count["changed"] += min(was, now)
        count["added"] += max(0, now - was)
        count["removed"] += max(0, was - now)
    said = []
    for change, number in count.items():
        if number:
            said.append(f"{counted(number, 'sentence')} {change}")
    if said:
        yield f"{called}: {', '.join(said)}"


def _by_key(key: str, _: object) -> str:
    return key


def _by_name(_: str, helpline: Helpline) -> str:
    return helpline.name


def _by_title(_: str, article: Article) -> str:
    return repr(article.title)


def _parts(
    kind: str,
    name: Callable[[str, Part], str],
    before: Mapping[str, Part],
    after: Mapping[str, Part],
    changed: Callable[[str, Part, Part], Iterator[str]],
) -> Iterator[str]:
    """Parts that were added, removed, changed or put in another order.

    `name` gives how staff call a part; `changed` says what is different in one.
    """
    for key, part in after.items():
        if key not in before:
            yield f"{kind} {name(key, part)} added"
    for key, part in before.items():
        if key not in after:
            yield f"{kind} {name(key, part)} removed"
    order = [key for key in after if key in before]
    for key in order:
        part = after[key]
        called = f"{kind} {name(key, part)}"
        yield from changed(called, before[key], part)
    order_before = [key for key in before if key in after]
    if order != order_before:
        yield f"{kind}s are in another order"


def _facts(called: str, before: object, after: object) -> Iterator[str]:
    """The fields of one thing that differ, in one sentence."""
    said = []
    for name in _unlike(before, after):
        if name not in DEEPER:
            said.append(CALLED.get(name, name))
    if said:
        yield f"{called}: {', '.join(said)} changed"


def _unlike(before: Any, after: Any) -> list[str]:
    """The fields whose values differ between two objects of one dataclass."""
    names = []
    for field in fields(after):
        was = getattr(before, field.name)
        now = getattr(after, field.name)
        if was != now:
            names.append(field.name)
    return names
