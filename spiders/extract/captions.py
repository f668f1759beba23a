"""Which paragraph is the caption of the picture above it."""

import re
from html import escape
from itertools import pairwise

from spiders.extract.blocks import Block
from spiders.extract.labels import document_number

# The longest captions seen name an event and those in the picture.
_LONGEST = 90
_SENTENCE_END = re.compile(r"[。！？；：:;!?，,]$")
_HEADING = re.compile(
    r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[)）]|\d+[.、．]|第[一二三四五六七八九十]+[章节条])"
)
_SAYS_SO = re.compile(
    r"(?:摄|供图|图片来源.{0,20}|图源.{0,20}|/摄|资料图片?)[)）\]]?$|^(?:图为|图[:：]|[▲△↑↓]|图\d)"
)
_BOLD_WHOLE = re.compile(r"^<p>\s*<(?:strong|b)>.*</(?:strong|b)>\s*</p>$")
_DATED = re.compile(r"^\d{4}年\d{1,2}月\d{1,2}日$")


def take_captions(blocks: list[Block], title: str) -> list[Block]:
    """Give pictures their captions; the blocks without the paragraphs that were captions."""
    pairs = [
        (picture, caption)
        for picture, caption in pairwise(blocks)
        if picture.pictures and not picture.text and _may_be(caption) and caption.text != title
    ]
    if not pairs:
        return blocks
    # Where the rest is centred as well, centring says nothing.
    candidates = {id(caption) for _, caption in pairs}
    others = [block for block in blocks if block.text and id(block) not in candidates]
    centring_tells = sum(block.centred for block in others) * 2 <= len(others)
    sure = [pair for pair in pairs if _is_sure(pair[1], centring_tells=centring_tells)]
    alone = sum(1 for block in blocks if block.pictures and not block.text)
    # Where pictures go with captions throughout, one that is set differently is a caption too.
    taken = pairs if len(sure) * 2 >= alone and len(sure) > 1 else sure
    captions = set()
    for picture, caption in taken:
        picture.pictures[-1].caption = caption.text
        picture.html = _figure(picture, caption)
        captions.add(id(caption))
    return [block for block in blocks if id(block) not in captions]


def _figure(picture: Block, caption: Block) -> str:
    """Picture and caption as one; a frame of the picture's own kind stays around it."""
    inner = picture.html.removeprefix(f"<{picture.kind}>").removesuffix(f"</{picture.kind}>")
    figure = f"<figure>{inner}<figcaption>{escape(caption.text, quote=False)}</figcaption></figure>"
    return f"<li>{figure}</li>" if picture.kind == "li" else figure


def _may_be(block: Block) -> bool:
    text = block.text
    if block.kind == "figcaption":
        return bool(text) and len(text) <= 2 * _LONGEST
    return (
        block.kind == "p"
        and not block.pictures
        and 0 < len(text) <= _LONGEST
        and not _HEADING.match(text)
        and not _DATED.match(text)
        and document_number(text) is None
        and not _BOLD_WHOLE.match(block.html)
        and ("。" not in text.rstrip("。") or bool(_SAYS_SO.search(text)))
        and (not _SENTENCE_END.search(text) or bool(_SAYS_SO.search(text)) or block.centred)
    )


def _is_sure(block: Block, *, centring_tells: bool) -> bool:
    return (
        block.kind == "figcaption"
        or (block.centred and centring_tells)
        or _SAYS_SO.search(block.text) is not None
    )
