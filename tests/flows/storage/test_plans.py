"""What a batch costs does not grow with what is stored: SQLite finds every row by an index."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import anyio
from sqlalchemy import Engine, create_engine, event

from flows.steps.dedupe import dedupe
from flows.storage.store import Store
from schemas.dates import Window
from tests.flows.storage.records import SITE, article, cleaned, url, visit

WINDOW = Window(since=date(2026, 1, 1), until=date(2026, 2, 1))
# Tables with a row an article, or more.
_LARGE = "articles|page_states|appearances|addresses|sketches|postings|excerpts|frames"
# Goes through a whole table, or through all of a site in it.
_THROUGH_ALL = re.compile(rf"SCAN (?:{_LARGE})\b|SEARCH (?:{_LARGE})\b.*\(site=\?\)")


def statements_of_a_batch(database: str) -> dict[str, Any]:
    """Every statement, with its parameters, of two batches of one backfill."""
    made: dict[str, Any] = {}

    def note(*details: Any) -> None:
        _, _, statement, parameters, _, many = details
        made.setdefault(statement, parameters[0] if many else parameters)

    Store.open(database).close()
    event.listen(Engine, "before_cursor_execute", note)
    try:
        anyio.run(_store, database)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return made


async def _store(database: str) -> None:
    with Store.open(database) as store:
        (entry,) = await store.begin(SITE, ["news"], WINDOW, datetime.now(UTC))
        for first in (1, 4):
            numbers = range(first, first + 3)
            found = [article(number) for number in numbers]
            await store.states(SITE, [url(number) for number in numbers])
            visits = tuple(visit(number) for number in numbers)
            await store.save(await dedupe(cleaned(*found, visits=visits, ledger=(entry,))))
            await store.owed(entry)
            await store.figures(entry)


def test_no_statement_of_a_batch_goes_through_all_that_is_stored(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'news.db'}"
    statements = statements_of_a_batch(database)
    engine = create_engine(database)
    with engine.connect() as connection:
        for statement, parameters in statements.items():
            if not re.match(r"\s*(?:SELECT|WITH|INSERT|UPDATE|DELETE)", statement):
                continue
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps = [row.detail for row in plan]
            assert not [step for step in steps if _THROUGH_ALL.search(step)], statement
    engine.dispose()
