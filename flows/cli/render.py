"""How reports, articles and rejections look on a terminal."""

from collections.abc import Iterable, Mapping

from rich import box
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from schemas.article import Article
from schemas.dates import SHANGHAI, iso
from schemas.division import full_name
from schemas.history import IN_WORDS, Absence, Fate
from schemas.outcome import Outcome
from schemas.rejection import Rejection
from schemas.report import RunReport
from schemas.site import Site

console = Console()
errors = Console(stderr=True)

# Shown even when nothing came to them; the others only when something did.
_ALWAYS = (Outcome.UNCHANGED, Outcome.REJECTED, Outcome.BLOCKED, Outcome.GONE)
_ASKED = ("listed", "requested")
_STORED = ("new", "changed", "repeats")
# As much of a body as a screen holds beside the fields.
_BODY_PREVIEW = 400


def report(run: RunReport) -> RenderableType:
    """A run's report: the counts of each column, the rejections by reason, what to look at."""
    title = f"{run.site_name} ({run.site})  {run.window}"
    parts: list[RenderableType] = [Text(title, style="bold"), _counts(run)]
    if run.reposts:
        parts.append(Text(run.reposts))
    parts += [Text(f"rejected: {n} × {reason}") for reason, n in run.rejections.most_common()]
    if run.waiting:
        replay = f"district-news rejected replay --site {run.site}"
        parts.append(Text(f"in quarantine: {run.in_quarantine} (after a fix: {replay})"))
    parts += _attachments(run)
    if run.source and run.source.others:
        pages = f"{run.source.others} page{'s' * (run.source.others != 1)}"
        parts.append(Text(f"{pages} of hosts without a site: {run.source.hosts_in_words}"))
    parts += [Text(f"look at: {problem}", style="yellow") for problem in run.problems]
    if run.finished_at:
        seconds = (run.finished_at - run.started_at).total_seconds()
        parts.append(Text(f"{run.summary}; {seconds:.1f} s\n", style="dim"))
    return Group(*parts)


def _counts(run: RunReport) -> Table:
    """The counts of each column; those of lists and requests only where there were any."""
    table = Table("", box=box.SIMPLE_HEAD)
    for column in run.columns:
        table.add_column(column.name, justify="right")
    if run.source is None:
        table.add_row("list pages", *(_words(column.lists) for column in run.columns))
    for count in _STORED if run.source else (*_ASKED, *_STORED):
        table.add_row(count, *(str(getattr(column, count)) for column in run.columns))
    if run.total("looked_again"):
        table.add_row("looked again", *(str(column.looked_again) for column in run.columns))
    for outcome in Outcome:
        if outcome in _ALWAYS or (run.outcome(outcome) and outcome is not Outcome.OK):
            name = outcome.replace("_", " ")
            table.add_row(name, *(str(column.outcomes[outcome]) for column in run.columns))
    for fate in Fate:
        if run.fate(fate):
            table.add_row(IN_WORDS[fate], *(str(column.fates[fate]) for column in run.columns))
    if run.source is None:
        complete = ("yes" if column.complete else "no" for column in run.columns)
        table.add_row("complete", *complete)
    return table


def _attachments(run: RunReport) -> list[Text]:
    said = run.attachments.summary if run.attachments else ""
    return [Text(said)] if said else []


def _words(counts: Mapping[Outcome, int]) -> str:
    return ", ".join(f"{n} {o.replace('_', ' ')}" for o, n in counts.items()) or "none"


def article(record: Article) -> RenderableType:
    """One record, field by field, with the beginning of its body."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim")
    table.add_column()
    for field, value in _fields(record):
        origin = record.provenance.get(field, "")
        table.add_row(field, Text.assemble(value, (f"  ← {origin}" if origin else "", "dim")))
    body = record.body_text
    if len(body) > _BODY_PREVIEW:
        body = f"{body[:_BODY_PREVIEW]} … ({len(record.body_text)} characters)"
    return Panel(Group(table, Text(), Text(body)), title=record.title, title_align="left")


def _fields(record: Article) -> Iterable[tuple[str, str]]:
    shown = record.model_dump(
        mode="json", exclude={"title", "body_text", "body_html", "provenance"}
    )
    for field, value in shown.items():
        if value in (None, [], {}):
            continue
        if field in {"publisher_division", "subject_division"}:
            yield field, f"{value} {full_name(value)}"
        elif field == "images":
            yield field, "\n".join(image["caption"] or image["url"] for image in value)
        elif field == "attachments":
            yield field, "\n".join(f"{file['name']} {file['url']}" for file in value)
        elif field == "archive":
            yield field, f"{value['file']}@{value['offset']}"
        else:
            yield field, " › ".join(value) if isinstance(value, list) else str(value)


def articles(
    records: Iterable[Article],
    missing: Mapping[str, Absence],
    reposts: Mapping[str, int] | None = None,
) -> Table:
    """A list of records, a line each; with how many reposts each has, where that is asked for."""
    table = Table("id", "published", "site", "title", box=None)
    for record in records:
        at, precision = record.published_at, record.published_precision
        shown = iso(at, precision).replace("T", " ")[:16] if at and precision else ""
        title = Text(record.title)
        if (absence := missing.get(record.id)) and absence.is_gone:
            since = absence.suspected.at.astimezone(SHANGHAI).date()
            title.append(f"  gone since {since}", style="yellow")
        if number := (reposts or {}).get(record.id):
            title.append(f"  + {number} repost{'s' if number > 1 else ''}", style="green")
        table.add_row(record.id, shown, record.site_name, title)
    table.caption = "times in Asia/Shanghai"
    return table


def rejections(records: Iterable[Rejection]) -> Table:
    """A list of rejected pages, a line each."""
    table = Table(box=None)
    for heading in ("fetched", "site", "outcome", "reason", "url"):
        table.add_column(heading, overflow="fold")
    for record in records:
        at = record.fetched_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
        table.add_row(at, record.site, record.outcome, record.reason, record.url)
    table.caption = "times in Asia/Shanghai"
    return table


def sites(records: Iterable[Site]) -> Table:
    """The sites, a line each."""
    table = Table(box=None)
    for heading in ("id", "name", "division", "family", "columns", "cron (Asia/Shanghai)"):
        table.add_column(heading)
    for site in records:
        division = f"{site.division} {full_name(site.division)}" if site.division else ""
        columns = ", ".join(column.name for column in site.columns)
        table.add_row(site.id, site.name, division, site.family, columns, site.cron)
    return table
