"""Archived pages read again: what changes is reported first, what would get worse is held."""

import json
import os
import signal
import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.ingest import ingest
from flows.locks import site_lock
from flows.options import RunOptions
from flows.reparse import make_jobs, on_all_cores, reparse
from flows.review import NotHeldError, accept, review
from flows.steps.reread import Done, Job
from flows.storage.store import Store
from schemas.dates import Window
from schemas.page import Listing
from schemas.reparse import Effect, ReparseReport
from schemas.visit import Kind, Origin
from spiders.archive import ArchiveWriter
from spiders.families.vsb import Vsb
from spiders.registry import get_site
from tests.fixture_sites import FIXTURES, load_responses
from tests.flows.storage.records import contents

pytestmark = pytest.mark.anyio

SEED = "http://www.lyls.gov.cn/info/1055/200120.htm"
LANSHAN = get_site("lanshan")


@pytest.fixture
async def crawled(tmp_path: Path) -> RunOptions:
    options = RunOptions(window=Window(since=date(2016, 1, 1)), replay=FIXTURES, data=tmp_path)
    await ingest(LANSHAN, options)
    return RunOptions(data=tmp_path)


def sql(options: RunOptions, statement: str, *values: object) -> list[Any]:
    """Whatever an older version of the readers may have left in the database."""
    with sqlite3.connect(options.data / "district-news.db") as connection:
        return connection.execute(statement, values).fetchall()


def seed(options: RunOptions) -> Any:
    with Store.open(options.database) as store:
        return next(a for a in store.articles() if a.url == SEED)


async def test_a_fresh_archive_reads_as_it_is_stored(crawled: RunOptions) -> None:
    before = contents(crawled.database)
    report = await reparse([LANSHAN], crawled)
    assert (report.pages, report.same, report.changes) == (7, 7, 0)
    assert report.sentences == []
    assert contents(crawled.database) == before


async def test_what_an_older_reader_missed_is_reported_and_then_stored(
    crawled: RunOptions,
) -> None:
    whole = contents(crawled.database)
    sql(crawled, "UPDATE articles SET index_number = NULL, title = '科技' WHERE url = ?", SEED)
    older = contents(crawled.database)

    told: list[ReparseReport] = []
    dry = await reparse([LANSHAN], crawled, dry_run=True, report_first=told.append)
    assert contents(crawled.database) == older
    assert (dry.stored, dry.changed, dry.same) == (False, 1, 6)
    assert dry.sentences[:2] == [
        "1 record gains index_number (索引号)",
        "1 record changes title (标题)",
    ]
    gained, changed = dry.fields
    assert (gained.effect, changed.effect) == (Effect.GAIN, Effect.CHANGE)
    assert (gained.samples[0].before, gained.samples[0].after) == (
        "",
        "lanshanqurmzfbgs/2024-0000076",
    )
    assert (changed.samples[0].before, changed.samples[0].after) == (
        "科技",
        "全区科学技术大会召开",
    )

    real = await reparse([LANSHAN], crawled, report_first=told.append)
    assert [report.fields for report in told] == [dry.fields, dry.fields]
    assert real.stored
    after = contents(crawled.database)
    assert after["articles"] == whole["articles"]
    again = await reparse([LANSHAN], crawled)
    assert again.changes == 0
    assert contents(crawled.database) == after


async def test_the_report_comes_before_anything_changes(crawled: RunOptions) -> None:
    sql(crawled, "UPDATE articles SET index_number = NULL WHERE url = ?", SEED)
    seen: list[str | None] = []
    await reparse(
        [LANSHAN], crawled, report_first=lambda _: seen.append(seed(crawled).index_number)
    )
    assert seen == [None]
    assert seed(crawled).index_number is not None


async def test_another_reading_is_no_revision_and_what_was_read_before_is_kept(
    crawled: RunOptions,
) -> None:
    sql(
        crawled,
        "UPDATE articles SET source = '兰山报', reader_version = '0.1' WHERE url = ?",
        SEED,
    )
    await reparse([LANSHAN], crawled)
    with Store.open(crawled.database) as store:
        record = seed(crawled)
        history = store.history(record.id)
        assert history is not None
        assert len(history.versions) == 1
    assert record.source is None
    ((before, version, file),) = sql(
        crawled, "SELECT before, reader_version, archive_file FROM rereadings"
    )
    assert json.loads(before) == {"source": "兰山报"}
    assert version == "0.1"
    assert file == record.archive.file


