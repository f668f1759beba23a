"""clean: every page of a batch becomes an article or a rejection.

No network, no clock, no store: the same bytes give the same record, whenever they are read.
"""

from flows.batch import Cleaned, Fetched
from schemas.article import Article
from schemas.rejection import Rejection
from schemas.site import Site
from spiders.reader import read


async def clean(batch: Fetched, site: Site) -> Cleaned:
    """Read the pages of a batch."""
    records = [read(visit.page, site) for visit in batch.visits if visit.page]
    return Cleaned(
        site=batch.site,
        visits=batch.visits,
        checkpoints=batch.checkpoints,
        ledger=batch.ledger,
        articles=tuple(r for r in records if isinstance(r, Article)),
        rejections=tuple(r for r in records if isinstance(r, Rejection)),
    )
