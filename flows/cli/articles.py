"""`articles list|show|history|diff`."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.cli import render
from flows.cli.common import Json, Since, Until, window
from flows.options import RunOptions

if TYPE_CHECKING:
    from flows.storage.store import Store
    from schemas.article import Article
    from schemas.history import Absence, History

app = typer.Typer(help="The stored records.", no_args_is_help=True)

Which = Annotated[str, typer.Argument(metavar="ID|URL", help="Id or address of an article.")]
Limit = Annotated[int, typer.Option(min=1, help="How many at the most.")]


@app.command("list")
def list_articles(
    site: Annotated[str | None, typer.Option(help="Id of a site.")] = None,
    since: Since = None,
    until: Until = None,
    gone: Annotated[bool, typer.Option("--gone", help="Only those gone from their site.")] = False,
    fold: Annotated[
        bool, typer.Option("--fold", help="Of each cluster only the first, with its reposts.")
    ] = False,
    limit: Limit = 50,
    as_json: Json = False,
) -> None:
    """The newest records, a line each. Example: district-news articles list --site lanshan"""
    from flows.storage.store import Store

    with Store.open(RunOptions().database) as store:
        days = window(since, until)
        records = store.articles(site=site, window=days, is_gone=gone, folded=fold, limit=limit)
        missing = store.absences(record.id for record in records)
        sizes = store.sizes(record.id for record in records) if fold else {}
    reposts = {id_: size - 1 for id_, size in sizes.items()}
    if as_json:
        data = [
            _with_absence(record, missing.get(record.id))
            | ({"reposts": reposts[record.id]} if fold else {})
            for record in records
        ]
        render.console.print_json(data=data)
    elif records:
        render.console.print(render.articles(records, missing, reposts))
    else:
        render.errors.print("no articles; `district-news ingest` fetches some")


@app.command()
def show(
    article: Which,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Title and body as Markdown.")
    ] = False,
    as_json: Json = False,
) -> None:
    """One record. Example: district-news articles show http://www.lyls.gov.cn/info/1055/1.htm"""
    from flows.cli import render_history
    from flows.storage.store import Store

    with Store.open(RunOptions().database) as store:
        found = find(store, article)
    if as_json:
        data = _with_absence(found.article, found.absence)
        data["addresses"] = [address.url for address in found.addresses]
        render.console.print_json(data=data)
        return
    if markdown:
        from spiders.extract.markdown import to_markdown

        typer.echo(f"# {found.article.title}\n\n{to_markdown(found.article.body_html)}")
        return
    render.console.print(render.article(found.article))
    if beside := render_history.summary(found):
        render.console.print(beside, markup=False, highlight=False)


@app.command()
def history(article: Which, as_json: Json = False) -> None:
    """What became of an article: a line a revision, and when it was gone, moved or back.

    Example: district-news articles history http://www.lyls.gov.cn/info/1055/1.htm
    """
    from flows.cli import render_history
    from flows.history import events
    from flows.storage.store import Store

    with Store.open(RunOptions().database) as store:
        found = find(store, article)
    lines = events(found)
    if as_json:
        data = _with_absence(found.article, found.absence)
        keys = ("id", "site", "url", "title", "suspected_since", "gone_since")
        shown = {key: data[key] for key in keys}
        shown["addresses"] = [address.model_dump(mode="json") for address in found.addresses]
        shown["absences"] = [absence.model_dump(mode="json") for absence in found.absences]
        shown["events"] = [event.model_dump(mode="json") for event in lines]
        render.console.print_json(data=shown)
    else:
        render.console.print(found.article.title, style="bold", markup=False, highlight=False)
        render.console.print(render_history.history(lines))


@app.command()
def diff(
    article: Which,
    revisions: Annotated[
        list[int] | None,
        typer.Argument(metavar="[REV REV]", help="Two revisions; none: the last two.", min=1),
    ] = None,
    as_json: Json = False,
) -> None:
    """What changed between two revisions, character by character: [-was-] {+is+}.

    Example: district-news articles diff http://www.lyls.gov.cn/info/1055/1.htm 1 2
    """
    from flows.cli import render_history
    from flows.diff import diff as compare
    from flows.diff import diff_line
    from flows.history import field_changes
    from flows.storage.store import Store

    with Store.open(RunOptions().database) as store:
        found = find(store, article)
    last = len(found.versions)
    first, second = _two(revisions, last, article)
    if last == 1:
        render.errors.print(f"{article} has one revision, nothing to compare")
        raise typer.Exit(1)
    before, after = found.versions[first - 1], found.versions[second - 1]
    if not as_json:
        render.console.print(render_history.difference(before, after))
        return
    old, new = before.article, after.article
    title, body = diff_line(old.title, new.title), compare(old.body_text, new.body_text)
    render.console.print_json(
        data={
            "id": new.id,
            "before": before.model_dump(mode="json", exclude={"article": {"body_html"}}),
            "after": after.model_dump(mode="json", exclude={"article": {"body_html"}}),
            "fields": [change._asdict() for change in field_changes(old, new)],
            "title": [piece._asdict() for piece in title],
            "body": [[piece._asdict() for piece in paragraph] for paragraph in body],
        }
    )


def _two(revisions: list[int] | None, last: int, article: str) -> tuple[int, int]:
    """The two revisions to compare, or a usage error."""
    if not revisions:
        return last - 1, last
    if len(revisions) != 2:  # noqa: PLR2004  (a difference is between two)
        raise typer.BadParameter(f"expected two revisions or none, got {len(revisions)}")
    for number in revisions:
        if number > last:
            raise typer.BadParameter(f"{article} has no revision {number}; it has 1 to {last}")
    return revisions[0], revisions[1]


def find(store: "Store", article: str) -> "History":
    """An article by its id, or by any address that it has or had; otherwise the command ends."""
    ids = _ids(store, article) if article.startswith("http") else [article]
    found = next(filter(None, (store.history(i) for i in ids)), None)
    if found is None:
        render.errors.print(f"no article {article}; `district-news articles list` shows them")
        raise typer.Exit(1)
    return found


def _ids(store: "Store", url: str) -> list[str]:
    """The ids that the article at `url` has, one for each site it may belong to."""
    from spiders.identity import article_id, canonical_url
    from spiders.registry import load_sites

    addresses = {s.id: canonical_url(s, url) for s in load_sites().values()}
    return [
        store.owner(site, address) or article_id(site, address)
        for site, address in addresses.items()
    ]


def _with_absence(record: "Article", absence: "Absence | None") -> dict[str, Any]:
    """A record as JSON, with the first sighting of the absence that lasts."""
    since = absence.model_dump(mode="json")["suspected"]["at"] if absence else None
    is_gone = absence is not None and absence.is_gone
    return {
        **record.model_dump(mode="json"),
        "suspected_since": None if is_gone else since,
        "gone_since": since if is_gone else None,
    }
