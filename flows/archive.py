"""archive stats, verify, export: what is in the archive, whether it is whole, a part of it."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

from fastwarc.warc import WarcRecord

from schemas.archive import ArchiveCheck, MonthOfArchive
from schemas.dates import SHANGHAI, Window
from schemas.page import ArchivePlace
from spiders.archive import archive_files, iterate_archived, read_archived
from spiders.archive.members import Member, members
from spiders.archive.mend import BusyError, is_busy, open_whole
from spiders.archive.read import origin_of
from spiders.archive.records import digests_match, info_record, member

_RESPONSES = frozenset({"response", "revisit"})

Told = Callable[[int], None]
"""Called with the bytes of the archive read since the last call."""


def archived_sites(root: Path) -> list[str]:
    """The sites that the archive holds anything of."""
    return sorted(path.name for path in root.glob("*/")) if root.is_dir() else []


def size_of(root: Path, sites: Iterable[str]) -> int:
    """Bytes of all files of these sites."""
    return sum((root / f).stat().st_size for site in sites for f in archive_files(root, site))


def stats(root: Path, site: str, window: Window, told: Told) -> list[MonthOfArchive]:
    """What a site's archive holds of the days in the window, month by month."""
    months: dict[str, MonthOfArchive] = {}
    sizes: dict[ArchivePlace, int] = {}
    for file in archive_files(root, site):
        name = Path(file).parent.name
        month = months.setdefault(name, MonthOfArchive(site=site, month=name))
        month.files += 1
        revisit = 0
        for part, record in _records(root, file, told):
            if record is None or not _is_within(record, window):
                continue
            kind = record.headers["WARC-Type"]
            size = part.end - part.start
            month.records[kind] += 1
            month.bytes += size
            if kind == "response":
                sizes[ArchivePlace(file=file, offset=part.start)] = size
            if kind == "metadata" and revisit and (earlier := _earlier(record)):
                month.saved_bytes += max(0, _size_at(root, earlier, sizes) - revisit)
            is_same = str(record.headers.get("WARC-Profile")).endswith("identical-payload-digest")
            revisit = size if kind == "revisit" and is_same else 0
    return [month for _, month in sorted(months.items()) if month.records]


def verify(
    root: Path,
    site: str,
    claims: Iterable[tuple[str, ArchivePlace]],
    told: Told,
    *,
    repair: bool = False,
) -> ArchiveCheck:
    """Read every record of a site, compare its digests, and look for all that the store claims.

    Args:
        root: The archive.
        site: The site's id.
        claims: What refers to the archive, in words, and to which place.
        told: Progress.
        repair: Cut off what a crash tore. A file that a run is writing is never touched.
    """
    check = ArchiveCheck(site=site)
    found: defaultdict[str, set[int]] = defaultdict(set)
    referred: list[tuple[str, ArchivePlace]] = list(claims)
    check.places = len(referred)
    for file in archive_files(root, site):
        if repair:
            _repair(root / file, check)
        _check_file(root, file, found[file], referred, check, told)
    for what, place in referred:
        if place.offset not in found[place.file]:
            is_there = (root / place.file).is_file()
            why = "no whole response starts there" if is_there else "the file is missing"
            check.problems.append(f"{what}: {place}: {why}; restore the file from a copy")
    return check


def export(root: Path, site: str, window: Window, to: Path, at: datetime, told: Told) -> int:
    """Write one WARC file of a site's responses of the days in the window; records as they are.

    A full response that a revisit within refers to comes along, however old.

    Returns:
        How many responses and revisits the file holds.

    Raises:
        FileExistsError: `to` is there already.
    """
    if to.exists():
        raise FileExistsError(f"{to} is there already; name another file with --to")
    partial = to.with_name(f".{to.name}.partial")
    written: set[ArchivePlace] = set()
    try:
        with partial.open("wb") as out:
            out.write(member(info_record(to.name, at)))
            for place, end in _wanted(root, site, window, told):
                if place not in written:
                    written.add(place)
                    out.write(_packed(root, place, end))
            out.flush()
            os.fsync(out.fileno())
        partial.rename(to)
    finally:
        partial.unlink(missing_ok=True)
    return len(written)


def _wanted(
    root: Path, site: str, window: Window, told: Told
) -> Iterator[tuple[ArchivePlace, int]]:
    """From where to where each response in the window lies, what it refers to before it."""
    for file in archive_files(root, site):
        done = 0
        for archived in iterate_archived(root, file):
            told(archived.end - done)
            done = archived.end
            if archived.at.astimezone(SHANGHAI).date() not in window:
                continue
            if archived.is_revisit and archived.origin and (earlier := archived.origin.earlier):
                yield earlier, read_archived(root, earlier).end
            yield ArchivePlace(file=file, offset=archived.offset), archived.end


def _packed(root: Path, place: ArchivePlace, end: int) -> bytes:
    with (root / place.file).open("rb") as file:
        file.seek(place.offset)
        return file.read(end - place.offset)


def _records(root: Path, file: str, told: Told) -> Iterator[tuple[Member, WarcRecord | None]]:
    for part in members(root / file):
        told(part.end - part.start)
        yield part, None if part.record is None else WarcRecord.from_bytes(part.record)


def _is_within(record: WarcRecord, window: Window) -> bool:
    return record.record_date.astimezone(SHANGHAI).date() in window


def _earlier(record: WarcRecord) -> ArchivePlace | None:
    origin = origin_of(record)
    return origin.earlier if origin else None


def _size_at(root: Path, place: ArchivePlace, sizes: dict[ArchivePlace, int]) -> int:
    """The packed size of the response at a place; it may lie before the window."""
    if place not in sizes:
        first = next(members(root / place.file, place.offset), None)
        sizes[place] = first.end - first.start if first else 0
    return sizes[place]


def _repair(path: Path, check: ArchiveCheck) -> None:
    try:
        file, cut = open_whole(path)
    except BusyError:
        return
    file.close()
    if cut:
        check.repaired.append(str(cut))
        if not cut.start:
            path.unlink()


def _check_file(
    root: Path,
    file: str,
    found: set[int],
    referred: list[tuple[str, ArchivePlace]],
    check: ArchiveCheck,
    told: Told,
) -> None:
    """Read every record of a file; note where whole responses start and what revisits refer to."""
    path = root / file
    if not path.is_file():
        return
    check.files += 1
    if is_busy(path):
        check.busy.append(file)
    size = path.stat().st_size
    for part, record in _records(root, file, told):
        check.bytes += part.end - part.start
        if record is None:
            if part.end < size:
                check.problems.append(
                    f"{file}: damaged from byte {part.start:,} to {part.end:,}; what is before "
                    f"and behind it reads; restore the file from a copy"
                )
            elif file not in check.busy:
                check.problems.append(
                    f"{file}: a crash tore the last record, {part.end - part.start:,} bytes; "
                    f"`district-news archive verify {check.site} --repair` cuts them off"
                )
            continue
        check.records += 1
        kind, place = record.headers["WARC-Type"], ArchivePlace(file=file, offset=part.start)
        if not digests_match(record):
            check.problems.append(f"{place}: a digest does not match; restore the file from a copy")
        elif kind in _RESPONSES:
            found.add(part.start)
        elif kind == "metadata" and (earlier := _earlier(record)):
            referred.append((f"revisit before {place}", earlier))
