"""dedupe: one article an address, and which articles carry the same text."""

from flows.batch import Cleaned, Deduped
from flows.storage.store import Store
from schemas.article import Article
from schemas.cluster import Clustered, has_enough_text


async def dedupe(batch: Cleaned, store: Store) -> Deduped:
    """Leave one article an address, and give each its cluster and what it repeats.

    An article listed in two columns stays listed in both: the visits go on as they are. What it
    repeats is said as far as it is known here; the transaction that stores the batch has the
    last word.
    """
    articles: dict[str, Article] = {}
    for article in batch.articles:
        known = articles.get(article.id, article)
        articles[article.id] = min(known, article, key=_told_best)
    clusters = {article.id: cluster_of(article) for article in articles.values()}
    firsts = await store.clusters(set(clusters.values()))
    for article in sorted(articles.values(), key=_precedence):
        firsts.setdefault(clusters[article.id], article.id)

    addresses = {article.url for article in articles.values()}
    return Deduped(
        site=batch.site,
        visits=batch.visits,
        checkpoints=batch.checkpoints,
        ledger=batch.ledger,
        articles=tuple(
            Clustered(
                article=article,
                cluster=clusters[id_],
                repeats=None if firsts[clusters[id_]] == id_ else firsts[clusters[id_]],
            )
            for id_, article in articles.items()
        ),
        rejections=tuple({r.url: r for r in batch.rejections if r.url not in addresses}.values()),
    )


def cluster_of(article: Article) -> str:
    """The hash of its text; its own id where there is too little text to tell it by."""
    return article.content_hash if has_enough_text(article.body_text) else article.id


def _told_best(article: Article) -> tuple[bool, str]:
    """Of two readings of one page the dated one: a list row may have dated what its page does not.

    Then by column, so that it does not matter which came first.
    """
    return article.published_at is None, article.column or ""


def _precedence(article: Article) -> tuple[bool, float, str, str]:
    """The order within a cluster, as the store has it: the earliest first, the undated last."""
    moment = article.published_at
    return moment is None, moment.timestamp() if moment else 0.0, article.url, article.id
