"""Files that a page offers: links by extension or by the system's download address, PDF frames."""

import re
from collections.abc import Mapping
from itertools import islice
from urllib.parse import parse_qs, unquote, urlsplit

from selectolax.lexbor import LexborNode

from spiders.extract.document import Document
from spiders.extract.links import absolute
from spiders.extract.text import one_line

_EXTENSION = r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|dps|ofd|ceb|caj|zip|rar|7z|txt|csv|rtf)"
_FILE = re.compile(rf"{_EXTENSION}(?:$|[?#&\s])", re.IGNORECASE)
# Addresses that hand out files without an extension of their own.
_DOWNLOAD = re.compile(
    r"/system/_content/download\.jsp|DownloadAttachUrl|/module/download/downfile\.jsp"
    r"|/(?:plus/)?download\.php\?(?:.*&)?(?:id|aid|open)=|[?&](?:wbfileid|fileid|attachid|attachguid|attachmentid)="
    r"|/attach(?:ment)?/download|/download/file|virtual_attach_file\.vsb\?.*e=\.(?:pdf|docx?|xlsx?|zip|rar)",
    re.IGNORECASE,
)
# A script that opens or fetches the file whose address it is given.
_QUOTED = re.compile(r"[\"']((?:https?:)?/[^\"'\s]{3,300}|[^\"'\s:]{3,300}\.\w{2,4})[\"']")
# What ends so is a page, whatever the link is called: most of a page's links. Passing them over
# here takes a tenth of the time that a look at each would.
_PAGES = ("/", "#", ".html", ".htm", ".shtml", ".jhtml")
_CANDIDATES = (
    "a[href]"
    + "".join(f":not([href$='{end}'])" for end in _PAGES)
    + ", a[onclick], [pdfsrc], iframe[src], embed[src], object[data]"
)
# No address of `_DOWNLOAD` is without one of these; the longer pattern costs ten times as much.
_MAY_DOWNLOAD = ("own", "ttach", "fileid")
_PDF_CALL_NAME = "showVsbpdfIframe"
# A page of 5,000 links is a directory, and what files it has stand among the first.
_LOOKED_AT = 5_000
# The longest list of files seen has some sixty.
_MOST = 500
_PDF_CALL = re.compile(r"showVsbpdfIframe\(\s*[\"']([^\"']{1,500})[\"']")
_VIEWER_FILE = re.compile(r"[?&]file=([^&#\"']{1,500})", re.IGNORECASE)
# Frames of the page whose files belong to every page: guides, certificates, applications.
_SITE_FRAME = re.compile(
    r"(?:^|[\s_-])(?:foot\w*|footer|header|nav\w*|menu|copyright|friendlink|bottom|topbar|side\w*|hot\w*|rank\w*|recommend\w*|tuijian)(?:$|[\s_-])",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?:附件\d*|(?:点击|点此|请)?(?:下载|查看|打开)(?:附件|文件|全文|原文|图片版|文字版|PDF版?|Word版?)?"
    r"|(?:附件|文件|全文|原文|PDF|Word)(?:下载|版))[:：]?$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^附件\d+")
# The page's own text in another format: no file beside it.
# What is said around a file's name.
_SAYS_LINK = re.compile(
    r"^(?:请?点击|点此|请)(?:此处)?(?:下载|查看|打开|预览)(?:附件)?[:：]\s*"
    r"|\s*[（(\[【](?:请?点击)?(?:此处)?(?:下载|查看|预览|打开)[）)\]】]$"
)
_ENDS_AS_FILE = re.compile(rf"{_EXTENSION}[）)\]】》”]?$", re.IGNORECASE)
_COPY = re.compile(r"^下载(?:图片|文字|PDF|Word|OFD|打印|网页)版$", re.IGNORECASE)
_LONGEST_NAME = 300


def read_attachments(
    document: Document, base: str, body: tuple[LexborNode, ...]
) -> tuple[dict[str, str], ...]:
    """The page's files as `url` and `name`, in page order, each once."""
    found: dict[str, str] = {}
    inside = {node.mem_id for node in body}
    for node in document.tree.css(_CANDIDATES)[:_LOOKED_AT]:
        if len(found) == _MOST:
            break
        attributes = node.attributes
        if node.tag != "a":
            source = attributes.get("pdfsrc") or attributes.get("src") or attributes.get("data")
            _keep(found, _embedded(source or "", base), "")
            continue
        href = _address(attributes)
        text = one_line(node.text())
        if not (_is_file(href) or "sudyfile-attr" in attributes or _is_named(text, attributes)):
            continue
        url = absolute(base, href.replace("\n", "").replace("\r", ""))
        if url and not _COPY.match(text) and _belongs(node, inside):
            _keep(found, url, _name(text, attributes))
    if _PDF_CALL_NAME in document.html:
        for call in islice(_PDF_CALL.finditer(document.html), _MOST):
            _keep(found, absolute(base, call[1]), "")
    return tuple({"url": url, "name": name or _file_name(url)} for url, name in found.items())


def _address(attributes: Mapping[str, str | None]) -> str:
    """Where a link leads, by itself or by a script that is given the address."""
    href = attributes.get("href") or ""
    if href.strip(" #") and not href.lstrip().lower().startswith("javascript:"):
        return href
    quoted = _QUOTED.search(f"{href} {attributes.get('onclick') or ''}")
    return quoted[1] if quoted else ""


def _is_named(text: str, attributes: Mapping[str, str | None]) -> bool:
    """Whether the link's text or title is a file's name, wherever it leads."""
    names = (text, attributes.get("title"), attributes.get("download"))
    return any("." in name and _ENDS_AS_FILE.search(name) for name in names if name)


def _is_file(href: str) -> bool:
    if _FILE.search(href):
        return True
    return any(word in href for word in _MAY_DOWNLOAD) and _DOWNLOAD.search(href) is not None


def _embedded(source: str, base: str) -> str | None:
    """The file that a frame shows, itself or through a viewer."""
    if viewer := _VIEWER_FILE.search(source):
        source = unquote(viewer[1])
    return absolute(base, source) if _FILE.search(source) else None


def _name(text: str, attributes: Mapping[str, str | None]) -> str:
    """The link's text; its title where the text says only that there is a file."""
    for name in (text, attributes.get("title"), attributes.get("download")):
        line = _SAYS_LINK.sub("", one_line(name or ""))
        if line and len(line) <= _LONGEST_NAME and not _LABEL.match(line):
            return line
    # 「附件2」 says at least which one; 「下载」 says less than the file's own name.
    return text if _NUMBERED.match(text) else ""


def _keep(found: dict[str, str], url: str | None, name: str) -> None:
    """Once each, under the first name that says something."""
    if url and not found.get(url):
        found[url] = name


def _belongs(link: LexborNode, body: set[int]) -> bool:
    """Whether the link is the article's: in its body, or in no frame of the site."""
    node = link.parent
    while node is not None:
        if node.mem_id in body:
            return True
        if node.tag in {"header", "footer", "nav", "aside"}:
            return False
        attributes = node.attributes
        if _SITE_FRAME.search(f"{attributes.get('class') or ''} {attributes.get('id') or ''}"):
            return False
        node = node.parent
    return True


def _file_name(url: str) -> str:
    """The file's own name, where the link has none."""
    parts = urlsplit(url)
    for values in parse_qs(parts.query).values():
        if _FILE.search(values[0]):
            return unquote(values[0].rsplit("/", 1)[-1])
    return unquote(parts.path.rsplit("/", 1)[-1]) or url