async def test_newer_rules_that_read_the_same_leave_only_their_names(crawled: RunOptions) -> None:
    whole = contents(crawled.database)
    sql(crawled, "UPDATE articles SET reader_version = '0.1', provenance = '{}'")
    report = await reparse([LANSHAN], crawled)
    assert (report.restated, report.changed, report.fields) == (7, 0, [])
    assert contents(crawled.database) == whole


@pytest.fixture
async def held(crawled: RunOptions) -> RunOptions:
    """The seed's record with a body of which today's readers would leave a third."""
    sql(crawled, "UPDATE articles SET body_text = body_text || body_text || body_text")
    sql(crawled, "UPDATE articles SET reader_version = '0.1'")
    report = await reparse([LANSHAN], crawled)
    assert (report.held, report.held_before, report.changed) == (7, 0, 0)
    return crawled


async def test_a_record_that_would_lose_most_of_its_body_is_held(held: RunOptions) -> None:
    with Store.open(held.database) as store:
        found = {one.url: one for one, _ in store.for_review()}
        record = seed(held)
        assert len(found) == 7
        (reason,) = found[SEED].reasons
        length = len("".join(record.body_text.split()))
        assert reason == f"of its body's {length} characters {length // 3} would be left"
        assert record.reader_version == "0.1"

    before = contents(held.database)
    again = await reparse([LANSHAN], held)
    assert (again.held, again.held_before, again.changes) == (7, 7, 0)
    assert contents(held.database) == before


async def test_an_accepted_record_is_what_its_page_reads_now(held: RunOptions) -> None:
    with Store.open(held.database) as store:
        record = seed(held)
        (difference,) = [
            d for d in review(record.id, store, held).differences if d.field != "language"
        ]
        assert (difference.field, difference.effect) == ("body_text", Effect.CHANGE)
        await accept(record.id, store, held)
        assert len(seed(held).body_text) * 3 == len(record.body_text)
        assert record.id not in {one.id for one, _ in store.for_review()}
        with pytest.raises(NotHeldError, match="is not held"):
            await accept(record.id, store, held)
    kept = sql(held, "SELECT before FROM rereadings WHERE article_id = ?", record.id)
    assert json.loads(kept[0][0])["body_text"] == record.body_text
    assert (await reparse([LANSHAN], held)).held == 6


async def test_a_record_leaves_review_when_a_better_reader_comes(held: RunOptions) -> None:
    sql(held, "UPDATE articles SET body_text = substr(body_text, 1, length(body_text) / 3)")
    report = await reparse([LANSHAN], held)
    assert (report.freed, report.held) == (7, 0)
    with Store.open(held.database) as store:
        assert store.for_review() == []


