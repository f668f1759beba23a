"""The article's title: told by the page's head and its headings together."""

import re
from html import unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from spiders.extract.document import Document
from spiders.extract.draft import Draft
from spiders.extract.labels import BREAK
from spiders.extract.text import one_line, squeezed

# The national tag, then what other standards call it.
_METAS = ("articletitle", "og:title", "title", "twitter:title")
_TAGGED = "h1, h2, h3"
_HEADINGS = (
    f"{_TAGGED}, [class*=Title], [class*=tit], [id*=title], [id*=Title], "
    "[class*=biaoti], [class*=headline], .bt"
)
# Sites part a title from their name with one of these.
_SEPARATORS = re.compile(r"\s*(?:[_|｜－]|—{1,2}|–|-{1,3}|>>|<<|·)\s*")
_ELLIPSIS = re.compile(r"(?:\.{2,}|…+|。{2,})$")
_PARTS = tuple(" _|｜－—–->·")
_EDGES = " _|｜－—–-><·"
# Tails that name a site or a column rather than belong to a title.
_SITE_WORDS = re.compile(
    r"(?:网|网站|门户|政府|人民政府|新闻|频道|中心|首页|委员会|大学|学院|局|部|厅|日报|晚报|在线|网页|正文|详情页?|内容页?|资讯|动态|要闻|通知公告)$"
)
# What a <title> says where a template names the site or the column in place of the article.
_SITE_NAME = re.compile(
    r"^.{0,16}(?:人民政府|政府网站?|门户网站?|政务网|信息网|新闻网|信息公开网?|公开平台)$"
)
_COLUMN_NAMES = (
    "通知公告 公示公告 公告公示 政务公告 信息公开 政府信息公开 政务公开 政策文件 政策法规 政策解读 "
    "新闻中心 新闻动态 工作动态 政务动态 政务要闻 今日要闻 要闻动态 图片新闻 部门动态 乡镇动态 "
    "镇街动态 详情 详情页 详细信息 正文 内容 内容页 文章 文章内容 文章页 信息详情 新闻详情 首页 "
    "无标题文档"
)
_COLUMNS = frozenset(_COLUMN_NAMES.split())
# Where titles stand on pages whose <title> does not tell them, the surest first.
_TITLED = (
    "[class*=title], [class*=Title], [class*=tit], [id*=title], [class*=biaoti], "
    "[class*=headline], .bt"
)
_CENTRED = (
    "[align=center] strong, [align=center] b, [style*='text-align:center'] strong, "
    "[style*='text-align: center'] strong, font[size='5'], font[size='6'], center"
)
_PLACES = ("h1", _TITLED, _CENTRED, "h2, h3")
_FRAMED = re.compile(r"【([^【】]+)】")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
# What only the line under a title says.
_GOES_ON = re.compile(r"[:：]|(?:19|20)\d\d[-/.年]\d")
# A column has a shorter name.
_SURE_TITLE = 8
_SHORTEST_NAME = 2
_SHORTEST_TITLE = 4
_LONGEST_TITLE = 200
_LONGEST_SITE_NAME = 30
_LONGEST_SUBTITLE = 80
_DASHES = "—–-－―─"
# One dash begins a line of a list.
_DASHED = 2
# Title, column and site together.
_LONGEST_HEAD = 600


def read_title(document: Document, draft: Draft, selector: str, family: str) -> None:
    """Put the title, told by the national tag, the family's place for it, headings, <title>."""
    tree = document.tree
    metas = document.metas
    head = one_line(_text(tree.css_first("title"))[:_LONGEST_HEAD])
    bare = _without_site(head, metas.get("sitename", ""), metas.get("columnname", ""))
    if framed := _FRAMED.fullmatch(bare):
        bare = framed[1]
    national = one_line(_TAG.sub(" ", unescape(metas.get("articletitle", ""))))
    if national in {metas.get("sitename"), metas.get("columnname")}:
        national = ""
    if national and not _ELLIPSIS.search(national):
        draft.put("title", national, "meta:ArticleTitle")
        return
    if selector and (placed := _placed(tree, selector)):
        draft.put("title", placed, f"family:{family}")
        return
    known = national or bare
    if not national and _names_no_article(bare, metas):
        draft.put("title", likely_title(tree, metas), "heading")
    heading = _confirmed_heading(tree, _without_ellipsis(known), head)
    if heading:
        draft.put("title", heading, "heading")
    draft.put("title", _without_ellipsis(national), "meta:ArticleTitle")
    social = _without_site(one_line(metas.get("og:title", "")), metas.get("og:site_name", ""), "")
    # An application's pages may all have its name in <title>.
    if not _ELLIPSIS.search(social) and (
        squeezed(social) in squeezed(head) or _confirmed_heading(tree, social, "")
    ):
        draft.put("title", social, "meta:og:title")
    draft.put("title", _without_ellipsis(bare), "title")
    draft.put("title", _placed(tree, "h1, h2"), "heading")


def _placed(tree: LexborHTMLParser, selector: str) -> str | None:
    """The first text of a title's length where the selector says that titles stand."""
    for node in tree.css(selector):
        text = one_line(_text(node))
        if _SHORTEST_TITLE <= len(text) <= _LONGEST_TITLE:
            return text
    return None


