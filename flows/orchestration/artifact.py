"""A run's report as a Prefect artifact: one row a column, the rest as text above the table."""

from prefect.artifacts import acreate_table_artifact

from schemas.history import IN_WORDS, Fate
from schemas.outcome import Outcome
from schemas.report import ColumnReport, RunReport

# Shown for every run; the other outcomes only where one occurred.
_ALWAYS = frozenset({Outcome.UNCHANGED, Outcome.REJECTED, Outcome.BLOCKED, Outcome.GONE})


def artifact_key(site_id: str) -> str:
    """Prefect keeps one history a key; a key has lower-case letters, digits and dashes."""
    return f"run-report-{site_id.replace('_', '-')}"


async def publish(report: RunReport) -> None:
    """Attach the report to the flow run that is under way."""
    fates = [fate for fate in Fate if report.fate(fate)]
    shown = [outcome for outcome in Outcome if outcome in _ALWAYS or report.outcome(outcome)]
    await acreate_table_artifact(
        key=artifact_key(report.site),
        table=[_row(column, shown, fates) for column in report.columns],
        description=description(report),
    )


def _row(column: ColumnReport, outcomes: list[Outcome], fates: list[Fate]) -> dict[str, str | int]:
    return {
        "column": column.name,
        "list pages": sum(column.lists.values()),
        "listed": column.listed,
        "requested": column.requested,
        "new": column.new,
        "changed": column.changed,
        "repeats": column.repeats,
        **{outcome.replace("_", " "): column.outcomes[outcome] for outcome in outcomes},
        **{IN_WORDS[fate]: column.fates[fate] for fate in fates},
        "complete": "yes" if column.complete else "no",
    }


def description(report: RunReport) -> str:
    """The report in a few lines of Markdown."""
    lines = [f"{report.summary}. Window {report.window}."]
    if report.rejections:
        lines += ["", "Rejected, and why:", ""]
        lines += [f"- {reason}: {count}" for reason, count in report.rejections.most_common()]
    if report.waiting:
        lines += ["", f"In quarantine at this site: {report.in_quarantine}"]
    if report.reposts:
        lines += ["", f"{report.reposts}."]
    if report.attachments and report.attachments.summary:
        lines += ["", report.attachments.summary.capitalize()]
    if report.problems:
        lines += ["", "To look at:", ""]
        lines += [f"- {problem}" for problem in report.problems]
    return "\n".join(lines)
