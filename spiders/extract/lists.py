"""Which of a page's links are its list: found by their likeness, on a site never seen before."""

import re
from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import urldefrag, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from schemas.dates import Published
from schemas.page import Listing
from spiders.extract.dates import DATE
from spiders.extract.links import absolute
from spiders.extract.pager import pager_buttons
from spiders.extract.rows import (
    is_file,
    names_column,
    read_date,
    read_title,
    squeeze,
    title_anchor,
)

# Emphasis comes and goes from row to row and says nothing of the layout.
_EMPHASIS = frozenset({"b", "strong", "font", "em", "i", "u"})
_CONTAINERS = frozenset({"div", "ul", "ol", "table", "section", "dl", "main", "aside", "nav"})
_ROWS = frozenset({"li", "tr", "dl", "article"})
_CHROME = re.compile(
    r"(?:^|[._#-])(?:nav\w*|menu\w*|foot\w*|header|crumbs?|position|dqwz|mbx|links?|yqlj|friend\w*)"
    r"(?:$|[._ -])|(?:^| )(?:nav|footer|header|aside)(?:$|[. ])",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"hot|rank|recommend|related|xgyd|xglj|tuijian|side|rdxx", re.IGNORECASE)
# Menus hold words of two to five characters, headlines are longer.
_SHORTEST_HEADLINE = 6
# Beyond this a longer title is no better a sign of a list.
_TITLE_LIMIT = 30
# A date beside the link is the surest sign of a news row; a menu never has one.
_DATED_WEIGHT = 3.0
# An address of the shape that the family gives its articles; rows to other sites lack it.
_ARTICLE_WEIGHT = 3.0
_CHROME_WEIGHT = 0.1
_ASIDE_WEIGHT = 0.3
# The list stands next to its pager, even on a last page with a single row.
_PAGER_WEIGHT = 10.0
# Fewer undated links than this are no list.
_FEWEST_UNDATED = 3
# A date without a row's wrapper stands a few nodes from its link.
_BESIDE = 12
# The longest list that a page has been seen to hold at once has 470 rows.
_MOST_LINKS = 5_000
# The richest front page seen lays its links out in some sixty ways.
_MOST_LAYOUTS = 200
# A picture, a column, an office, a title, a summary and a button: more links are no one row's.
_MOST_IN_A_ROW = 6
# Climbing further from a lonely link than a cell and a wrapper would take in the page around it.
_LONELY_DEPTH = 3


@dataclass(frozen=True, slots=True)
class _Link:
    anchor: LexborNode
    url: str
    layout: str
    ancestors: tuple[int, ...]
    """`mem_id`s from the link itself up to the root."""


def find_rows(
    tree: LexborHTMLParser, base: str, article_url: re.Pattern[str] | None = None
) -> tuple[Listing, ...]:
    """The rows of the page's main list, in order; none where nothing looks like one.

    Links of one layout (the same tags and boxes above them) are one list; the best has dates,
    long titles, addresses like `article_url`, stands by the pager and in no menu.
    """
    buttons = pager_buttons(tree)
    pager = frozenset(_ancestors(buttons[0]) if buttons else ())
    groups: dict[str, list[_Link]] = defaultdict(list)
    for link in _links(tree, base, {button.mem_id for button in buttons}):
        groups[link.layout].append(link)
    lists = []
    for layout, group in sorted(groups.items(), key=lambda item: -len(item[1]))[:_MOST_LAYOUTS]:
        listings = _read_group(group, base)
        score = likeness(listings, article_url)
        if _CHROME.search(layout):
            score *= _CHROME_WEIGHT
        if _ASIDE.search(layout):
            score *= _ASIDE_WEIGHT
        if score:
            shared = len(pager.intersection(group[0].ancestors))
            lists.append((shared, score, listings))
    nearest = max((shared for shared, _, _ in lists), default=0)
    best: tuple[Listing, ...] = ()
    best_score = 0.0
    for shared, score, listings in lists:
        weighed = score * _PAGER_WEIGHT if shared == nearest else score
        if weighed > best_score:
            best, best_score = listings, weighed
    return best


