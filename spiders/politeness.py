"""What keeps a crawl polite: robots.txt in full, retries that wait, redirects that stay at home."""

import asyncio
from email.utils import parsedate_to_datetime
from typing import cast
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.http import Response
from scrapy.settings import BaseSettings

from spiders.answers import is_front_page
from spiders.archive import ArchiveError
from spiders.district import DistrictSpider
from spiders.identity import canonical_url
from spiders.replay import NotInReplayError

_SERVER_ERROR = 500
_CLIENT_ERROR = 400
_DISALLOW_ALL = b"User-agent: *\nDisallow: /"
# An hour's pause is for the next run to keep, not for this one.
_LONGEST_RETRY_AFTER = 120.0
_CONDITIONS = ("If-None-Match", "If-Modified-Since")


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's, with RFC 9309 §2.3.1 in full: 4xx allows, 5xx and silence disallow."""

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= _SERVER_ERROR:
            response = response.replace(body=_DISALLOW_ALL)
        elif response.status >= _CLIENT_ERROR:
            response = response.replace(body=b"")
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        super()._robots_error(exc, netloc)
        if not isinstance(exc, NotInReplayError | ArchiveError):
            self._parsers[netloc] = self._parserimpl.from_crawler(self.crawler, _DISALLOW_ALL)


class BackoffRetryMiddleware(RetryMiddleware):
    """Scrapy's, waiting longer before each retry, and as long as Retry-After asks."""

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self._backoff = [float(seconds) for seconds in settings.getlist("RETRY_BACKOFF")]

    async def process_response(  # type: ignore[override]  # Scrapy awaits either
        self, request: Request, response: Response
    ) -> Request | Response:
        result = super().process_response(request, response)
        if isinstance(result, Request):
            await self._wait(result, response.headers.get("Retry-After"))
        return result

    async def process_exception(  # type: ignore[override]  # Scrapy awaits either
        self, request: Request, exception: Exception
    ) -> Request | Response | None:
        result = super().process_exception(request, exception)
        if isinstance(result, Request):
            await self._wait(result, None)
        return result

    async def _wait(self, retry: Request, retry_after: bytes | None) -> None:
        times = cast("int", retry.meta["retry_times"])
        pause = self._backoff[min(times, len(self._backoff)) - 1]
        if pause and retry_after:
            pause = max(pause, min(self._seconds(retry_after.decode()), _LONGEST_RETRY_AFTER))
        await asyncio.sleep(pause)

    def _seconds(self, retry_after: str) -> float:
        """Retry-After in seconds, of either form (RFC 9110 §10.2.3); 0 where it is neither."""
        if retry_after.strip().isdigit():
            return float(retry_after)
        spider = self.crawler.spider
        assert isinstance(spider, DistrictSpider)  # noqa: S101
        try:
            until = parsedate_to_datetime(retry_after)
            return max(0.0, (until - spider.clock.now()).total_seconds())
        except (ValueError, TypeError):
            return 0.0


class OnSiteRedirectMiddleware(RedirectMiddleware):
    """Scrapy's, but a redirect away from the site or to its front page ends where it is.

    Both mean that the article is not there any more; the spider turns the answer into an outcome.
    """

    def process_response(  # type: ignore[override]  # the third argument is deprecated
        self, request: Request, response: Response
    ) -> Request | Response:
        location = response.headers.get("Location")
        if location is None:
            return response
        target = urljoin(response.url, location.decode("latin-1"))
        spider = self.crawler.spider
        assert isinstance(spider, DistrictSpider)  # noqa: S101
        site = spider.site
        on_site = urlsplit(target).hostname in site.all_hosts
        if not on_site or (is_front_page(site, target) and request.url != site.url):
            return response
        result = super().process_response(request, response)
        if isinstance(result, Request) and canonical_url(site, target) != canonical_url(
            site, request.url
        ):
            # Validators are of one address; another's page may be older and say "not modified".
            for name in _CONDITIONS:
                result.headers.pop(name, None)
        return result
