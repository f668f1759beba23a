"""A full disk: the run ends in one line that says what to do, and nothing stored is lost."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.archive import verify
from flows.storage.store import Store
from tests.fixture_sites import FIXTURES

KIB = 1024
NEWS = 7  # of the fixture site, read from its pages


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of its own, 4 KiB large until it is resized."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = call("/bin/mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", str(disk))
    if mounted.returncode:
        pytest.skip(f"a small tmpfs cannot be mounted here: {mounted.stderr.strip()}")
    yield disk
    call("/bin/umount", "--lazy", str(disk)).check_returncode()


def resize(disk: Path, size: int) -> None:
    call("/bin/mount", "-o", f"remount,size={size}", str(disk)).check_returncode()


def call(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  (our own)
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


def ingest(data: Path) -> subprocess.CompletedProcess[str]:
    main = (sys.executable, "-c", "from flows.cli.main import main; main()")
    options = ("--since", "2016-01-01", "--replay", str(FIXTURES))
    database = f"sqlite:///{data}/district-news.db"
    return call(
        *main,
        *("ingest", "lanshan", *options),
        DISTRICT_NEWS_DATA=str(data),
        DISTRICT_NEWS_DATABASE_URL=database,
    )


def stored(data: Path) -> int:
    """How many articles are stored, each with its bytes in an archive that is whole."""
    with Store.open(f"sqlite:///{data}/district-news.db") as store:
        claims = store.claims("lanshan")
        check = verify(data / "archive", "lanshan", claims, lambda _: None)
        assert check.problems == []
        return len(store.articles())


@pytest.mark.parametrize("kib", [4, 12, 20, 28])
def test_the_disk_of_the_archive_is_full(tmp_path: Path, small_disk: Path, kib: int) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "archive").symlink_to(small_disk)
    resize(small_disk, kib * KIB)
    ended = ingest(data)
    assert ended.returncode == 4, ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1, ended.stderr
    assert "No space left on device; free some space and run again" in ended.stderr
    assert stored(data) < NEWS

    resize(small_disk, 1000 * KIB)
    again = ingest(data)
    assert again.returncode == 0, again.stderr
    assert stored(data) == NEWS


@pytest.mark.parametrize("spare", [8, 60, 150])
def test_the_disk_of_everything_is_full(small_disk: Path, spare: int) -> None:
    resize(small_disk, 4000 * KIB)
    Store.open(f"sqlite:///{small_disk}/district-news.db").close()
    used = os.statvfs(small_disk)
    resize(small_disk, (used.f_blocks - used.f_bfree) * used.f_frsize + spare * KIB)
    ended = ingest(small_disk)
    assert ended.returncode in {0, 4}, ended.stderr
    if ended.returncode:
        assert len(ended.stderr.strip().splitlines()) == 1, ended.stderr
        assert "free some space and run again" in ended.stderr

    resize(small_disk, 8000 * KIB)
    assert stored(small_disk) <= NEWS
    assert ingest(small_disk).returncode == 0
    assert stored(small_disk) == NEWS
