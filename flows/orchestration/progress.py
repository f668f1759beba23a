"""A backfill as Prefect artifacts: a progress that moves with it, its columns as a table."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import httpx
from prefect import get_run_logger
from prefect.artifacts import (
    acreate_progress_artifact,
    acreate_table_artifact,
    aupdate_progress_artifact,
)

from flows.backfills import Backfill, ColumnOfBackfill
from flows.keeper import Progress, Watch
from flows.outlook import gap, in_all

# The UI reads an artifact anew every few seconds; more often would only fill the server's database.
_SECONDS = 10.0


@asynccontextmanager
async def published(backfill: Backfill, then: Watch | None) -> AsyncIterator[Watch]:
    """Publish a backfill's progress in the flow run that is under way, until the block ends.

    Args:
        backfill: The backfill as it is before the run.
        then: Is told of everything too.
    """
    publisher = _Publisher(backfill, then)
    await publisher.create()
    # A task group would wrap what the block raises.
    keeping_up = asyncio.create_task(publisher.keep_up())
    try:
        yield publisher.take
    finally:
        keeping_up.cancel()
    await publisher.finish()


class _Publisher:
    def __init__(self, backfill: Backfill, then: Watch | None) -> None:
        self._backfill = backfill
        self._then = then
        self._key = f"backfill-{backfill.site_id.replace('_', '-')}"
        self._artifact: UUID | None = None

    def take(self, progress: Progress) -> None:
        """Take note of what was stored."""
        self._backfill = self._backfill.moved(progress.entry, progress.figures)
        if self._then:
            self._then(progress)

    async def create(self) -> None:
        self._artifact = await acreate_progress_artifact(
            self._percent, key=self._key, description=self._backfill.title
        )

    async def keep_up(self) -> None:
        """Bring the artifact up to date, again and again."""
        while True:
            await asyncio.sleep(_SECONDS)
            try:
                await self._update()
            except httpx.HTTPError as error:
                # The backfill itself needs no server; the next update says what this one would.
                get_run_logger().warning("The progress could not be published: %s", error)

    async def finish(self) -> None:
        """Publish how it stands in the end, with a row a column."""
        await self._update()
        await acreate_table_artifact(
            key=f"{self._key}-columns",
            table=[_row(column) for column in self._backfill.columns],
            description=self._description,
        )

    async def _update(self) -> None:
        assert self._artifact  # noqa: S101  (it was created first)
        await aupdate_progress_artifact(
            self._artifact, self._percent, description=self._description
        )

    @property
    def _percent(self) -> float:
        """Of the rows of all lists, as far as their number is known; 100 only for what is done."""
        known = [c.left for c in self._backfill.columns if c.left.share is not None]
        begun = len(known) / len(self._backfill.columns)
        return round(100 * (in_all(known).share or 0.0) * begun, 1) if known else 0.0

    @property
    def _description(self) -> str:
        """In a few lines of Markdown."""
        lines = [f"{self._backfill.title}", ""]
        for column in self._backfill.columns:
            entry, figures = column.entry, column.figures
            words = f"{column.state}, {entry.pages:,} list pages, {figures.settled:,} stored"
            words += f", {figures.owed:,} owed" if figures.owed else ""
            words += f"; the list {short}" if (short := gap(entry)) else ""
            lines.append(f"- {column.name}: {words}")
        if not self._backfill.is_done:
            lines += ["", f"Go on: `{self._backfill.command}`"]
        return "\n".join(lines)


def _row(column: ColumnOfBackfill) -> dict[str, str | int | None]:
    entry, figures = column.entry, column.figures
    return {
        "column": column.name,
        "state": column.state,
        "down to": str(entry.mark_day or ""),
        "list pages": entry.pages,
        "declared": entry.declared,
        "reached": entry.rows,
        "found": figures.found,
        "stored": figures.settled,
        "owed": figures.owed,
        "requests": entry.requests,
        "gap": gap(entry) or "",
    }
