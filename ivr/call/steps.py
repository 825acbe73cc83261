"""Steps: where a caller can be in a call, and the URL that says so.

A step's URL is `/voice/<edition>/<language>/<kind>/<path…>?<the rest>`. All of a
call's state is in it, so any server can answer, and answers a repeat the same.
"""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, ClassVar, TypeVar
from urllib.parse import urlencode

import msgspec

from ivr.edition.content import Content, Language
from ivr.errors import NoSuchStep

AnyStep = TypeVar("AnyStep", bound="Step")


@dataclass(frozen=True)
class Place:
    """A sentence of an article: where somebody is, or left off (a bookmark)."""

    article: str
    section: int
    """Counted from 1, as it is said."""
    start: int = 0
    """How many sentences of the section come before it."""

    def __str__(self) -> str:
        return f"{self.article}.{self.section}.{self.start}"

    @property
    def at_start(self) -> bool:
        """Whether nothing of the article comes before it."""
        return (self.section, self.start) == (1, 0)


@dataclass(frozen=True, kw_only=True)
class Step:
    """What every step carries along."""

    kind: ClassVar[str]
    """Its name in the URL."""
    path: ClassVar[tuple[str, ...]] = ()
    """Fields that stand in the URL's path; the others are in its query."""
    unhurried: ClassVar[bool] = False
    """Whether it is never said faster than at 1, as numbers are taken down."""
    top: ClassVar[bool] = False
    """Whether nothing is above it, so that star no longer goes back to the reading."""

    language: str
    speed: float = 1
    """As a factor; one of the content's."""
    silences: int = 0
    """How often in a row the caller let it pass."""
    short: bool = False
    """Whether its words come in the shorter form, as after a wrong key."""
    bookmark: Place | None = None
    """Where the caller last was in an article."""
    reading: bool = False
    """Whether they came from there, so that star goes back to it."""
    at: int = 0
    """When what it says begins to be heard: ms since 1970, UTC."""

    @property
    def said_at(self) -> float:
        """The speed of its words."""
        return min(self.speed, 1) if self.unhurried else self.speed

    def to(self, kind: type[AnyStep], **more: Any) -> AnyStep:
        """A step of another kind for the same caller."""
        carried = {"bookmark": self.bookmark, "reading": self.reading and not kind.top} | more
        return kind(language=self.language, speed=self.speed, **carried)


class Menu(Step):
    """The main menu."""

    kind = "menu"
    top = True


@dataclass(frozen=True, kw_only=True)
class Articles(Step):
    """The list of articles, where there are several."""

    kind = "articles"
    page: int = 1
    contents: bool = False
    """Whether a choice leads to the article's contents rather than to its beginning."""


@dataclass(frozen=True, kw_only=True)
class Contents(Step):
    """The list of an article's sections."""

    kind = "contents"
    path: ClassVar[tuple[str, ...]] = ("article",)
    article: str
    page: int = 1


@dataclass(frozen=True, kw_only=True)
class Reading(Step):
    """A section is being read, from its sentence `start`."""

    kind = "read"
    path: ClassVar[tuple[str, ...]] = ("article", "section")
    article: str
    section: int
    start: int = 0

    @property
    def place(self) -> Place:
        """Its first sentence."""
        return Place(self.article, self.section, self.start)


class Paused(Reading):
    """Reading has stopped; it will go on from the sentence `start`."""

    kind = "paused"


@dataclass(frozen=True, kw_only=True)
class End(Step):
    """An article has been read to its end."""

    kind = "end"
    path: ClassVar[tuple[str, ...]] = ("article",)
    article: str


class Guide(Step):
    """What every key does."""

    kind = "keys"


@dataclass(frozen=True, kw_only=True)
class Helplines(Step):
    """The list of helplines, those that are open first."""

    kind = "helplines"
    page: int = 1
    since: int = 0
    """When its first page was said, as `at`: later pages keep that order, so that nobody who
    opens or closes meanwhile is skipped."""


