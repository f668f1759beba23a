"""A body's markup as tags and texts, and what of it is written again.

What is written is harmless by construction: of a page's tags only those that are named here, made
anew with the few attributes that are named here; links and pictures only with absolute http(s)
addresses; and no < that is not one of these tags.
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape
from typing import NamedTuple

from spiders.extract.links import absolute
from spiders.extract.text import has_invisible, without_invisible

INLINE = frozenset({"a", "b", "strong", "i", "em", "u", "s", "del", "sub", "sup"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
FRAMES = frozenset({"ul", "ol", "blockquote"})
CELLS = frozenset({"td", "th"})
TABLE = CELLS | {"table", "thead", "tbody", "tfoot", "tr", "caption"}
# Blocks that mean nothing beyond "a new paragraph"; what is named nowhere parts nothing.
_PLAIN_NAMES = (
    "p div section article center main header footer aside dl dt dd address fieldset figure "
    "figcaption details summary form pre li nav hgroup legend"
)
BLOCKS = HEADINGS | FRAMES | TABLE | frozenset(_PLAIN_NAMES.split())
_KEPT = BLOCKS | INLINE | {"br", "img"}
# What is passed over with all it holds; an <aside> or <nav> may be the body itself.
_UNREAD_NAMES = (
    "noscript template object select button textarea svg canvas audio video head title aside nav"
)
_UNREAD = frozenset(_UNREAD_NAMES.split())
_VOID_NAMES = (
    "area base basefont bgsound br col embed frame hr img input keygen link meta param source "
    "track wbr"
)
_VOID = frozenset(_VOID_NAMES.split())
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CENTRED = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)
# As a parser serialises it: a > in a text or in an attribute's value is written &gt;.
TAGS = re.compile(r"(</?[a-zA-Z][^>]*>)")
_NAME = re.compile(r"</?([^\s/>]+)")
_ATTRIBUTE = re.compile(r" (=?[^\s/>=]*)=\"([^\"]*)\"")
# Comments, what Word writes for machines, and the elements whose text is serialised as it is.
_UNPARSED = re.compile(
    r"<(?:!--.*?--|\?[^>]*"
    r"|(?P<name>script|style|iframe|xmp|noembed|noframes|plaintext)(?=[ >])[^>]*>"
    r"(?P<text>.*?)</(?P=name))>",
    re.DOTALL,
)
_SHOWN = frozenset({"xmp", "plaintext"})
# A picture may be written into a tag: not worth keeping in memory.
_LONG_TAG = 1_000
_SPANS = ("colspan", "rowspan")
_IMAGE_SOURCES = (
    "orisrc",
    "data-original",
    "data-src",
    "data-echo",
    "data-lazy-src",
    "_src",
    "src",
)
# No article has so many links and pictures; the text of further ones stays.
_MOST_LINKS = 5_000
_PLACEHOLDER = re.compile(
    r"(?:^|/)(?:blank|grey|gray|loading|lazy\w*|placeholder|spacer|transparent|pixel|1x1|s)"
    r"\.(?:gif|png|jpg|svg)|^data:",
    re.IGNORECASE,
)
# Pictures that are furniture: file-type icons of editors' upload dialogs, share buttons, spacers.
_FURNITURE = re.compile(
    r"/(?:icon|icons|fileTypeImages|filetypes?|emotion|smil\w+)/|icon_(?:pdf|doc|xls|ppt|txt|rar|zip|jpg)"
    r"|\.(?:swf|css|js)(?:$|\?)",
    re.IGNORECASE,
)


class Tag(NamedTuple):
    """An opening or closing tag."""

    name: str
    is_closing: bool = False
    is_kept: bool = False
    """Whether it is a boundary or markup; otherwise only its text counts."""
    hides: bool = False
    """Whether nobody sees what stands in it."""
    centres: bool = False
    attributes: dict[str, str] = {}  # noqa: RUF012  (never changed)


@dataclass(slots=True)
class Picture:
    """An image of the body; its caption is found later."""

    url: str
    caption: str | None = None


def read_tags(html: str) -> tuple[list[Tag], list[str]]:
    """The tags of serialised markup that mean anything, and the text after each, as markup.

    A tag without a name stands for the beginning and for each that means nothing. What nobody
    sees is left out.
    """
    pieces = TAGS.split(_UNPARSED.sub(_shown, html))
    tags = [Tag("")]
    texts = [pieces[0]]
    hidden = ""
    depth = 0
    root = pieces[1] if len(pieces) > 1 else ""
    for token, text in zip(pieces[1::2], pieces[2::2], strict=True):
        tag = _tag_of(token) if len(token) < _LONG_TAG else _read_tag(token)
        if depth:
            if tag.name == hidden:
                depth += -1 if tag.is_closing else 1
            if depth:
                continue
        elif tag.hides and token is not root:
            hidden, depth = tag.name, 1
            continue
        elif tag.is_kept:
            tags.append(tag)
            texts.append(text)
            continue
        if text:
            tags.append(tags[0])
            texts.append(text)
    whole = "".join(texts)
    if has_invisible(whole):
        texts = [without_invisible(text) for text in texts]
    if "<" in whole:
        # Whatever it is, it is none of the tags that are written here.
        texts = [text.replace("<", "&lt;") for text in texts]
    return tags, texts


@lru_cache(maxsize=2048)
def _tag_of(token: str) -> Tag:
    """What a tag is. A page repeats few different ones, and a site's pages the same."""
    return _read_tag(token)


