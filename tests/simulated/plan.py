"""What the simulated site publishes: columns, articles, days; and how its lists change."""

from bisect import insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from random import Random

ROWS_A_PAGE = 20
# Old articles that an editor keeps on top of a list.
_STICKY = 3
# As on a list that declares 2,232 rows and shows 1,640: past this share, stubs.
_SHOWN_OF_STUBBED = 0.735
# So many attempts find a row to withdraw that may be.
_ATTEMPTS = 20


class Markup(StrEnum):
    """Whose pages a column has."""

    VSB = "vsb"
    TRS = "trs"
    DEDECMS = "dedecms"


@dataclass(frozen=True, slots=True)
class Plan:
    """The site before anyone has asked it anything."""

    articles: int = 200_000
    columns: int = 10
    seed: int = 5
    first_day: date = date(2015, 1, 1)
    days: int = 2192
    """Six years."""
    grows_every: int = 200
    """Requests between two new articles on the site."""
    shrinks_every: int = 1000
    """Requests between two rows that are withdrawn."""
    error_share: float = 0.05
    """Of the requests, how many are answered with an error."""
    stalls_after: int | None = None
    """Requests after which no answer comes any more."""

    @property
    def until(self) -> date:
        """The first day on which nothing is published."""
        return self.first_day + timedelta(days=self.days)

    def first_articles(self, column: int) -> int:
        """How many articles the column has to begin with."""
        return self.articles // self.columns + (column < self.articles % self.columns)

    def markup(self, column: int) -> Markup:
        """Every third column has the same maker."""
        return list(Markup)[column % len(Markup)]

    def has_stubs(self, column: int) -> bool:
        """One column's pages are stubs from some page on, whatever its pager claims."""
        return column == 1

    def pages_shown(self, column: int) -> int | None:
        """The pages before the stubs; none where there are no stubs."""
        if not self.has_stubs(column):
            return None
        return max(1, int(self.first_articles(column) / ROWS_A_PAGE * _SHOWN_OF_STUBBED))

    def sticky(self, column: int) -> list[int]:
        """Articles on top of the list, out of the order of dates: as DedeCMS has them."""
        articles = self.first_articles(column)
        if self.markup(column) is not Markup.DEDECMS or articles < ROWS_A_PAGE:
            return []
        return [articles * part // (_STICKY + 1) for part in range(1, _STICKY + 1)]

    def day(self, column: int, article: int) -> date:
        """The day on which an article is published; what is added later has the last."""
        day = article * self.days // max(1, self.first_articles(column))
        return self.first_day + timedelta(days=min(day, self.days - 1))

    def chance(self, *of: object) -> Random:
        """Chance that is the same every time for the same thing."""
        return Random(f"{self.seed} {of}")  # noqa: S311  (the same site every time)


@dataclass(slots=True)
class ColumnState:
    """One list as it is now. Articles are numbered from 0, the oldest."""

    plan: Plan
    number: int
    published: int = 0
    withdrawn: list[int] = field(default_factory=list)
    """In order."""
    oldest_shown: int = 0
    """The highest that the oldest article before the stubs has been; older ones may be missed."""
    promised: int = 0
    """The articles that there were when the first page was last shown."""

    def __post_init__(self) -> None:
        self.published = self.plan.first_articles(self.number)
        self._mark()

    @property
    def rows(self) -> int:
        """What the list claims to have."""
        return self.published - len(self.withdrawn)

    @property
    def pages(self) -> int:
        return max(1, -(-self.rows // ROWS_A_PAGE))

    @property
    def pages_shown(self) -> int:
        """Pages that have rows, whatever the list claims."""
        return min(self.pages, self.plan.pages_shown(self.number) or self.pages)

    def page(self, number: int) -> list[int]:
        """The articles on page `number`, from 1 on, in their order."""
        first = (number - 1) * ROWS_A_PAGE
        sticky = self.plan.sticky(self.number)
        shown = sticky[first : first + ROWS_A_PAGE]
        start = max(0, first - len(sticky))
        return [*shown, *self._in_order(start, ROWS_A_PAGE - len(shown))]

    def grow(self) -> None:
        self.published += 1
        self._mark()

    def shrink(self, chance: Random) -> None:
        """Withdraw a row: any but a sticky one."""
        for _ in range(_ATTEMPTS):
            article = chance.randrange(self.published)
            if article not in self.withdrawn and article not in self.plan.sticky(self.number):
                insort(self.withdrawn, article)
                self._mark()
                return

    def reachable(self) -> Iterator[int]:
        """The articles that a run which ends now should have."""
        withdrawn = set(self.withdrawn)
        for article in range(self.oldest_shown, self.promised):
            if article not in withdrawn:
                yield article

    def _in_order(self, start: int, count: int) -> list[int]:
        """So many of those neither sticky nor withdrawn, newest first, `start` left out."""
        hidden = sorted({*self.withdrawn, *self.plan.sticky(self.number)}, reverse=True)
        article = self.published - 1 - start
        for other in hidden:
            if other < article:
                break
            article -= 1
        found: list[int] = []
        while article >= 0 and len(found) < count:
            if article not in hidden:
                found.append(article)
            article -= 1
        return found

    def _mark(self) -> None:
        if self.plan.has_stubs(self.number):
            oldest = min(self.page(self.pages_shown), default=0)
            self.oldest_shown = max(self.oldest_shown, oldest)
