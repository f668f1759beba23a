"""Records of an empty database, rebuilt from the archive alone: byte for byte the crawl's."""

import shutil
from datetime import date, datetime
from pathlib import Path

import pytest

from flows.ingest import ingest
from flows.options import RunOptions
from flows.reparse import reparse
from flows.storage.store import Store
from schemas.dates import SHANGHAI, Window
from schemas.site import load_site
from tests.fixture_sites import FIXTURES, load_fixture_site, site_names
from tests.flows.storage.records import contents

pytestmark = pytest.mark.anyio

SINCE = date(2000, 1, 1)


def lines(options: RunOptions) -> list[str]:
    """Every record as JSON, but for when it was fetched."""
    with Store.open(options.database) as store:
        return sorted(a.model_dump_json(exclude={"fetched_at"}) for a in store.articles())


@pytest.mark.parametrize("name", site_names())
async def test_every_record_of_the_fixtures_is_rebuilt(name: str, tmp_path: Path) -> None:
    site = load_fixture_site(name)
    crawled = RunOptions(window=Window(since=SINCE), replay=FIXTURES, data=tmp_path / "crawled")
    report = await ingest(site, crawled)
    rebuilt = RunOptions(data=tmp_path / "rebuilt")
    shutil.copytree(crawled.archive, rebuilt.archive)

    found = await reparse([site], rebuilt)
    assert found.new == report.total("new") > 0
    assert found.rejected == report.rejections
    assert found.problems == []
    assert lines(rebuilt) == lines(crawled)
    one, other = contents(crawled.database), contents(rebuilt.database)
    for table in ("articles", "revisions", "rejections", "columns"):
        assert other[table] == one[table], table

    again = await reparse([site], rebuilt)
    assert again.changes == 0
    assert (again.pages, again.waiting) == (found.pages, found.rejected)
    assert again.same + again.waiting.total() == again.pages
    assert contents(rebuilt.database) == other


async def test_every_version_of_a_changing_site_is_rebuilt(tmp_path: Path) -> None:
    site = load_site(FIXTURES / "changing" / "site.toml")
    crawled = RunOptions(data=tmp_path / "crawled")
    for state, day in (("first", 2), ("second", 3), ("second", 4), ("third", 5)):
        at = datetime(2026, 3, day, 8, 30, tzinfo=SHANGHAI)
        replay = FIXTURES / "changing" / state
        await ingest(site, RunOptions(replay=replay, data=crawled.data, at=at))
    rebuilt = RunOptions(data=tmp_path / "rebuilt")
    shutil.copytree(crawled.archive, rebuilt.archive)

    assert (await reparse([site], crawled)).changes == 0
    found = await reparse([site], rebuilt)
    assert found.revised > 0
    assert lines(rebuilt) == lines(crawled)
    one, other = contents(crawled.database), contents(rebuilt.database)
    for table in ("articles", "revisions", "rejections", "columns"):
        assert other[table] == one[table], table
    assert (await reparse([site], rebuilt)).changes == 0
