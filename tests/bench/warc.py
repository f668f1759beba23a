"""How fast pages are taken from a WARC file of another tool: `make bench-warc`.

The file is made with warcio: article pages of the fixture sites among pages of other hosts, with
the request before each, as crawlers write them. It is looked through, then what is ours is taken,
then it is taken again, with nothing new.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from unittest.mock import patch

import anyio
from rich.console import Console
from rich.table import Table
from warcio.archiveiterator import ArchiveIterator

from flows import sources
from flows.options import RunOptions
from flows.sources import survey_sources, take_site
from flows.storage.store import Store
from schemas.outcome import Outcome
from schemas.site import Site
from spiders.sources import Survey, open_sources
from tests.bench.varied import varied_pages
from tests.fixture_sites import load_fixture_site, site_names
from tests.warcs import Warc

# The figures that must be reached, a second on one core.
LEAST_SKIPPED = 5000
LEAST_STORED = 250
# In a crawl of the web a known site's pages are rare; more of others would only take longer.
_OTHERS_A_PAGE = 4
# Of so many turns the fastest counts: a busy moment of the machine is nobody's figure.
_TURNS = 3
_KB = 1000
_MB = 1_000_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2000)
    pages = parser.parse_args().pages
    with tempfile.TemporaryDirectory() as temporary:
        measure(Path(temporary), pages)


def measure(folder: Path, pages: int) -> None:
    console = Console()
    others = pages * _OTHERS_A_PAGE
    mixed = write(folder / "mixed.warc.gz", pages, _OTHERS_A_PAGE)
    foreign = write(folder / "foreign.warc.gz", pages, _OTHERS_A_PAGE, ours=False)
    each = mixed.stat().st_size / (pages + others) / _KB
    console.print(f"{pages} pages of known sites, {others} of others; {each:.1f} kB packed each")

    sites = {name: load_fixture_site(name) for name in site_names()}
    options = RunOptions(data=folder / "data")
    with patch.object(sources, "load_sites", lambda: sites):
        skipped = others / fastest(partial(look_through, foreign, sites.values()))
        peer = others / fastest(partial(look_through_with_warcio, foreign))
        stored = pages / take(mixed, options, pages)
        again = pages / take(mixed, options, 0)

    table = Table(title="from a WARC file", caption="responses a CPU second of one core")
    for heading in ("", "a second", "asked for"):
        table.add_column(heading, justify="right" if heading else "left")
    table.add_row("passed over, of other hosts", f"{skipped:,.0f}", f"{LEAST_SKIPPED:,}")
    table.add_row("the same file, warcio alone", f"{peer:,.0f}", "")
    table.add_row("ours: read, cleaned, stored", f"{stored:,.0f}", f"{LEAST_STORED:,}")
    table.add_row("ours again: nothing new", f"{again:,.0f}", "")
    console.print(table)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / _MB
    console.print(f"peak memory {peak:.0f} MB")
    if skipped < LEAST_SKIPPED or stored < LEAST_STORED:
        raise SystemExit("slower than asked for")


def write(path: Path, pages: int, others: int, *, ours: bool = True) -> Path:
    """A WARC file of so many pages, each after so many of other hosts."""
    warc = Warc(path)
    for number, (url, body, content_type) in enumerate(varied_pages(pages)):
        headers = {"Content-Type": content_type}
        for other in range(others):
            warc.page(f"http://www.host{other}.example/{number}.html", body, headers=headers)
        if ours:
            warc.page(url, body, headers=headers)
    return warc.close()


def look_through(path: Path, sites: Iterable[Site]) -> None:
    """Survey a file."""
    survey = Survey(sites)
    for source in open_sources([path]):
        source.survey(survey)
    survey.resolve()
    assert not any(of.pages for of in survey.sites.values())


def look_through_with_warcio(path: Path) -> None:
    """The least that a reader of WARC files can do: every record's type and address."""
    with path.open("rb") as file:
        for record in ArchiveIterator(file):
            assert record.rec_type
            record.rec_headers.get_header("WARC-Target-URI")


def take(path: Path, options: RunOptions, new: int) -> float:
    """CPU seconds that it takes to store what is new of a file's pages."""
    started = time.process_time()
    survey = survey_sources([path], None, (), options)
    with Store.open(options.database) as store:
        reports = [anyio.run(take_site, of, survey, store, options) for of in survey.sites.values()]
    seconds = time.process_time() - started
    # Some pages repeat another's text, title and day, and become further addresses of it.
    found = sum(report.outcome(Outcome.OK) for report in reports)
    assert found == new, f"{found} of {new} pages were news"
    return seconds


def fastest(run: Callable[[], None]) -> float:
    """CPU seconds of the fastest of some runs."""
    seconds = []
    for _ in range(_TURNS):
        started = time.process_time()
        run()
        seconds.append(time.process_time() - started)
    return min(seconds)


if __name__ == "__main__":
    main()
