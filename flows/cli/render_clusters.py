"""How clusters look on a terminal: who came first, and what the others made of it."""

from collections.abc import Iterable, Iterator, Mapping

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from flows.cli.render_history import body_difference, moment
from flows.clusters import simplified
from schemas.article import Article
from schemas.cluster import IN_WORDS, Apart, Clue, Cluster, ListedCluster, Member, Quote, Relation
from schemas.dates import iso

# As much of a quoted passage as tells which it is.
_QUOTED = 60
_INDENT = (0, 0, 0, 2)
_SAID = {Clue.SOURCE: "来源", Clue.TEXT: "says in its text", Clue.LINK: "links to"}


def clusters(found: Iterable[ListedCluster]) -> Table:
    """Clusters, two lines each: the first article's title; whose it is, what became of it."""
    table = Table(box=None)
    table.add_column("cluster", no_wrap=True)
    table.add_column("articles", justify="right")
    table.add_column("first", no_wrap=True)
    table.add_column("title, and what the others made of it")
    for one in found:
        elsewhere = f", and {_count(one.sites - 1, 'other site')}" if one.sites > 1 else ""
        whose = f"{one.first.site_name}{elsewhere}"
        said = Text(one.first.title)
        said.append(f"\n{whose}: {kinds(one.relations)}", style="dim")
        table.add_row(one.id, str(one.size), published(one.first)[:10], said)
    return table


def kinds(relations: Mapping[Relation, int]) -> str:
    """`2 × the same text; 1 × shortened`."""
    return "; ".join(f"{count} × {IN_WORDS[kind]}" for kind, count in relations.items())


def cluster(found: Cluster, *, with_diff: bool) -> RenderableType:
    """One cluster: the first, then each repost, then what quotes it, then what was told apart."""
    names = {member.article.id: member.article.site_name for member in found.members}
    sites = len({member.article.site for member in found.members})
    size = f"{_count(found.size, 'article')} on {_count(sites, 'site')}"
    parts: list[RenderableType] = [
        Text(found.first.title, style="bold"),
        Text(f"cluster {found.id}: {size}", style="dim"),
        Text(),
        Text("first", style="bold"),
        *_article(found.first),
        *_indented(Text(f"why: {found.why_first}") if found.why_first else None),
        *_reposts(found.members[0], names),
    ]
    for number, member in enumerate(found.members[1:], start=2):
        parts += [Text(), _heading(number, member), *_article(member.article, found.first)]
        parts += _indented(Text.assemble("changed: ", member.changes))
        parts += _reposts(member, names) or _indented(Text("names no source", style="dim"))
        if with_diff:
            parts += _difference(found.first, member.article)
    if more := found.size - len(found.members):
        parts += [Text(), Text(f"and {more} more; --limit shows them", style="dim")]
    for quotes_it, heading in (
        (True, "quoted in (a passage only: no repost)"),
        (False, "quotes (a passage only: no repost)"),
    ):
        if some := [quote for quote in found.quotes if quote.quotes_it is quotes_it]:
            parts += [Text(), Text(heading, style="bold"), *_quotes(some)]
    if found.apart:
        parts += [Text(), Text("told apart by hand", style="bold"), *_apart(found.apart)]
    return Group(*parts)


def published(article: Article) -> str:
    at, precision = article.published_at, article.published_precision
    return iso(at, precision).replace("T", " ")[:16] if at and precision else "undated"


def _heading(number: int, member: Member) -> Text:
    kind = IN_WORDS[member.relation] if member.relation else ""
    return Text.assemble((f"{number}. ", "bold"), (kind, "bold"))


def _article(article: Article, first: Article | None = None) -> Iterator[RenderableType]:
    """When and by whom; the title where it is not the first's; id and address."""
    line = Text.assemble(published(article), "  ", article.site_name)
    if article.source and not first:
        line.append(f"  来源: {article.source}")
    yield from _indented(line)
    if first and article.title != first.title:
        yield from _indented(Text(article.title))
    yield from _indented(Text(f"{article.id}  {article.url}", style="dim", overflow="fold"))


def _reposts(member: Member, names: Mapping[str, str]) -> list[RenderableType]:
    """Whom it names as its source; what is in the cluster, by its site's name."""
    lines: list[RenderableType] = []
    for one in member.reposts:
        meant = names.get(one.article or "")
        who = (f" → {meant}", "green") if meant else (" (not among these)", "dim")
        lines += _indented(Text.assemble(f"{_SAID[one.clue]}: ", one.name, who))
    return lines


def _difference(first: Article, other: Article) -> Iterator[RenderableType]:
    yield from body_difference(simplified(first), simplified(other))


def _quotes(quotes: Iterable[Quote]) -> Iterator[RenderableType]:
    for quote in quotes:
        yield from _article(quote.article)
        yield from _indented(Text(quote.article.title))
        if quote.text:
            cut = quote.text[:_QUOTED]
            yield from _indented(Text(f"“{cut}{'…' if len(quote.text) > _QUOTED else ''}”"))


def _apart(apart: Iterable[Apart]) -> Iterator[RenderableType]:
    for one in apart:
        yield from _article(one.article)
        yield from _indented(Text(one.article.title))
        why = f": {one.split.why}" if one.split.why else ""
        yield from _indented(Text(f"{moment(one.split.at)} by {one.split.by}{why}"))


def _indented(*parts: Text | None) -> list[RenderableType]:
    return [Padding(part, _INDENT) for part in parts if part is not None]


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number != 1 else ''}"
