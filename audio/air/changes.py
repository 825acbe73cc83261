"""What changed between two contents, in the words that staff use."""

from collections.abc import Callable, Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any, TypeVar

from ivr.edition.content import Article, Content, Language, Section

Part = TypeVar("Part")

CALLED = {
    "e164": "number that is dialled",
    "whom": "words on whom it is for",
    "when": "words on its hours",
    "cost": "words on what it costs",
    "checked": "date of its check",
    "published": "date",
    "timezone": "time zone",
}
"""Fields whose name in the program would tell staff too little."""

DEEPER = {"languages", "prompts", "helplines", "articles", "sections", "sentences", "slug"}
"""Fields that are compared part by part, or that name the part."""


def changes(before: Content | None, after: Content) -> tuple[str, ...]:
    """What is different, one sentence each; empty where the contents are the same.

    `before` is None where nothing was on the air. Who reads is not content: an edition says.
    """
    line = () if before is None else _facts("the line", before, after)
    old = {} if before is None else before.languages
    return *line, *_parts("language", lambda code, _: code, old, after.languages, _language)


def readers(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """Who reads a language that somebody else read before; by language."""
    return tuple(
        f"{code} is read by {name}, no more by {before[code]}"
        for code, name in after.items()
        if before.get(code, name) != name
    )


def _language(language: str, before: Language, after: Language) -> Iterator[str]:
    code = language.removeprefix("language ")
    for prompt in _unlike(before.prompts, after.prompts):
        yield f"{code}: prompt {prompt} changed"
    for what in (
        *_parts("helpline", lambda _, one: one.name, before.helpline, after.helpline, _facts),
        *_parts("article", lambda _, one: repr(one.title), before.article, after.article, _article),
    ):
        yield f"{code}: {what}"


def _article(article: str, before: Article, after: Article) -> Iterator[str]:
    yield from _facts(article, before, after)
    place = {section.heading: n for n, section in enumerate(after.sections, 1)}
    for what in _parts(
        "section",
        lambda heading, _: f"{place[heading]} {heading!r}" if heading in place else repr(heading),
        {section.heading: section for section in before.sections},
        {section.heading: section for section in after.sections},
        _section,
    ):
        yield f"{article}, {what}"


def _section(section: str, before: Section, after: Section) -> Iterator[str]:
    """A sentence where another stood is changed; beyond those, they are added or removed."""
    count = {"changed": 0, "added": 0, "removed": 0}
    alike = SequenceMatcher(None, before.sentences, after.sentences, autojunk=False)
    for how, old, old_end, new, new_end in alike.get_opcodes():
        if how != "equal":
            pairs = min(old_end - old, new_end - new)
            count["changed"] += pairs
            count["added"] += new_end - new - pairs
            count["removed"] += old_end - old - pairs
    told = [f"{n} sentence{'s' * (n > 1)} {how}" for how, n in count.items() if n]
    if told:
        yield f"{section}: {', '.join(told)}"


def _parts(
    kind: str,
    called: Callable[[str, Part], str],
    before: Mapping[str, Part],
    after: Mapping[str, Part],
    changed: Callable[[str, Part, Part], Iterator[str]],
) -> Iterator[str]:
    """Parts that were added, removed, changed or put in another order."""
    yield from (f"{kind} {called(k, after[k])} added" for k in after if k not in before)
    yield from (f"{kind} {called(k, before[k])} removed" for k in before if k not in after)
    kept = [key for key in after if key in before]
    for key in kept:
        yield from changed(f"{kind} {called(key, after[key])}", before[key], after[key])
    if kept != [key for key in before if key in after]:
        yield f"{kind}s are in another order"


def _facts(what: str, before: object, after: object) -> Iterator[str]:
    """The fields of one thing that differ, in one sentence."""
    if names := [CALLED.get(name, name) for name in _unlike(before, after) if name not in DEEPER]:
        yield f"{what}: {', '.join(names)} changed"


def _unlike(before: Any, after: Any) -> list[str]:
    return [name for name in after.__dataclass_fields__ if vars(before)[name] != vars(after)[name]]
