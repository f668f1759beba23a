"""Which address on a site may be an article's."""

from urllib.parse import urlsplit

from schemas.site import Site
from spiders.answers import is_front_page
from spiders.families.base import Family

# What no page's address ends in. Mirrors hold pictures, styles and scripts beside the pages.
_FILES = (
    ".pdf .doc .docx .xls .xlsx .ppt .pptx .zip .rar .7z .ofd .wps .txt .mp3 .mp4 .flv .swf .apk "
    ".jpg .jpeg .png .gif .bmp .ico .svg .webp .css .js .json .xml .woff .woff2 .ttf .eot"
)
_ENDINGS = tuple(_FILES.split())


def is_other_page(site: Site, family: Family, url: str) -> bool:
    """Whether an address is surely no article's: a file's, a list's, a counter's, the front page.

    Args:
        site: The site.
        family: Its family.
        url: On one of the site's hosts.
    """
    if urlsplit(url).path.lower().endswith(_ENDINGS) or family.never_request.search(url):
        return True
    return is_front_page(site, url) or any(url == column.url for column in site.columns)


def is_article_address(family: Family, url: str) -> bool:
    """Whether an address is surely an article's.

    Args:
        family: The site's family; some fix what the addresses of articles look like.
        url: Canonical.
    """
    return family.article_url is not None and family.article_url.search(url) is not None