def _confirmed_heading(tree: LexborHTMLParser, known: str, head: str) -> str | None:
    """The heading that begins as the page's own name for the article does."""
    stem = squeezed(known)
    whole = squeezed(head)
    if len(stem) < _SHORTEST_NAME:
        return None
    # Mostly it is one of these; looking at every name takes four times as long.
    for node in tree.css(_TAGGED):
        text = one_line(_text(node))
        if len(text) <= _LONGEST_TITLE and squeezed(text) == stem:
            return text
    best: str | None = None
    for node in tree.css(_HEADINGS):
        text = one_line(_text(node))
        if not _SHORTEST_TITLE <= len(text) <= _LONGEST_TITLE:
            continue
        line = squeezed(text)
        if line == stem:
            return text
        if line.startswith(stem) and _GOES_ON.search(text, len(stem)):
            # The heading's element holds the line under the title as well.
            return known
        part = line in stem and 5 * len(line) >= 3 * len(stem)
        more = stem in line and (line in whole or len(line) < 2 * len(stem) + 10)
        same = part or more or (len(line) >= _SURE_TITLE and _at_edge(text, head))
        if same and (best is None or len(line) > len(squeezed(best))):
            best = text
    return best


def likely_title(tree: LexborHTMLParser, metas: dict[str, str]) -> str | None:
    """The page's title by its looks, where <title> holds the site's or the column's name."""
    for place in _PLACES:
        for node in tree.css(place):
            text = one_line(_text(node))
            if (
                _SURE_TITLE <= len(text) <= _LONGEST_TITLE
                and not text.endswith("。")
                and not _GOES_ON.search(text)
                and not _names_no_article(text, metas)
                and not _is_linked(node)
            ):
                return text
    return None


def _names_no_article(text: str, metas: dict[str, str]) -> bool:
    return (
        text in {metas.get("sitename"), metas.get("columnname")}
        or text in _COLUMNS
        or _SITE_NAME.match(text) is not None
    )


def names_site(text: str) -> bool:
    """Whether a text is the name of a site or a column, by its form."""
    return _names_no_article(text, {})


def _is_linked(node: LexborNode) -> bool:
    """Whether the node is a link, in one, or holds one: a menu's heading, a list's row."""
    parent = node.parent
    return (
        node.css_first("a[href]") is not None
        or node.tag == "a"
        or (parent is not None and parent.tag == "a")
    )


def _at_edge(text: str, head: str) -> bool:
    """Whether <title> begins or ends with the text, set apart from the rest: 「站名 栏目 标题」."""
    if head.startswith(text):
        return head[len(text) : len(text) + 1] in _PARTS
    return head.endswith(text) and head[: -len(text)][-1:] in _PARTS


def _without_site(head: str, site: str, column: str) -> str:
    """The page's <title> less the site's and the column's names at its end or start."""
    title = head
    for name in (site, column, site):
        if name and title != name and len(title) > len(name):
            if title.endswith(name):
                title = _SEPARATORS.sub("\n", title[: -len(name)]).rstrip("\n") and title[
                    : -len(name)
                ].rstrip(_EDGES)
            elif title.startswith(name) and _SEPARATORS.match(title[len(name) :]):
                title = title[len(name) :].lstrip(_EDGES)
    pieces = _SEPARATORS.split(title)
    if len(pieces) == 1:
        return title
    separators = _SEPARATORS.findall(title)
    while len(pieces) > 1 and (
        _SITE_WORDS.search(pieces[-1]) or separators[-1].strip() in {"_", "|", "｜", "－"}
    ):
        if len(pieces[-1]) > 2 * sum(map(len, pieces[:-1])):
            break
        pieces.pop()
        separators.pop()
    out = pieces[0]
    for separator, piece in zip(separators, pieces[1:], strict=True):
        out += separator + piece
    return out.strip()


def subtitle_in(line: str) -> str | None:
    """The subtitle that the text under a title begins with: a dash tells it, 「——记某某」."""
    piece = next((said for node in line.split(BREAK) if (said := one_line(node))), "")
    subtitle = piece.lstrip(_DASHES)
    if (
        len(piece) - len(subtitle) < _DASHED
        or not _SHORTEST_TITLE <= len(subtitle) <= _LONGEST_SUBTITLE
    ):
        return None
    return None if _GOES_ON.search(subtitle) else subtitle


def _without_ellipsis(text: str) -> str:
    return _ELLIPSIS.sub("", text)


def _text(node: LexborNode | None) -> str:
    """The node's text; its own alone where the line under the title stands inside it."""
    if node is None:
        return ""
    text = node.text()
    if _GOES_ON.search(text) and (own := node.text(deep=False)).strip():
        return own
    return text


def site_name(document: Document) -> str | None:
    """Who publishes the page, as it says itself: the SiteName tag, or the tail of <title>."""
    if name := one_line(
        document.metas.get("sitename", "") or document.metas.get("og:site_name", "")
    ):
        return name[:_LONGEST_TITLE]
    pieces = _SEPARATORS.split(one_line(_text(document.tree.css_first("title"))[:_LONGEST_HEAD]))
    if len(pieces) > 1 and _SHORTEST_NAME <= len(pieces[-1]) <= _LONGEST_SITE_NAME:
        return pieces[-1]
    return None