def _read_tag(token: str) -> Tag:
    match = _NAME.match(token)
    name = match[1] if match else ""
    if token[1] == "/":
        return Tag(name, is_closing=True, is_kept=name in _KEPT)
    attributes = dict(_ATTRIBUTE.findall(without_invisible(token)))
    if "&" in token:
        attributes = {key: unescape(value) for key, value in attributes.items()}
    style = attributes.get("style", "")
    is_hidden = "hidden" in attributes or _HIDDEN.search(style) is not None
    return Tag(
        name,
        is_kept=name in _KEPT and not (is_hidden and name in _VOID),
        hides=name in _UNREAD or (is_hidden and name not in _VOID),
        centres=name == "center"
        or attributes.get("align", "").lower() == "center"
        or _CENTRED.search(style) is not None,
        attributes=attributes,
    )


def _shown(unparsed: re.Match[str]) -> str:
    """What is seen of markup that is not parsed: the text of two elements, with its tags."""
    return escape(unparsed["text"], quote=False) if unparsed["name"] in _SHOWN else ""


class InlineWriter:
    """Writes what paragraphs and cells are made of: text, bold, links, pictures."""

    def __init__(self, base: str, links: int = 0) -> None:
        self.base = base
        self.links = links
        """Links and pictures so far."""
        self.parts: list[str] = []
        """The markup that is being written."""
        self.inline: list[tuple[str, str]] = []
        """Open inline elements: name, and tag where it is written at all."""
        self.doubled: Counter[str] = Counter()
        """Further ones inside those of their name, by name."""
        self.pictures: list[Picture] = []

    def inline_tag(self, tag: Tag) -> None:
        name = tag.name
        if name == "img":
            self.image(tag.attributes)
        elif not tag.is_closing:
            if any(name == outer for outer, _ in self.inline):
                # Bold in bold is no bolder; thousands of them would be opened in each block.
                self.doubled[name] += 1
                return
            markup = self.link(tag.attributes) if name == "a" else f"<{name}>"
            self.inline.append((name, markup))
            self.parts.append(markup)
        elif self.doubled[name]:
            self.doubled[name] -= 1
        elif self.inline and self.inline[-1][0] == name:
            _, markup = self.inline.pop()
            if markup:
                self.parts.append(f"</{name}>")

    def link(self, attributes: dict[str, str]) -> str:
        """The tag of a link; none where it leads nowhere."""
        self.links += 1
        url = absolute(self.base, attributes.get("href")) if self.links <= _MOST_LINKS else None
        return f'<a href="{_quoted(url)}">' if url else ""

    def image(self, attributes: dict[str, str]) -> None:
        self.links += 1
        if self.links > _MOST_LINKS:
            return
        for source in _IMAGE_SOURCES:
            value = attributes.get(source)
            if not value or _PLACEHOLDER.search(value):
                continue
            url = absolute(self.base, value)
            if url and not _FURNITURE.search(url):
                self.pictures.append(Picture(url))
                alt = attributes.get("alt", "").strip(' \\"')
                self.parts.append(f'<img src="{_quoted(url)}" alt="{_quoted(alt)}">')
                return


def spans(tag: Tag) -> str:
    """A cell's spans as markup."""
    return "".join(
        f' {key}="{_quoted(value)}"' for key, value in tag.attributes.items() if key in _SPANS
    )


def plain(html: str) -> str:
    """The text of what is written here, on one line."""
    text = TAGS.sub("", html) if "<" in html else html
    if "&" in text:
        text = text.replace("&nbsp;", " ")
        if "&" in text:
            text = unescape(text)
    return " ".join(text.split())


def linked(html: str) -> int:
    """How many characters of its text stand in links."""
    return sum(len(plain(f"<a {link.partition('</a>')[0]}")) for link in html.split("<a ")[1:])


def _quoted(value: str) -> str:
    return (
        value.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
    )
