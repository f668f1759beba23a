"""What archiving costs a crawl, and what revisit records save: `make bench-archive`.

A site on loopback, in a process of its own, is crawled with the archive and without it, by turns.
Then it is crawled again with every page due for another look and none changed.
"""

import argparse
import multiprocessing
import random
import re
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from functools import wraps
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

import anyio
from rich.console import Console

from flows.archive import stats
from flows.ingest import ingest
from flows.options import RunOptions
from flows.steps import fetch
from schemas.dates import Window
from schemas.outcome import Outcome
from schemas.page import ArchivePlace
from schemas.site import Site
from schemas.visit import Checkpoint, PageState, Visit
from spiders import district
from spiders.archive import ArchiveWriter
from spiders.crawl import crawl
from spiders.ports import NoMemory
from spiders.settings import site_settings
from tests.fixture_sites import load_expected, site_names
from tests.loopback import loopback, page, vsb_article, vsb_list, vsb_site

# The most of a crawl's CPU that archiving may take.
MOST = 0.15
# Of so many turns: a busy moment of the machine is nobody's figure.
_TURNS = 3
_ROWS_A_LIST = 20
# With these a page has the size, and packs to the share, of an ordinary county's page.
_SENTENCES = 40
_LINKS = 250
_STYLES = 350
_SENTENCE = re.compile(r"[^。\n]{8,80}。")
_SINCE = Window(since=date(2016, 1, 1))
_FORK = multiprocessing.get_context("fork")


class DueAgain(NoMemory):
    """Remembers a crawl, and takes every page for one that is due."""

    def __init__(self) -> None:
        self._visits: dict[str, Visit] = {}

    async def keep(self, visit: Visit, _: Checkpoint | None) -> None:
        self._visits[visit.url] = visit.model_copy(update={"page": None})

    async def states(self, _site: str, urls: Sequence[str]) -> dict[str, PageState]:
        return {url: _due(self._visits[url]) for url in urls if url in self._visits}


def _due(visit: Visit) -> PageState:
    return PageState(
        url=visit.url,
        outcome=Outcome.FAILED,
        body_hash=visit.body_hash,
        archive=visit.archive,
        first_seen=visit.at,
        last_seen=visit.at,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1000)
    pages = parser.parse_args().pages
    receiver, sender = _FORK.Pipe(duplex=False)
    server = _FORK.Process(target=anyio.run, args=(serve, pages, sender), daemon=True)
    server.start()
    site: Site = receiver.recv()
    console = Console(highlight=False)
    console.print(f"{pages} article pages, {-(-pages // _ROWS_A_LIST)} list pages")
    try:
        shares = [compare(console, name, run, site) for name, run in _RUNS.items()]
        save(console, site)
    finally:
        server.terminate()
    if max(shares) > MOST:
        raise SystemExit(f"archiving takes more than {MOST:.0%} of a crawl's CPU")


async def serve(pages: int, ready: Connection) -> None:
    """Serve a site of so many articles until the process ends."""
    chance = random.Random(0)  # noqa: S311  (the same pages every time)
    texts = [e.article["body_text"] for n in site_names() for e in load_expected(n) if e.article]
    sentences = [sentence for text in texts for sentence in _SENTENCE.findall(text)]
    rows = {f"/info/1/{n}.htm": (f"第{n}期要闻", "2024-07-19") for n in range(pages)}
    urls = list(rows)
    lists = [urls[start : start + _ROWS_A_LIST] for start in range(0, pages, _ROWS_A_LIST)]
    async with loopback() as server:
        server.answers["/robots.txt"] = page("")
        for number, shown in enumerate(lists):
            name = "/yw.htm" if number == 0 else f"/yw/{len(lists) - number}.htm"
            body = vsb_list({url: rows[url] for url in shown}).body
            assert isinstance(body, bytes)
            pager = f'<a href="/yw/{len(lists) - number - 1}.htm">下页</a></body>'
            html = body.decode().replace("</body>", pager if number + 1 < len(lists) else "</body>")
            server.answers[name] = page(html)
        for url, (title, day) in rows.items():
            text = "</p><p>".join(chance.choices(sentences, k=_SENTENCES))
            body = vsb_article(title, day, text).body
            assert isinstance(body, bytes)
            html = body.decode().replace("<form", f"{_around(chance)}<form")
            server.answers[url] = page(html)
        ready.send(vsb_site(server))
        await anyio.sleep_forever()


def _around(chance: random.Random) -> str:
    """What a page has around its text: styles, navigation, scripts."""
    styles = "".join(
        f".c{chance.randint(1, 9999)}{{margin:0 {chance.randint(1, 99)}px}}\n"
        for _ in range(_STYLES)
    )
    links = "".join(
        f'<li><a href="/lm/{chance.randint(1, 9999)}.htm" target="_blank">栏目{n}</a></li>'
        for n in range(_LINKS)
    )
    return f"<style>{styles}</style><div class='nav'><ul>{links}</ul></div>"


async def run_ingest(site: Site, data: Path) -> None:
    """All of a run: fetch, clean, dedupe, store."""
    await ingest(site, RunOptions(window=_SINCE, data=data))


