"""Which sources some files and folders are."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from spiders.sources.capture import Source
from spiders.sources.mapping import TABLE, SourceError, Told, read_table
from spiders.sources.packed import Packed, in_wacz
from spiders.sources.saved import SavedFiles, is_saved_page, is_text
from spiders.sources.warc import WarcSource

_ZIP = b"PK\x03\x04"
_WARC_NAMES = (".warc", ".warc.gz", ".warc.zst", ".wet", ".wet.gz", ".wacz")
# Mirrors have it beside the pages.
_ROBOTS = "robots.txt"
_EXPECTED = (
    "expected a WARC, WET or WACZ file, a saved page (.html), its plain text (.txt), "
    "or a folder of such files"
)


def open_sources(paths: Sequence[Path], urls: Path | None = None) -> list[Source]:
    """The sources that files and folders are.

    Args:
        paths: The files and folders.
        urls: A table that says which page each saved file is; a `urls.csv` beside the files is
            found by itself.

    Raises:
        SourceError: One of them is not there, is nothing that pages are taken from, or does not
            say which page it is.
    """
    told = read_table(urls) if urls else {}
    sources: list[Source] = []
    singles: list[Path] = []
    for path in paths:
        if path.is_dir():
            sources += _in_folder(path, told)
        elif not path.is_file():
            raise SourceError(f"{path}: there is no such file or folder")
        elif found := list(_warc_files(path)):
            sources += found
        elif is_saved_page(path):
            singles.append(path)
        else:
            raise SourceError(f"{path}: {_EXPECTED}")
    for path in singles:
        told = _beside(path) | told
        if is_text(path) and path.resolve() not in told:
            raise SourceError(
                f"{path}: a text does not say which page it is; write `file,url` and below it "
                f"`{path.name},http://…` into {path.with_name(TABLE)}, or give a table with --urls"
            )
    sources += [SavedFiles(path.name, [path], told) for path in singles]
    return sources


def _in_folder(folder: Path, told: dict[Path, Told]) -> Iterator[Source]:
    """The WARC files below a folder, and its saved pages as one source."""
    saved: list[Path] = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if path.name.lower().endswith(_WARC_NAMES):
            yield from _warc_files(path)
        elif path.name == TABLE:
            told = read_table(path) | told
        elif is_saved_page(path) and path.name != _ROBOTS:
            saved.append(path)
    if saved:
        yield SavedFiles(folder.name, saved, told)


def _warc_files(path: Path) -> Iterable[WarcSource]:
    """A WARC file, or those in a WACZ file; nothing where it is something else by its bytes.

    Raises:
        SourceError: It is called a WARC or WACZ file and is none.
    """
    try:
        with path.open("rb") as file:
            is_zip = file.read(len(_ZIP)) == _ZIP
        packed = list(in_wacz(path)) if is_zip else [Packed(path, path.name)]
    except ValueError as error:
        raise SourceError(str(error)) from error
    sources = [WarcSource(each) for each in packed if each.is_warc]
    if not sources and path.name.lower().endswith(_WARC_NAMES):
        raise SourceError(f"{path}: not a WARC file: it does not begin with a WARC record")
    return sources


def _beside(path: Path) -> dict[Path, Told]:
    table = path.with_name(TABLE)
    return read_table(table) if table.is_file() else {}
