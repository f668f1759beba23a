"""`backfill status`: what it says of each backfill in the ledger, and how to go on."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import anyio
import pytest
from rich.cells import cell_len

from flows.batch import Deduped
from flows.cli import render
from flows.cli.main import main
from flows.locks import site_lock
from flows.options import RunOptions
from flows.storage.store import Store
from schemas.dates import Window
from schemas.ledger import End, Entry, State

WINDOW = Window(since=date(2015, 1, 1), until=date(2020, 1, 1))
AT = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
# Four years of a list are walked.
CUT_OFF = {
    "state": State.WALKING,
    "declared": 2232,
    "pages": 40,
    "rows": 800,
    "head_day": date(2022, 1, 1),
    "mark_day": date(2018, 1, 1),
    "moved_at": AT,
}
STUBS = {
    "state": State.DONE,
    "end": End.STUBS,
    "declared": 2232,
    "pages": 82,
    "rows": 1640,
    "mark_day": date(2016, 3, 2),
    "moved_at": AT,
}


@pytest.fixture
def status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """Runs `backfill status` on a terminal of 80 columns; what it prints."""
    monkeypatch.setenv("DISTRICT_NEWS_DATA", str(tmp_path))
    monkeypatch.delenv("DISTRICT_NEWS_DATABASE_URL", raising=False)
    monkeypatch.setattr(render.console, "width", 80)

    def run(*args: str) -> str:
        monkeypatch.setattr(sys, "argv", ["district-news", "backfill", "status", *args])
        capsys.readouterr()
        main_ends_well()
        printed = capsys.readouterr()
        return printed.out + printed.err

    return run


def main_ends_well() -> None:
    with pytest.raises(SystemExit) as end:
        main()
    assert not end.value.code


def ask(site: str, column: str, window: Window = WINDOW, **so_far: object) -> Entry:
    """A backfill in the ledger that has got so far."""
    return anyio.run(_ask, site, column, window, so_far)


async def _ask(site: str, column: str, window: Window, so_far: dict[str, object]) -> Entry:
    with Store.open(RunOptions().database) as store:
        (entry,) = await store.begin(site, [column], window, AT)
        entry = entry.model_copy(update=so_far)
        if so_far:
            await store.save(Deduped(site, ledger=(entry,)))
        return entry


def test_nothing_was_asked_for(status: Callable[..., str]) -> None:
    assert "no backfill was asked for yet" in status()


def test_a_backfill_that_was_cut_off_says_what_is_left_and_how_to_go_on(
    status: Callable[..., str],
) -> None:
    ask("lanshan", "lsyw", **CUT_OFF)
    said = status()
    assert "兰山区人民政府 (lanshan)  [2015-01-01, 2020-01-01)" in said
    assert "cut off" in said
    # 1,461 days took 800 rows, the 1,096 to 2015-01-01 take 600.1 more: 31 pages, and the head.
    assert "left: about 600 articles and 32 list pages, 21 min" in said
    assert "last moved 2026-03-02 08:30" in said
    assert "go on: district-news backfill lanshan --since 2015-01-01 --until 2020-01-01\n" in said


def test_a_backfill_that_a_process_walks_is_running(status: Callable[..., str]) -> None:
    entry = ask("lanshan", "lsyw", **CUT_OFF)
    with site_lock(RunOptions().database, entry.key):
        said = status()
    assert "running" in said
    assert "go on:" not in said


def test_the_gap_between_what_is_declared_and_what_was_reached(status: Callable[..., str]) -> None:
    ask("jdxwwcn", "difangzhuankan", **STUBS)
    said = " ".join(status().split())
    assert "the list declares 2,232 rows, 1,640 could be reached" in said
    assert "past page 82 its pages come without rows" in said
    assert "done, nothing is left" in said


def test_a_walk_that_stopped_says_why(status: Callable[..., str]) -> None:
    ask("lanshan", "lsyw", **{**CUT_OFF, "state": State.STOPPED, "reason": "blocked: 403"})
    assert "兰山要闻: blocked: 403" in status()


def test_what_was_not_begun_cannot_be_told(status: Callable[..., str]) -> None:
    ask("lanshan", "lsyw")
    said = status()
    assert "not begun" in said
    assert "left: 1 of 1 list, not seen yet" in said


def test_the_newest_window_comes_first_and_a_site_can_be_named(status: Callable[..., str]) -> None:
    ask("lanshan", "lsyw", Window(since=date(2012, 1, 1), until=date(2013, 1, 1)))
    ask("lanshan", "lsyw", Window(since=date(2013, 1, 1), until=date(2014, 1, 1)))
    ask("jdxwwcn", "difangzhuankan")
    said = status("lanshan")
    assert said.index("[2013-01-01") < said.index("[2012-01-01")
    assert "jdxwwcn" not in said


def test_json_for_a_script(status: Callable[..., str]) -> None:
    ask("lanshan", "lsyw", **CUT_OFF)
    (found,) = json.loads(status("--json"))
    assert found["requests_left"] == 632
    assert found["command"].startswith("district-news backfill lanshan --since 2015-01-01")
    (column,) = found["columns"]
    assert (column["state"], column["rows"], column["declared"]) == ("cut off", 800, 2232)
    assert "mark" not in column


def test_no_line_is_wider_than_the_terminal(status: Callable[..., str]) -> None:
    wide = {"declared": 2_000_000, "rows": 1_000_000, "pages": 50_000}
    ask("lanshan", "lsyw", **{**CUT_OFF, **wide})
    table = [line for line in status().splitlines() if not line.startswith("go on:")]
    assert all(cell_len(line) <= 80 for line in table)
