"""One row of a list page: the article's address, its title and its date."""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import unescape

from selectolax.lexbor import LexborNode

from schemas.dates import Published
from schemas.page import Listing
from spiders.extract.dates import DATE, find_date, split_date
from spiders.extract.links import absolute

_UNSEEN = frozenset({"script", "style", "noscript", "template"})
_NESTED = frozenset({"li", "tr", "dl"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = frozenset({"p", "div", "dt", "dd", "li"})
_SPACE = re.compile(r"[\s\u3000\xa0\u200b\ufeff]+")
_BULLETS = " ·•●○◆◇■□▪►▶→»›>＞|｜-–—*※☆★⊙∙・"
# 「[兰山要闻]」 before a title names the column; one with a figure in it belongs to the title.
_COLUMN_PREFIX = re.compile(r"^[\[［][^\]］\d]{1,12}[\]］]\s*(?=\S)")
_OPENING = re.compile(r"[\[［【〖]\s*$")
_ELLIPSIS = re.compile(r"\s*(?:[…⋯]+|\.{2,}|。{2,})$")
# A date at a title's edge, where it cannot belong to it: figures alone, or in brackets.
_DAY = r"(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?:\s+\d{1,2}:\d\d(?::\d\d)?)?"
_BRACKETED_DAY = r"[\[(（［【]\s*(?:19|20)\d\d[-/.年]\d{1,2}[-/.月][^\])）］】]{1,12}[\])）］】]"
_DAY_BEFORE = re.compile(rf"^(?:{_BRACKETED_DAY}|{_DAY}(?!\d))\s*")
_DAY_AFTER = re.compile(rf"\s*(?:{_BRACKETED_DAY}|(?<!\d){_DAY})$")
_DATE_WORDS = re.compile(
    r"(?:发布|公开|更新|上传|添加|发表|时间|日期|于|[\[\]()（）【】［］|/:：·\s-])+"
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_COUNTS = re.compile(r"(?:点击|浏览|阅读|访问|来源|作者|信息|文章|编辑|发布)")
_SIGNED = re.compile(r"成文|生成|发文|印发|签发")
_NO_TITLE = re.compile(rf"^(?:[\d\s\[\](){{}}（）［］【】年月日/:：.-]+|{_DATE_WORDS.pattern})$")
# A date inside a longer text than this stands in a summary, and is that of an event.
_LONGEST_DATE_LINE = 60
_TITLE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:\w*title|tit|til|bt|biaoti|headline)(?:$|[\s\d_-])", re.IGNORECASE
)
_NOTE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:sub|desc|summary|intro|abstract|brief|date|time|hits?|click|source|laiyuan)",
    re.IGNORECASE,
)
_FILE = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|ofd|zip|rar|7z|txt)\s*(?:$|[?#])", re.IGNORECASE
)


def read_rows(rows: Iterable[LexborNode], base: str) -> tuple[Listing, ...]:
    """What each row says, in order; rows without a link and repeated addresses left out."""
    listings: dict[str, Listing] = {}
    for row in rows:
        listing = read_row(row, base)
        if listing and listing.url not in listings:
            listings[listing.url] = listing
    return tuple(listings.values())


def read_row(row: LexborNode, base: str) -> Listing | None:
    """What one row says; None where no link in it leads anywhere."""
    anchor = title_anchor(row, base)
    url = anchor and absolute(base, anchor.attributes.get("href"))
    if not anchor or not url:
        return None
    return Listing(url=url, title=read_title(anchor), published=read_date([row], anchor))


def title_anchor(row: LexborNode, base: str) -> LexborNode | None:
    """The link to the article: not the column's, not a file's, not one of a nested list."""
    anchors = [a for a in row.css("a[href]") if absolute(base, a.attributes.get("href"))]
    anchors = [a for a in anchors if not _is_nested(a, row)] or anchors
    anchors = [a for a in anchors if not names_column(a)] or anchors
    anchors = [a for a in anchors if not is_file(a.attributes["href"] or "")] or anchors
    titles = [read_title(a) for a in anchors]
    # A picture, a summary and a button may all link to the article; only a button's text is short.
    longest = max(map(len, titles), default=0)
    for anchor, title in zip(anchors, titles, strict=True):
        if 2 * len(title) >= longest:
            return anchor
    return None


def is_file(url: str) -> bool:
    """Whether an address leads straight to a document or an archive."""
    return bool(_FILE.search(url))


def names_column(anchor: LexborNode) -> bool:
    """Whether a link stands in brackets, as the column's does: 「[地方专刊] 标题」."""
    before = anchor.prev
    parent = anchor.parent
    if before is None and parent is not None and parent.tag in {"b", "strong", "span"}:
        before = parent.prev
    return before is not None and bool(_OPENING.search(before.text_content or ""))


def read_title(anchor: LexborNode) -> str:
    """The title that a link shows, whole: its `title=` completes a text that was cut short."""
    shown = _shown_title(anchor)
    stem = _ELLIPSIS.sub("", shown)
    for line in (anchor.attributes.get("title") or "").splitlines():
        full = _clean(unescape(line))
        start = full.find(stem)
        # 「标题：…」 is how some templates label their tooltip.
        if start == 0 or (start > 0 and full[start - 1] in "：:"):
            return full[start:]
    if shown:
        return shown
    image = anchor.css_first("img[alt]")
    return _clean(image.attributes["alt"] or "") if image else ""


def _shown_title(anchor: LexborNode) -> str:
    """The text of a link without dates, notes and summaries beside the title."""
    for node in anchor.css("h1, h2, h3, h4, h5, h6, [class]"):
        named = node.tag in _HEADINGS or _TITLE_CLASS.search(node.attributes.get("class") or "")
        if named and node.mem_id != anchor.mem_id and (title := _title_text(node)):
            return title
    for child in anchor.iter():
        if child.tag in _BLOCKS and (title := _title_text(child)):
            return title
    return _title_text(anchor)


def _title_text(node: LexborNode) -> str:
    parts = [
        text.text_content or ""
        for text in texts(node)
        if _is_parent(node, text) or not _is_note(text)
    ]
    return _clean("".join(parts))


def _is_note(text: LexborNode) -> bool:
    """Whether a text beside a title is a date, a number, or marked as something smaller."""
    parent = text.parent
    css_class = (parent.attributes.get("class") or "") if parent else ""
    return bool(_NO_TITLE.fullmatch(squeeze(text)) or _NOTE_CLASS.search(css_class))


def _clean(title: str) -> str:
    title = _SPACE.sub(" ", unescape(title)).strip().lstrip(_BULLETS)
    title = _DAY_AFTER.sub("", _DAY_BEFORE.sub("", title))
    return _COLUMN_PREFIX.sub("", title.lstrip(_BULLETS)).strip()


def read_date(nodes: Sequence[LexborNode], anchor: LexborNode) -> Published | None:
    """The publish date that a row prints; none where the year is missing.

    A text that is nothing but a date wins over one that holds a date; the last of equals wins,
    for where a table has a date of signing and one of publishing, they stand in this order.
    """
    alone: Published | None = None
    within: Published | None = None
    for node in nodes:
        for text in texts(node):
            match = DATE.search(text.text_content or "")
            if match is None or _is_another_row_s(text, node, anchor):
                continue
            line = squeeze(text)
            found = find_date(line)
            rest = DATE.sub("", line, count=1)
            if not rest or _DATE_WORDS.fullmatch(rest):
                alone = found or alone
            elif _SIGNED.search(rest):
                within = within or found
            elif _dates_row(line) and not _is_title(text, anchor):
                within = found or within
    return alone or _split_date(nodes, anchor) or within or _date_at_edge(anchor)


def _dates_row(line: str) -> bool:
    """Whether the date in a line is the row's own: 「2024-07-19 点击：12」, not an event's."""
    match = DATE.search(line)
    if match is None or len(line) > _LONGEST_DATE_LINE:
        return False
    rest = line[match.end() :]
    return not rest or not _HAN.match(rest) or bool(_COUNTS.match(rest))


def _split_date(nodes: Sequence[LexborNode], anchor: LexborNode) -> Published | None:
    """A date whose day, month and year stand in elements of their own."""
    beside = [squeeze(text) for node in nodes for text in texts(node) if not _within(text, anchor)]
    if found := split_date(beside):
        return found
    for node in nodes:
        for element in () if node.is_text_node else node.css("*"):
            if found := split_date([squeeze(text) for text in texts(element)]):
                return found
    return None


def _date_at_edge(anchor: LexborNode) -> Published | None:
    """The date that shares one text with the title."""
    text = _SPACE.sub(" ", "".join(t.text_content or "" for t in texts(anchor))).strip()
    match = _DAY_BEFORE.search(text) or _DAY_AFTER.search(text)
    return find_date(match[0]) if match else None


def _is_title(text: LexborNode, anchor: LexborNode) -> bool:
    return _within(text, anchor) and not _is_note(text)


def _is_parent(parent: LexborNode, node: LexborNode) -> bool:
    # Nodes compare by their whole markup; their identity is their place in memory.
    return node.parent is not None and node.parent.mem_id == parent.mem_id


def _within(node: LexborNode, outer: LexborNode) -> bool:
    parent = node.parent
    while parent is not None and parent.mem_id != outer.mem_id:
        parent = parent.parent
    return parent is not None


def _is_nested(node: LexborNode, row: LexborNode) -> bool:
    """Whether a list or table within the row holds the node, as in a box of related links."""
    parent = node.parent
    if node.mem_id == row.mem_id:
        return False
    while parent is not None and parent.mem_id != row.mem_id:
        if parent.tag in _NESTED:
            return True
        parent = parent.parent
    return False


def _is_another_row_s(text: LexborNode, row: LexborNode, anchor: LexborNode) -> bool:
    """Whether a text stands in an inner row that has a link, and not this row's."""
    inner = text.parent
    while inner is not None and inner.mem_id != row.mem_id:
        if inner.tag in _NESTED:
            links = {link.mem_id for link in inner.css("a[href]")}
            if links and anchor.mem_id not in links:
                return True
        inner = inner.parent
    return False


def texts(node: LexborNode) -> Iterator[LexborNode]:
    """The text nodes that a reader could see, blank ones left out."""
    for text in node.traverse(include_text=True):
        if not text.is_text_node or not (text.text_content or "").strip():
            continue
        if text.parent is None or text.parent.tag not in _UNSEEN:
            yield text


def squeeze(node: LexborNode) -> str:
    """The text of a node in one line."""
    if node.is_text_node:
        return _SPACE.sub(" ", node.text_content or "").strip()
    return _SPACE.sub(" ", " ".join(text.text_content or "" for text in texts(node))).strip()