def _links(tree: LexborHTMLParser, base: str, buttons: set[int]) -> list[_Link]:
    """The page's links that could be a row's, in the order of the page."""
    here = urldefrag(base).url
    links = []
    for anchor in tree.css("a[href]")[:_MOST_LINKS]:
        url = absolute(base, anchor.attributes.get("href"))
        if url is None or urldefrag(url).url == here or not _is_deep(url):
            continue
        if anchor.mem_id in buttons or names_column(anchor) or squeeze(anchor).isdecimal():
            continue
        links.append(_Link(anchor, url, _layout(anchor), _ancestors(anchor)))
    return links


def _is_deep(url: str) -> bool:
    """Whether an address names something below a site's front page."""
    parts = urlsplit(url)
    return parts.path not in {"", "/"} or bool(parts.query)


def _layout(anchor: LexborNode) -> str:
    """The tags above a link, with the first class of those that hold rows."""
    steps: list[str] = []
    node: LexborNode | None = anchor
    while node is not None and node.tag != "body":
        if node.tag not in _EMPHASIS:
            css_class = (node.attributes.get("class") or "").split()
            # `row1`, `row2`: a number in a class tells rows apart, not layouts.
            named = node.tag in _CONTAINERS and css_class
            steps.append(
                f"{node.tag}.{css_class[0].rstrip('0123456789')}" if named else node.tag or ""
            )
        node = node.parent
    return " ".join(reversed(steps))


def _ancestors(node: LexborNode) -> tuple[int, ...]:
    ancestors = []
    parent: LexborNode | None = node
    while parent is not None:
        ancestors.append(parent.mem_id)
        parent = parent.parent
    return tuple(ancestors)


def likeness(listings: tuple[Listing, ...], article_url: re.Pattern[str] | None = None) -> float:
    """How much some rows look like a list of articles; 0.0 for a few undated links."""
    if not any(listing.published for listing in listings) and len(listings) < _FEWEST_UNDATED:
        return 0.0
    score = 0.0
    for listing in listings:
        length = min(len(listing.title), _TITLE_LIMIT)
        worth = length * _DATED_WEIGHT if listing.published else length - _SHORTEST_HEADLINE
        if article_url and article_url.search(listing.url):
            worth *= _ARTICLE_WEIGHT
        score += max(worth, 0.0)
    return score


def _read_group(group: list[_Link], base: str) -> tuple[Listing, ...]:
    """What the rows around the links of one layout say."""
    group = _one_link_a_row(_without_row_files(group), base)
    rows = _rows(group)
    dates = _dates(rows, group)
    kept = _without_undated_ends(group, rows, dates)
    if len(kept) < len(group):
        # The rows that are left may reach further than they could beside strangers.
        group = kept
        dates = _dates(_rows(group), group)
    listings: dict[str, Listing] = {}
    for link, published in zip(group, dates, strict=True):
        title = read_title(link.anchor)
        known = listings.get(link.url)
        if title and (known is None or len(known.title) * 2 < len(title)):
            listings[link.url] = Listing(url=link.url, title=title, published=published)
    return tuple(listings.values())


def _dates(rows: list[LexborNode], group: list[_Link]) -> list[Published | None]:
    """Each row's date, from the row or from what stands beside it."""
    after = _dates_follow(rows, group)
    starts = {row.mem_id for row in rows}
    return [
        read_date([row], link.anchor) or read_date(_beside(row, starts, after=after), link.anchor)
        for row, link in zip(rows, group, strict=True)
    ]


