"""What two texts are to each other."""

from enum import StrEnum
from typing import Final, NamedTuple

KEYS_OF_A_LINK: Final = 8
"""As many of the keys that it stands on as are looked at again."""


class Kind(StrEnum):
    """How two texts belong together, or that they do not."""

    SAME = "same"
    """The same text, maybe under another title or with edits."""
    FRAMED = "framed"
    """The same text between other headers and footers, as far as two texts can tell."""
    TRIMMED = "trimmed"
    """One is the other without some of it."""
    EXCERPT = "excerpt"
    """A passage of one stands in the other, a digest: a weak link."""
    OTHER_FACTS = "other_facts"
    """The same form, filled in otherwise."""


class Link(NamedTuple):
    kind: Kind
    strength: int
    """Characters that both share, in thousandths of the longer text."""
    keys: tuple[int, ...] = ()
    """Where most of these stand in very many clusters, the link is void."""
    lean: int = 0
    """Of an excerpt: above zero where the text with the lesser id seems to be the original.

    Then the other repeats its title, or has the passage later.
    """
