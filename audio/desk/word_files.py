"""Word files (DOCX) as HTML, which the other readers know."""

import zipfile
from io import BytesIO

from ivr.errors import ImportingError

MOST_UNPACKED = 10_000_000
"""Bytes of words and their forms, unpacked; pictures are not. The text of a long book takes half of
that. As a tree in memory it takes some twenty times as much, and a small file can unpack to it."""

TITLE = "p[style-name='Title'] => h1:fresh"
"""The title is a heading, too."""

NOT_WORD = "this is not a Word file (.docx); save it as one, or paste its words"


def html_of(data: bytes) -> bytes:
    """The words of a Word file with their headings and lists. Raises `ImportingError`."""
    import mammoth

    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            parts = [part for part in packed.infolist() if _is_read(part.filename)]
            unpacked = sum(part.file_size for part in parts)
        if unpacked > MOST_UNPACKED:
            raise ImportingError("this Word file is too large; paste its words instead")
        pictures = mammoth.images.img_element(
            lambda _: {"src": ""}
        )  # are not read aloud
        found = mammoth.convert_to_html(
            BytesIO(data), style_map=TITLE, convert_image=pictures
        )
    except ImportingError:
        raise
    except Exception as error:  # it raises whatever its parts raise
        raise ImportingError(NOT_WORD) from error
    return str(found.value).encode()


def _is_read(name: str) -> bool:
    """Whether a part of the file is words or their forms."""
    return name.endswith((".xml", ".rels"))
