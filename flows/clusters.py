"""A cluster in words: which article came first and why, what each of the others made of it."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import cache
from typing import Final

from opencc import OpenCC

from flows.history import body_in_words
from flows.reposts import reposts
from flows.similarity import Document, Sketch, sketch
from flows.similarity.compare import compare
from flows.similarity.excerpts import passages
from flows.similarity.fold import fold
from flows.similarity.link import Kind
from flows.storage.precedence import level, names_another
from flows.storage.store import Store
from schemas.article import Article
from schemas.cluster import Apart, Cluster, ListedCluster, Member, Quote, Relation, Split
from schemas.dates import SHANGHAI, Precision
from schemas.division import divisions

# Of a larger cluster the others are counted and not looked at.
MOST_MEMBERS: Final = 100
# As many as tell of what kind the members of a listed cluster are.
_LOOKED_AT: Final = 20
_MOST_QUOTES: Final = 20

_LANGUAGES: Final = {
    "zh-Hans": "in simplified characters",
    "zh-Hant": "in traditional characters",
}
_LEVELS: Final = {1: "province", 2: "prefecture", 3: "county"}


def describe(store: Store, cluster: str, limit: int = MOST_MEMBERS) -> Cluster:
    """A cluster with its first articles, at most so many, and the digests that quote it."""
    articles = store.cluster(cluster, limit)
    texts = [sketch_of(article) for article in articles]
    first, *others = articles
    members = [Member(article=first, reposts=reposts(first, others))]
    for article, text in zip(others, texts[1:], strict=True):
        rest = [other for other in articles if other.id != article.id]
        members.append(
            Member(
                article=article,
                relation=relation(texts[0], text),
                changes=changes(first, article),
                reposts=reposts(article, rest),
            )
        )
    return Cluster(
        id=cluster,
        size=store.sizes([cluster])[cluster],
        why_first=why_first(members),
        members=tuple(members),
        quotes=tuple(_quotes(store, cluster)),
        apart=tuple(_apart(store, {article.id for article in articles})),
    )


def listed(store: Store, cluster: str, size: int, sites: int) -> ListedCluster:
    """A cluster as a list shows it."""
    first, *others = store.cluster(cluster, _LOOKED_AT + 1)
    text = sketch_of(first)
    relations: dict[Relation, int] = {}
    for other in others:
        kind = relation(text, sketch_of(other))
        relations[kind] = relations.get(kind, 0) + 1
    ordered = {kind: relations[kind] for kind in Relation if kind in relations}
    return ListedCluster(id=cluster, size=size, sites=sites, first=first, relations=ordered)


def relation(first: Sketch, other: Sketch) -> Relation:
    """What a text is to the first of its cluster."""
    if first.id == other.id:
        return Relation.SAME
    if first.body.text == other.body.text:
        return Relation.RETITLED
    link = compare(first, other)
    if link is None or link.kind in {Kind.OTHER_FACTS, Kind.EXCERPT}:
        return Relation.AKIN
    if link.kind is Kind.FRAMED:
        return Relation.FRAMED
    if link.kind is Kind.SAME:
        return Relation.EDITED
    return Relation.SHORTENED if len(other.body.text) < len(first.body.text) else Relation.EXTENDED


def changes(first: Article, other: Article) -> str:
    """What differs from the first, in words; traditional characters are no difference."""
    said = []
    if fold(first.title).text != fold(other.title).text:
        said.append("another title")
    if fold(first.body_text).text != fold(other.body_text).text:
        said.append(body_in_words(simplified(first), simplified(other)))
    if first.language != other.language:
        said.append(_LANGUAGES.get(other.language, f"in {other.language}"))
    return "; ".join(said) or "nothing"


def simplified(article: Article) -> str:
    """A body in simplified characters, for a comparison that a person reads."""
    return (
        _converter().convert(article.body_text) if "Hant" in article.language else article.body_text
    )


def why_first(members: Sequence[Member]) -> str:
    """In words, why the first article counts as the first."""
    first, *others = members
    said = [_by_time(first.article, others[0].article)] if others else []
    named = sum(any(r.article == first.article.id for r in other.reposts) for other in others)
    if named:
        said.append(f"named as the source by {named} of the others")
    if first.reposts:
        said.append(f"though it names a source itself: {first.reposts[0].name}")
    return "; ".join(said)


def _by_time(first: Article, second: Article) -> str:
    if first.published_at is None:
        return "no article says when it was published"
    if second.published_at is None:
        return "the others do not say when they were published"
    one, other = (a.published_at.astimezone(SHANGHAI) for a in (first, second) if a.published_at)
    if days := (other.date() - one.date()).days:
        return f"published {days} day{'s' if days > 1 else ''} before the next"
    if names_another(second.model_dump()) and not names_another(first.model_dump()):
        return "the next, of the same day, names another source"
    precise = Precision.DAY not in {first.published_precision, second.published_precision}
    if precise and other > one:
        return f"published {_in_words(other - one)} before the next"
    ours, theirs = level(first.publisher_division), level(second.publisher_division)
    if ours < theirs and first.publisher_division:
        name = divisions()[first.publisher_division].name
        return f"of the same day as the next, and from above ({_LEVELS[ours]}: {name})"
    return "of the same day as the next; nothing says which was earlier"


def _in_words(lapse: timedelta) -> str:
    minutes = int(lapse.total_seconds()) // 60
    return f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{minutes} min"  # noqa: PLR2004


def _apart(store: Store, ids: set[str]) -> Iterator[Apart]:
    told: dict[str, Split] = {}
    for split in store.splits(ids):
        told.setdefault(split.other if split.one in ids else split.one, split)
    for id_, split in told.items():
        if id_ not in ids and (article := store.article(id_)):
            yield Apart(article=article, split=split)


def _quotes(store: Store, cluster: str) -> list[Quote]:
    found = []
    for ours, theirs, quotes_us in store.quotes(cluster, _MOST_QUOTES):
        inside, outside = store.article(ours), store.article(theirs)
        if inside and outside:
            found.append(
                Quote(
                    article=outside,
                    member=ours,
                    quotes_it=quotes_us,
                    text=_shared(inside, outside),
                )
            )
    return found


def _shared(inside: Article, outside: Article) -> str:
    """The paragraph of the one outside that most of the longest shared passage stands in."""
    one, other = sketch_of(inside), sketch_of(outside)
    found = passages(one, other, one.keys.keys() & other.keys.keys())
    if not found:
        return ""
    longest = max(found, key=lambda passage: passage.length)
    passage = other.body.text[longest.beside : longest.beside + longest.length]
    paragraphs = [line.strip() for line in outside.body_text.splitlines() if line.strip()]
    return max(paragraphs, key=lambda line: _overlap(fold(line).text, passage))


def _overlap(paragraph: str, passage: str) -> int:
    if paragraph in passage or passage in paragraph:
        return min(len(paragraph), len(passage))
    return 0


def sketch_of(article: Article) -> Sketch:
    return sketch(Document(article.id, article.title, article.body_text))


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")
