"""Which CMS family a page comes from: several markers are scored, a thin margin is refused."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

# One strong marker, or two weak ones: checked against saved pages of every family at hand.
THRESHOLD = 10
# A page may carry another family's markup pasted into its body, so the second must stay behind.
MARGIN = 1.5
# Comments, styles and scripts that a system writes stand at the top of its page, footers and
# counters at its end. Where they name a family, the middle is not read.
_HEAD = 6_000
_TAIL = 3_000
# An article's container opens, and a list's pager closes, within this much of the two ends; a
# test takes 0.25 µs a thousand characters, and there are pages of several megabytes.
_BODY_HEAD = 24_000
_BODY_TAIL = 8_000
# A sign this weak is looked for only where a stronger one already points to its family.
_WEAK = 6


@dataclass(frozen=True, slots=True)
class Marker:
    """One sign of a family: a piece of text to look for, and a pattern to be sure."""

    family: str
    weight: int
    text: str
    pattern: re.Pattern[str] | None = None

    def is_in(self, html: str) -> bool:
        """Whether the sign is there; a substring test is twenty times as fast as a pattern's."""
        return self.text in html and (self.pattern is None or bool(self.pattern.search(html)))


@dataclass(frozen=True, slots=True)
class Score:
    """What speaks for one family."""

    family: str
    points: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Detection:
    """The family found, or none where the evidence is thin; the best two with their reasons."""

    family: str | None
    scores: tuple[Score, ...]


_HEADERS = (
    ("vsb", 8, "server", re.compile(r"VWebServer|VAppServer|China Webber")),
    ("vsb", 8, "x-protected-by", re.compile(r"WebberRASP")),
    ("epoint", 10, "server", re.compile(r"epoint-httpserver", re.IGNORECASE)),
)
_EDGES = (
    Marker("vsb", 10, "Announced by Visual SiteBuilder"),
    Marker("vsb", 8, "_sitegray/_sitegray"),
    Marker("vsb", 10, "CustomerNO:77656262657232"),
    Marker("vsb", 9, "_jsq_(", re.compile(r"_jsq_\(\s*\d+\s*,\s*'[^']*'\s*,\s*-?\d+\s*,\s*\d+")),
    Marker("vsb", 6, "/system/resource/"),
    Marker("vsb", 6, ".vsb.css"),
    Marker("ucap", 10, "template,templategroup,version"),
    Marker("hanweb", 5, "Maketime"),
    Marker("nfcms", 10, "NFCMS_"),
    Marker("gkmlpt", 6, "window._CONFIG"),
    Marker("dedecms", 8, "/include/dedeajax2.js"),
    Marker("dedecms", 9, "/style/dedecms.css"),
    Marker("dedecms", 5, "/templets/"),
    Marker("dedecms", 9, "DedeC", re.compile(r"[Pp]ower(?:ed)? by\s*(?:<[^>]+>\s*)*DedeC[Mm][Ss]")),
    Marker("phpcms", 7, "/statics/js/"),
    Marker("empirecms", 6, "/e/data/js/"),
    Marker("empirecms", 9, "EmpireCMS", re.compile(r"Powered by\s*(?:<[^>]+>\s*)*EmpireCMS")),
    Marker("jeecms", 8, "/r/cms/"),
    Marker("webplus", 6, "/_css/_system/"),
    Marker("webplus", 8, "/_visitcount"),
)
_MIDDLE = (
    Marker("vsb", 7, 'id="vsb_', re.compile(r'id="vsb_(?:news)?content')),
    Marker("vsb", 6, "_newscontent_fromname"),
    Marker("trs", 8, "TRS_Editor"),
    Marker("trs", 8, "TRS_UEDITOR"),
    Marker("trs", 7, "CurrChnlCls"),
    Marker("trs", 8, "createPageHTML", re.compile(r"createPageHTML\(\s*\d+\s*,\s*\d+\s*,")),
    Marker("trs", 5, "/t20", re.compile(r"/t20\d{6}_\d+\.s?html?\b")),
    Marker(
        "ucap",
        10,
        "createPageHTML",
        re.compile(r"createPageHTML\(\s*['\"][A-Za-z_]+['\"]\s*,\s*\d"),
    ),
    Marker("ucap", 10, "UCAPCONTENT"),
    Marker("ucap", 10, "UCAP-CONTENT"),
    Marker("hanweb", 10, "/dataproxy.jsp"),
    Marker("hanweb", 6, "<datastore>"),
    Marker("hanweb", 10, "/jpaas-publish-server/"),
    Marker("hanweb", 9, "信息内容]>begin"),
    Marker("hanweb", 4, "/col/col"),
    Marker("nfcms", 5, "/content/post_"),
    Marker("lonsun", 9, "Ls.pagination"),
    Marker("lonsun", 6, "j-fontContent"),
    Marker("lonsun", 5, "/content/column/"),
    Marker("dedecms", 7, "/plus/count.php"),
    Marker("dedecms", 6, "/plus/", re.compile(r"/plus/(?:list|view|search|feedback)\.php")),
    Marker("dedecms", 5, "/uploads/allimg/"),
    Marker(
        "dedecms", 6, "pageinfo", re.compile(r"pageinfo[\"']>\s*共\s*<strong>\d+</strong>\s*页")
    ),
    Marker("phpcms", 8, "api.php?op=count"),
    Marker("empirecms", 8, "/e/public/ViewClick"),
    Marker("empirecms", 6, "/e/action/ListInfo"),
    Marker("webplus", 8, "wp_articlecontent"),
    Marker("webplus", 6, "sudyfile-attr"),
)
# The lowest weights: `/2018/0125/123.html` is an address of three families.
_ADDRESSES = (
    ("vsb", 5, re.compile(r"/info/(?:\d+/\d+|egovinfo/.+)\.htm$|urltype=(?:news|tree|egovinfo)\.")),
    ("trs", 7, re.compile(r"/t\d{8}_\d+(?:_ext)?\.s?html?$")),
    ("hanweb", 7, re.compile(r"/col/col\d+/|/art/\d{4}/(?:\d{1,2}/\d{1,2}/)?art_")),
    # An interface answers nobody else.
    ("hanweb", 10, re.compile(r"page/dataproxy\.jsp|/jpaas-publish-server/")),
    ("ucap", 6, re.compile(r"/c\d{4,7}/(?:\d{6}/[0-9a-f]{32}|c\d+/content|\w*list)\.s?html?$")),
    ("nfcms", 7, re.compile(r"/content/m?post_\d+\.html$")),
    ("gkmlpt", 10, re.compile(r"/gkmlpt/")),
    ("lonsun", 7, re.compile(r"/(?:public|content)/column/\d+|/News/show(?:List)?/\d+")),
    ("lonsun", 5, re.compile(r"/content/article/\d+|/public/\d+/\d+\.html$")),
    (
        "epoint",
        7,
        re.compile(
            r"/\d{3}/\d{6}/(?:\d{9}/)?(?:subpage|moreinfo|about|\d{8}/[0-9a-f-]{36})\.html$"
        ),
    ),
    (
        "dedecms",
        3,
        re.compile(
            r"/list_\d+_\d+\.html$|/\d{4}/\d{4}/\d+(?:_\d+)?\.html$|/plus/(?:list|view)\.php"
        ),
    ),
    ("phpcms", 6, re.compile(r"/(?:list-\d+|show-\d+-\d+)-\d+\.html$|[?&]m=content&c=index")),
    ("phpcms", 2, re.compile(r"/\d{4}/\d{4}/\d+\.html$")),
    ("empirecms", 3, re.compile(r"/\d{4}-\d{2}-\d{2}/\d+(?:_\d+)?\.html$|/e/action/")),
    ("jeecms", 7, re.compile(r"\.jhtml(?:$|\?)")),
    ("webplus", 8, re.compile(r"/c\d+a\d+/page\.(?:htm|psp)$")),
)


