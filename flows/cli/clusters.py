"""`clusters list|show|split|rebuild`."""

import getpass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.cli import render
from flows.cli.common import Json, Since, Until, window
from flows.options import RunOptions

if TYPE_CHECKING:
    from flows.storage.store import Store
    from schemas.cluster import Split

app = typer.Typer(help="Articles with one text, and who had it first.", no_args_is_help=True)

Which = Annotated[
    str, typer.Argument(metavar="CLUSTER|ARTICLE|URL", help="A cluster, or an article in it.")
]


@app.command("list")
def list_clusters(
    site: Annotated[
        str | None, typer.Option(help="Id of a site: only with an article of it.")
    ] = None,
    origin: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="NAME", help="Whose text it is: a site's id or name, or a 来源."
        ),
    ] = None,
    since: Since = None,
    until: Until = None,
    newest: Annotated[bool, typer.Option("--newest", help="By time, not by size.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many at the most.")] = 20,
    as_json: Json = False,
) -> None:
    """The largest clusters, a line each. Example: district-news clusters list --from 新华社"""
    from flows.cli import render_clusters
    from flows.clusters import listed
    from flows.storage.store import Store

    with Store.open(RunOptions().database) as store:
        days = window(since, until)
        rows = store.clusters(site, days, origin, limit, newest=newest)
        found = [listed(store, *row) for row in rows]
        is_uncompared = store.is_uncompared()
    if as_json:
        render.console.print_json(
            data=[_without_bodies(one.model_dump(mode="json")) for one in found]
        )
    elif found:
        render.console.print(render_clusters.clusters(found))
    else:
        render.errors.print("no clusters: no text stands in more than one article")
    if is_uncompared:
        render.errors.print(
            "some articles were stored before texts were compared; "
            "`district-news clusters rebuild` compares them"
        )


@app.command()
def show(
    which: Which,
    diff: Annotated[
        bool, typer.Option("--diff", help="What each one changed, character by character.")
    ] = False,
    limit: Annotated[int, typer.Option(min=2, help="How many articles at the most.")] = 100,
    as_json: Json = False,
) -> None:
    """One cluster: who had the text first and why, what each repost changed, who quotes it.

    Example: district-news clusters show http://www.lyls.gov.cn/info/1055/1.htm
    """
    from flows.cli import render_clusters
    from flows.clusters import describe, simplified
    from flows.diff import diff as compare
    from flows.storage.store import Store

    with Store.open(RunOptions().database) as store:
        found = describe(store, _find(store, which), limit)
    if not as_json:
        render.console.print(render_clusters.cluster(found, with_diff=diff))
        return
    data = _without_bodies(found.model_dump(mode="json"))
    if diff:
        before = simplified(found.first)
        for shown, member in zip(data["members"][1:], found.members[1:], strict=True):
            pieces = compare(before, simplified(member.article))
            shown["diff"] = [[piece._asdict() for piece in paragraph] for paragraph in pieces]
    render.console.print_json(data=data)


@app.command()
def split(
    which: Which,
    articles: Annotated[
        list[str], typer.Argument(metavar="ARTICLE…", help="Those that do not belong to it.")
    ],
    why: Annotated[str, typer.Option(help="A few words for whoever comes across it.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Take an earlier split back.")] = False,
) -> None:
    """Tell articles apart that are not one story. It stays so, whatever comes or is rebuilt.

    Example: district-news clusters split 0619c5ab4c5d7796 41e0041d3a484b68 --why "another year"
    """
    from flows.storage.store import Store
    from schemas.cluster import Split

    with Store.open(RunOptions().database) as store:
        out = {_article(store, article) for article in articles}
        cluster = _find(store, which)
        if undo:
            kept = [s for s in store.splits(out) if _is_between(store, s, out, cluster)]
            if not kept:
                render.errors.print("nothing was split there; `clusters show` says what was")
                raise typer.Exit(1)
            store.unsplit(kept)
        else:
            ids = set(store.members(cluster))
            if not out < ids:
                wrong = ", ".join(sorted(out - ids)) or "every article of it"
                render.errors.print(
                    f"cannot split {wrong} from cluster {cluster}: expected some of its articles, "
                    "and at least one that stays"
                )
                raise typer.Exit(1)
            at, by = datetime.now(UTC), getpass.getuser()
            pairs = sorted((min(a, b), max(a, b)) for a in out for b in ids - out)
            store.split([Split(one=a, other=b, at=at, by=by, why=why) for a, b in pairs])
        now = {id_: store.cluster_of(id_) for id_ in sorted({*out, cluster})}
    for id_, its in now.items():
        render.console.print(f"{id_} is in cluster {its}", highlight=False)


@app.command()
def rebuild() -> None:
    """Compare all articles anew: after an upgrade, or where the index is in doubt.

    Splits stay. Until it is done some clusters are missing; killed in the middle, run it again.

    Example: district-news clusters rebuild
    """
    from rich.progress import Progress

    from flows.storage.store import Store

    with Store.open(RunOptions().database) as store:
        with Progress(console=render.errors, transient=True) as progress:
            task = progress.add_task("comparing", total=store.counts()["articles"])
            done = 0
            for done in store.compare_all():
                progress.update(task, completed=done)
        clusters, repeats = store.clustered()
    render.console.print(
        f"{done} articles compared: {clusters} clusters of more than one, {repeats} reposts",
        highlight=False,
    )


def _find(store: "Store", which: str) -> str:
    """The cluster of an id or address; otherwise the command ends."""
    found = store.cluster_of(_article(store, which))
    assert found is not None  # noqa: S101  (the article is stored)
    return found


def _article(store: "Store", which: str) -> str:
    """The id of an article by its id or any address of it; otherwise the command ends."""
    from flows.cli.articles import find

    return find(store, which).article.id


def _is_between(store: "Store", split: "Split", out: set[str], cluster: str) -> bool:
    """Whether a split keeps an article of `out` from one of the cluster."""
    other = split.other if split.one in out else split.one
    return store.cluster_of(other) == cluster


def _without_bodies(data: dict[str, Any]) -> dict[str, Any]:
    """Records without body and markup: `articles show --json` has them."""
    for article in (data.get("first"), *(x["article"] for x in _parts(data))):
        if article:
            article.pop("body_text")
            article.pop("body_html")
    return data


def _parts(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [part for name in ("members", "quotes", "apart") for part in data.get(name, [])]
