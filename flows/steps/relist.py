"""relist: what the archived list pages say of articles, for records rebuilt from the archive.

An article that stands in several columns was fetched for one of them; of the others only their
lists know.
"""

import pickle
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from flows.reading import ListRow
from flows.steps.reread import Done, Job
from schemas.dates import SHANGHAI
from schemas.visit import Kind
from spiders.archive import iterate_archived
from spiders.identity import canonical_url
from spiders.lists import read_list

_OK = 200


def relist(job: Job) -> Done:
    """Read the list pages of a job's files, and write their rows to its spool.

    Raises:
        OSError: The spool cannot be written.
    """
    done = Done()
    with job.spool.open("wb") as spool:
        for file in job.files:
            # What is damaged was told when the articles were read.
            with suppress(OSError, ValueError):
                for row in _rows(job, file):
                    pickle.dump(row, spool)
    return done


def list_rows(spool: Path) -> Iterator[ListRow]:
    """The rows that a job wrote."""
    with spool.open("rb") as file, suppress(EOFError):
        while True:
            yield pickle.load(file)  # noqa: S301  (our own file of this very run)


def _rows(job: Job, file: str) -> Iterator[ListRow]:
    columns = {column.id for column in job.site.columns}
    for archived in iterate_archived(job.archive, file):
        origin = archived.origin
        if origin is None or origin.kind is not Kind.LIST or origin.column not in columns:
            continue
        if archived.status != _OK or archived.at.astimezone(SHANGHAI).date() not in job.window:
            continue
        page, _ = read_list(job.site, archived.url, archived.headers, archived.body)
        for listing in page.listings:
            yield ListRow(canonical_url(job.site, listing.url), origin.column, listing)
