"""`recordings/`: people's voices, in place of the synthetic one.

    recordings/welcome.wav              says the prompt `welcome`
    recordings/notice.wav               says the notice, while there is one
    recordings/<article>/3.mp3          says the sentences of the article's third section
    recordings/welcome.txt, 3.txt       the words that each was recorded with

A recording whose words are no longer those of the content is not used, and staff are told.
Where sentences start is worked out from the pauses and the sentences' lengths.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from audio.voices.person import Parts, Recording, SoundFile, Unusable, sentence_parts
from audio.words.faults import InvalidValue, note, shown
from audio.words.tables import read_text
from ivr.edition.content import Language, slots
from ivr.errors import Fault

FORMATS = (
    *(".wav", ".mp3", ".flac", ".ogg"),
    *(".webm", ".m4a", ".mp4", ".aac", ".3gp", ".opus", ".oga"),
)
"""How the names of sound files end: what programs save, then what browsers and telephones do."""

NOTICE = "notice"
"""What a recording of the notice is called."""


@dataclass(frozen=True)
class Recordings:
    """What was recorded of a language."""

    said: dict[str, Recording]
    """By utterance."""
    outdated: tuple[Fault, ...]
    """Recordings that are not used, because they may say other words; no reason to stop."""


def load_recordings(
    folder: Path, language: Language, spoken: Callable[[str], str], faults: list[Fault]
) -> Recordings:
    """Every recording of the folder; `spoken` gives an utterance as it is read.

    The same text is spoken by its recording wherever it comes up in the language.
    """
    said: dict[str, Recording] = {}
    outdated: list[Fault] = []
    for path in _files(folder, faults):
        place = path.relative_to(folder)
        is_notice = place.with_suffix("") == Path(NOTICE)
        if is_notice and language.notice is None:
            outdated.append(_without_notice(path))
            continue
        texts = _texts_at(place, path, language, faults)
        if not texts or not all(texts):
            continue
        stale = _stale(path, " ".join(texts))
        if stale:
            if _listen(path, (), faults):
                outdated.append(stale)
            continue
        sizes = [len(spoken(text)) for text in texts]
        listened = _listen(path, sizes, faults)
        if listened is None:
            continue
        name = f"recording:{place}"
        for text, (start, end) in zip(texts, listened.parts, strict=True):
            part = Recording(name, listened.file, start, end)
            said.setdefault(text, part)
    return Recordings(said, tuple(outdated))


def _files(folder: Path, faults: list[Fault]) -> Iterator[Path]:
    """The sounds, one a name; whatever else is there is a fault, hidden files apart."""
    texts: list[Path] = []
    sounds: list[Path] = []
    beside: set[Path] = set()
    files = [path for path in folder.rglob("[!.]*") if path.is_file()]
    for path in sorted(files):
        kind = path.suffix.lower()
        if kind == ".txt":
            texts.append(path)
            continue
        beside.add(path.with_suffix(""))
        if kind in FORMATS:
            sounds.append(path)
        else:
            mend = "save it as WAV, MP3 or M4A, or remove it"
            note(faults, path, "this is not a usable recording", mend)
    for path in texts:
        if path.with_suffix("") not in beside:
            mend = "add the recording under the same name, or remove this file"
            note(faults, path, "these words have no recording", mend)
    seen: dict[Path, Path] = {}
    for path in sounds:
        first = seen.setdefault(path.with_suffix(""), path)
        if first == path:
            yield path
            continue
        what = f"{first.name} is a recording of the same words"
        note(faults, path, what, "remove one of the two")


def _texts_at(
    place: Path, path: Path, language: Language, faults: list[Fault]
) -> tuple[str, ...] | None:
    """The utterances that a file at this place should say; None where it says none.

    That is a fault of the file, or one that its article has and that was noted there.
    """
    try:
        match place.with_suffix("").parts:
            case (name,) if name == NOTICE and language.notice:
                return (language.notice.text,)
            case (name,):
                return _prompt(name, language)
            case (slug, number):
                return _section(slug, number, language)
        mend = "put it in the folder of its article"
        raise InvalidValue("this is too many folders deep", mend)
    except InvalidValue as refusal:
        note(faults, path, refusal.what, refusal.mend)
        return None


def _prompt(name: str, language: Language) -> tuple[str]:
    if name not in slots():
        what = f"there is no prompt {name!r}"
        raise InvalidValue(what, "name it after a prompt in prompts.toml")
    if slots()[name]:
        what = (
            f"the prompt {name!r} has a slot for many words, so it cannot be recorded"
        )
        raise InvalidValue(what, "remove the recording")
    return (getattr(language.prompts, name),)


def _section(slug: str, number: str, language: Language) -> tuple[str, ...] | None:
    if slug not in language.article:
        what = f"there is no article {slug!r}"
        raise InvalidValue(what, "name the folder after the article's file")
    sections = language.article[slug].sections
    if not sections:  # the article has faults of its own
        return None
    for count, section in enumerate(sections, 1):
        if number == str(count):
            return section.sentences
    what = f"the article {slug!r} has no section {number!r}"
    raise InvalidValue(
        what, f"name it after the section's number, 1 to {len(sections)}"
    )


@dataclass(frozen=True)
class Listened:
    """A recording that can be used."""

    file: SoundFile
    parts: Parts


def _listen(path: Path, sizes: Sequence[int], faults: list[Fault]) -> Listened | None:
    """The file and where its sentences of these sizes are; None, with a fault, where it cannot
    be used."""
    try:
        file = SoundFile.at(path)
    except OSError as error:
        what = f"this cannot be read: {error.strerror}"
        note(faults, path, what, "make it readable for everyone")
        return None
    found = sentence_parts(file, sizes)
    if isinstance(found, Unusable):
        note(faults, path, found.what, found.mend)
        return None
    return Listened(file, found)


def _stale(path: Path, text: str) -> Fault | None:
    """Why one cannot trust that the file says this text; None where one can."""
    file = path.with_suffix(".txt")
    unreadable: list[Fault] = []
    as_recorded = read_text(file, unreadable) or ""
    before = _words(as_recorded)
    now = _words(text)
    if unreadable:
        mend = f"write the words that {path.name} says there"
        return replace(unreadable[0], mend=mend)
    if before == now:
        return None
    same = 0
    while before[same : same + 1] == now[same : same + 1]:
        same += 1
    then = _from(before, same)
    today = _from(now, same)
    what = f"has {then!r} where the content has {today!r}"
    mend = f"record {path.name} again with today's words, and write them there"
    return Fault(shown(file), 0, what, mend)


def _from(words: list[str], place: int) -> str:
    """The first few words from a place on."""
    few = words[place : place + 3]
    return " ".join(few) or "the end"


def _without_notice(path: Path) -> Fault:
    file = shown(path.with_suffix(".txt"))
    mend = f"remove {path.name}, or keep it for the next notice with these words"
    return Fault(file, 0, "there is no notice", mend)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())
