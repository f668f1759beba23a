"""The visits that archived answers to requests for files make, with no request."""

from collections.abc import Iterator
from pathlib import Path

from scrapy.http import Response

from schemas.file import FileVisit
from schemas.page import ArchivePlace
from schemas.site import Site
from schemas.visit import Kind
from spiders.archive import archive_files, iterate_archived
from spiders.attachments.answer import visit_of


def recall(site: Site, root: Path) -> Iterator[FileVisit]:
    """Every answer about a file in a site's archive, in the order they came.

    An address that redirected has several; the last is what it led to.
    """
    for file in archive_files(root, site.id):
        for archived in iterate_archived(root, file):
            origin = archived.origin
            if origin is None or origin.kind is not Kind.FILE or origin.url is None:
                continue
            response = Response(
                archived.url, status=archived.status, headers=archived.headers, body=archived.body
            )
            place = ArchivePlace(file=file, offset=archived.offset)
            yield visit_of(site, origin.url, response, archived.at, place)
