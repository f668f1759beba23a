"""Quarantine: a broken reader, its rejections, the fix, the replay; no request is made."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from flows.ingest import ingest
from flows.locks import SiteBusyError, site_lock
from flows.options import RunOptions
from flows.quarantine import replay
from flows.storage.store import Store
from schemas.dates import Window
from schemas.outcome import Outcome
from spiders.families.vsb import Vsb
from spiders.registry import get_site
from tests.fixture_sites import FIXTURES
from tests.flows.storage.records import contents

pytestmark = pytest.mark.anyio

LANSHAN = get_site("lanshan")
# Two crawls do not share where a page lies.
PLACES = frozenset({"archive", "list_archive"})
_read_article = Vsb.read_article


def broken(self: Vsb, document: Any) -> Any:
    """A reader that finds no title where the list row has none either."""
    draft = _read_article(self, document)
    draft.fields["title"] = "科" * 501
    return draft


@pytest.fixture
async def whole(tmp_path: Path) -> dict[str, list[Any]]:
    """What a crawl with the right reader stores."""
    options = RunOptions(
        window=Window(since=date(2016, 1, 1)), replay=FIXTURES, data=tmp_path / "whole"
    )
    await ingest(LANSHAN, options)
    return contents(options.database, leave_out=PLACES)


@pytest.fixture
async def quarantined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunOptions:
    """A crawl whose reader makes a title of every page that no record may have."""
    options = RunOptions(
        window=Window(since=date(2016, 1, 1)), replay=FIXTURES, data=tmp_path / "broken"
    )
    with monkeypatch.context() as context:
        context.setattr(Vsb, "read_article", broken)
        report = await ingest(LANSHAN, options)
    assert report.total("new") == 0
    assert report.rejections == {"invalid_title": 7}
    return RunOptions(data=options.data)


async def test_after_the_fix_everything_is_as_if_it_had_never_been_broken(
    quarantined: RunOptions, whole: dict[str, list[Any]]
) -> None:
    told: list[tuple[int, int]] = []
    report = await replay(quarantined, told=lambda *counts: told.append(counts))
    assert (report.pages, report.released, report.waiting) == (7, 7, {})
    assert told[-1] == (7, 7)
    assert contents(quarantined.database, leave_out=PLACES) == whole


async def test_without_a_fix_everything_waits_and_says_why(
    quarantined: RunOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(quarantined.database)
    monkeypatch.setattr(Vsb, "read_article", broken)
    report = await replay(quarantined)
    assert (report.released, report.waiting) == (0, {"invalid_title": 7})
    assert contents(quarantined.database) == before


async def test_a_page_that_fails_otherwise_now_gets_its_new_reason(
    quarantined: RunOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spiders.reader.content_hash", lambda _: "no hash")
    report = await replay(quarantined)
    assert report.waiting == {"invalid_content_hash": 7}
    with Store.open(quarantined.database) as store:
        assert {one.reason for one in store.rejections()} == {"invalid_content_hash"}


async def test_only_what_is_asked_for_is_replayed(quarantined: RunOptions) -> None:
    assert (await replay(quarantined, reason="missing_title")).pages == 0
    assert (await replay(quarantined, site="jdxwwcn")).pages == 0
    assert (await replay(quarantined, site="lanshan", reason="invalid_title")).released == 7


async def test_the_next_run_knows_the_replayed_pages(quarantined: RunOptions) -> None:
    await replay(quarantined)
    options = RunOptions(
        window=Window(since=date(2016, 1, 1)), replay=FIXTURES, data=quarantined.data
    )
    report = await ingest(LANSHAN, options)
    assert (report.total("new"), report.total("changed")) == (0, 0)
    with Store.open(options.database) as store:
        states = await store.states("lanshan", [a.url for a in store.articles()])
    assert {state.outcome for state in states.values()} == {Outcome.OK}


async def test_a_page_whose_archive_is_gone_waits_and_says_so(quarantined: RunOptions) -> None:
    quarantined.archive.rename(quarantined.data / "elsewhere")
    report = await replay(quarantined)
    assert (report.released, len(report.problems)) == (0, 7)
    assert "cannot be read" in report.problems[0]
    with Store.open(quarantined.database) as store:
        assert len(store.rejections()) == 7


async def test_a_site_that_is_held_is_not_replayed(quarantined: RunOptions) -> None:
    with (
        Store.open(quarantined.database) as store,
        site_lock(store, "lanshan"),
        pytest.raises(SiteBusyError),
    ):
        await replay(quarantined)
