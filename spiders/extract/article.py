"""One article page read field by field, by the precedence that holds everywhere.

The national meta tags speak first, then what the family knows of its templates, then what any
page shows: labels, the line under the title, the text itself.
"""

import re
from itertools import pairwise, takewhile
from typing import ClassVar, Protocol

from selectolax.lexbor import LexborHTMLParser

from schemas.dates import Precision
from spiders.extract.attachments import read_attachments
from spiders.extract.blocks import Block, read_blocks
from spiders.extract.body import Container, find_body
from spiders.extract.byline import Byline, is_filler, named_at_end, read_byline
from spiders.extract.captions import take_captions
from spiders.extract.crumbs import read_breadcrumb
from spiders.extract.dates import stated_date
from spiders.extract.document import Document
from spiders.extract.draft import Draft
from spiders.extract.labels import (
    BREAK,
    begins_with_box,
    document_number,
    has_box,
    labelled_values,
)
from spiders.extract.lines import without_furniture
from spiders.extract.links import base_url
from spiders.extract.published import from_url, publish_dates
from spiders.extract.text import one_line
from spiders.extract.title import likely_title, read_title, subtitle_in

# Marks put into the tree where the body begins and ends, so that one extraction of the page's
# text tells what stands before, in and after it. Control characters stand in no page's text.
_BODY_BEGINS = "\x02"
_BODY_ENDS = "\x03"
# The line under the title stands at most this many characters before the body, marks included.
_LINE_WITHIN = 1500
_NEAREST = 500
_ABOVE_WITHIN = 120
# A piece of that line; the longest seen name six joint sources.
_LONGEST_LINE = 80
_SENTENCE_ENDS = ("。", "！", "？", "；")
_CRUMB_ENDS = (">", "＞", "»", "›", "→", "/", "·", "：", ":")
# The tags that open directly before a text.
_TAGS_BEFORE = re.compile(r"(?:<\w[^<>]*>\s*)+$")
_TAGS_WITHIN = 300
# Spaces that push a paragraph's text to the right.
_PADDED = re.compile(r"((?:<[^<>]+>)+)(?:&nbsp;|\s)+")
_CLOSING_TAGS = re.compile(r"(?:</\w+>)+$")
_FRAMES_OF_TEXT = frozenset({"table", "open", "close"})
# A date below the body is believed only if it says so much.
_SAYS_PUBLISHED = ("发布", "发稿", "发表", "公开", "公布")
# Where <title> is as short as this, it may name the column alone.
_LONGEST_COLUMN = 8
# Rows of a list have headings that are links; an article has few of those.
_ROW_KINDS = frozenset({"h2", "h3", "h4", "h5"})
_ROWS = 5
# A person, a keyword, a document's number.
_LONGEST_NAME = 40
# A document's number stands under the emblem at the head of its text.
_NUMBER_WITHIN = 6
# Credits stand at most this far from the body's end, on either side.
_CREDITS_WITHIN = 400
_UNSEEN = ["script", "style", "noscript", "template"]
# How a page hides, and sets apart what is not its text; a selector's look at every style would
# cost more than the rest of the body.
_ASIDES = ("display:none", "display: none", "DISPLAY: none", "hidden", "<aside", "<nav")
_CENTRED = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NAME_LABEL = re.compile(r"^(?:来源|作者|编辑|责任编辑)\s*[:：]\s*")
_EDITOR_METAS = ("liability", "editor")
_KEYWORD_SEPARATORS = re.compile(r"[,，;；、\s|]+")


class Rules(Protocol):
    """What a family says of its article pages."""

    id: ClassVar[str]
    title_selector: ClassVar[str]
    body_selectors: ClassVar[tuple[str, ...]]
    body_debris: ClassVar[str]
    url_tells_day: ClassVar[bool]
    editors_write_keywords: ClassVar[bool]


