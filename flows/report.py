"""Builds the report of a run from what the steps hand on."""

from collections import Counter
from datetime import datetime, timedelta

from flows.batch import Deduped, Stored, Turn
from schemas.dates import Window
from schemas.history import Fate
from schemas.ledger import Entry, Figures, State
from schemas.outcome import Outcome
from schemas.report import ColumnReport, RunReport
from schemas.site import Site
from schemas.visit import Kind, Visit

# What becomes of an article that someone should look at.
_ALARMING = frozenset(
    {
        Outcome.BLOCKED,
        Outcome.DISALLOWED,
        Outcome.FAILED,
        Outcome.EMPTY,
        Outcome.CHARSET_SUSPECT,
        Outcome.TOO_LARGE,
        Outcome.MOVED,
    }
)
# As many articles are named one by one; of more, someone looks at the list.
NAMED_ONE_BY_ONE = 5
# A person reads the problems. Of years of articles more fail; the outcomes count them all.
_MOST_PROBLEM_PAGES = 100
# So many articles missed at once are no editor's doing.
_MISSED_AT_ONCE = 10


class Reporter:
    """Keeps a run's report up to date, batch by batch.

    Args:
        site: The site.
        window: The publish days wanted.
        started_at: When the run takes place.
        beside: The row of pages that no column's list named.
    """

    def __init__(
        self,
        site: Site,
        window: Window,
        started_at: datetime,
        beside: ColumnReport | None = None,
    ) -> None:
        self.report = RunReport(
            site=site.id,
            site_name=site.name,
            window=window,
            started_at=started_at,
            columns=[ColumnReport(column=column.id, name=column.name) for column in site.columns],
        )
        if beside:
            self.report.columns.append(beside)
        self._columns = {column.column: column for column in self.report.columns}
        self._gone: list[Turn] = []
        self._problem_pages = 0

    def add(self, batch: Deduped, stored: Stored) -> None:
        """Count one stored batch."""
        rejected = {rejection.archive for rejection in batch.rejections}
        for visit in batch.visits:
            self._count(visit, rejected=visit.page is not None and visit.page.archive in rejected)
        for rejection in batch.rejections:
            self.report.rejections[rejection.reason] += 1
            column = self._columns[rejection.column or ""]
            column.outcomes[rejection.outcome] += 1
        for column_id, column in self._columns.items():
            column.new += stored.new.get(column_id, 0)
            column.changed += stored.changed.get(column_id, 0)
            column.repeats += stored.repeats.get(column_id, 0)
        self.report.originals.update(stored.originals)
        for turn in stored.turns:
            self._columns[turn.column].fates[turn.fate] += 1
            if turn.fate is Fate.GONE:
                self._gone.append(turn)
        for checkpoint in batch.checkpoints:
            self._columns[checkpoint.column].complete = True

    def end_backfill(self, entry: Entry, figures: Figures) -> None:
        """Say of a column what became of its backfill."""
        column = self._columns[entry.column]
        column.complete = entry.state is State.DONE and not figures.owed
        if entry.state is State.STOPPED:
            self.report.problems.append(f"{column.name}: stopped: {entry.reason}")
        if figures.owed:
            failed = f"{figures.owed:,} articles failed; the next run asks for them again"
            self.report.problems.append(f"{column.name}: {failed}")
        if entry.unreached:
            reached = f"the list declares {entry.declared:,} rows and showed {entry.rows:,}"
            why = f" ({entry.end_reason})" if entry.end_reason else ""
            self.report.problems.append(f"{column.name}: {reached}{why}")

    @property
    def is_blocked(self) -> bool:
        """Whether the site has blocked the run."""
        blocked = sum(column.lists[Outcome.BLOCKED] for column in self.report.columns)
        return bool(blocked or self.report.outcome(Outcome.BLOCKED))

    @property
    def is_shut_out(self) -> bool:
        """Whether the site blocked the run, or showed nothing: it is to be left alone."""
        return bool(self.is_blocked or self.report.failure)

    def finish(self, took: timedelta, waiting: Counter[str]) -> RunReport:
        """The report of a run that took so long, with what someone should look at in the end.

        Args:
            took: How long it took.
            waiting: Pages of the site that are in quarantine now, by reason.
        """
        self.report.finished_at = self.report.started_at + took
        self.report.waiting = waiting
        problems = self.report.problems
        if (more := self._problem_pages - _MOST_PROBLEM_PAGES) > 0:
            problems.append(f"{more} more pages like these: the outcomes count them")
        problems += [f"article {t.url}: gone ({t.reason})" for t in self._gone[:NAMED_ONE_BY_ONE]]
        if more := len(self._gone[NAMED_ONE_BY_ONE:]):
            problems.append(f"{more} more articles are gone: `district-news articles list --gone`")
        if (missed := self.report.fate(Fate.SUSPECTED)) >= _MISSED_AT_ONCE:
            problems.append(f"{missed} articles missed at once: has the site been rebuilt?")
        if self.report.attachments:
            problems += self.report.attachments.problems
        return self.report

    def _count(self, visit: Visit, *, rejected: bool) -> None:
        column = self._columns[visit.column]
        if visit.kind is Kind.LIST:
            column.lists[visit.outcome] += 1
            column.declared = visit.declared or column.declared
        else:
            column.listed += visit.kind is Kind.ARTICLE
            column.looked_again += visit.kind is Kind.AGAIN and visit.requested
            column.requested += visit.requested
            if not rejected:
                column.outcomes[visit.outcome] += 1
        if _is_alarming(visit):
            kind = Kind.LIST if visit.kind is Kind.LIST else Kind.ARTICLE
            what = f"{kind} {visit.url}: {visit.outcome.replace('_', ' ')}"
            self._problem_pages += 1
            if self._problem_pages <= _MOST_PROBLEM_PAGES:
                self.report.problems.append(f"{what} ({visit.reason})" if visit.reason else what)


def _is_alarming(visit: Visit) -> bool:
    """Whether someone should look at this; a list that was not read as it should be, always."""
    if visit.kind is not Kind.LIST:
        return visit.outcome in _ALARMING
    return visit.outcome is not Outcome.UNCHANGED and (
        visit.outcome is not Outcome.OK or bool(visit.reason)
    )
