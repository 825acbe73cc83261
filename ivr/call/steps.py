"""Steps: where a caller can be in a call, and the URL that says so.

A step's URL is `/voice/<edition>/<language>/<kind>/<path…>?<the rest>`. All of a
call's state is in it, so any server can answer, and answers a repeat the same.
"""

import re
from collections.abc import Mapping
from dataclasses import Field, dataclass, fields
from typing import Any, ClassVar, TypeVar
from urllib.parse import urlencode

import msgspec

from ivr.edition.content import KEYS, Content, Language
from ivr.errors import NoSuchStep

AnyStep = TypeVar("AnyStep", bound="Step")

OF_THE_CALL = ("misheard", "until", "warned", "transfers")
"""Fields that are the same wherever the caller goes."""

BUSY = "busy"
NO_ANSWER = "no-answer"
FAILED = "failed"
REASONS = (BUSY, NO_ANSWER, FAILED)
"""Why nobody was reached. The first two are the provider's words for it, too."""

LATEST_MS = 10**14
"""The year 5138: no call is later."""

MOST_SILENCES = 99
"""In a row: far more than any step waits for."""

MOST_TRANSFERS = 999
"""In a call: far more than anybody can have."""

MOST_MISHEARD = 2
"""In a row. Then the line asks for a key, so that it does not listen to a noisy room for ever."""

REPEAT = "?"
"""What a caller may say everywhere, without a key for it: the step's words again."""

TWO_KEYS = re.compile(rf"[{re.escape(KEYS)}]{{2}}")
"""Those that `Step.between` may have."""


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
    """Whether it is never said faster than at speed 1: a number is being written down."""
    top: ClassVar[bool] = False
    """Whether nothing is above it, so that star no longer goes back to the reading."""
    listens: ClassVar[bool] = True
    """Whether a caller may also speak here, if the line has speech."""

    language: str
    speed: float = 1
    """As a factor; one of the content's."""
    silences: int = 0
    """How often in a row no key came."""
    misheard: int = 0
    """How often in a row the line did not understand."""
    between: str = ""
    """Two keys, if the caller may have meant either: the line asks which."""
    short: bool = False
    """Whether its words come in the shorter form, as after a wrong key."""
    bookmark: Place | None = None
    """Where the caller last was in an article."""
    reading: bool = False
    """Whether they came from there, so that star goes back to it."""
    at: int = 0
    """When its own words begin to be heard: ms since 1970, UTC."""
    lead: int = 0
    """How long what is said before them takes, in ms."""
    until: int = 0
    """When the call must end, in ms since 1970, UTC; 0 for never."""
    warned: bool = False
    """Whether the caller has heard that it will end."""
    transfers: int = 0
    """How often they were put through, if there is a limit."""

    @property
    def said_at(self) -> float:
        """The speed of its words."""
        if self.unhurried:
            return min(self.speed, 1)
        return self.speed

    def to(self, kind: type[AnyStep], **more: Any) -> AnyStep:
        """A step of another kind for the same caller."""
        more.setdefault("bookmark", self.bookmark)
        more.setdefault("reading", self.reading and not kind.top)
        for name in OF_THE_CALL:
            more.setdefault(name, getattr(self, name))
        return kind(language=self.language, speed=self.speed, **more)


class Languages(Step):
    """The choice of a language: a call begins here if there are several."""

    kind = "languages"
    listens = False
    top = True


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
    listens = False
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
    slowly: float = 0
    """The speed at which the number is spelled, the slowest; 0 where it is not."""

    @property
    def said_at(self) -> float:
        """As slowly as the number that is spelled here."""
        return self.slowly or super().said_at


class Transfer(OneHelpline):
    """The caller is being put through."""

    kind = "transfer"
    listens = False


class Doubtful(OneHelpline):
    """A transfer that may have reached nobody."""

    kind = "spoken"


@dataclass(frozen=True, kw_only=True)
class Unreached(OneHelpline):
    """The transfer did not come about."""

    kind = "unreached"
    path: ClassVar[tuple[str, ...]] = ("helpline", "reason")
    reason: str
    """One of `REASONS`."""


class Forgetting(Step):
    """What is remembered about the caller, and the chance to have it forgotten."""

    kind = "forget"


class TextConsent(OneHelpline):
    """The line says what a text message means, and asks whether to send it."""

    kind = "text"


class Texting(OneHelpline):
    """The caller waits for the outcome of a text message."""

    kind = "texting"
    listens = False


class Goodbye(Step):
    """The last words, and the chance to stay."""

    kind = "goodbye"
    top = True
    listens = False


