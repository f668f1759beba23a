"""What an answer is: its outcome by status, headers and first look; its validators."""

from urllib.parse import urljoin, urlsplit

from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Response

from schemas.outcome import Outcome
from schemas.page import Listing, Page, Validators
from schemas.site import Site
from spiders.archive import FETCHED_AT, PLACE
from spiders.not_a_page import recognise

_REDIRECTS = range(300, 400)
_NOT_MODIFIED = 304
_ERRORS = range(400, 600)
_FRONT_PAGES = frozenset(
    {"", "/"}
    | {f"/index.{ending}" for ending in ("htm", "html", "shtml", "jsp", "php", "asp", "aspx")}
)


def judge(site: Site, response: Response, headers: dict[str, str]) -> tuple[Outcome, str]:
    """What an answer is, and why where the outcome alone does not say it.

    Args:
        site: The site that was asked.
        response: The answer.
        headers: What `response_headers` says of it.
    """
    if response.status == _NOT_MODIFIED:
        return Outcome.UNCHANGED, "not modified"
    if response.status in _REDIRECTS:
        target = urljoin(response.url, headers.get("location", ""))
        outcome = Outcome.GONE if is_front_page(site, target) else Outcome.MOVED
        return outcome, f"redirects to {target}"
    if found := recognise(response.status, headers, response.body):
        return found.outcome, found.reason
    if response.status in _ERRORS:
        return Outcome.FAILED, f"HTTP {response.status}"
    return Outcome.OK, ""


def judge_failure(error: BaseException | None) -> tuple[Outcome, str]:
    """What it is that no answer came."""
    if isinstance(error, DownloadCancelledError):
        return Outcome.TOO_LARGE, str(error)
    if isinstance(error, IgnoreRequest) and "DOWNLOAD_MAXSIZE" in str(error):
        return Outcome.TOO_LARGE, "more bytes, once unpacked, than the limit allows"
    if isinstance(error, IgnoreRequest) and "robots.txt" in str(error):
        return Outcome.DISALLOWED, "robots.txt says no"
    return Outcome.FAILED, f"{type(error).__name__}: {error}"


def is_front_page(site: Site, url: str) -> bool:
    """Whether `url` is where the site begins."""
    parts = urlsplit(url)
    if parts.hostname not in site.all_hosts or parts.query:
        return False
    return parts.path in _FRONT_PAGES or url == site.url


def response_headers(response: Response) -> dict[str, str]:
    """The headers by lower-case name; several of one name joined by commas (RFC 9110 §5.3)."""
    return {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }


def page_of(
    response: Response,
    headers: dict[str, str],
    site: Site,
    *,
    column: str | None = None,
    listing: Listing | None = None,
) -> Page:
    """The answer as a page of `site`, once it is archived."""
    return Page(
        url=response.url,
        status=response.status,
        headers=headers,
        body=response.body,
        fetched_at=response.meta[FETCHED_AT],
        site=site.id,
        column=column,
        listing=listing,
        archive=response.meta[PLACE],
    )


def validators(response: Response) -> Validators:
    """What lets the server answer "unchanged" next time."""
    return Validators(
        etag=_header(response, "ETag"), last_modified=_header(response, "Last-Modified")
    )


def _header(response: Response, name: str) -> str | None:
    values = response.headers.getlist(name)
    return b", ".join(values).decode("latin-1") if values else None


def conditional(known: Validators) -> dict[str, str]:
    """The headers that let a server answer 304."""
    headers = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in headers.items() if value}
