"""Arguments that several commands share."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from schemas.dates import SHANGHAI, Window


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  (a day has no zone)
    except ValueError:
        raise typer.BadParameter(f"expected a day such as 2024-07-19, got {text!r}") from None


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"expected a moment such as 2026-03-02T08:00, got {text!r}"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def window(since: date | None, until: date | None) -> Window:
    """The window of two options, or a usage error."""
    try:
        return Window(since=since, until=until)
    except ValueError as error:
        raise typer.BadParameter(f"--since {since} must lie before --until {until}") from error


Since = Annotated[
    date | None,
    typer.Option(parser=_day, metavar="DAY", help="First publish day wanted (Asia/Shanghai)."),
]
Until = Annotated[
    date | None,
    typer.Option(parser=_day, metavar="DAY", help="First publish day not wanted any more."),
]
FetchedSince = Annotated[
    date | None,
    typer.Option(
        "--since", parser=_day, metavar="DAY", help="First day of fetching (Asia/Shanghai)."
    ),
]
FetchedUntil = Annotated[
    date | None,
    typer.Option(
        "--until", parser=_day, metavar="DAY", help="First day of fetching not wanted any more."
    ),
]
Replay = Annotated[
    Path | None,
    typer.Option(
        exists=True,
        help="Answer every request from this folder of fixtures or these WARC files; no network.",
    ),
]
At = Annotated[
    datetime | None,
    typer.Option(
        parser=_moment,
        metavar="MOMENT",
        help="With --replay: when the run takes place, such as 2026-03-02T08:00 (Asia/Shanghai).",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="JSON, for a script to read.")]
SiteIds = Annotated[
    list[str] | None, typer.Argument(metavar="SITE…", help="Ids of sites; none: all of them.")
]
