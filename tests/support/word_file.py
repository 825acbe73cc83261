"""A small Word file, made by hand."""

import io
import zipfile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

STYLES = {"Title": "Title", "Heading1": "heading 1", "Heading2": "heading 2"}
"""As Word calls them, by their ids."""


def word_file(*paragraphs: tuple[str, str]) -> bytes:
    """A file with these paragraphs, each after its style, which may be empty."""
    body = "".join(_paragraph(style, text) for style, text in paragraphs)
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{id}"><w:name w:val="{name}"/></w:style>'
        for id, name in STYLES.items()
    )
    target = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{target}.main+xml"/></Types>',
        "_rels/.rels": _leads_to("officeDocument", "word/document.xml"),
        "word/_rels/document.xml.rels": _leads_to("styles", "styles.xml"),
        "word/styles.xml": f'<w:styles xmlns:w="{W}">{styles}</w:styles>',
        "word/document.xml": (
            f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
        ),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return file.getvalue()


def _paragraph(style: str, text: str) -> str:
    kind = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{kind}<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def _leads_to(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{OFFICE}/{kind}" Target="{target}"/></Relationships>'
    )
