"""Saved pages: browsers' saves, mirrors of wget and HTTrack, plain-text renderings."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote, unquote

from spiders.extract.bounds import is_too_large
from spiders.extract.document import Document
from spiders.extract.own_address import own_address
from spiders.sources.capture import Capture, Found
from spiders.sources.mapping import Told
from spiders.sources.survey import Survey

_NAMES = ".html .htm .shtml .xhtml .jhtml .asp .aspx .php .jsp"
_PAGES = frozenset(_NAMES.split())
_TEXTS = frozenset({".txt"})
# wget appends it to a dynamic page's own name.
_APPENDED = ".html"
_TYPES = {True: "text/plain", False: "text/html"}
_OK = 200
# HTTrack's line at the head of a file tells when it was fetched.
_MIRRORED = re.compile(rb"Mirrored from \S+ by HTTrack[^>]{0,80}\], ([^>]{20,40}?) -->")
_WITHIN = 5000


class SavedFiles:
    """The saved pages of a folder, or single ones.

    Args:
        name: What the report calls them.
        files: The files.
        told: What tables say of files, by their resolved paths.
    """

    def __init__(self, name: str, files: Iterable[Path], told: Mapping[Path, Told]) -> None:
        self.name = name
        self._files = list(files)
        self._told = told
        self._urls: dict[int, str] = {}

    def survey(self, survey: Survey) -> None:
        """Tell the survey of every file; those without an address become a problem of it."""
        nowhere: list[Path] = []
        for number, path in enumerate(self._files):
            told = self._told.get(path.resolve())
            url = told.url if told else _address(path, survey)
            if url is None:
                nowhere.append(path)
                continue
            of = survey.claim(url)
            if of:
                self._urls[number] = url
                at = (told.at if told else None) or _saved_at(path)
                survey.take(of, url, _OK, _TYPES[is_text(path)], Found(at, self, (number, 0)))
        if nowhere:
            survey.problems.append(
                f"{self.name}: {len(nowhere)} of {len(self._files)} files without an address, such "
                f"as {nowhere[0].name}; say it in a urls.csv beside them: `file,url`"
            )

    def read(self, found: Found) -> Capture:
        number, _ = found.place
        path = self._files[number]
        told = self._told.get(path.resolve())
        return Capture(
            url=self._urls[number],
            at=found.at,
            status=_OK,
            headers={"content-type": _TYPES[is_text(path)]},
            body=path.read_bytes(),
            column=told.column if told else None,
            is_listed=told is not None,
        )


def is_saved_page(path: Path) -> bool:
    """Whether a file is called like a page or its text."""
    name = path.name.partition("?")[0]
    return is_text(path) or bool({path.suffix.lower(), Path(name).suffix.lower()} & _PAGES)


def is_text(path: Path) -> bool:
    """Whether a file is called like a text."""
    return path.suffix.lower() in _TEXTS


def _address(path: Path, survey: Survey) -> str | None:
    """Which page a file is, as its place in a mirror says, or the file itself."""
    if url := _in_mirror(path, survey):
        return url
    body = path.read_bytes()
    if is_text(path) or is_too_large(body):
        return None
    return own_address(Document.from_bytes("http://saved.invalid/", body))


def _in_mirror(path: Path, survey: Survey) -> str | None:
    """The address of a file in a mirror, where a folder above it is called as a site's host."""
    parts = path.resolve().parts
    for place in range(len(parts) - 2, 0, -1):
        if survey.is_host(parts[place]):
            name, mark, query = "/".join(parts[place + 1 :]).partition("?")
            query = query.removesuffix(_APPENDED)
            return f"http://{parts[place]}/{quote(unquote(name))}{mark}{query}"
    return None


def _saved_at(path: Path) -> datetime:
    """When a file was fetched: as HTTrack wrote into it, or when it was last changed."""
    with path.open("rb") as file:
        head = file.read(_WITHIN)
    if mirrored := _MIRRORED.search(head):
        try:
            return parsedate_to_datetime(mirrored[1].decode("ascii", "replace")).astimezone(UTC)
        except ValueError:
            pass
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
