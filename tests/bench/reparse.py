"""How fast an archive is read again, and whether memory stays flat: `make bench-reparse`.

Three runs over the same pages, each end to end (archive, reader, comparison, report, store): into
an empty database; again, where nothing changes; and with every record changed.
"""

import argparse
import os
import resource
import sqlite3
import tempfile
import time
from pathlib import Path

import anyio
from rich.console import Console
from rich.table import Table

from flows.options import RunOptions
from flows.reparse import reparse
from schemas.reparse import ReparseReport
from schemas.site import Site
from tests.bench.varied import Written, write_archive

# The figure that must be reached: pages a second on one core.
LEAST = 250
_KB = 1000
_MB = 1_000_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, help="keep archive and database here")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        measure(arguments.folder or Path(temporary), arguments.pages)


def measure(folder: Path, pages: int) -> None:
    console = Console()
    table = Table(title="reparse", caption=f"{len(os.sched_getaffinity(0))} cores")
    for heading in ("pages", "run", "wall s", "CPU s", "pages/s", "pages/s/core", "peak MB"):
        table.add_column(heading, justify="left" if heading == "run" else "right")
    # A quarter first: were memory to grow with the archive, its peak would show it.
    for count in (pages // 4, pages):
        options = RunOptions(data=folder / str(count))
        written = write_archive(options.archive, count)
        for name, report, wall, cpu in runs(written, options):
            assert report.pages == count, report
            peak = max(
                resource.getrusage(who).ru_maxrss
                for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
            )
            table.add_row(
                str(count),
                f"{name}: {report.changes} change",
                f"{wall:.1f}",
                f"{cpu:.1f}",
                f"{count / wall:.0f}",
                f"{count / cpu:.0f}",
                f"{peak * 1024 / _MB:.0f}",
            )
        each = written.page_bytes / count / _KB
        on_disk = written.archive_bytes / count / _KB
        console.print(f"{count} pages of {each:.0f} KB on average, {on_disk:.1f} KB in the archive")
    console.print(table)
    console.print(f"at least {LEAST} pages a second a core are asked for")


def runs(written: Written, options: RunOptions) -> list[tuple[str, ReparseReport, float, float]]:
    """Each run by name, with its report, wall and CPU seconds."""
    measured = [("empty database", *timed(written.sites, options))]
    measured.append(("nothing to do", *timed(written.sites, options)))
    with sqlite3.connect(options.data / "district-news.db") as connection:
        connection.execute("UPDATE articles SET genre = '公文', reader_version = '0'")
    measured.append(("all changed", *timed(written.sites, options)))
    return measured


def timed(sites: tuple[Site, ...], options: RunOptions) -> tuple[ReparseReport, float, float]:
    wall, cpu = time.monotonic(), cpu_seconds()
    report = anyio.run(reparse, sites, options)
    return report, time.monotonic() - wall, cpu_seconds() - cpu


def cpu_seconds() -> float:
    """Of this process and of all that it started and that have ended."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


if __name__ == "__main__":
    main()
