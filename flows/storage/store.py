"""The store: records, page states and checkpoints in one database, SQLite or PostgreSQL."""

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from functools import cache
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from anyio import to_thread
from sqlalchemy import Connection, Engine
from sqlalchemy.engine import URL

from flows.batch import Deduped, Stored
from flows.reading import ListRow
from flows.storage import clusters, due, files, history, identity, ledger, places, read, write
from flows.storage import reread as rereading
from flows.storage.engine import connect, writing
from flows.storage.errors import StoreError, explained
from flows.storage.migrations import upgrade
from flows.storage.places import Claim
from schemas.article import Article
from schemas.cluster import Split
from schemas.dates import Window
from schemas.file import FileKind, FileVisit, StoredFile
from schemas.history import Absence, History
from schemas.ledger import Entry, Figures, Hint
from schemas.page import ArchivePlace
from schemas.rejection import Rejection
from schemas.reparse import Held
from schemas.site import Site
from schemas.visit import Checkpoint, Due, Listed, PageState

__all__ = ["Store", "StoreError"]

P = ParamSpec("P")
T = TypeVar("T")


@cache
def _keep_what_is_loaded() -> None:
    """Spare the garbage collector all that is loaded by now and stays.

    To walk through it takes a tenth of a second, which it would do every dozen batches.
    """
    gc.freeze()