async def test_a_record_that_would_lose_its_date_is_held(
    crawled: RunOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(crawled.database)
    monkeypatch.setattr("spiders.reader.is_possible", lambda *_: False)
    report = await reparse([LANSHAN], crawled)
    assert report.held == 7
    assert {h.reasons for h in report.held_samples} == {("it would lose its publish date",)}
    assert contents(crawled.database)["articles"] == before["articles"]


async def test_a_record_that_would_be_none_goes_to_quarantine_when_that_is_accepted(
    crawled: RunOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = contents(crawled.database)
    record = seed(crawled)
    with monkeypatch.context() as broken, Store.open(crawled.database) as store:
        broken.setattr(Vsb, "read_article", _no_title)
        report = await reparse([LANSHAN], crawled)
        assert report.held == 7
        assert report.held_samples[0].reasons == ("it would be no article any more: reader error",)
        await accept(record.id, store, crawled)
        assert store.article(record.id) is None
        assert store.rejection("lanshan", SEED) is not None
        assert (await reparse([LANSHAN], crawled)).held == 6
    kept = sql(crawled, "SELECT before FROM rereadings WHERE article_id = ?", record.id)
    assert json.loads(kept[0][0])["title"] == record.title

    report = await reparse([LANSHAN], crawled)
    assert (report.released, report.freed) == (1, 6)
    assert contents(crawled.database)["articles"] == whole["articles"]


def _no_title(*_: object) -> None:
    raise ValueError("the title's selector finds a list")


async def test_a_later_page_is_a_revision_and_an_earlier_one_is_read_again(tmp_path: Path) -> None:
    options = RunOptions(data=tmp_path)
    page = load_responses("lanshan")[SEED]
    edited = page.body.replace("全区科学技术大会召开".encode(), "全区科技大会召开".encode())
    assert edited != page.body
    at = datetime(2026, 1, 5, 1, 30, tzinfo=UTC)
    write(options, [(page.body, at), (edited, at + timedelta(days=1))])

    report = await reparse([LANSHAN], options)
    assert (report.pages, report.new, report.revised) == (2, 1, 1)
    record = seed(options)
    with Store.open(options.database) as store:
        history = store.history(record.id)
    assert history is not None
    first, last = (version.article for version in history.versions)
    assert (first.title, last.title) == ("全区科学技术大会召开", "全区科技大会召开")
    assert (await reparse([LANSHAN], options)).changes == 0

    whole = contents(options.database)
    sql(options, "UPDATE revisions SET record = json_set(record, '$.index_number', NULL)")
    again = await reparse([LANSHAN], options)
    assert (again.earlier, again.changes) == (1, 1)
    assert contents(options.database)["revisions"] == whole["revisions"]


async def test_a_window_is_of_the_days_of_fetching(tmp_path: Path) -> None:
    page = load_responses("lanshan")[SEED]
    at = datetime(2026, 1, 5, 16, 30, tzinfo=UTC)  # the sixth in Shanghai
    write(RunOptions(data=tmp_path), [(page.body, at)])
    before, on = (
        RunOptions(data=tmp_path, window=Window(since=day, until=day + timedelta(days=1)))
        for day in (date(2026, 1, 5), date(2026, 1, 6))
    )
    assert (await reparse([LANSHAN], before, dry_run=True)).pages == 0
    assert (await reparse([LANSHAN], on, dry_run=True)).pages == 1


async def test_several_sites_are_read_in_processes_of_their_own(tmp_path: Path) -> None:
    sites = [LANSHAN, get_site("jdxwwcn")]
    options = RunOptions(window=Window(since=date(2016, 1, 1)), replay=FIXTURES, data=tmp_path)
    for site in sites:
        await ingest(site, options)
    (tmp_path / "district-news.db").unlink()
    told: list[tuple[int, int, int]] = []
    report = await reparse(sites, RunOptions(data=tmp_path), told=lambda *all_: told.append(all_))
    assert report.new == 12
    assert told[-1][0] == told[-1][1] > 0
    assert told[-1][2] == report.pages
    assert spools(tmp_path) == []


async def test_a_reading_process_that_is_killed_changes_nothing(crawled: RunOptions) -> None:
    before = contents(crawled.database)
    jobs = make_jobs([LANSHAN], crawled, crawled.data) * 2
    with pytest.raises(OSError, match=r"was killed.*nothing was changed, run reparse again"):
        await on_all_cores(_die, jobs, lambda *_: None)
    assert contents(crawled.database) == before


def _die(_job: Job) -> Done:
    os.kill(os.getpid(), signal.SIGKILL)
    return Done()


def spools(folder: Path) -> list[Path]:
    return list(folder.glob("reparse-*"))


async def test_a_site_whose_run_is_under_way_is_left_for_later(crawled: RunOptions) -> None:
    sql(crawled, "UPDATE articles SET index_number = NULL WHERE url = ?", SEED)
    with Store.open(crawled.database) as store, site_lock(store, "lanshan"):
        report = await reparse([LANSHAN], crawled)
    assert len(report.problems) == 1
    assert "lanshan: a run is under way" in report.problems[0]
    assert seed(crawled).index_number is None


def write(options: RunOptions, bodies: list[tuple[bytes, datetime]]) -> None:
    """Archive the seed's page with these bytes, as crawls at these moments do."""
    for body, at in bodies:
        writer = ArchiveWriter(options.archive, "lanshan", at)
        listing = Listing(url=SEED, title="全区科学技术大会召开")
        origin = Origin(site="lanshan", kind=Kind.ARTICLE, column="lsyw", url=SEED, listing=listing)
        writer.write(SEED, 200, [("Content-Type", "text/html")], body, at, origin)
        writer.close()
