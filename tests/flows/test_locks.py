"""One run a site: in one process, between processes, and after one was killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from flows.locks import SiteBusyError, site_lock
from flows.storage.store import Store, StoreError

HOLD = """
import sys, time
from flows.locks import site_lock
with site_lock(sys.argv[1], "hill"):
    print("held", flush=True)
    time.sleep(60)
"""
# The kernel lets go at once; a server has to notice that its client is gone.
PATIENCE = 10.0


@contextmanager
def holder(database: str) -> Iterator[int]:
    """A process that holds the site, and its id."""
    process = subprocess.Popen(  # noqa: S603  (our own program)
        [sys.executable, "-c", HOLD, database], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process.pid
    finally:
        process.kill()
        process.communicate()


def test_a_site_is_held_once(database: str) -> None:
    with site_lock(database, "hill"):
        with pytest.raises(
            SiteBusyError, match=f"hill: a run is under way .process {os.getpid()} on"
        ):
            site_lock(database, "hill").__enter__()
        with site_lock(database, "river"):
            pass
    with site_lock(database, "hill"):
        pass


def test_the_store_and_its_url_are_one_door(database: str) -> None:
    with Store.open(database) as store, site_lock(store, "hill"), pytest.raises(SiteBusyError):
        site_lock(database, "hill").__enter__()


def test_an_error_inside_lets_go(database: str) -> None:
    with pytest.raises(OSError, match="disk"), site_lock(database, "hill"):
        raise OSError("disk full")
    with site_lock(database, "hill"):
        pass


def test_another_process_holds_it_until_it_is_killed(database: str) -> None:
    with holder(database) as pid:
        with pytest.raises(SiteBusyError, match=rf"process {pid} on \S+ since 20\d\d-") as caught:
            site_lock(database, "hill").__enter__()
        assert "\n" not in str(caught.value)
        os.kill(pid, signal.SIGKILL)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                with site_lock(database, "hill"):
                    return
            except SiteBusyError:
                time.sleep(0.05)
        pytest.fail("the lock outlived its holder")


def test_databases_do_not_block_each_other(database: str, tmp_path: Path) -> None:
    other = f"sqlite:///{tmp_path}/other.db"
    with site_lock(database, "hill"), site_lock(other, "hill"):
        pass


def test_one_file_under_two_names_is_one_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with site_lock(f"sqlite:///{tmp_path}/news.db", "hill"), pytest.raises(SiteBusyError):
        site_lock("sqlite:///news.db", "hill").__enter__()


@pytest.mark.parametrize(
    "url", ["postgresql://127.0.0.1:1/news", "sqlite:////proc/nowhere/news.db"]
)
def test_a_database_of_no_use(url: str) -> None:
    with pytest.raises(StoreError):
        site_lock(url, "hill").__enter__()
