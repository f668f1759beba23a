"""Where on a page the body stands.

First the family's container, then what other systems are known to call theirs, then the place
with the most prose. A container that holds next to nothing while prose stands elsewhere is passed
over, so a changed template costs quality and not the article.
"""

import re
from collections import defaultdict
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

# What publishing systems and news sites call the body, the surest first.
_KNOWN = (
    ".TRS_Editor, .TRS_UEDITOR, .trs_editor_view, UCAPCONTENT, #UCAP-CONTENT, .v_news_content, "
    "[id^=vsb_content], .wp_articlecontent, .Custom_UnionStyle, #js_content, #zoom, #Zoom, #ZOOM, #zoomcon, "
    "#ivs_content, #artibody, #articleContent, #article-content, #article_content, .article-content, .article_content, "
    "#p-detail, .rm_txt_con, #contentText, .TRS_PreAppend, #fontzoom, #Fontzoom, #textbox, #mainText, .u-mainText, "
    "#content_text, .articleText, #detailContent, .detail-content, .news_content, .newscontent, .xl_content, "
    "#news_content, .view_content, .view.TRS_UEDITOR, .art_content, .content-article, .main-article"
)
# Prose says so: it has sentences.
_SENTENCE = re.compile("[，。；！？、：]")
_SHORTEST_PARAGRAPH = 8
# A paragraph this long is prose whatever it holds.
_LONG_PARAGRAPH = 60
# One paragraph must not decide alone where the body is.
_PARAGRAPH_WEIGHT_LIMIT = 600
# Prose spread over sections, columns or pages: how far up their common container may be.
_LEVELS = 6
# A container that adds this much prose to that of its largest part is the real one.
_WORTH_CLIMBING = 1.15
# A known container must hold this much of the prose of the densest place.
_ENOUGH = 0.5
# A container with less text than this, on a page that has prose elsewhere, is an empty shell.
_EMPTY = 20
_NOT_BODY = re.compile(
    r"(?:^|[\s_-])(?:foot\w*|footer|copyright|comment\w*|reply|related?|xgxw|sidebar|aside|nav\w*|menu|header|hot|rank\w*|"
    r"recommend\w*|tuijian|guess\w*|friendlink|links?|breadcrumb|crumbs?|disclaimer|statement|bottom)(?:$|[\s_-])",
    re.IGNORECASE,
)
_BODY_TAGS = frozenset({"body", "html"})


@dataclass(frozen=True, slots=True)
class Container:
    """The nodes that hold the body, in order, and what found them."""

    nodes: tuple[LexborNode, ...]
    origin: str


def find_body(tree: LexborHTMLParser, selectors: tuple[str, ...], family: str) -> Container | None:
    """The body's container; none where the page has no text at all."""
    for selector in selectors:
        nodes = _outermost(tree.css(selector))
        if nodes and _holds_something(nodes):
            return Container(nodes, f"family:{family}")
    densest = _densest(tree)
    for group in _known(tree):
        prose = sum(_prose(node) for node in group)
        if prose and (densest is None or prose >= _ENOUGH * _prose(densest)):
            return Container(group, "known container")
    if densest is not None:
        return Container((densest,), "density")
    return None


def _known(tree: LexborHTMLParser) -> list[tuple[LexborNode, ...]]:
    """Known containers on the page, those that hold the most prose first."""
    nodes = _outermost(tree.css(_KNOWN))
    groups: dict[str, list[LexborNode]] = defaultdict(list)
    for node in nodes:
        groups[f"{node.tag} {node.attributes.get('class') or node.id}"].append(node)
    return sorted(map(tuple, groups.values()), key=lambda group: -sum(map(_prose, group)))


def _outermost(nodes: list[LexborNode]) -> tuple[LexborNode, ...]:
    """The nodes that stand in no other of them."""
    if len(nodes) < 2:
        return tuple(nodes)
    ids = {node.mem_id for node in nodes}
    kept: list[LexborNode] = []
    for node in nodes:
        parent = node.parent
        while parent is not None and parent.mem_id not in ids:
            parent = parent.parent
        if parent is None:
            kept.append(node)
    return tuple(kept)


def _holds_something(nodes: tuple[LexborNode, ...]) -> bool:
    return any(
        len(node.text(strip=True)) >= _EMPTY or node.css_first("img, table, iframe, embed, a[href]")
        for node in nodes
    )


def _prose(node: LexborNode) -> int:
    """How much running text the node holds."""
    return len(_SENTENCE.findall(node.text())) * 10


def _densest(tree: LexborHTMLParser) -> LexborNode | None:
    """The innermost node that holds nearly all prose of the page."""
    nodes: dict[int, LexborNode] = {}
    weights: defaultdict[int, float] = defaultdict(float)
    for paragraph in tree.css("p, br"):
        parent = paragraph.parent
        if parent is None:
            continue
        if paragraph.tag == "br":
            # Text parted by line breaks: its parent is a paragraph holding many.
            if parent.mem_id in nodes or parent.tag in {"p", "a", "h1"}:
                continue
            text = parent.text(deep=False)
            limit = float(len(text))
        else:
            text = paragraph.text()
            limit = float(_PARAGRAPH_WEIGHT_LIMIT)
        length = len(text)
        if length < _SHORTEST_PARAGRAPH:
            continue
        if length < _LONG_PARAGRAPH and not _SENTENCE.search(text):
            continue
        nodes.setdefault(parent.mem_id, parent)
        weights[parent.mem_id] += min(float(length), limit)
    if not weights:
        return _most_own_text(tree)
    totals: defaultdict[int, float] = defaultdict(float)
    ancestors: dict[int, LexborNode] = {}
    for key, weight in weights.items():
        node: LexborNode | None = nodes[key]
        for _ in range(_LEVELS):
            if node is None or node.tag in _BODY_TAGS:
                break
            if _NOT_BODY.search(f"{node.attributes.get('class') or ''} {node.id or ''}"):
                totals[key] = 0
                break
            totals[node.mem_id] += weight
            ancestors[node.mem_id] = node
            node = node.parent
    if not totals:
        return _most_own_text(tree)
    own = max(weights, key=lambda key: min(weights[key], totals[key]))
    if own not in ancestors:
        return _most_own_text(tree)
    best = ancestors[own]
    climbing: LexborNode | None = best.parent
    while climbing is not None and climbing.mem_id in ancestors:
        if totals[climbing.mem_id] >= _WORTH_CLIMBING * totals[best.mem_id]:
            best = climbing
        climbing = climbing.parent
    return best


def _most_own_text(tree: LexborHTMLParser) -> LexborNode | None:
    """The node with the most text directly in it: pages without a single paragraph."""
    best: LexborNode | None = None
    most = _EMPTY
    for node in tree.css("div, td, article, section, span, pre"):
        length = len(node.text(deep=False).strip())
        if length > most:
            best, most = node, length
    return best
