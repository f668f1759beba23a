"""Articles with one text: who came first, what each of the others made of it."""

from enum import StrEnum
from typing import Final

from schemas.article import Article
from schemas.base import Shape
from schemas.dates import Moment

# Picture news and covering notes say 详见附件 or 图片新闻 and nothing else. Such a text is the same
# under articles that have nothing in common; the shortest real notice is a sentence.
LEAST_TEXT: Final = 20
"""Characters, white space aside, below which a text tells nothing of whose it is."""


def has_enough_text(text: str) -> bool:
    """Whether there is enough of a text to tell an article by it."""
    return len("".join(text.split())) >= LEAST_TEXT


class Relation(StrEnum):
    """What a text is to the first of its cluster."""

    SAME = "same"
    """The same title and text, but for how they are printed."""
    RETITLED = "retitled"
    """The same text under another title."""
    EDITED = "edited"
    """The same text with words changed."""
    SHORTENED = "shortened"
    """Some of the text is left out."""
    EXTENDED = "extended"
    """The text with more to it."""
    FRAMED = "framed"
    """The text between another header and footer."""
    AKIN = "akin"
    """Linked with another article of the cluster, and by that with the first."""


IN_WORDS: Final = {
    Relation.SAME: "the same text",
    Relation.RETITLED: "the same text, another title",
    Relation.EDITED: "edited",
    Relation.SHORTENED: "shortened",
    Relation.EXTENDED: "extended",
    Relation.FRAMED: "in another frame",
    Relation.AKIN: "like another of these",
}


class Clue(StrEnum):
    """Where a page says whose text it carries."""

    SOURCE = "source"
    """来源 names somebody else."""
    TEXT = "text"
    """The text says 转载自 or the like."""
    LINK = "link"
    """The text links to the other's page or site."""


class Repost(Shape):
    """Whose text an article carries, as far as its page says so."""

    clue: Clue
    name: str
    """As the page has it: a name, or an address."""
    article: str | None = None
    """The id of the article of the cluster that is meant, where one is."""


class Member(Shape):
    """An article of a cluster."""

    article: Article
    relation: Relation | None = None
    """None for the first."""
    changes: str = ""
    """What differs from the first, in words."""
    reposts: tuple[Repost, ...] = ()


class Quote(Shape):
    """A passage that stands in an article of the cluster and in one outside it."""

    article: Article
    """The one outside."""
    member: str
    """The id of the one inside."""
    quotes_it: bool
    """Whether the one outside is the digest; otherwise it is what the one inside quotes."""
    text: str
    """The paragraph of the one outside that holds most of it."""


class Split(Shape):
    """Two articles that a person has told apart."""

    one: str
    other: str
    at: Moment
    by: str
    why: str


class Apart(Shape):
    """An article that a person has told apart from one of a cluster."""

    article: Article
    split: Split


class Cluster(Shape):
    """Articles that carry one text."""

    id: str
    """The first article's."""
    size: int
    """Articles in it; `members` may be fewer."""
    why_first: str
    """In words."""
    members: tuple[Member, ...]
    """The first, then in the order of publishing."""
    quotes: tuple[Quote, ...] = ()
    apart: tuple[Apart, ...] = ()

    @property
    def first(self) -> Article:
        return self.members[0].article


class ListedCluster(Shape):
    """A cluster as a list shows it."""

    id: str
    size: int
    sites: int
    first: Article
    relations: dict[Relation, int]
    """What the others are to the first; of a large cluster, those looked at."""
