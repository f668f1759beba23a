"""Every fixture site, crawled through the replay: each list page walked, each row accounted for."""

import json
from collections import Counter
from pathlib import Path

import pytest

from schemas.dates import Window
from schemas.outcome import Outcome
from schemas.visit import Checkpoint, Kind, Visit
from spiders.crawl import crawl
from spiders.identity import canonical_url
from spiders.ports import NoMemory
from tests.fixture_sites import FIXTURES, load_expected, load_fixture_site, site_names

pytestmark = pytest.mark.anyio

SITES = [name for name in site_names() if (FIXTURES / name / "expected" / "lists.json").is_file()]


def walked(site: str, column_url: str) -> tuple[list[str], set[str]]:
    """The list pages from a column's first, and the rows they show, as expected by hand."""
    pages = json.loads((FIXTURES / site / "expected" / "lists.json").read_text("utf-8"))
    by_url = {page["url"]: page for page in pages}
    urls: list[str] = []
    rows: set[str] = set()
    url = column_url
    while url in by_url and url not in urls:
        urls.append(url)
        rows |= {row["url"] for row in by_url[url]["listings"]}
        url = by_url[url]["next_url"]
    return urls, rows


async def visits_of(name: str, archive: Path) -> list[Visit]:
    visits: list[Visit] = []

    async def sink(visit: Visit, _checkpoint: Checkpoint | None) -> None:
        visits.append(visit)

    settings = {"REPLAY": str(FIXTURES / name), "ARCHIVE": str(archive)}
    site = load_fixture_site(name)
    await crawl(site, Window(), memory=NoMemory(), sink=sink, settings=settings)
    return visits


@pytest.mark.parametrize("name", SITES)
async def test_every_page_is_walked_and_every_row_accounted_for(name: str, tmp_path: Path) -> None:
    site = load_fixture_site(name)
    visits = await visits_of(name, tmp_path)
    pages = [visit.url for visit in visits if visit.kind is Kind.LIST]
    rows = [visit.url for visit in visits if visit.kind is Kind.ARTICLE]
    expected_pages: list[str] = []
    expected_rows: set[str] = set()
    for column in site.columns:
        urls, listed = walked(name, column.url)
        expected_pages += urls
        expected_rows |= {canonical_url(site, url) for url in listed}
    assert expected_pages
    assert set(expected_pages) <= set(pages)
    assert set(rows) == expected_rows
    requested = Counter(visit.url for visit in visits if visit.requested)
    assert max(requested.values()) == 1


@pytest.mark.parametrize("name", SITES)
async def test_what_becomes_of_each_page_is_what_was_read_off_it(name: str, tmp_path: Path) -> None:
    site = load_fixture_site(name)
    visits = {visit.url: visit for visit in await visits_of(name, tmp_path)}
    for expected in load_expected(name):
        visit = visits.get(canonical_url(site, expected.url))
        if visit is None or not visit.requested:
            continue
        if expected.article:
            assert visit.outcome is Outcome.OK, expected.id
        elif expected.rejection and visit.outcome is not Outcome.OK:
            assert visit.outcome == expected.rejection["outcome"], expected.id