@dataclass(frozen=True, kw_only=True)
class OneHelpline(Step):
    """One helpline: who it is for, and how it is reached."""

    kind = "helpline"
    unhurried = True
    path: ClassVar[tuple[str, ...]] = ("helpline",)
    helpline: str
    page: int = 1
    """The page of the list that star goes back to."""


class Transfer(OneHelpline):
    """The caller is being put through."""

    kind = "transfer"


@dataclass(frozen=True, kw_only=True)
class Unreached(OneHelpline):
    """The transfer did not come about."""

    kind = "unreached"
    path: ClassVar[tuple[str, ...]] = ("helpline", "reason")
    reason: str
    """`busy`, `no-answer` or `failed`."""


class Goodbye(Step):
    """The last words, and the chance to stay."""

    kind = "goodbye"
    top = True


KINDS: dict[str, type[Step]] = {
    kind.kind: kind
    for kind in (
        *(Menu, Articles, Contents, Reading, Paused, End, Guide),
        *(Helplines, OneHelpline, Transfer, Unreached, Goodbye),
    )
}

LATEST_MS = 10**14
"""The year 5138: no call is later."""

REASONS = ("busy", "no-answer", "failed")

CARRIED = [field.name for field in fields(Step)]
"""What every step has; it stands last in a URL."""

IN_QUERY = {"start": "from"}
"""Fields whose name in the query is another one."""


def url_of(edition: str, step: Step) -> str:
    """The step's path and query, under `/voice`."""
    path = [edition, step.language, step.kind, *(str(getattr(step, name)) for name in step.path)]
    query = urlencode(dict(_query(step)))
    return "/".join(path) + (f"?{query}" if query else "")


def _query(step: Step) -> Iterator[tuple[str, str]]:
    for field in sorted(fields(step), key=lambda field: field.name in CARRIED):
        value = getattr(step, field.name)
        if field.name in ("language", *step.path) or value in (field.default, MISSING):
            continue
        said = (
            f"{value:g}"
            if isinstance(value, float)
            else str(int(value) if value is True else value)
        )
        yield IN_QUERY.get(field.name, field.name), said


def step_from(
    content: Content, language: str, kind: str, path: list[str], query: Mapping[str, str]
) -> Step:
    """The step that a URL names. Raises `NoSuchStep` for one that is not in `content`."""
    try:
        cls = KINDS[kind]
        values: dict[str, Any] = dict(zip(cls.path, path, strict=True))
        for field in fields(cls):
            if field.name not in values and (name := IN_QUERY.get(field.name, field.name)) in query:
                values[field.name] = query[name]
        if "bookmark" in values:
            values["bookmark"] = dict(
                zip(("article", "section", "start"), values["bookmark"].split("."), strict=True)
            )
        step = msgspec.convert(values | {"language": language}, cls, strict=False)
    except (KeyError, ValueError, msgspec.ValidationError) as error:
        raise NoSuchStep(f"{kind}/{'/'.join(path)}: {error}") from error
    if not _exists(step, content):
        raise NoSuchStep(f"{kind}/{'/'.join(path)}: not in this edition")
    return step


def _exists(step: Step, content: Content) -> bool:
    words = content.languages.get(step.language)
    if words is None or step.speed not in content.speeds or not 0 <= step.silences <= 99:
        return False
    moments = (step.at, getattr(step, "since", 0))
    if not all(0 <= at < LATEST_MS for at in moments) or (
        step.bookmark and not _has(words, step.bookmark)
    ):
        return False
    match step:
        case Reading():
            return _has(words, step.place)
        case Contents() | End():
            return step.article in words.article
        case OneHelpline():
            return step.helpline in words.helpline and getattr(step, "reason", "busy") in REASONS
    return True


def _has(words: Language, place: Place) -> bool:
    sections = words.article[place.article].sections if place.article in words.article else ()
    return 1 <= place.section <= len(sections) and 0 <= place.start < len(
        sections[place.section - 1].sentences
    )
