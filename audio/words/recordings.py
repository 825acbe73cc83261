"""`recordings/`: people's voices, in place of the synthetic one.

    recordings/welcome.wav              says the prompt `welcome`
    recordings/<article>/3.mp3          says the sentences of the article's third section
    recordings/welcome.txt, 3.txt       the words that each was recorded with

A recording whose words are no longer those of the content is not used, and is told.
Where sentences start is worked out from the pauses and the sentences' lengths.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path

from audio.voices.person import KNOWN, MOST_KNOWN, Parts, Recording, Unusable, _digest, _found
from audio.words.faults import shown
from audio.words.tables import read_text
from ivr.edition.content import Language, slots
from ivr.errors import Fault

FORMATS = (".wav", ".mp3", ".flac", ".ogg")


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
        texts = _texts(path.relative_to(folder), path, language, faults)
        if not (texts and all(texts)):
            continue
        stale = _stale(path, " ".join(texts))
        read = _read(path, () if stale else tuple(len(spoken(text)) for text in texts), faults)
        if stale and read:
            outdated.append(stale)
            continue
        digest, parts = read or ("", ())
        for text, (start, end) in zip(texts, parts, strict=False):
            name = f"recording:{path.relative_to(folder)}"
            mark = f"recording {digest} {start} {end}"
            said.setdefault(text, Recording(name, mark, path.absolute(), digest, start, end))
    return Recordings(said, tuple(outdated))


def _files(folder: Path, faults: list[Fault]) -> Iterator[Path]:
    """The sounds, one a name; whatever else is there is a fault, hidden files apart."""
    seen: dict[Path, Path] = {}
    paths = sorted(path for path in folder.rglob("[!.]*") if path.is_file())
    for path in paths:
        kind, stem = path.suffix.lower(), path.with_suffix("")
        if kind in FORMATS and stem not in seen:
            seen[stem] = path
            yield path
        elif kind in FORMATS:
            what = f"{seen[stem].name} is a recording of the same"
            faults.append(Fault(shown(path), 0, what, "remove one of the two"))
        elif kind == ".txt":
            if not any(other.with_suffix("") == stem for other in paths if other != path):
                mend = "add the recording, of the same name, or remove this"
                faults.append(Fault(shown(path), 0, "no recording is beside these words", mend))
        else:
            mend = "save it as WAV, MP3, FLAC or Ogg, or remove it"
            faults.append(Fault(shown(path), 0, "this is no recording that can be used", mend))


def _texts(
    place: Path, path: Path, language: Language, faults: list[Fault]
) -> tuple[str, ...] | None:
    """The utterances that a file at this place should say; None, with a fault, if none."""
    what, mend = "", ""
    match place.with_suffix("").parts:
        case (name,) if name not in slots():
            what, mend = f"there is no prompt {name!r}", "name it as a prompt in prompts.toml"
        case (name,) if slots()[name]:
            what = f"the prompt {name!r} is said with many words in its slot, so not recorded"
            mend = "remove the recording"
        case (name,):
            return (getattr(language.prompts, name),)
        case (slug, _) if slug not in language.article:
            what, mend = f"there is no article {slug!r}", "name the folder as the article's file"
        case (slug, number):
            sections = language.article[slug].sections
            if number in {str(n) for n in range(1, len(sections) + 1)}:
                return sections[int(number) - 1].sentences
            if not sections:  # the article has faults of its own
                return None
            what = f"the article {slug!r} has no section {number!r}"
            mend = f"name it by the section's number, 1 to {len(sections)}"
        case _:
            what, mend = "this is too deep in folders", "put it in the folder of its article"
    faults.append(Fault(shown(path), 0, what, mend))
    return None


def _read(path: Path, sizes: tuple[int, ...], faults: list[Fault]) -> tuple[str, Parts] | None:
    """The file's digest, and where its sentences of these sizes are; None, with a fault, where
    it cannot be used."""
    try:
        data = path.read_bytes()
    except OSError as error:
        what, mend = f"this cannot be read: {error.strerror}", "let everyone read it"
    else:
        known = _digest(data), sizes
        if known not in KNOWN:
            while len(KNOWN) >= MOST_KNOWN:
                KNOWN.pop(next(iter(KNOWN)))
            KNOWN[known] = _found(data, sizes)
        found = KNOWN[known]
        if not isinstance(found, Unusable):
            return known[0], found
        what, mend = found
    faults.append(Fault(shown(path), 0, what, mend))
    return None


def _stale(path: Path, text: str) -> Fault | None:
    """Why one cannot trust that the file says this text; None where one can."""
    file, unreadable = path.with_suffix(".txt"), list[Fault]()
    before, now = _words(read_text(file, unreadable) or ""), _words(text)
    if unreadable:
        return replace(unreadable[0], mend=f"write the words that {path.name} says there")
    if before == now:
        return None
    pairs = zip(before, now, strict=False)
    first = len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))
    then, today = (" ".join(part[first : first + 3]) or "the end" for part in (before, now))
    mend = f"record {path.name} anew with the words of today, and write them there"
    return Fault(shown(file), 0, f"has {then!r} where the content has {today!r}", mend)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())
