"""The archive: every response as WARC 1.1, one gzip member a record (ISO 28500:2017).

Files are named `<site>/<year-month>/<site>-<start>-<token>.warc.gz`. After each response comes a
metadata record that says what it was asked for, so the records can be rebuilt from here alone.
"""

from spiders.archive.foreign import iterate_places, read_place
from spiders.archive.read import (
    archive_files,
    iterate_archived,
    iterate_pages,
    read_archived,
    read_page,
    read_record,
)
from spiders.archive.write import ArchiveError, ArchiveWriter, sync

__all__ = [
    "FETCHED_AT",
    "ORIGIN",
    "PLACE",
    "ArchiveError",
    "ArchiveWriter",
    "archive_files",
    "iterate_archived",
    "iterate_pages",
    "iterate_places",
    "read_archived",
    "read_page",
    "read_place",
    "read_record",
    "sync",
]

# Keys of a request's meta: what it is for; where its response lies in the archive; when it came.
ORIGIN = "archive_origin"
PLACE = "archive_place"
FETCHED_AT = "fetched_at"
