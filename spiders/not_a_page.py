"""Responses that are no page to read: challenges, block pages, soft 404s, stubs, script shells.

Looked at on every response, so it is cheap: most pages are let through by their size and status.
A page with prose on it is never called blocked.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from schemas.outcome import Outcome
from spiders.extract.charset import decode


class NotAPage(NamedTuple):
    """What a response turned out to be instead of a page."""

    outcome: Outcome
    reason: str
    """A short code, the same for the same cause."""


# Statuses that shields answer with a challenge: 412 瑞数, 521 and 512 加速乐, 468 a city's WAF.
_CHALLENGES = {
    412: "challenge_412",
    468: "challenge_468",
    512: "challenge_512",
    521: "challenge_521",
}
_GONE = frozenset({404, 410})
_REFUSED = {401: "login_required", 403: "forbidden", 429: "too_many_requests", 451: "forbidden"}
_SERVER_ERROR = 500
# What a response is looked at; a challenge says who it is in its first kilobytes.
_LOOKED_AT = 64_000
# Fewer bytes than this hold no article: stubs of 3, 13 and 54 bytes are known, and error pages
# of 300 to 600.
_STUB = 200
# Prose of this many characters beyond ASCII makes a page, whatever else is on it.
_PROSE = 200
# The longest notice of a shield or of a missing page.
_NOTICE = 120
# A shell that a script will fill shows at most a title and a word of patience.
_SHELL = 60
# Title and caption of the shortest picture story.
_CAPTION = 20
_FILES = (
    b"%PDF",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"Rar!",
    b"RIFF",
)
_HTML_TYPES = ("html", "xml", "text/plain", "json", "octet-stream", "javascript")
_CHALLENGE = (
    (
        re.compile(r"\$_ts\s*=\s*window\[|\$_ts\.cd\s*=|<meta[^>]{1,200}\br=['\"]m['\"]"),
        "challenge_ruishu",
    ),
    (re.compile(r"__jsl_clearance|document\.cookie\s*=\s*\(?['\"]_"), "challenge_jsl"),
    (
        re.compile(r"C3VK|acw_sc__v2|__tst_status|_guard/|slider-captcha|aliyun_waf"),
        "challenge_cookie",
    ),
)
# What shields say. In a text it counts only where the text is no longer than a notice.
_BLOCKED = re.compile(
    r"访问禁止|禁止访问|访问被拒绝|拒绝访问|访问(?:已?被)?(?:拦截|阻断)|请求已?被拦截"
    r"|您的访问.{0,12}(?:阻断|拦截|拒绝|限制)|请求.{0,10}(?:存在威胁|不合法|非法|异常)|攻击行为"
    r"|安全威胁|Web应用防火墙|网站防火墙|(?:访问|操作)过于频繁|安全验证|人机验证|请输入验证码"
    r"|滑动.{0,6}验证|Access Denied|Request (?:Rejected|Blocked)|WebberRASP|Forbidden",
    re.IGNORECASE,
)
_BLOCKED_TITLE = re.compile(
    r"^\W*(?:访问禁止|禁止访问|访问被拒绝|拒绝访问|访问(?:被)?拦截|安全验证|人机验证|网站防火墙"
    r"|WAF.{0,10}|Access Denied|403 Forbidden|Request Rejected)\W*$",
    re.IGNORECASE,
)
_GONE_TITLE = re.compile(
    r"^\W*(?:40[34]\b.{0,20}|(?:错误|出错)?(?:提示|页面|信息)?\W*40[34].{0,12}"
    r"|.{0,12}(?:页面|网页|文件|文章|内容|信息)(?:不存在|未找到|找不到|已(?:被)?删除).{0,12}"
    r"|(?:您|你)?(?:所|要)?访问的.{0,12}(?:不存在|未找到|已删除)"
    r"|找不到(?:页面|网页|该页|文件).{0,10}|无法找到.{0,10}|.{0,10}Not Found"
    r"|页面(?:丢失|走丢).{0,10}|出错(?:了|啦).{0,6})\W*$",
    re.IGNORECASE,
)
_GONE_TEXT = re.compile(
    r"(?:页面|网页|文件|文章|内容|信息|栏目|资源).{0,8}"
    r"(?:不存在|未找到|找不到|已(?:被)?删除|已下线|走丢|丢失)"
    r"|(?:找不到|未找到|无法找到).{0,10}(?:页面|网页|文件|内容)|404\s*(?:错误|Not Found|error)",
    re.IGNORECASE,
)
_LOGIN = re.compile(r"type\s*=\s*[\"']?password", re.IGNORECASE)
_LOGIN_TITLE = re.compile(r"登录|登陆|统一身份认证|Login", re.IGNORECASE)
_ROOT = re.compile(
    r"<(?:div|app)[^>]{0,80}\bid\s*=\s*[\"']?(?:app|root|__next|__nuxt|main-app)\b", re.IGNORECASE
)
_TITLE = re.compile(rb"<title[^>]{0,100}>([^<]{0,300})", re.IGNORECASE)
_ARTICLE = re.compile(
    rb"<meta[^>]{0,40}ArticleTitle[\"']?[^>]{0,20}content=[\"']?[^\"'>]", re.IGNORECASE
)
_HAN = re.compile("[\u3400-\u9fff]+")
# 「。」 in UTF-8 and in GB 18030. A page with this many sentences needs no closer look; the
# longest notice of a shield has five.
_FULL_STOPS = (b"\xe3\x80\x82", b"\xa1\xa3")
_SENTENCES = 8
_TAG = re.compile(r"<[^<>]*>")
_SCRIPT = re.compile("<script", re.IGNORECASE)
# Where what nobody sees begins and ends.
_UNSEEN = (
    (re.compile("<!--"), re.compile("-->")),
    (_SCRIPT, re.compile("</script", re.IGNORECASE)),
    (re.compile("<style", re.IGNORECASE), re.compile("</style", re.IGNORECASE)),
)
# Sends the visitor on: a shell whose target the reader looks for.
_SENDS_ON = re.compile(
    r"getNewsLinkUrl|http-equiv\s*=\s*[\"']?refresh|location(?:\.href)?\s*=|location\.replace\(",
    re.IGNORECASE,
)


_TITLES = (
    (_GONE_TITLE, NotAPage(Outcome.GONE, "soft_404")),
    (_BLOCKED_TITLE, NotAPage(Outcome.BLOCKED, "block_page")),
)


def recognise(status: int, headers: Mapping[str, str], body: bytes) -> NotAPage | None:
    """What the response is instead of a page; none where it may be read.

    Args:
        status: The HTTP status; 200 for a saved page.
        headers: Header names in lower case.
        body: The body's bytes.
    """
    if status in _CHALLENGES:
        return NotAPage(Outcome.BLOCKED, _CHALLENGES[status])
    if status in _GONE:
        return NotAPage(Outcome.GONE, f"http_{status}")
    if status in _REFUSED:
        return NotAPage(Outcome.BLOCKED, _REFUSED[status])
    if status >= _SERVER_ERROR:
        return NotAPage(Outcome.FAILED, f"http_{status}")
    if body.startswith(_FILES):
        return NotAPage(Outcome.NOT_HTML, "a_file")
    content_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type.startswith("image/") or (
        content_type and not any(kind in content_type for kind in _HTML_TYPES)
    ):
        return NotAPage(Outcome.NOT_HTML, "not_html")
    if len(body) < _STUB and not body.strip(b"\xef\xbb\xbf \t\r\n\0"):
        return NotAPage(Outcome.EMPTY, "empty_body")
    return _by_content(headers, body)


def _by_content(headers: Mapping[str, str], body: bytes) -> NotAPage | None:
    """What the markup shows the page to be."""
    head = body[:_LOOKED_AT]
    title = _title(head)
    for pattern, not_a_page in _TITLES:
        if pattern.match(title) and not _ARTICLE.search(head):
            return not_a_page
    if len(body) > _LOOKED_AT or _has_prose(body):
        return None
    if _ARTICLE.search(head):
        return None
    html = decode(head, headers.get("content-type", "")).text
    text = _visible(html)
    prose = sum(map(len, _HAN.findall(text)))
    if prose >= _PROSE:
        return None
    if found := _shield(html, title, text, prose):
        return found
    if _SENDS_ON.search(html):
        return None
    if prose < _SHELL and _SCRIPT.search(html) and _ROOT.search(html):
        return NotAPage(Outcome.EMPTY, "javascript_shell")
    if len(body) < _STUB and prose < _CAPTION:
        return NotAPage(Outcome.EMPTY, "stub")
    return None


def _has_prose(body: bytes) -> bool:
    """Whether the page has so many sentences that it is no notice."""
    return any(len(body.split(stop, _SENTENCES)) > _SENTENCES for stop in _FULL_STOPS)


def _shield(html: str, title: str, text: str, prose: int) -> NotAPage | None:
    """What a page with little text says in the article's place."""
    for pattern, reason in _CHALLENGE:
        if pattern.search(html):
            return NotAPage(Outcome.BLOCKED, reason)
    notice = f"{title} {text}" if prose < _NOTICE else title
    if _BLOCKED.search(notice):
        return NotAPage(Outcome.BLOCKED, "block_page")
    if _GONE_TEXT.search(notice):
        return NotAPage(Outcome.GONE, "soft_404")
    if _LOGIN.search(html) and _LOGIN_TITLE.search(notice):
        return NotAPage(Outcome.BLOCKED, "login_page")
    return None


def _title(head: bytes) -> str:
    start = head.find(b"<title")
    if start < 0:
        start = head.find(b"<TITLE")
    match = _TITLE.match(head, start) if start >= 0 else None
    if not match:
        return ""
    try:
        return match[1].decode("utf-8").strip()
    except UnicodeDecodeError:
        return match[1].decode("gb18030", "replace").strip()


def _visible(html: str) -> str:
    """The text that a reader sees, roughly: tags, scripts, styles and comments gone."""
    for begin, end in _UNSEEN:
        html = _without(html, begin, end)
    return _TAG.sub(" ", html)


def _without(html: str, begin: re.Pattern[str], end: re.Pattern[str]) -> str:
    """The markup less everything from each `begin` to the next `end`; linear in its length."""
    kept: list[str] = []
    position = 0
    while start := begin.search(html, position):
        kept.append(html[position : start.start()])
        stop = end.search(html, start.start())
        if stop is None:
            return "".join(kept)
        position = stop.end()
    kept.append(html[position:])
    return "".join(kept)