def read_article(document: Document, rules: Rules) -> Draft:
    """What the page says, field by field, with where it says so."""
    draft = Draft()
    tree = document.tree
    metas = document.metas
    base = base_url(document)
    tree.strip_tags(_UNSEEN)
    read_title(document, draft, rules.title_selector, rules.id)
    title = draft.get("title") or ""
    container = find_body(tree, rules.body_selectors, rules.id, title)
    before, inside, after = _around(tree, container)
    # The container may hold the head of the page as well.
    head = BREAK.join((before, inside[:_LINE_WITHIN]))
    if draft.provenance.get("title") == "title" and len(title) <= _LONGEST_COLUMN:
        is_column = title in read_breadcrumb(head, "")
        if is_column and (shown := likely_title(tree, metas)):
            draft.replace("title", shown, "heading")
            title = shown
    under = _line_under_title(before, inside, title)
    byline = _read_line(under, before, inside, after, title)
    signed = named_at_end(inside[-_CREDITS_WITHIN:] + BREAK + after[:_CREDITS_WITHIN])
    labels: dict[str, tuple[str, str]] = {}
    boxed = inside[:_LINE_WITHIN] if begins_with_box(inside) else ""
    outside = BREAK.join((before, boxed, after[:_LINE_WITHIN]))
    if has_box(outside):
        labels = labelled_values(tree, outside, title)

    if "_title" in labels and draft.provenance.get("title") == "title":
        # <title> alone may name the column; the box names the article.
        draft.replace("title", labels["_title"][0], f"label:{labels['_title'][1]}")
    draft.put("subtitle", one_line(metas.get("subtitle", "")), "meta:SubTitle")
    draft.put("subtitle", subtitle_in(under), "line under the title")
    draft.put("published", publish_dates(document, byline, labels), "page")
    if rules.url_tells_day and (told := from_url(document.url)):
        draft.put("url_day", told, "url")
    value, label = labels.get("written_on") or labels.get("_made", ("", ""))
    if written := stated_date(value):
        draft.put("written_on", written.day, f"label:{label}")
    _read_names(metas, draft, byline, signed)
    _read_labels(draft, labels)
    draft.put("breadcrumb", read_breadcrumb(head, title), "breadcrumb")
    if rules.editors_write_keywords:
        draft.put("keywords", _keywords(metas.get("keywords", ""), title), "meta:Keywords")
    files = read_attachments(document, base, container.nodes if container else ())
    draft.put("attachments", files, "links")
    if container is not None:
        whole = (
            container.origin == "density"
            and not _shows(before, title)
            and not _has_own_heading(container, title)
        )
        _read_body(draft, container, base, title, rules, whole=whole)
    return draft


def _around(tree: LexborHTMLParser, container: Container | None) -> tuple[str, str, str]:
    """The page's text before, in and after the body; text nodes parted by `BREAK`."""
    root = tree.body
    if root is None:
        return "", "", ""
    if container is None:
        return root.text(separator=BREAK), "", ""
    begin, end = container.nodes[0], container.nodes[-1]
    if begin.tag == "body":
        return "", root.text(separator=BREAK), ""
    begin.insert_before(_BODY_BEGINS)
    end.insert_after(_BODY_ENDS)
    before, _, rest = root.text(separator=BREAK).partition(_BODY_BEGINS)
    inside, _, after = rest.partition(_BODY_ENDS)
    return before, inside, after


def _read_line(under: str, before: str, inside: str, after: str, title: str) -> Byline:
    """What the line under the title says; failing that, one above it or below the body."""
    byline = read_byline(under)
    if byline.published is not None:
        return byline
    last = [*takewhile(_is_line, reversed(inside[-_CREDITS_WITHIN:].split(BREAK)))]
    below = read_byline(BREAK.join((*reversed(last), after[:_CREDITS_WITHIN])))
    if below.published and below.label.startswith(_SAYS_PUBLISHED):
        byline.published, byline.label = below.published, below.label
        return byline
    above = read_byline(_above_title(before, inside, title))
    if above.published and (above.label or above.published.precision is not Precision.DAY):
        byline.published, byline.label = above.published, above.label
        byline.source = byline.source or above.source
    return byline


def _line_under_title(before: str, inside: str, title: str) -> str:
    """The text from the title to the body, or the body's own head where the title stands there."""
    near = before[-_LINE_WITHIN:]
    place = near.rfind(title) if title else -1
    if place >= 0:
        return near[place + len(title) :] + BREAK + _head_of(inside, title)
    # Without the title as a bound, what is nearest to the body is all that can be trusted.
    return near[-_NEAREST:] + BREAK + _head_of(inside, title)


def _above_title(before: str, inside: str, title: str) -> str:
    """What stands directly above the title: some templates print their line there."""
    place = before.rfind(title) if title else -1
    if place < 0 and _head_of(inside, title):
        place = len(before)
    return before[max(0, place - _ABOVE_WITHIN) : max(0, place)]


def _head_of(inside: str, title: str) -> str:
    """The lines after the title where the container holds it as well; otherwise nothing."""
    pieces = iter(inside[:_LINE_WITHIN].split(BREAK))
    if not title or not any(piece.strip() == title for piece in pieces):
        return ""
    # What `any` left: the pieces after the title, up to the first that is prose.
    return BREAK.join(takewhile(_is_line, pieces))


def _is_line(piece: str) -> bool:
    piece = piece.strip()
    return len(piece) <= _LONGEST_LINE and not piece.endswith(_SENTENCE_ENDS)


def _read_names(metas: dict[str, str], draft: Draft, byline: Byline, signed: Byline) -> None:
    """Source, author and editor: the national tags, what the page shows, other tags."""
    draft.put("source", _meta_name(metas, "contentsource"), "meta:ContentSource")
    for shown in (byline, signed):
        draft.put("source", shown.source, "label:来源")
        draft.put("editor", shown.editor, "label:责任编辑")
    draft.put("source", _meta_name(metas, "source"), "meta:source")
    for name in _EDITOR_METAS:
        draft.put("editor", _meta_name(metas, name), f"meta:{name}")
    if "articletitle" in metas:
        author = _meta_name(metas, "author")
        # The tag stands for the author or the editor; where the page says which, it is believed.
        if author not in {draft.get("editor"), draft.get("source")}:
            draft.put("author", author, "meta:Author")
    draft.put("author", byline.author, "label:作者")
    draft.put("author", signed.author, "label:作者")


