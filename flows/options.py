"""What a run is asked to do, and where its data lies."""

import os
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from schemas.dates import Window


def data_folder() -> Path:
    """Where database, archive and logs lie: DISTRICT_NEWS_DATA, or `data/` here."""
    return Path(os.environ.get("DISTRICT_NEWS_DATA", "data"))


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What a run is asked to do."""

    window: Window = field(default_factory=Window)
    first_since: date | None = None
    """Without a `since`, where a column begins that was never taken."""
    columns: tuple[str, ...] = ()
    """Ids of the columns that a backfill walks; none: all."""
    max_pages: int | None = None
    """List pages that a backfill passes in each column; none: as many as there are."""
    rate: float | None = None
    """Requests a second that a backfill makes at most; none: as the site's file allows."""
    replay: Path | None = None
    """Fixtures or WARC files that answer in place of the network."""
    at: datetime | None = None
    """The moment at which the run takes place; none: now. For what was recorded earlier."""
    data: Path = field(default_factory=data_folder)

    @property
    def database(self) -> str:
        """The database's URL: DISTRICT_NEWS_DATABASE_URL, or an SQLite file among the data."""
        file = self.data / "district-news.db"
        return os.environ.get("DISTRICT_NEWS_DATABASE_URL") or f"sqlite:///{file}"

    @property
    def starts_at(self) -> datetime:
        """The moment at which a run that begins now takes place."""
        return self.at or datetime.now(UTC)

    @property
    def archive(self) -> Path:
        return self.data / "archive"

    @property
    def crawl_settings(self) -> dict[str, str]:
        """What Scrapy is told of these options."""
        return {"ARCHIVE": str(self.archive), "REPLAY": str(self.replay or "")}
