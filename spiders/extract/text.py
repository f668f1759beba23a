"""Text as pages print it, made comparable: white space, invisible characters, label forms."""

import re
import unicodedata

# What is not here: U+FFFD, which tells of a wrong charset.
# Zero-width and direction marks, soft hyphens, byte-order marks and control characters other
# than tab and line ends: editors paste them in, nobody sees them.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u180e\u200b-\u200f\u2028-\u202e"
    r"\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffc\ufffe\uffff]"
)
_LABEL_FRAME = ":：∶︰【】[]「」()（）*·•|"


def has_invisible(text: str) -> bool:
    """Whether the text has characters that nobody sees."""
    return _INVISIBLE.search(text) is not None


def without_invisible(text: str) -> str:
    """The text less the characters that nobody sees."""
    # A look costs half of what putting the same text together again does.
    return _INVISIBLE.sub("", text) if _INVISIBLE.search(text) else text


def one_line(text: str) -> str:
    """The text on one line: invisible characters gone, runs of white space a single space."""
    return " ".join(without_invisible(text).split())


def squeezed(text: str) -> str:
    """The text without any white space or invisible characters, for comparison."""
    return "".join(without_invisible(text).split())


def label_form(text: str) -> str:
    """A label's normal form: `索 引 号：` is 索引号."""
    return squeezed(unicodedata.normalize("NFKC", text)).strip(_LABEL_FRAME)
