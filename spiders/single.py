"""One page by its address, as politely as a crawl: robots.txt, user agent, archive."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, ClassVar
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from schemas.page import Page
from schemas.site import Column, Site
from spiders.answers import page_of, response_headers
from spiders.crawl import run_spider
from spiders.district import DistrictSpider


class PageError(OSError):
    """The page could not be had; the message says why."""


async def fetch_page(url: str, settings: Mapping[str, Any]) -> Page:
    """Fetch one page.

    Raises:
        PageError: There was no answer, or robots.txt says no.
        spiders.ports.NoContactError: A live request without a contact for the user agent.
    """
    host = urlsplit(url).hostname or "?"
    site = Site(
        id="single",
        name=host,
        url=urljoin(url, "/"),
        columns=(Column(id="single", name=host, url=url),),
    )
    got: list[Page | str] = []
    spider = type("SinglePageSpider", (SinglePageSpider,), {"name": "single", "site": site})
    await run_spider(spider, settings, got=got)
    page = got[0] if got else "no answer"
    if isinstance(page, str):
        raise PageError(page if url in page else f"{url}: {page}")
    return page


class SinglePageSpider(DistrictSpider):
    """Asks for the address of its only column and goes no further."""

    site: ClassVar[Site]

    def __init__(self, name: str | None = None, *, got: list[Page | str], **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self._got = got

    async def start(self) -> AsyncIterator[Request]:
        yield Request(self.site.columns[0].url, self.keep, errback=self.note)

    def keep(self, response: Response) -> None:
        """Keep the page."""
        self._got.append(page_of(response, response_headers(response), self.site))

    def note(self, failure: Failure) -> None:
        """Keep why there is none."""
        self._got.append(str(failure.value) or type(failure.value).__name__)
