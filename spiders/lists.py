"""A list page's bytes to its rows. No network, no clock, no store."""

from collections.abc import Mapping

from schemas.site import Site
from spiders.extract.document import Document
from spiders.families import FAMILIES
from spiders.families.base import ListPage
from spiders.families.detect import detect


def read_list(
    site: Site, url: str, headers: Mapping[str, str], body: bytes
) -> tuple[ListPage, str]:
    """Read a list page by the site's family, or by the one that its markers tell.

    Args:
        site: The site.
        url: The list page's address.
        headers: Header names in lower case.
        body: The page's bytes.

    Returns:
        The page; and what to tell where the site's file names a family that finds no rows and
        the markers tell another: the site has been rebuilt.
    """
    document = Document.from_bytes(url, body, headers.get("content-type", ""))
    family = FAMILIES.get(site.family)
    if family and (page := family.read_list(document)).listings:
        return page, ""
    told = detect(url, headers, document.html).family
    if family is None:
        return FAMILIES[told or "generic"].read_list(document), ""
    if told and told != family.id:
        doubt = f"{family.id} finds no rows; read as {told}: correct the site's file"
        return FAMILIES[told].read_list(document), doubt
    return page, ""
