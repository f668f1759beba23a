"""The one exception of the store, and how a database's own errors become it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.engine import URL
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

# What SQLite or PostgreSQL say, and the way out.
_REMEDIES: Final = {
    "disk is full": "free some space and run again; nothing was half stored",
    # SQLite on a full disk that has no room for its WAL's index either.
    "disk i/o error": "free some space and run again, or check the disk; nothing was half stored",
    "no space left": "free some space and run again; nothing was half stored",
    "unable to open": "make the file and its folder readable and writable",
    "readonly": "make the file and its folder writable",
    "read-only": "make the database writable",
    "not a database": "restore the file from a copy, or name another",
    "malformed": "restore the file from a copy, or name another",
    "is locked": "end the program that holds it and run again",
    "does not exist": "create it, or correct DISTRICT_NEWS_DATABASE_URL",
    "authentication failed": "correct the user or password in DISTRICT_NEWS_DATABASE_URL",
    "permission denied": "give this user the right to it",
    "refused": "start the server, or correct DISTRICT_NEWS_DATABASE_URL",
    "resolve": "correct the host in DISTRICT_NEWS_DATABASE_URL",
    "connection": "check the server and the network, and run again",
}


class StoreError(Exception):
    """The database cannot be used; the message is one line and names the way out."""


@contextmanager
def explained(url: URL) -> Iterator[None]:
    """Turn what a database or the file system refuses into a `StoreError`.

    A broken constraint, or whatever else we know no way out of, is a mistake of ours and passes.
    """
    try:
        yield
    except (IntegrityError, DataError):
        raise
    except DBAPIError as error:
        said = " ".join(str(error.orig).split())
        for phrase, remedy in _REMEDIES.items():
            if phrase in said.lower():
                raise StoreError(f"{shown(url)}: {said}; {remedy}") from error
        raise
    except OSError as error:
        raise StoreError(
            f"{shown(url)}: {error.strerror} ({error.filename}); "
            "name a folder that can be made and written"
        ) from error


def shown(url: URL) -> str:
    """The address as a person may see it: a path, or a URL without its password."""
    is_file = url.get_backend_name() == "sqlite" and url.database
    return str(url.database) if is_file else url.render_as_string(hide_password=True)