async def run_crawl(site: Site, data: Path) -> None:
    """The crawl alone; nobody reads its pages."""
    settings = {"ARCHIVE": str(data / "archive")}
    memory = DueAgain()
    await crawl(site, _SINCE, memory=memory, sink=memory.keep, settings=settings)


Run = Callable[[Site, Path], Awaitable[None]]
_RUNS: dict[str, Run] = {"ingest": run_ingest, "crawl alone": run_crawl}


def compare(console: Console, name: str, run: Run, site: Site) -> float:
    """Print what a run costs with the archive and without; return the share of archiving.

    The share is of one and the same run: between two, a busy machine makes more difference.
    """
    whole: list[float] = []
    shares: list[float] = []
    without: list[float] = []
    for _ in range(_TURNS):
        with tempfile.TemporaryDirectory() as data:
            seconds, archiving = _in_a_process(_timed, run, site, Path(data, "with"), True)
            whole.append(seconds)
            shares.append(archiving / seconds)
            without.append(_in_a_process(_timed, run, site, Path(data, "without"), False)[0])
    share = median(shares)
    console.print(
        f"{name}: {min(whole):.2f} CPU s with the archive, {min(without):.2f} without; "
        f"archiving takes {share:.1%} of a run"
    )
    return share


def save(console: Console, site: Site) -> None:
    """Print what two crawls of the same pages take on the disk."""
    with tempfile.TemporaryDirectory() as data:
        sizes, served, saved = _in_a_process(_crawl_twice, site, Path(data))
        (pages, first), (_, second) = sizes
    console.print(f"a page: {served / pages:,.0f} bytes as served")
    console.print(f"first crawl: {first / pages:,.0f} bytes a page on the disk")
    console.print(
        f"second crawl, all unchanged: {second / pages:,.0f} bytes a page, "
        f"{1 - second / first:.1%} less than the first; over both {saved:.1%} saved"
    )


def _timed(run: Run, site: Site, data: Path, archiving: bool) -> tuple[float, float]:
    """CPU seconds of a run, and those of them that archiving took."""
    stopwatch = Stopwatch()
    with ExitStack() as changes:
        _make_haste(changes)
        if archiving:
            write, sync = stopwatch.timed(ArchiveWriter.write), stopwatch.timed(fetch.sync)
        else:
            places = (ArchivePlace(file="none", offset=offset) for offset in count())
            write, sync = lambda *_: next(places), lambda *_: None
        changes.enter_context(patch.object(ArchiveWriter, "write", write))
        changes.enter_context(patch.object(fetch, "sync", sync))
        started = time.process_time()
        anyio.run(run, site, data)
        return time.process_time() - started, stopwatch.seconds


class Stopwatch:
    """Adds up the CPU time of calls, in whichever thread."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def timed(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def _timed(*args: object) -> object:
            started = time.thread_time()
            try:
                return function(*args)
            finally:
                self.seconds += time.thread_time() - started

        return _timed


def _crawl_twice(site: Site, data: Path) -> tuple[list[tuple[int, int]], int, float]:
    """Pages and bytes of either crawl, the bytes that were served, the share saved."""
    memory = DueAgain()
    served = 0
    sizes: list[tuple[int, int]] = []
    write = ArchiveWriter.write

    def weighed(
        self: ArchiveWriter, url: str, status: int, headers: Any, body: bytes, at: datetime, o: Any
    ) -> ArchivePlace:
        nonlocal served
        served += len(body)
        return write(self, url, status, headers, body, at, o)

    with ExitStack() as changes:
        _make_haste(changes)
        changes.enter_context(patch.object(ArchiveWriter, "write", weighed))
        for _ in range(2):
            before = _archived(data, site)
            settings = {"ARCHIVE": str(data)}
            anyio.run(_crawl, site, memory, settings)
            pages, size = _archived(data, site)
            sizes.append((pages - before[0], size - before[1]))
    months = stats(data, site.id, Window(), lambda _: None)
    saved = sum(month.saved_bytes for month in months)
    return sizes, served // 2, saved / (saved + sum(month.bytes for month in months))


async def _crawl(site: Site, memory: DueAgain, settings: dict[str, str]) -> None:
    await crawl(site, _SINCE, memory=memory, sink=memory.keep, settings=settings)


def _archived(root: Path, site: Site) -> tuple[int, int]:
    """Responses and revisits in the archive, and their bytes."""
    months = stats(root, site.id, Window(), lambda _: None)
    return sum(month.pages for month in months), sum(month.bytes for month in months)


def _make_haste(changes: ExitStack) -> None:
    """Nobody is to be spared on loopback."""
    haste = {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False}
    changes.enter_context(patch.object(district, "CONTACT", "bench@site.example"))
    changes.enter_context(
        patch.object(district, "site_settings", lambda site: {**site_settings(site), **haste})
    )


def _in_a_process(work: Callable[..., Any], *arguments: Any) -> Any:
    """Do the work in a process of its own, whose CPU time is that of the work."""
    with _FORK.Pool(1) as pool:
        return pool.apply(work, arguments)


if __name__ == "__main__":
    main()
