"""Where on a page the body stands.

First the family's container, then what other systems are known to call theirs, then the place
with the most prose. A container that holds next to nothing while prose stands elsewhere is passed
over, so a changed template costs quality and not the article.
"""

import re
from collections import defaultdict
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from spiders.extract.sparse import find_sparse

# What publishing systems and news sites call the body, in class or id.
_KNOWN_NAMES = (
    "art_content art_text artibody article-body article-content article_body article_content "
    "Article_content ArticleBody articleBody articlecontent articleContent articleText "
    "content-article content_area content_text contentText Custom_UnionStyle detail-content "
    "detail_content detailContent Fontzoom fontzoom ivs_content js_content main_content mainText "
    "mp-editor news-content news_content newscontent newsContent p-detail pages_content "
    "rm_txt_con textbox TRS_Editor trs_editor_view TRS_PreAppend TRS_UEDITOR u-mainText "
    "UCAP-CONTENT v_news_content view_content vsb_content wp_articlecontent xl_content Zoom ZOOM "
    "zoom zoomcon"
)
_KNOWN = frozenset(_KNOWN_NAMES.split())
# What has a name at all; a selector for each of those takes six times as long as looking them up.
_NAMED = "[class], [id], ucapcontent, [itemprop=articleBody]"
# Where a body stands is plain from this many of its paragraphs.
_LOOKED_AT = 10_000
_PARAGRAPHS = "p, br"
# Prose says so: it has sentences.
_SENTENCE = re.compile("[，。；！？、：]")
_SHORTEST_PARAGRAPH = 8
# A paragraph this long is prose whatever it holds.
_LONG_PARAGRAPH = 60
# One paragraph must not decide alone where the body is.
_PARAGRAPH_WEIGHT_LIMIT = 600
# Prose spread over sections, columns or pages: how far up their common container may be.
_LEVELS = 6
# A container that adds this share of prose to that of its largest part is the real one, unless
# for a character of prose it brings more than so many of anything.
_WORTH_CLIMBING = 0.15
_COMPANY = 2.5
# A known container around the densest place is the body's, unless it holds this much more.
_MUCH_MORE = 1.5
# With this much prose in one place there is no doubt that it is the body.
_STRONG = 400
# A container with less text than this, on a page that has prose elsewhere, is an empty shell.
_EMPTY = 20
_NOT_BODY = re.compile(
    r"(?:^|[\s_-])(?:foot\w*|copyright|comment\w*|reply|related?|xgxw|sidebar|aside|nav\w*|"
    r"menu|header|hot|rank\w*|"
    r"recommend\w*|tuijian|guess\w*|friendlink|links?|breadcrumb|crumbs?|disclaimer|statement|bottom)(?:$|[\s_-])",
    re.IGNORECASE,
)
# What a page's foot says, and no article.
_FOOTER = re.compile(
    r"ICP备|ICP证|公网安备|版权所有|Copyright|©|All Rights Reserved|网站标识码"
    r"|技术支持[:：]|建议使用.{0,20}分辨率",
    re.IGNORECASE,
)
# Links and addresses may stand before it.
_FOOT_BEGINS_WITHIN = 80
# Titles in lists are shorter.
_LONGEST_LINK = 150
_HOLD_NO_LINES = frozenset({"p", "a", "h1"})
_BODY_TAGS = frozenset({"body", "html"})


@dataclass(frozen=True, slots=True)
class Container:
    """The nodes that hold the body, in order, and what found them."""

    nodes: tuple[LexborNode, ...]
    origin: str


def find_body(
    tree: LexborHTMLParser, selectors: tuple[str, ...], family: str, title: str = ""
) -> Container | None:
    """The body's container; none where the page has no text at all."""
    is_shell = False
    for selector in selectors:
        nodes = _outermost(tree.css(selector))
        is_shell = is_shell or bool(nodes)
        if nodes and _holds_something(nodes):
            return Container(nodes, f"family:{family}")
    densest, weight = _densest(tree)
    if densest is not None and weight >= _STRONG:
        return Container((_named_around(densest) or densest,), "density")
    known = _outermost([node for node in tree.css(_NAMED) if _is_known(node)])
    if known and _holds_something(known):
        best = max(known, key=lambda node: len(node.text(strip=True)))
        text = best.text(strip=True)
        if not _is_foot(text) and (densest is None or len(text) * 2 >= weight):
            return Container((best,), "known container")
    if is_shell:
        # The family's own container is there and empty, and no other place has much to say.
        return None
    sparse = find_sparse(tree, title)
    return Container((_named_around(sparse) or sparse,), "density") if sparse else None


def _is_foot(text: str) -> bool:
    """Whether the text is a page's foot and nothing else."""
    match = _FOOTER.search(text)
    return match is not None and match.start() <= _FOOT_BEGINS_WITHIN


