"""A backfill of a simulated site, killed on the way: `make bench-backfill ARTICLES=200000`.

Counts what is missed, what is fetched or stored twice, and the requests beyond the least possible;
shows the status screens on the way; then runs the finished backfill again.
"""

import argparse
import json
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from schemas.site import Politeness
from tests.simulated.command import Command
from tests.simulated.killed import Campaign, Check, backfill, backfill_arguments, check
from tests.simulated.plan import Plan
from tests.simulated.server import Running, simulated_site

# The figures that must be reached.
MOST_OVERHEAD = 0.03
MOST_MEMORY_MB = 400
_MB = 1_000_000
# What an ordinary site's file says.
_PACE_SECONDS = Politeness().delay_seconds
_HOUR = 3600
_SHOWN_MISSED = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=200_000)
    parser.add_argument("--columns", type=int, default=10)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--folder", type=Path, help="keep archive and database here")
    arguments = parser.parse_args()
    plan = Plan(articles=arguments.articles, columns=arguments.columns)
    with tempfile.TemporaryDirectory() as temporary, simulated_site(plan) as server:
        Bench(server, arguments.folder or Path(temporary), arguments.kills).run()


class Bench:
    """One backfill from the estimate to the second run."""

    def __init__(self, server: Running, data: Path, kills: int) -> None:
        self._server = server
        self._data = data
        self._kills = kills
        self._console = Console(highlight=False)

    def _say(self, text: str) -> None:
        self._console.print(text, soft_wrap=True, markup=False)

    def run(self) -> None:
        plan = self._server.plan
        self._say(f"{plan.articles:,} articles in {plan.columns} columns, {self._kills} kills")
        self._data.mkdir(parents=True, exist_ok=True)
        line = [*backfill_arguments(plan), "--dry-run", "--probe"]
        before = self._server.requests()
        self._say(self._screen(*line))
        looks = self._server.requests() - before
        (estimate,) = json.loads(self._screen(*line, "--json"))
        asked_before = self._server.requests()
        campaign = backfill(self._server, self._data, self._kills, told=self._status)
        self._server.freeze()
        self._status(None, 1.0)
        found = check(self._server.tally(), self._data)
        made = found.made - (asked_before - before)
        self._report(campaign, found, made)
        self._compare(estimate["requests"], looks, found, made)
        if self._again() or found.missed or found.stored_twice or campaign.exit_code:
            raise SystemExit("not every reachable article is there once, and asked for once")

    def _compare(self, estimated: int, looks: int, found: Check, made: int) -> None:
        """The estimate beside what it was an estimate of."""
        hours = estimated * _PACE_SECONDS / _HOUR
        asked_once = found.list_pages + found.articles
        self._say(
            f"estimated with {looks} looks at the lists: {estimated:,} requests, {hours:.1f} h at "
            f"one every {_PACE_SECONDS:g} s; pages there were: {asked_once:,} "
            f"({estimated / asked_once - 1:+.2%}), requests made with errors and kills: {made:,} "
            f"({estimated / made - 1:+.2%})"
        )

    def _status(self, kill: int | None, share: float) -> None:
        what = "done" if kill is None else f"kill {kill} at {share:.0%} of the requests"
        self._console.rule(what)
        self._say(self._screen("backfill", "status"))

    def _screen(self, *arguments: str) -> str:
        """What a command prints."""
        output = self._data / "screen.txt"
        output.unlink(missing_ok=True)
        Command.start(self._server.site, self._data, arguments, output).process.join()
        return output.read_text(encoding="utf-8")

    def _report(self, campaign: Campaign, found: Check, made: int) -> None:
        table = Table("figure", box=None, show_header=False)
        table.add_column(justify="right")
        table.add_column()
        peaks = [f"{peak / _MB:.0f}" for peak in campaign.peaks]
        rate = made / campaign.seconds
        for row in (
            ("exit code", campaign.exit_code, ""),
            ("reachable articles", found.reachable, ""),
            ("stored", found.stored, "newer ones and some withdrawn since too"),
            ("missed", len(found.missed), "of the reachable"),
            ("stored twice", found.stored_twice, ""),
            ("least requests", found.least, ""),
            ("  list pages", found.list_pages, "each once, as they are in the end"),
            ("  articles", found.articles, "each once"),
            ("  errors", found.errors, "each has to be asked again"),
            ("requests made", made, "those of the estimate left out"),
            ("  for lists", made - found.article_requests, ""),
            ("  for articles", found.article_requests, f"{found.fetched_again} fetched again"),
            (
                "overhead",
                f"{made / found.least - 1:.2%}",
                f"most {MOST_OVERHEAD:.0%}",
            ),
            (
                "peak memory",
                f"{max(campaign.peaks) / _MB:.0f} MB",
                f"most {MOST_MEMORY_MB} MB; by run: {' '.join(peaks)}",
            ),
            ("wall time", f"{campaign.seconds:,.0f} s", f"{rate:.0f} requests/s, kills and all"),
        ):
            table.add_row(*(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row))
        self._console.print(table)
        for column, article in found.missed[:_SHOWN_MISSED]:
            self._say(f"missed: column {column}, article {article}")

    def _again(self) -> int:
        """Run the finished backfill again: for what was added meanwhile, then for nothing.

        Returns:
            The article requests of the last run.
        """
        for time in ("first", "second"):
            before = self._server.tally()
            self._screen(*backfill_arguments(self._server.plan))
            after = self._server.tally()
            articles = after.article_requests - before.article_requests
            lists = after.list_requests - before.list_requests
            self._console.print(
                f"run again, {time} time: {articles} article, {lists} list requests"
            )
        return articles


if __name__ == "__main__":
    main()
