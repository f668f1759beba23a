"""dedupe: one article an address, and its text in the form in which texts are compared."""

from collections.abc import Collection

from flows.batch import Cleaned, Deduped, Sketched
from flows.similarity import Document, sketches
from schemas.article import Article


async def dedupe(batch: Cleaned) -> Deduped:
    """Leave one article an address, and sketch each: what takes long and asks nobody.

    An article listed in two columns stays listed in both: the visits go on as they are. What
    repeats what, the transaction that stores the batch decides.
    """
    articles: dict[str, Article] = {}
    for article in batch.articles:
        known = articles.get(article.id, article)
        articles[article.id] = min(known, article, key=_told_best)
    addresses = {article.url for article in articles.values()}
    return Deduped(
        site=batch.site,
        visits=batch.visits,
        checkpoints=batch.checkpoints,
        ledger=batch.ledger,
        articles=sketched(articles.values()),
        rejections=tuple({r.url: r for r in batch.rejections if r.url not in addresses}.values()),
    )


def sketched(articles: Collection[Article]) -> tuple[Sketched, ...]:
    """Articles, each with title and body in the form in which texts are compared."""
    texts = sketches(Document(one.id, one.title, one.body_text) for one in articles)
    return tuple(map(Sketched, articles, texts))


def _told_best(article: Article) -> tuple[bool, str]:
    """Of two readings of one page the dated one: a list row may have dated what its page does not.

    Then by column, so that it does not matter which came first.
    """
    return article.published_at is None, article.column or ""
