"""An article among those that carry the same text."""

from schemas.article import Article
from schemas.base import Shape


class Clustered(Shape):
    """An article with its cluster and what it repeats."""

    article: Article
    cluster: str
    """The same for every article with the same content hash."""
    repeats: str | None = None
    """The id of the first article of the cluster, where this is not the first."""
