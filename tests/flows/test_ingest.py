"""The whole line over the fixtures: what is stored, what is reported, what a second run asks."""

from datetime import date
from pathlib import Path

import pytest

from flows.ingest import ingest
from flows.locks import SiteBusyError, site_lock
from flows.options import RunOptions
from flows.storage.store import Store
from schemas.dates import Window
from schemas.outcome import Outcome
from schemas.report import RunReport
from spiders.archive import read_record
from spiders.registry import get_site
from tests.fixture_sites import FIXTURES

pytestmark = pytest.mark.anyio

SINCE = date(2016, 1, 1)


@pytest.fixture
def options(tmp_path: Path) -> RunOptions:
    return RunOptions(window=Window(since=SINCE), replay=FIXTURES, data=tmp_path)


async def test_lanshan_from_list_to_record(
    options: RunOptions, new_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISTRICT_NEWS_DATABASE_URL", new_database)
    report = await ingest(get_site("lanshan"), options)
    (column,) = report.columns
    assert report.failure is None
    assert column.lists == {Outcome.OK: 3}
    assert column.listed == 9
    assert column.new == 7
    assert column.outcomes == {Outcome.OK: 7, Outcome.GONE: 1, Outcome.EXTERNAL: 1}
    assert column.requested == 8
    assert column.complete
    with Store.open(options.database) as store:
        seed = next(a for a in store.articles(site="lanshan") if a.url.endswith("/200120.htm"))
        assert seed.title == "全区科学技术大会召开"
        assert (seed.column, seed.column_name) == ("lsyw", "兰山要闻")
        assert seed.archive is not None
        status, _, body = read_record(options.archive, seed.archive)
    assert status == 200
    assert body == (FIXTURES / "lanshan" / "200120.html").read_bytes()


async def test_a_second_run_asks_for_the_list_only(options: RunOptions) -> None:
    await ingest(get_site("lanshan"), options)
    again = await ingest(get_site("lanshan"), options)
    (column,) = again.columns
    assert column.lists == {Outcome.UNCHANGED: 1}
    assert (column.requested, column.new, column.changed) == (0, 0, 0)
    assert column.complete


async def test_a_list_without_validators_is_told_unchanged_by_its_bytes(
    options: RunOptions,
) -> None:
    first = await ingest(get_site("jdxwwcn"), options)
    again = await ingest(get_site("jdxwwcn"), options)
    assert first.total("new") == 5
    assert again.columns[0].lists == {Outcome.UNCHANGED: 1}
    assert again.total("requested") == 0


async def test_progress_is_told_with_every_batch(options: RunOptions) -> None:
    told: list[int] = []

    def progress(report: RunReport) -> None:
        told.append(report.total("listed"))

    await ingest(get_site("lanshan"), options, progress=progress)
    assert told[-1] == 9


async def test_a_site_that_is_held_is_not_run(options: RunOptions) -> None:
    with (
        Store.open(options.database) as store,
        site_lock(store, "lanshan"),
        pytest.raises(SiteBusyError, match="lanshan: a run is under way"),
    ):
        await ingest(get_site("lanshan"), options)


async def test_a_replay_without_the_site_is_a_failure_that_says_so(
    options: RunOptions, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    nothing = RunOptions(window=options.window, replay=empty, data=options.data)
    with pytest.raises(FileNotFoundError, match=r"expected a folder with responses\.toml"):
        await ingest(get_site("lanshan"), nothing)


async def test_a_run_can_be_replayed_from_its_own_archive(
    options: RunOptions, tmp_path: Path
) -> None:
    await ingest(get_site("lanshan"), options)
    from_warc = RunOptions(window=options.window, replay=options.archive, data=tmp_path / "another")
    again = await ingest(get_site("lanshan"), from_warc)
    assert again.total("new") == 7
    with Store.open(options.database) as one, Store.open(from_warc.database) as other:
        volatile = {"fetched_at", "archive"}
        assert [a.model_dump(exclude=volatile) for a in one.articles()] == [
            a.model_dump(exclude=volatile) for a in other.articles()
        ]
