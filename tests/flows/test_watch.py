"""What a person sees of a backfill while it runs, from nothing but the ledger."""

import re
from datetime import date
from io import StringIO

import pytest
from rich.cells import cell_len
from rich.console import Console

from flows.backfills import unasked
from flows.cli import watch
from flows.cli.watch import LiveView
from flows.keeper import Progress
from schemas.dates import Window
from schemas.ledger import End, Figures, State
from schemas.report import RunReport
from schemas.site import Column, Site

WINDOW = Window(since=date(2015, 1, 1), until=date(2020, 1, 1))
URL = "http://www.xuxi.example/"
SITE = Site(
    id="xuxi",
    name="虚溪县人民政府",
    url=URL,
    columns=(
        Column(id="yw", name="要闻动态", url=f"{URL}yw.htm"),
        Column(id="xz", name="乡镇街道传真与社区快讯", url=f"{URL}xz.htm"),
    ),
)

_CONTROLS = re.compile(r"\x1b\[[?\d;]*[a-zA-Z]")


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said every half a minute is said at once."""
    monkeypatch.setattr(watch, "_LINE_SECONDS", 0.0)


def progress(**so_far: object) -> Progress:
    """Half of the first column is walked: 10,000 rows in 913 days."""
    entry = unasked(SITE, SITE.columns[0], WINDOW).model_copy(
        update={
            "state": State.WALKING,
            "declared": 40_000,
            "pages": 500,
            "rows": 10_000,
            "list_requests": 500,
            "article_requests": 10_000,
            "head_day": date(2020, 1, 1),
            "mark_day": date(2017, 7, 2),
            **so_far,
        }
    )
    report = RunReport(site=SITE.id, site_name=SITE.name, window=WINDOW, started_at=entry.asked_at)
    return Progress(entry, Figures(found=9_990, owed=12), report, requests=10_500, seconds=60.0)


def shown(*told: Progress, is_terminal: bool, height: int = 24) -> str:
    """What is shown on 80 columns."""
    file = StringIO()
    console = Console(
        file=file, width=80, height=height, force_terminal=is_terminal, color_system=None
    )
    with LiveView([SITE], WINDOW, [], console) as view:
        for one in told:
            view.update(one)
    return file.getvalue()


def test_on_a_terminal_every_column_is_shown() -> None:
    said = shown(progress(), is_terminal=True)
    frame = said[said.rindex("虚溪县人民政府 (xuxi)") :]
    assert "虚溪县人民政府 (xuxi)  [2015-01-01, 2020-01-01)" in frame
    # 913 of 1,826 days are walked; 10,000 rows are left on 500 pages, and the head once more.
    assert "50%" in frame
    assert "500/1,001" in frame
    assert "9,978" in frame
    assert "running" in frame
    assert "not begun" in frame
    assert "乡镇街道传" in frame
    # 10,513 requests, one every two seconds; and what the second column has, nobody knows.
    assert "more than 5 h 50 min left" in frame
    assert all(cell_len(line) <= 80 for line in _CONTROLS.sub("", said).splitlines())


def test_what_earlier_runs_did_is_shown_from_the_start() -> None:
    file = StringIO()
    console = Console(file=file, width=80, height=24, force_terminal=True, color_system=None)
    known = progress(state=State.DONE, end=End.WINDOW)
    with LiveView([SITE], WINDOW, [(known.entry, known.figures)], console):
        pass
    assert "done" in file.getvalue()


def test_where_the_columns_are_too_many_there_is_a_line_a_site() -> None:
    said = shown(progress(), is_terminal=True, height=5)
    assert "1 site: 0 done, 1 running · 9,978 stored" in said
    assert re.search(r"虚溪县人民政府 .* 50% +500 +9,978 +12 +>5 h 50 min", said)
    assert all(cell_len(line) <= 80 for line in _CONTROLS.sub("", said).splitlines())
    assert "要闻动态" not in said


def test_without_a_terminal_plain_lines_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    said = shown(progress(), progress(pages=501), is_terminal=False)
    first, second = said.splitlines()
    assert first.startswith("xuxi: 500 list pages · 9,978 stored · 12 owed")
    assert second.startswith("xuxi: 501 list pages")
    assert "\x1b" not in said
    monkeypatch.setattr(watch, "_LINE_SECONDS", 30.0)
    # The first is said at once, the next after half a minute.
    assert shown(progress(), progress(), is_terminal=False).count("\n") == 1


def test_the_rate_is_taken_from_what_was_asked_of_late(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(watch, "monotonic", lambda: now)
    file = StringIO()
    with LiveView([SITE], WINDOW, [], Console(file=file, width=80)) as view:
        view.update(progress())
        now += 10
        view.update(progress(article_requests=10_025))
        # A stretch may take longer than the minute of which the rate is; it counts all the same.
        now += 90
        view.update(progress(article_requests=10_070))
    first, second, third = file.getvalue().splitlines()
    assert "requests/s" not in first
    assert "2.5 requests/s" in second
    # 10,513 requests at 2.5 a second.
    assert "more than 1 h 10 min left" in second
    assert "0.5 requests/s" in third
