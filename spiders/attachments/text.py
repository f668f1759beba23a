"""The text of a PDF or Office file: the part that runs in a process of its own.

`python -m spiders.attachments.text KIND LIMIT` reads the file's bytes from standard input, takes
no more memory and time than it may, and writes JSON: `text`, or `no_text` with the reason.
"""

import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator

from schemas.file import FileKind

# Ten times the longest statute book; what is beyond is a table dump that nobody reads as text.
_LONGEST_TEXT = 2_000_000
# A workbook of 20 MB unpacks to a few hundred; a bomb, to thousands of gigabytes.
_UNPACKED_BYTES = 300_000_000
_MEMBERS = 10_000
_GIGABYTE = 1 << 30
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffd\ufeff\ud800-\udfff]")


class NoTextError(ValueError):
    """The file has no text for us; the message says why."""


def read_text(kind: FileKind, body: bytes) -> str:
    """The text of a file: paragraphs and table rows, a line each, cells joined by a tab.

    Raises:
        NoTextError: There is none, or it must not be unpacked.
        Exception: Whatever a library says of a file that it cannot read.
    """
    if kind is FileKind.PDF:
        lines = _pdf(body)
    elif kind is FileKind.DOCX:
        lines = _docx(body)
    else:
        lines = _xlsx(body)
    text = "\n".join(_up_to_the_longest(lines))
    if not text:
        raise NoTextError("no text in it (a scan?)" if kind is FileKind.PDF else "no text in it")
    return text


def _pdf(body: bytes) -> Iterator[str]:
    from pypdf import PdfReader  # noqa: PLC0415  (each process needs one library of the three)

    reader = PdfReader(io.BytesIO(body))
    if reader.is_encrypted and not reader.decrypt(""):
        raise NoTextError("it asks for a password")
    for page in reader.pages:
        yield from page.extract_text().splitlines()


def _docx(body: bytes) -> Iterator[str]:
    from docx import Document  # noqa: PLC0415
    from docx.table import Table  # noqa: PLC0415

    _refuse_a_bomb(body)
    for block in Document(io.BytesIO(body)).iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                yield "\t".join(" ".join(cell.text.split()) for cell in row.cells)
        else:
            yield from block.text.splitlines()


def _xlsx(body: bytes) -> Iterator[str]:
    from openpyxl import load_workbook  # type: ignore[import-untyped]  # noqa: PLC0415

    _refuse_a_bomb(body)
    book = load_workbook(io.BytesIO(body), read_only=True, data_only=True, keep_links=False)
    for sheet in book.worksheets:
        yield sheet.title
        for row in sheet.iter_rows(values_only=True):
            yield "\t".join("" if cell is None else str(cell) for cell in row)


def _refuse_a_bomb(body: bytes) -> None:
    """The sizes that a ZIP file declares bind its reader: zipfile unpacks no byte more."""
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        members = packed.infolist()
    if len(members) > _MEMBERS or sum(m.file_size for m in members) > _UNPACKED_BYTES:
        raise NoTextError("it unpacks to more than it may")


def _up_to_the_longest(lines: Iterable[str]) -> Iterator[str]:
    """Lines with something in them, until the text is as long as it may be."""
    room = _LONGEST_TEXT
    for line in lines:
        kept = _UNPRINTABLE.sub("", line).strip()[:room]
        if kept:
            yield kept
            room -= len(kept)
        if room <= 0:
            return


def _limit(seconds: int) -> None:
    """Take no more than a gigabyte and these seconds of a CPU, and write no file."""
    for what, most in (
        (resource.RLIMIT_AS, _GIGABYTE),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def main() -> None:
    """Read one file from standard input."""
    kind, seconds = FileKind(sys.argv[1]), int(sys.argv[2])
    body = sys.stdin.buffer.read()
    _limit(seconds)
    try:
        found = {"text": read_text(kind, body)}
    except NoTextError as error:
        found = {"no_text": str(error)}
    except MemoryError:
        found = {"no_text": "reading it takes more memory than it may"}
    except RecursionError:
        found = {"no_text": "it is nested too deeply"}
    except Exception as error:  # noqa: BLE001  (what a library raises of a broken file is anything)
        found = {"no_text": f"it cannot be read: {type(error).__name__}"}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
