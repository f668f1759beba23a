"""Never two runs at one site at once, whichever door or process they came through.

The lock belongs to the operating system or to the database server, which release it when its
holder dies. So there is nothing stale to clear away. It stands beside the data: runs on different
databases do not meet.
"""

import fcntl
import hashlib
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import URL

from flows.storage.engine import connect, database_url
from flows.storage.errors import explained
from flows.storage.store import Store
from schemas.dates import SHANGHAI

_HOLDER = text("""
    SELECT activity.application_name || ' since '
        || to_char(activity.backend_start AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS')
    FROM pg_locks JOIN pg_stat_activity AS activity USING (pid)
    WHERE locktype = 'advisory' AND granted AND objsubid = 1
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND (classid::bigint << 32) | objid::bigint = :key
""")


class SiteBusyError(Exception):
    """Another run of the site is under way; the message says whose and what to do."""

    def __init__(self, site: str, holder: str | None) -> None:
        self.site = site
        self.holder = holder or "another process"
        super().__init__(
            f"{site}: a run is under way ({self.holder}); wait until it ends, or end that process"
        )


@contextmanager
def site_lock(store: Store | str | None, site: str) -> Iterator[None]:
    """Hold a site for as long as the block runs.

    Args:
        store: The store that the run writes to, or its URL as `Store.open` takes it.
        site: The site's id.

    Raises:
        SiteBusyError: Another run holds the site. It is not waited for.
        StoreError: The lock cannot be asked for.
    """
    url = store.url if isinstance(store, Store) else database_url(store)
    hold = _on_file if url.get_backend_name() == "sqlite" else _on_server
    with hold(url, site):
        yield


@contextmanager
def _on_file(url: URL, site: str) -> Iterator[None]:
    """Lock a file in a folder beside the database; it stays there, and its lock does not."""
    database = Path(str(url.database)).resolve()
    folder = database.with_name(f"{database.name}.locks")
    with explained(url):
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / site).open("a+", encoding="utf-8")
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise SiteBusyError(site, file.read().strip()) from error
        file.truncate(0)
        file.write(f"{_myself()} since {datetime.now(SHANGHAI):%Y-%m-%d %H:%M:%S}\n")
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


@contextmanager
def _on_server(url: URL, site: str) -> Iterator[None]:
    """Lock a number that stands for the site, for as long as a connection of its own is open."""
    key = int.from_bytes(hashlib.sha256(f"district-news/{site}".encode()).digest()[:8], signed=True)
    engine = connect(url).execution_options(isolation_level="AUTOCOMMIT")
    try:
        with explained(url):
            connection = engine.connect()
        with connection:
            connection.execute(
                text("SELECT set_config('application_name', :name, false)"), {"name": _myself()}
            )
            if not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}):
                raise SiteBusyError(site, connection.scalar(_HOLDER, {"key": key}))
            yield
    finally:
        engine.dispose()


def _myself() -> str:
    return f"process {os.getpid()} on {socket.gethostname()}"