class Store(AbstractContextManager["Store"]):
    """One database, its schema up to date.

    What a run asks while it runs is async, the work in a thread; what the command line asks is
    not. Whatever the database refuses comes out as a `StoreError`.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, url: str | None = None) -> Self:
        """Open, and where needed create or upgrade, a database.

        Args:
            url: `sqlite:///path`, `sqlite:////absolute/path` or `postgresql://…`; without it
                DISTRICT_NEWS_DATABASE_URL, or data/district-news.db below the working directory.

        Raises:
            StoreError: It cannot be reached, made, or understood.
        """
        engine = connect(url)
        with explained(engine.url):
            upgrade(engine)
        _keep_what_is_loaded()
        return cls(engine)

    @property
    def url(self) -> URL:
        return self._engine.url

    def close(self) -> None:
        self._engine.dispose()

    def __exit__(self, *_: object) -> None:
        self.close()

    async def states(self, site: str, urls: Iterable[str]) -> dict[str, PageState]:
        """What is remembered of these canonical addresses; the unknown are missing."""
        return await to_thread.run_sync(self._read, read.states, site, list(urls))

    async def checkpoint(self, site: str, column: str) -> Checkpoint | None:
        return await to_thread.run_sync(self._read, read.checkpoint, site, column)

    async def due(self, site: str, now: datetime, limit: int) -> list[Due]:
        """At most `limit` stored articles to be looked at again: the suspect, then the newest."""
        return await to_thread.run_sync(self._read, due.due, site, now, limit)

    async def listed(self, site: str, column: str, after: date) -> list[Listed]:
        """The stored articles, not gone, that the column's list named with a day after `after`."""
        return await to_thread.run_sync(self._read, due.listed, site, column, after)

    async def begin(
        self, site: str, columns: Sequence[str], window: Window, at: datetime
    ) -> list[Entry]:
        """The ledger's entries of these columns over a window; what is asked anew is waiting."""
        return await to_thread.run_sync(self._begin, site, columns, window, at)

    async def figures(self, entry: Entry) -> Figures:
        """What is found, and what owed, in an entry's window."""
        return await to_thread.run_sync(self._read, ledger.figures, entry)

    async def owed(self, entry: Entry) -> list[Due]:
        """The articles of an entry's window whose page failed, the newest first."""
        return await to_thread.run_sync(self._read, ledger.owed, entry)

    async def appeared(self, site: str, column: str, urls: Sequence[str]) -> set[str]:
        """Those of the canonical addresses that the column's list is known to have named."""
        return await to_thread.run_sync(self._read, ledger.appeared, site, column, urls)

    async def neighbours(self, entry: Entry, most_rises: int) -> list[Hint]:
        """The hints of other windows over an entry's column, of walks that met so few rises."""
        return await to_thread.run_sync(self._read, ledger.neighbours, entry, most_rises)

    def ledger(self, site: str | None = None) -> list[tuple[Entry, Figures]]:
        """Every backfill asked for, with its figures: by site, column, the newest window first."""
        return self._read(ledger.with_figures, site)

    async def owed_files(self, site: Site, now: datetime, limit: int) -> list[str]:
        """At most `limit` addresses of files to be asked for: the newest articles' first."""
        return await to_thread.run_sync(self._read, files.owed, site, now, limit)

    async def save_file(self, visit: FileVisit) -> bool:
        """Store what became of one request for a file; whether its content is new."""
        return await to_thread.run_sync(self._save_file, visit)

    async def unread_files(self, site: str, limit: int | None) -> list[StoredFile]:
        """At most `limit` files of a site that today's reader has not read."""
        return await to_thread.run_sync(self._read, files.unread, site, limit)

    async def set_text(self, sha256: str, text: str | None, no_text: str | None) -> None:
        """Store the text of a file, or why there is none."""
        await to_thread.run_sync(self._set_text, sha256, text, no_text)

    def files(
        self,
        site: str | None = None,
        kind: FileKind | None = None,
        words: Sequence[str] = (),
        limit: int | None = None,
    ) -> list[StoredFile]:
        """Files whose text has all the words, the last fetched first."""
        return self._read(files.find, site=site, kind=kind, words=words, limit=limit)

    def file(self, which: str) -> StoredFile | None:
        """A file by the first digits of its SHA-256, or by its address."""
        return self._read(files.one, which)

    def clusters(
        self,
        site: str | None = None,
        window: Window | None = None,
        origin: str | None = None,
        limit: int = 50,
        *,
        newest: bool = False,
    ) -> list[tuple[str, int, int]]:
        """Id, size and number of sites of clusters, the largest or the newest first."""
        return self._read(
            clusters.find, site=site, window=window, origin=origin, newest=newest, limit=limit
        )

    def cluster(self, cluster: str, limit: int) -> list[Article]:
        """The articles of a cluster, the first one first, at most so many."""
        return self._read(clusters.members, cluster, limit)

    def cluster_of(self, article_id: str) -> str | None:
        """The id of the cluster that an article stands in; none where it is not stored."""
        return self._read(clusters.cluster_of, article_id)

    def members(self, cluster: str) -> list[str]:
        """The ids of all articles of a cluster."""
        return self._read(clusters.ids, cluster)

    def clustered(self) -> tuple[int, int]:
        """How many clusters there are of more than one article, and how many others are in them."""
        return self._read(clusters.clustered)

    def sizes(self, ids: Iterable[str]) -> dict[str, int]:
        """How many articles stand in each of these clusters."""
        return self._read(clusters.sizes, list(ids))

    def quotes(self, cluster: str, limit: int) -> list[tuple[str, str, bool]]:
        """An article of the cluster, one outside that shares a passage, whether that quotes it."""
        return self._read(clusters.quotes, cluster, limit)

    def splits(self, ids: Iterable[str]) -> list[Split]:
        """What a person has told apart from any of these articles."""
        return self._read(clusters.splits, list(ids))

    def split(self, told: Sequence[Split]) -> None:
        """Tell articles apart, whatever their texts say."""
        self._write(clusters.split, told)

    def unsplit(self, told: Sequence[Split]) -> None:
        """Let texts decide again on articles that were told apart."""
        self._write(clusters.unsplit, told)

    def compare_all(self) -> Iterator[int]:
        """Compare every article anew, some hundreds a transaction; how many are done so far.

        Killed in the middle, it is to be run again: until then some clusters are missing.
        """
        self._write(clusters.clear)
        last: str | None = ""
        done = 0
        while last is not None:
            last, count = self._write(clusters.compare_again, last)
            done += count
            yield done

    def is_uncompared(self) -> bool:
        """Whether there are articles from before texts were compared."""
        return self._read(clusters.uncompared)

    async def save(self, batch: Deduped) -> Stored:
        """Store a batch in one transaction: all of it, or, on any error, nothing."""
        return await to_thread.run_sync(self._save, batch)

    def articles(
        self,
        site: str | None = None,
        window: Window | None = None,
        column: str | None = None,
        limit: int | None = None,
        offset: int = 0,
        *,
        is_gone: bool = False,
        folded: bool = False,
    ) -> list[Article]:
        """Newest first, the undated last; a window leaves out the undated, `folded` the reposts."""
        return self._read(
            read.newest,
            site=site,
            window=window,
            column=column,
            is_gone=is_gone,
            folded=folded,
            limit=limit,
            offset=offset,
        )

    def article(self, article_id: str) -> Article | None:
        return self._read(read.article, article_id)

    def owner(self, site: str, url: str) -> str | None:
        """The id of the article at a canonical address, its own or one that it was moved to."""
        return self._read(identity.owners, site, [url]).get(url)

    def history(self, article_id: str) -> History | None:
        """All that is known of an article over time; none where it is not stored."""
        return self._read(history.history, article_id)

    def absences(self, article_ids: Iterable[str]) -> dict[str, Absence]:
        """The absence that lasts of each of these articles that is missing."""
        return self._read(history.lasting, list(article_ids))

    def revisions(self, article_id: str) -> list[dict[str, Any]]:
        """The rows of `articles` that this article had before, oldest first."""
        return self._read(read.earlier, article_id)

    def rejections(self, site: str | None = None, reason: str | None = None) -> list[Rejection]:
        """By site, the latest first."""
        return self._read(read.rejected, site=site, reason=reason)

    def rejection(self, site: str, url: str) -> Rejection | None:
        return next(iter(self._read(read.rejected, site=site, reason=None, url=url)), None)

    def waiting(self, site: str) -> Counter[str]:
        """How many of a site's pages are in quarantine, by reason."""
        return self._read(read.waiting, site)

    def known_pages(
        self, site: str, urls: Sequence[str], places: Sequence[rereading.Place]
    ) -> rereading.Known:
        """What is stored of pages of one archive file that have these addresses today."""
        return self._read(rereading.known, site, urls, places)

    async def reread(self, changes: rereading.Changes, at: datetime) -> None:
        """Store what pages read now, in one transaction."""
        await to_thread.run_sync(self._reread, changes, at)

    async def withdraw(self, article_id: str, why: Rejection, at: datetime) -> None:
        """Turn an article into a page in quarantine; what it was stays in `rereadings`."""
        await to_thread.run_sync(self._withdraw, article_id, why, at)

    async def list_again(self, site: str, listed: Sequence[ListRow]) -> None:
        """Store what archived lists said of pages that are stored."""
        await to_thread.run_sync(self._list_again, site, listed)

    def for_review(self, article_id: str | None = None) -> list[tuple[Held, ArchivePlace]]:
        """The articles held for review, with the page that each was read from."""
        return self._read(rereading.for_review, article_id)

    def claims(self, site: str) -> list[Claim]:
        """What refers to the archive, in words, and to which place."""
        return self._read(places.claims, site)

    def counts(self) -> dict[str, int]:
        """Rows of each table."""
        return self._read(read.counts)

    def _read(
        self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        with explained(self.url), self._engine.connect() as connection:
            return query(connection, *args, **kwargs)

    def _write(
        self, change: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        with explained(self.url), writing(self._engine) as connection:
            return change(connection, *args, **kwargs)

    def _withdraw(self, article_id: str, why: Rejection, at: datetime) -> None:
        with explained(self.url), writing(self._engine) as connection:
            rereading.withdraw(connection, article_id, why, at)

    def _list_again(self, site: str, listed: Sequence[ListRow]) -> None:
        with explained(self.url), writing(self._engine) as connection:
            rereading.list_again(connection, site, listed)

    def _save_file(self, visit: FileVisit) -> bool:
        with explained(self.url), writing(self._engine) as connection:
            return files.save(connection, visit)

    def _set_text(self, sha256: str, text: str | None, no_text: str | None) -> None:
        with explained(self.url), writing(self._engine) as connection:
            files.set_text(connection, sha256, text, no_text)

    def _reread(self, changes: rereading.Changes, at: datetime) -> None:
        with explained(self.url), writing(self._engine) as connection:
            rereading.save(connection, changes, at)

    def _begin(
        self, site: str, columns: Sequence[str], window: Window, at: datetime
    ) -> list[Entry]:
        with explained(self.url), writing(self._engine) as connection:
            return ledger.begin(connection, site, columns, window, at)

    def _save(self, batch: Deduped) -> Stored:
        with explained(self.url), writing(self._engine) as connection:
            return write.save(connection, batch)
