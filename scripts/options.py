"""What several commands have in common: how their help begins, and options."""

from argparse import ArgumentParser
from pathlib import Path


def parser_of(doc: str | None) -> ArgumentParser:
    """A command's parser, whose help begins with the first line of the script's docstring."""
    first_line, _, _ = (doc or "").partition("\n")
    return ArgumentParser(description=first_line)


def add_content(parser: ArgumentParser) -> None:
    """`--content`, a folder."""
    parser.add_argument(
        "--content",
        type=Path,
        metavar="DIR",
        help="where the words are (default: CONTENT_DIR, or content in the project)",
    )


def add_store(parser: ArgumentParser) -> None:
    """`--store`, a storage's URL."""
    parser.add_argument(
        "--store",
        metavar="URL",
        help="where editions and clips are kept: a folder, or a URL such as s3://bucket/line"
        " (default: STORE_URL, or instance/store)",
    )
