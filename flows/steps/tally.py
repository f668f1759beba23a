"""tally: the report of what another reading changes, before anything does."""

from datetime import datetime
from typing import Final

from flows.reading import Reading, Values
from flows.steps.compare import differences
from flows.steps.reread import Done
from flows.steps.weigh import Verdict, Weighed
from schemas.dates import Window
from schemas.rejection import Rejection
from schemas.reparse import Effect, FieldChange, Held, ReparseReport, Sample

# Of each kind of change a few examples tell whether it is a good one.
_SAMPLES: Final = 3
_HELD_SAMPLES: Final = 10
_COUNTED: Final = {
    Verdict.NOTHING: "same",
    Verdict.CHANGE: "changed",
    Verdict.RESTATE: "restated",
    Verdict.EARLIER: "earlier",
    Verdict.KEEP: "kept",
    Verdict.HOLD: "held",
    Verdict.NEW: "new",
    Verdict.COPY: "copies",
    Verdict.REVISE: "revised",
    Verdict.RELEASE: "released",
}
"""The count of the report that each verdict adds to."""


class Tally:
    """Counts what becomes of the readings."""

    def __init__(self, window: Window, started_at: datetime) -> None:
        self.report = ReparseReport(window=window, started_at=started_at)
        self._fields: dict[tuple[str, Effect], FieldChange] = {}

    def add_done(self, done: Done) -> None:
        """Count what needs no change."""
        self.report.pages += done.pages
        self.report.same += done.same
        self.report.superseded += done.superseded
        self.report.waiting += done.waiting
        self.report.problems += done.problems

    def add(self, weighed: Weighed) -> None:
        """Count one reading."""
        verdict, reading, values = weighed
        record = reading.record
        if reading.is_held and verdict is not Verdict.HOLD:
            self.report.freed += 1
        if name := _COUNTED.get(verdict):
            setattr(self.report, name, getattr(self.report, name) + 1)
        if verdict is Verdict.CHANGE:
            self._add_fields(reading, values)
        if verdict is Verdict.HOLD:
            self.report.held_before += reading.is_held
            if len(self.report.held_samples) < _HELD_SAMPLES:
                self.report.held_samples.append(held(reading, self.report.started_at))
        if verdict is Verdict.REJECT and isinstance(record, Rejection):
            self.report.rejected[record.reason] += 1
        if verdict is Verdict.WAIT and isinstance(record, Rejection):
            self.report.waiting[record.reason] += 1

    def finish(self) -> ReparseReport:
        """The report, its fields in the order of how many records they change."""
        by_number = sorted(self._fields.values(), key=lambda c: (-c.records, c.field, c.effect))
        self.report.fields = by_number
        return self.report

    def _add_fields(self, reading: Reading, values: Values) -> None:
        assert reading.stored is not None  # noqa: S101  (a change of something)
        for found in differences(reading.stored, values):
            key = found.field, found.effect
            change = self._fields.setdefault(
                key, FieldChange(field=found.field, effect=found.effect)
            )
            change.records += 1
            if len(change.samples) < _SAMPLES:
                stored = reading.stored
                change.samples.append(
                    Sample(
                        id=stored["id"],
                        title=stored["title"],
                        before=found.before,
                        after=found.after,
                    )
                )


def held(reading: Reading, at: datetime) -> Held:
    """The entry in the list for review of an article that would get worse."""
    stored, record = reading.stored, reading.record
    assert stored is not None  # noqa: S101  (only what is stored can get worse)
    return Held(
        id=stored["id"],
        site=stored["site"],
        url=stored["url"],
        title=stored["title"],
        reasons=reading.reasons,
        reader=record.reader,
        reader_version=record.reader_version,
        held_at=at,
    )
