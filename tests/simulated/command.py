"""`district-news` over the simulated site: every command as a user has it, but nobody waits.

`python -m tests.simulated.command URL PLAN DATA ARGUMENT…` runs it in a terminal; PLAN is JSON, as
`python -m tests.simulated.server` prints it.
"""

import json
import multiprocessing
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TextIO

from flows.cli import main as cli
from flows.cli import render
from schemas.site import Site
from spiders import district, registry, settings
from tests.simulated.plan import Plan
from tests.simulated.server import SITE_ID, site_of

# Processes come from a server that has imported the project and has no threads.
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(
    [
        "tests.simulated.command",
        # What a command imports when it needs it, and a crawl.
        "flows.backfill",
        "flows.cli.watch",
        "spiders.pipeline",
        "spiders.politeness",
        "alembic.command",
        "scrapy.crawler",
        "scrapy.core.downloader.handlers.http11",
        "scrapy.downloadermiddlewares.cookies",
        "scrapy.extensions.feedexport",
    ]
)
_WIDTH = 80


def run(site: Site, data: Path, arguments: Sequence[str], output: Path | None = None) -> None:
    """Run a command to its end; what it prints goes to a file where one is named."""
    os.environ["DISTRICT_NEWS_DATA"] = str(data)
    os.environ.pop("DISTRICT_NEWS_DATABASE_URL", None)
    sys.argv = ["district-news", *arguments]
    district.CONTACT = "nobody@site.example"
    settings.AUTOTHROTTLE_ENABLED = False
    settings.RETRY_BACKOFF = [0, 0, 0]
    registry.load_sites = lambda: {SITE_ID: site}  # type: ignore[assignment]  # not cached
    if output is None:
        cli.main()
        return
    with output.open("a", encoding="utf-8") as file:
        _run_into(file)


def _run_into(file: TextIO) -> None:
    for console in (render.console, render.errors):
        console.file, console.width = file, _WIDTH
    with redirect_stdout(file), redirect_stderr(file):
        cli.main()


@dataclass(slots=True)
class Command:
    """A command that runs in a process of its own."""

    process: BaseProcess
    peak_bytes: int = 0
    """The most memory that it had, as far as it was watched."""

    @classmethod
    def start(cls, site: Site, data: Path, arguments: Sequence[str], output: Path) -> "Command":
        process = _CONTEXT.Process(target=run, args=(site, data, arguments, output))
        process.start()
        return cls(process)

    @property
    def is_running(self) -> bool:
        return self.process.is_alive()

    def watch(self) -> None:
        """Take note of its memory."""
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        except OSError:
            return
        for line in status.splitlines():
            if line.startswith("VmHWM:"):
                self.peak_bytes = max(self.peak_bytes, int(line.split()[1]) * 1024)

    def kill(self) -> None:
        """SIGKILL: nothing of it is tidied up."""
        self.watch()
        self.process.kill()
        self.process.join()

    def wait(self, seconds: float) -> int | None:
        """Its exit code, once it has ended, or none after so many seconds."""
        self.watch()
        self.process.join(seconds)
        return self.process.exitcode


def main() -> None:
    # A shell's background jobs, and all that they start, ignore it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    url, plan, data, *arguments = sys.argv[1:]
    run(site_of(url, Plan(**json.loads(plan))), Path(data), arguments)


if __name__ == "__main__":
    main()
