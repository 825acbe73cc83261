"""Check every word, number and opening hour in the content folder, and show all faults at once.

Exit code 0: no faults, and a summary of what callers will find.
Exit code 1: the faults, one on each line: file:line: what is wrong; how to mend it.
"""

import argparse
import sys
from collections.abc import Iterator

from audio.desk.languages import Left, left
from audio.words.source import Source, load
from ivr.errors import LineError
from ivr.settings import Settings, environment
from scripts.options import add_content


def main(argv: list[str] | None = None) -> int:
    """Check the folder that the arguments name; the exit code."""
    options = _arguments(argv)
    try:
        content = options.content or Settings.from_mapping(environment()).content
        source = load(content)
    except LineError as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(_summary(source)))
    for code in source.preparing:
        print("\n".join(_preparing(code, left(content, code))))
    return 0


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_content(parser)
    return parser.parse_args(argv)


def _summary(source: Source) -> Iterator[str]:
    yield f"{source.content.name}: no faults."
    for code, language in source.content.languages.items():
        yield f"{code}: articles"
        for article in language.articles:
            yield f"  {article.title}: {len(article.sections)} sections, {article.words} words"
        yield f"{code}: helplines"
        for helpline in language.helplines:
            way = "read out, never dialled"
            if helpline.e164:
                way = f"dialled as {helpline.e164}"
            yield f"  {helpline.name}: {helpline.number}, {way}"
        said = source.recordings[code].said
        if said:
            yield f"{code}: recordings"
            yield f"  utterances said by people: {len(said)}"
    if source.warnings:
        yield "worth a look, though nothing is held up:"
        for warning in source.warnings:
            yield f"  {warning}"


def _preparing(code: str, left: Left) -> Iterator[str]:
    """What keeps a language from callers."""
    yield f"{code}: being prepared, callers are not offered it"
    for kind, names in left.untranslated.items():
        yield f"  {kind}: {len(names)} not translated yet"
    for fault in left.faults:
        yield f"  {fault}"


if __name__ == "__main__":
    sys.exit(main())