def _without_undated_ends(
    group: list[_Link], rows: list[LexborNode], dates: list[Published | None]
) -> list[_Link]:
    """The group without links before and after its dated rows, unless they share their box.

    A menu laid out in a table looks like a list laid out in tables.
    """
    dated = [place for place, date in enumerate(dates) if date]
    if not dated:
        return group
    first, last = dated[0], dated[-1]
    return [
        link
        for place, (link, row) in enumerate(zip(group, rows, strict=True))
        if first <= place <= last or _box(row) == _box(rows[first if place < first else last])
    ]


def _box(row: LexborNode) -> int:
    return row.parent.mem_id if row.parent else 0


def _without_row_files(group: list[_Link]) -> list[_Link]:
    """The group without files offered beside an article's link; a row may be nothing but a file."""
    pages = [link for link in group if not is_file(link.url)]
    if not pages or len(pages) == len(group):
        return group
    rows = {row.mem_id for row in _rows(pages)}
    return [link for link in group if not is_file(link.url) or rows.isdisjoint(link.ancestors)]


def _one_link_a_row(group: list[_Link], base: str) -> list[_Link]:
    """The group without the second links of rows that have two, a column's or an office's.

    Two links with a date each are two rows that share a line of a table.
    """
    together: dict[int, list[_Link]] = defaultdict(list)
    rows: dict[int, LexborNode] = {}
    for link in group:
        if row := _row_around(link.anchor):
            rows[row.mem_id] = row
            together[row.mem_id].append(link)
    dropped: set[int] = set()
    for mem_id, links in together.items():
        if 1 < len(links) <= _MOST_IN_A_ROW and len(DATE.findall(squeeze(rows[mem_id]))) == 1:
            kept = title_anchor(rows[mem_id], base)
            anchors = {link.anchor.mem_id for link in links}
            # The title may be a link of another layout; then the row is not this group's.
            if kept and kept.mem_id in anchors:
                dropped |= anchors - {kept.mem_id}
    return [link for link in group if link.anchor.mem_id not in dropped]


def _row_around(anchor: LexborNode) -> LexborNode | None:
    row: LexborNode | None = anchor
    while row is not None and row.tag not in _ROWS:
        row = row.parent
    return row


def _rows(group: list[_Link]) -> list[LexborNode]:
    """For each link the largest element around it that holds no other link of its group."""
    urls: dict[int, set[str]] = defaultdict(set)
    for link in group:
        for ancestor in link.ancestors:
            urls[ancestor].add(link.url)
    if len({link.url for link in group}) == 1:
        return [_lonely_row(link.anchor) for link in group]
    # Rows of one layout lie equally deep: a row that is alone in its box is not the box.
    depth = max(sum(1 for ancestor in link.ancestors if len(urls[ancestor]) > 1) for link in group)
    rows = []
    for link in group:
        row = link.anchor
        for _ in range(len(link.ancestors) - depth - 1):
            row = row.parent or row
        rows.append(row)
    return rows


def _lonely_row(anchor: LexborNode) -> LexborNode:
    """The row of a link that has no likes on the page."""
    row = anchor
    for _ in range(_LONELY_DEPTH):
        if row.tag in _ROWS or row.parent is None or row.parent.tag in {"ul", "ol", "body"}:
            break
        row = row.parent
    return row


def _dates_follow(rows: list[LexborNode], group: list[_Link]) -> bool:
    """Whether the dates of rows without a wrapper stand after their links, or before."""
    starts = {row.mem_id for row in rows}
    last = read_date(_beside(rows[-1], starts, after=True), group[-1].anchor)
    first = read_date(_beside(rows[0], starts, after=False), group[0].anchor)
    return bool(last or not first)


def _beside(row: LexborNode, starts: set[int], *, after: bool) -> list[LexborNode]:
    """The siblings between a row and the next one (or the one before)."""
    siblings: list[LexborNode] = []
    sibling = row.next if after else row.prev
    while sibling is not None and sibling.mem_id not in starts and len(siblings) < _BESIDE:
        siblings.append(sibling)
        sibling = sibling.next if after else sibling.prev
    return siblings