EVERY_KIND: tuple[type[Step], ...] = (
    Languages,
    Menu,
    Articles,
    Contents,
    Reading,
    Paused,
    End,
    Guide,
    Helplines,
    OneHelpline,
    Transfer,
    Doubtful,
    Unreached,
    Forgetting,
    TextConsent,
    Texting,
    Goodbye,
)

KINDS = {kind.kind: kind for kind in EVERY_KIND}
"""By their names in the URL."""

CARRIED = [field.name for field in fields(Step)]
"""What every step has; it stands last in a URL."""

IN_QUERY = {"start": "from"}
"""Fields that have another name in the query."""


def _in_query(kind: type[Step]) -> tuple[Field[Any], ...]:
    """The fields of a step that stand in the query: its own, then those all steps have."""
    in_path = ("language", *kind.path)
    in_query = [field for field in fields(kind) if field.name not in in_path]
    return tuple(sorted(in_query, key=lambda field: field.name in CARRIED))


FIELDS_IN_QUERY = {kind.kind: _in_query(kind) for kind in EVERY_KIND}
"""By the kind's name."""


def url_of(edition_id: str, step: Step) -> str:
    """The step's path and query, under `/voice`."""
    own_path = [str(getattr(step, name)) for name in step.path]
    path = "/".join((edition_id, step.language, step.kind, *own_path))
    query = urlencode(_query(step))
    if not query:
        return path
    return f"{path}?{query}"


def _query(step: Step) -> dict[str, str]:
    """What differs from the field's default."""
    query = {}
    for field in FIELDS_IN_QUERY[step.kind]:
        value = getattr(step, field.name)
        if value != field.default:
            query[_name_in_query(field.name)] = _as_text(value)
    return query


def _name_in_query(field: str) -> str:
    return IN_QUERY.get(field, field)


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)


def step_from(
    content: Content,
    language: str,
    kind: str,
    path: list[str],
    query: Mapping[str, str],
) -> Step:
    """The step that a URL names. Raises `NoSuchStep` for one that is not in `content`."""
    where = "/".join((kind, *path))
    try:
        step = _parsed(language, kind, path, query)
    except (KeyError, ValueError, msgspec.ValidationError) as error:
        raise NoSuchStep(f"{where}: {error}") from error
    if not _exists(step, content):
        raise NoSuchStep(f"{where}: not in this edition")
    return step


def _parsed(
    language: str, kind: str, path: list[str], query: Mapping[str, str]
) -> Step:
    """The step, whether or not an edition has it. A query's unknown names are passed over."""
    cls = KINDS[kind]
    values: dict[str, Any] = dict(zip(cls.path, path, strict=True))
    for field in fields(cls):
        name = _name_in_query(field.name)
        if name in query:
            values.setdefault(field.name, query[name])
    if "bookmark" in values:
        parts = values["bookmark"].split(".")
        values["bookmark"] = dict(
            zip(("article", "section", "start"), parts, strict=True)
        )
    values["language"] = language
    return msgspec.convert(values, cls, strict=False)


def _exists(step: Step, content: Content) -> bool:
    """Whether a caller of this edition can be there."""
    words = content.languages.get(step.language)
    if words is None or step.speed not in content.speeds:
        return False
    if step.bookmark and not _has(words, step.bookmark):
        return False
    if not 0 <= step.silences <= MOST_SILENCES:
        return False
    if not 0 <= step.misheard <= MOST_MISHEARD:
        return False
    if step.between and not TWO_KEYS.fullmatch(step.between):
        return False
    if not 0 <= step.at < LATEST_MS or not 0 <= step.lead < LATEST_MS:
        return False
    if not 0 <= step.until < LATEST_MS or not 0 <= step.transfers <= MOST_TRANSFERS:
        return False
    match step:
        case Languages():
            return len(content.languages) > 1
        case Reading():
            return _has(words, step.place)
        case Contents() | End():
            return step.article in words.article
        case Helplines():
            return 0 <= step.since < LATEST_MS
        case OneHelpline():
            return _is_listed(step, content)
    return True


def _is_listed(step: OneHelpline, content: Content) -> bool:
    """Whether an edition has this helpline, and whatever else the step says of it."""
    if step.slowly not in (0, content.speeds[0]):
        return False
    if isinstance(step, Unreached) and step.reason not in REASONS:
        return False
    return step.helpline in content.languages[step.language].helpline


def _has(words: Language, place: Place) -> bool:
    """Whether an edition has this sentence."""
    article = words.article.get(place.article)
    if article is None or not 1 <= place.section <= len(article.sections):
        return False
    section = article.sections[place.section - 1]
    return 0 <= place.start < len(section.sentences)
