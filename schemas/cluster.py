"""An article among those that carry the same text."""

from typing import Final

from schemas.article import Article
from schemas.base import Shape


class Clustered(Shape):
    """An article with its cluster and what it repeats."""

    article: Article
    cluster: str
    """The same for every article with the same content hash."""
    repeats: str | None = None
    """The id of the first article of the cluster, where this is not the first."""


# Picture news and covering notes say 详见附件 or 图片新闻 and nothing else. Such a text is the same
# under articles that have nothing in common; the shortest real notice is a sentence.
LEAST_TEXT: Final = 20
"""Characters, white space aside, below which a text tells nothing of whose it is."""


def has_enough_text(text: str) -> bool:
    """Whether there is enough of a text to tell an article by it."""
    return len("".join(text.split())) >= LEAST_TEXT
