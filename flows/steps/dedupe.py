"""dedupe: one article an address, and its text in the form in which texts are compared."""

from flows.batch import Cleaned, Deduped, Sketched
from flows.similarity import Document, Sketch, sketch
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
        articles=tuple(Sketched(article, sketch_of(article)) for article in articles.values()),
        rejections=tuple({r.url: r for r in batch.rejections if r.url not in addresses}.values()),
    )


def sketch_of(article: Article) -> Sketch:
    """An article's title and body in the form in which texts are compared."""
    return sketch(Document(article.id, article.title, article.body_text))


def _told_best(article: Article) -> tuple[bool, str]:
    """Of two readings of one page the dated one: a list row may have dated what its page does not.

    Then by column, so that it does not matter which came first.
    """
    return article.published_at is None, article.column or ""