def _named_around(densest: LexborNode) -> LexborNode | None:
    """The nearest known container around the densest place."""
    node: LexborNode | None = densest
    for _ in range(_LEVELS):
        if node is None or node.tag in _BODY_TAGS:
            return None
        if _is_known(node):
            inner, outer = len(densest.text(strip=True)), len(node.text(strip=True))
            return node if outer <= _MUCH_MORE * inner + _LONG_PARAGRAPH else None
        node = node.parent
    return None


def _is_known(node: LexborNode) -> bool:
    attributes = node.attributes
    for names in (attributes.get("class"), attributes.get("id")):
        if names and not _KNOWN.isdisjoint(names.split()):
            return True
    return node.tag == "ucapcontent" or attributes.get("itemprop") == "articleBody"


def _outermost(nodes: list[LexborNode]) -> tuple[LexborNode, ...]:
    """The nodes that stand in no other of them, each once.

    A query with several selectors gives a node once for each that it matches.
    """
    found = {node.mem_id: node for node in nodes}
    kept: list[LexborNode] = []
    for node in found.values():
        parent = node.parent
        while parent is not None and parent.mem_id not in found:
            parent = parent.parent
        if parent is None:
            kept.append(node)
    return tuple(kept)


def _holds_something(nodes: tuple[LexborNode, ...]) -> bool:
    return any(
        len(node.text(strip=True)) >= _EMPTY or node.css_first("img, table, iframe, embed, a[href]")
        for node in nodes
    )


def _densest(tree: LexborHTMLParser) -> tuple[LexborNode | None, float]:
    """The innermost node that holds nearly all prose of the page, and how much that is."""
    nodes, weights = _prose_by_parent(tree)
    totals: defaultdict[int, float] = defaultdict(float)
    ancestors: dict[int, LexborNode] = {}
    # Whether a node's name says that the body is elsewhere.
    apart: dict[int, bool] = {}
    for key, weight in weights.items():
        node: LexborNode | None = nodes[key]
        for _ in range(_LEVELS):
            if node is None or node.tag == "html":
                break
            place = node.mem_id
            if place not in apart:
                attrs = node.attrs
                names = f"{attrs.get('class') or ''} {attrs.get('id') or ''}"
                apart[place] = _NOT_BODY.search(names) is not None
            if apart[place]:
                totals[key] = 0
                break
            totals[place] += weight
            ancestors[place] = node
            node = node.parent
    own = max(weights, key=lambda key: min(weights[key], totals[key]), default=None)
    if own is None or own not in ancestors:
        return None, 0.0
    best = ancestors[own]
    climbing: LexborNode | None = best.parent
    while climbing is not None and climbing.mem_id in ancestors and climbing.tag != "body":
        more = totals[climbing.mem_id] - totals[best.mem_id]
        # Worth it for much prose, or for prose that stands directly in it: the head or the end of
        # the text. Not where other things come with it.
        worth = more >= _WORTH_CLIMBING * totals[best.mem_id] or climbing.mem_id in weights
        if worth and more > 0:
            extra = len(climbing.text(strip=True)) - len(best.text(strip=True))
            if extra <= _COMPANY * more:
                best = climbing
        climbing = climbing.parent
    return best, totals[best.mem_id]


def _prose_by_parent(
    tree: LexborHTMLParser,
) -> tuple[dict[int, LexborNode], dict[int, float]]:
    """The nodes that paragraphs stand in, and how much prose stands directly in each."""
    nodes: dict[int, LexborNode] = {}
    weights: defaultdict[int, float] = defaultdict(float)
    for paragraph in tree.css(_PARAGRAPHS)[:_LOOKED_AT]:
        parent = paragraph.parent
        if parent is None:
            continue
        place = parent.mem_id
        is_paragraph = paragraph.tag == "p"
        # Text parted by line breaks stands in their parent, and is weighed once.
        if not is_paragraph and (place in nodes or parent.tag in _HOLD_NO_LINES):
            continue
        text = (paragraph.text() if is_paragraph else parent.text(deep=False)).strip()
        length = len(text)
        if length < _SHORTEST_PARAGRAPH or (
            length < _LONG_PARAGRAPH and not _SENTENCE.search(text)
        ):
            continue
        if is_paragraph:
            if length < _LONGEST_LINK and "。" not in text and _is_link(paragraph, length):
                continue
            length = min(length, _PARAGRAPH_WEIGHT_LIMIT)
        nodes[place] = parent
        weights[place] += length
    return nodes, weights


def _is_link(paragraph: LexborNode, length: int) -> bool:
    """Whether a paragraph is links and nothing else: a row of a list."""
    linked = sum(len(link.text()) for link in paragraph.css("a"))
    return linked * 5 >= length * 4
