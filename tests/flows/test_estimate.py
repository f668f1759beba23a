"""What a backfill would cost, beside what there is; and that telling makes no request."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from flows.batch import Deduped
from flows.estimate import Known, Sight, estimate, of_looks, rows_above
from flows.options import RunOptions
from flows.storage.store import Store
from schemas.dates import Window
from schemas.ledger import End, Hint, State
from spiders import district, settings
from spiders.probe import Look
from tests.simulated.plan import ROWS_A_PAGE, Plan
from tests.simulated.server import simulated_site

pytestmark = pytest.mark.anyio
PLAN = Plan(articles=6000, columns=3, error_share=0, grows_every=10**6, shrinks_every=10**6)
HEAD = date(2020, 1, 11)
# Two of the site's six years.
WINDOW = Window(since=date(2016, 1, 1), until=date(2018, 1, 1))


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is to be spared on loopback."""
    monkeypatch.setattr(district, "CONTACT", "nobody@site.example")
    monkeypatch.setattr(settings, "AUTOTHROTTLE_ENABLED", False)


def test_rows_between_two_sights_fall_evenly() -> None:
    sights = (Sight(0, date(2020, 1, 1)), Sight(100, date(2019, 12, 22)))
    known = Known("", sights, total=150)
    assert rows_above(known, date(2020, 6, 1)) == 0
    assert rows_above(known, date(2019, 12, 27)) == 50
    # Beyond the last sight, as before it; but no more than there are.
    assert rows_above(known, date(2019, 12, 17)) == 150
    assert rows_above(known, date(2001, 1, 1)) == 150


def test_a_list_without_totals_is_told_by_its_first_page() -> None:
    # 20 rows, half of them in five days: the list goes on at two rows a day.
    first = Look(1, 20, date(2020, 1, 6), date(2020, 1, 11), has_next=True)
    known = of_looks([first])
    assert known is not None
    assert known.source == "its first page alone"
    assert rows_above(known, date(2019, 12, 12)) == 60
    # All on one day, and more to come: who knows how many.
    assert of_looks([Look(1, 20, HEAD, HEAD, has_next=True)]) is None
    # Nothing more to come: that is all of it.
    only = of_looks([Look(1, 20, HEAD, HEAD)])
    assert only is not None
    assert rows_above(only, date(2001, 1, 1)) == 20


def test_rows_without_days_are_all_asked_for() -> None:
    known = of_looks([Look(0, has_next=True), Look(1, 20, None, None, 6000, 300, has_next=True)])
    assert known is not None
    assert (known.sights, known.total) == ((), 6000)
    assert of_looks([Look(1, 20, has_next=True)]) is None


def test_what_did_not_come_is_no_end_of_the_list() -> None:
    first = Look(1, 20, date(2020, 1, 6), HEAD, 6000, 300, has_next=True)
    failed = of_looks([first, Look(300, has_failed=True)])
    stub = of_looks([first, Look(101)])
    assert failed
    assert stub
    assert (failed.total, stub.total) == (6000, 2000)


async def test_nothing_is_asked_and_nothing_known(tmp_path: Path) -> None:
    with simulated_site(PLAN) as server:
        found = await estimate(server.site, RunOptions(window=WINDOW, data=tmp_path))
        assert server.requests() == 0
    assert [column.column for column in found.unknown] == ["lm0", "lm1", "lm2"]
    assert (found.requests, found.looks) == (0, 0)


async def test_a_probe_looks_at_lists_and_comes_near(tmp_path: Path) -> None:
    with simulated_site(PLAN) as server:
        options = RunOptions(window=WINDOW, data=tmp_path)
        found = await estimate(server.site, options, may_probe=True)
        tally = server.tally()
    assert tally.article_requests == 0
    assert found.looks == tally.list_requests <= 30
    columns = {column.column: column for column in found.columns}
    # 2,000 articles a column over 2,192 days: 731 days of it are wanted.
    wanted = 2000 * 731 / 2192
    above = 2000 * (PLAN.until - date(2016, 1, 1)).days / 2192
    for column in ("lm0", "lm2"):
        assert columns[column].articles == pytest.approx(wanted, rel=0.02)
        # One more page shows that the window is past, and the head is read again.
        assert columns[column].pages == pytest.approx(above / ROWS_A_PAGE + 2, abs=2)
    # The pages of the second column are stubs from the 74th on: 73 × 20 rows from the newest.
    shown = 73 * ROWS_A_PAGE - 2000 * (PLAN.until - date(2018, 1, 1)).days / 2192
    assert columns["lm1"].articles == pytest.approx(shown, rel=0.05)


async def test_what_was_walked_before_tells_without_a_request(tmp_path: Path) -> None:
    options = RunOptions(window=WINDOW, data=tmp_path)
    with simulated_site(PLAN) as server:
        site = server.site
        with Store.open(options.database) as store:
            now = datetime.now(UTC)
            earlier = Window(since=date(2018, 1, 1), until=date(2021, 1, 1))
            (entry,) = await store.begin(site.id, ["lm0"], earlier, now)
            walked = entry.model_copy(
                update={
                    "state": State.DONE,
                    "end": End.WINDOW,
                    "declared": 2000,
                    "pages": 50,
                    "rows": 1000,
                    "head_day": date(2020, 12, 31),
                    "mark_day": date(2018, 1, 1),
                    "moved_at": now,
                    "hints": (
                        Hint(page=49, rows=980, url="lm0/51.htm", day=date(2018, 1, 12)),
                        Hint(page=32, rows=640, url="lm0/68.htm", day=date(2019, 1, 30)),
                    ),
                }
            )
            await store.save(Deduped(site.id, ledger=(walked,)))
        found = await estimate(site, replace(options, columns=("lm0",)))
        assert server.requests() == 0
    (column,) = found.columns
    # 1,000 rows in 1,095 days, and 731 days more: 667 rows, the last on page 84 of 20. The walk
    # begins where the other was on its page 50.
    assert column.articles == pytest.approx(667, abs=2)
    assert column.pages == pytest.approx(84 - 49 + 2, abs=1)
    assert column.source == "the backfill of [2018-01-01, 2021-01-01)"