def detect(url: str, headers: Mapping[str, str], html: str) -> Detection:
    """Score every family's markers on one page.

    `headers` has lower-case names. Under `THRESHOLD` points, or with a second family closer than
    `MARGIN`, none is named: the caller falls back to the generic reader.
    """
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for family, weight, name, pattern in _HEADERS:
        if name in headers and pattern.search(headers[name]):
            found[family].append((weight, f"{name}: {headers[name]}"))
    for family, weight, pattern in _ADDRESSES:
        if match := pattern.search(url):
            found[family].append((weight, f"address {match[0]}"))
    _look(_EDGES, html if len(html) < _HEAD + _TAIL else html[:_HEAD] + html[-_TAIL:], found)
    scores = _rank(found)
    if _decide(scores) is None:
        _look(_MIDDLE, f"{html[:_BODY_HEAD]}{html[_BODY_HEAD:][-_BODY_TAIL:]}", found)
        scores = _rank(found)
    return Detection(_decide(scores), tuple(scores[:2]))


def _look(markers: tuple[Marker, ...], html: str, found: dict[str, list[tuple[int, str]]]) -> None:
    for marker in markers:
        if marker.weight <= _WEAK and markers is _MIDDLE and marker.family not in found:
            continue
        if marker.is_in(html):
            found[marker.family].append((marker.weight, marker.text))


def _rank(found: dict[str, list[tuple[int, str]]]) -> list[Score]:
    scores = [
        Score(family, sum(weight for weight, _ in signs), tuple(reason for _, reason in signs))
        for family, signs in found.items()
    ]
    return sorted(scores, key=lambda score: -score.points)


def _decide(scores: list[Score]) -> str | None:
    if not scores or scores[0].points < THRESHOLD:
        return None
    if len(scores) > 1 and scores[0].points < MARGIN * scores[1].points:
        return None
    return scores[0].family
