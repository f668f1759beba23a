"""What an answer to a request for a file is: a file, or what came in its place."""

import hashlib
from datetime import datetime

from scrapy.http import Response

from schemas.file import FileKind, FileVisit
from schemas.outcome import Outcome
from schemas.page import ArchivePlace
from schemas.site import Site
from spiders.answers import judge, response_headers
from spiders.attachments.signature import kind_of

_SUCCESS = range(200, 300)
# As far into an answer as its markup begins.
_LOOKED_AT = 4096
_TELLING = frozenset({Outcome.BLOCKED, Outcome.GONE, Outcome.MOVED, Outcome.FAILED})


def visit_of(
    site: Site, url: str, response: Response, at: datetime, place: ArchivePlace
) -> FileVisit:
    """The visit that a response makes; the same for one that was archived years ago.

    Args:
        site: The site; its limit of bytes holds.
        url: The file's address, as its article has it.
        response: The answer.
        at: When it came.
        place: Where it lies.
    """
    kind = kind_of(response.body)
    outcome, reason = _judge(site, response, kind)
    is_file = outcome is Outcome.OK
    return FileVisit(
        site=site.id,
        url=url,
        outcome=outcome,
        reason=reason,
        status=response.status,
        at=at,
        sha256=hashlib.sha256(response.body).hexdigest() if is_file else None,
        kind=kind if is_file else None,
        size=len(response.body) if is_file else None,
        archive=place if is_file else None,
    )


def _judge(site: Site, response: Response, kind: FileKind | None) -> tuple[Outcome, str]:
    """What an answer is. A page under status 200 stands in the file's place.

    Older VSB sites answer `download.jsp` with a captcha: that is a file that nobody gets, not a
    site that shuts us out.
    """
    if response.status in _SUCCESS and kind:
        limit = site.attachments.max_bytes
        if len(response.body) > limit:
            return Outcome.TOO_LARGE, f"{len(response.body):,} bytes, more than {limit:,}"
        return Outcome.OK, ""
    outcome, reason = judge(site, response, response_headers(response))
    is_notice = outcome is Outcome.BLOCKED and response.status in _SUCCESS
    if outcome in _TELLING and not (is_notice and not reason.startswith("challenge_")):
        return outcome, reason
    is_page = b"<html" in response.body[:_LOOKED_AT].lower()
    why = "a page in the file's place" if is_page else "bytes of no known kind of file"
    return Outcome.UNAVAILABLE, why
