"""Text as pages print it, made comparable: white space, invisible characters, label forms."""

import re
import unicodedata

# What is not here: U+FFFD, which tells of a wrong charset.
# Zero-width and direction marks, soft hyphens, byte-order marks and control characters other
# than tab and line ends: editors paste them in, nobody sees them.
_RANGES = (
    (0x00, 0x08),
    (0x0B, 0x0C),
    (0x0E, 0x1F),
    (0x7F, 0x9F),
    (0xAD, 0xAD),
    (0x34F, 0x34F),
    (0x61C, 0x61C),
    (0x180E, 0x180E),
    (0x200B, 0x200F),
    (0x2028, 0x202E),
    (0x2060, 0x2064),
    (0x206A, 0x206F),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFF9, 0xFFFC),
    (0xFFFE, 0xFFFF),
)
_CHARACTERS = tuple(chr(code) for first, last in _RANGES for code in range(first, last + 1))
_INVISIBLE = re.compile("[" + "".join(map(re.escape, _CHARACTERS)) + "]")
_LABEL_FRAME = ":：∶︰【】[]「」()（）*·•|"


def without_invisible(text: str) -> str:
    """The text less the characters that nobody sees."""
    return _INVISIBLE.sub("", text)


def has_invisible(text: str) -> bool:
    """Whether the text holds any of them: for long texts, far cheaper than the substitution."""
    return any(character in text for character in _CHARACTERS)


def one_line(text: str) -> str:
    """The text on one line: invisible characters gone, runs of white space a single space."""
    return " ".join(without_invisible(text).split())


def squeezed(text: str) -> str:
    """The text without any white space or invisible characters, for comparison."""
    return "".join(without_invisible(text).split())


def label_form(text: str) -> str:
    """A label's normal form: `索 引 号：` is 索引号."""
    return squeezed(unicodedata.normalize("NFKC", text)).strip(_LABEL_FRAME)