def _meta_name(metas: dict[str, str], name: str) -> str | None:
    """The name that a tag gives, less the label that some editors write into it."""
    value = _NAME_LABEL.sub("", one_line(metas.get(name, "")))
    return value if value and not is_filler(value) and len(value) <= _LONGEST_LINE else None


def _read_labels(draft: Draft, labels: dict[str, tuple[str, str]]) -> None:
    """The fields of a disclosure box."""
    for name, (value, label) in labels.items():
        if name.startswith("_") or name == "written_on":
            continue
        draft.put(name, _keywords(value, "") if name == "keywords" else value, f"label:{label}")


def _keywords(text: str, title: str) -> tuple[str, ...]:
    """Keywords that an editor wrote: few, and not the title's own words cut up."""
    words = [one_line(word) for word in _KEYWORD_SEPARATORS.split(text)]
    words = [
        word
        for word in dict.fromkeys(words)
        if word and word != title and len(word) <= _LONGEST_NAME
    ]
    return tuple(words)


def _shows(before: str, title: str) -> bool:
    """Whether the title stands above the body, other than at the end of the breadcrumb."""
    pieces = [piece for node in before.split(BREAK) if (piece := node.strip())]
    return any(
        piece == title and not above.endswith(_CRUMB_ENDS)
        for above, piece in pairwise(["", *pieces])
    )


def _has_own_heading(container: Container, title: str) -> bool:
    """Whether the title stands in a paragraph, as in documents; templates have other elements."""
    html = container.nodes[0].html or ""
    place = html.find(title) if title else -1
    around = _TAGS_BEFORE.search(html[max(0, place - _TAGS_WITHIN) : place]) if place > 0 else None
    return around is not None and "<p" in around[0]


def _read_body(
    draft: Draft, container: Container, base: str, title: str, rules: Rules, *, whole: bool
) -> None:
    """Text, markup and pictures of the body."""
    blocks: list[Block] = []
    for node in container.nodes:
        if rules.body_debris:
            for debris in node.css(rules.body_debris):
                debris.decompose()
        blocks += read_blocks(node.html or "", base)
    blocks = without_furniture(blocks, title, whole=whole)
    blocks = take_captions(blocks, title)
    for block in blocks:
        if "&nbsp;" in block.html and block.kind not in _FRAMES_OF_TEXT:
            block.html = _unpadded(block.html)
    blocks = _without_empty_frames(blocks)
    draft.put(
        "body_text", "\n".join(block.text for block in blocks if block.text), container.origin
    )
    draft.put("body_html", "\n".join(block.html for block in blocks), container.origin)
    draft.linked_share = _linked_share(blocks)
    pictures = {p.url: p.caption for block in blocks for p in block.pictures}
    images = tuple({"url": url, "caption": caption} for url, caption in pictures.items())
    draft.put("images", images, container.origin)
    if "document_number" not in draft.fields:
        draft.put("document_number", _number_at_head(blocks[:_NUMBER_WITHIN]), "body")


def _number_at_head(blocks: list[Block]) -> str | None:
    """The document's number as it stands above the text, an order's on two lines."""
    for above, block in pairwise([Block("p", "", ""), *blocks]):
        text = block.text
        if "号" not in text or len(text) > _LONGEST_NAME:
            continue
        if above.text.endswith("令") and text.startswith(("第", "（第", "(第")):
            text = above.text + text.strip("（）()")
        if number := document_number(text):
            return number
    return None


def _unpadded(html: str) -> str:
    """A block's markup without the spaces that pad its text on either side."""
    if padded := _PADDED.match(html):
        html = padded[1] + html[padded.end() :]
    closing = _CLOSING_TAGS.search(html, max(0, len(html) - _TAGS_WITHIN))
    last = end = closing.start() if closing else len(html)
    while end:
        if html.endswith("&nbsp;", 0, end):
            end -= len("&nbsp;")
        elif html[end - 1].isspace():
            end -= 1
        else:
            break
    return html[:end] + html[last:]


def _linked_share(blocks: list[Block]) -> float:
    """How much of the text stands in links: all of it, on a list."""
    titles = [b for b in blocks if b.kind in _ROW_KINDS and 5 * b.linked >= 4 * len(b.text) > 0]
    if len(titles) >= _ROWS and len(titles) * 4 >= len(blocks):
        # A list whose rows have summaries.
        return 1.0
    characters = sum(len(block.text) for block in blocks)
    return sum(block.linked for block in blocks) / characters if characters else 0.0


def _without_empty_frames(blocks: list[Block]) -> list[Block]:
    """Without lists and quotations that lost all they held; the rest open and close in turn."""
    kept: list[Block] = []
    opened: list[Block] = []
    for block in blocks:
        if block.kind == "close":
            if not opened:
                continue
            frame = opened.pop()
            if kept and kept[-1] is frame:
                kept.pop()
                continue
            kept.append(Block("close", frame.html.replace("<", "</"), ""))
            continue
        if block.kind == "open":
            opened.append(block)
        kept.append(block)
    kept += [Block("close", frame.html.replace("<", "</"), "") for frame in reversed(opened)]
    return kept
