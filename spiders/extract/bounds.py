"""What keeps an odd page from taking more time and memory than it is worth."""

import re

# Pictures written into the markup are what makes a page megabytes long; nothing reads them.
_EMBEDDED = re.compile(rb"data:[a-zA-Z]+/[\w.+-]{1,80};base64,[A-Za-z0-9+/=%\s]+")
_WORTH_A_LOOK = 500_000
# The largest real article page seen is under 3 MB; this much takes up to a second and 200 MB.
_MOST_BYTES = 5_000_000
# A tag takes up to 700 bytes of memory, however short it is; the fullest real page seen has 4,000.
_MOST_TAGS = 150_000
# Fewer tags than this cannot nest deep enough to matter: parsers take time that grows with the
# square of the depth, half a second at 20,000.
_MANY_TAGS = 10_000
_SHORTEST_TAG = len("<b>")
# Browsers stop at 512; the deepest real page seen has 40.
_DEEPEST = 400
_TAGS = re.compile(r"(</?[a-zA-Z][^<>]*>)")
_NAME = re.compile(r"</?([a-zA-Z][\w:-]*)")
# These hold nothing, or are closed by the next of their kind.
_FLAT = (
    "area base br col embed hr img input link meta param source track wbr p li td th tr dt dd "
    "option html head body"
)
_NEVER_NEST = frozenset(_FLAT.split())


def is_too_large(body: bytes) -> bool:
    """Whether a page would take more than a second or 200 MB to read."""
    if len(body) <= _WORTH_A_LOOK:
        return False
    return body.count(b"<") > _MOST_TAGS or len(without_embedded(body)) > _MOST_BYTES


def without_embedded(body: bytes) -> bytes:
    """The page's bytes without the files written into them."""
    if len(body) < _WORTH_A_LOOK or b";base64," not in body:
        return body
    return _EMBEDDED.sub(b"", body)


def without_depths(html: str) -> str:
    """The markup without the tags below the deepest level that means anything; no text is lost."""
    if len(html) < _SHORTEST_TAG * _MANY_TAGS or html.count("<") < _MANY_TAGS:
        return html
    tokens = _TAGS.split(html)
    depth = 0
    dropped = False
    for place in range(1, len(tokens), 2):
        match = _NAME.match(tokens[place])
        if match is None or match[1].lower() in _NEVER_NEST:
            continue
        closing = tokens[place][1] == "/"
        if depth >= _DEEPEST + closing:
            tokens[place] = " "
            dropped = True
        depth = max(0, depth - 1) if closing else depth + 1
    return "".join(tokens) if dropped else html
