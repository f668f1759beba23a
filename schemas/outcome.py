"""What became of one request: a closed list."""

from enum import StrEnum


class Outcome(StrEnum):
    """What became of one request or of one list row. Every run report counts each."""

    OK = "ok"
    """A page that could be read."""
    UNCHANGED = "unchanged"
    """The server (304) or the body's hash says that nothing changed."""
    KNOWN = "known"
    """A list row of an article that is stored and not due for another look: not requested."""
    OUTSIDE = "outside"
    """A list row dated outside the window: not requested."""
    EXTERNAL = "external"
    """A list row or an empty shell that points to another site: recorded, never followed."""
    REJECTED = "rejected"
    """The record did not validate; it waits in quarantine."""
    EMPTY = "empty"
    """A page without the text, or a list without the rows, that it should have."""
    DRIFTED = "drifted"
    """A list that had rows and shows none to its reader now: a redesign, most likely."""
    GONE = "gone"
    """404 or 410, the same said under status 200, or a redirect to the front page."""
    UNLISTED = "unlisted"
    """A stored article whose list shows its days and names it no more: not requested."""
    MOVED = "moved"
    """A redirect to another address: of the same article, or away from the site."""
    BLOCKED = "blocked"
    """A challenge or a block page. We stop there and say so."""
    DISALLOWED = "disallowed"
    """robots.txt says no."""
    CHARSET_SUSPECT = "charset_suspect"
    """The bytes decode badly under every charset that anything speaks for."""
    TOO_LARGE = "too_large"
    """More bytes than the site's limit allows."""
    NOT_HTML = "not_html"
    """A list row that leads straight to a file."""
    UNAVAILABLE = "attachment_unavailable"
    """A page, or bytes of no known kind, where a file should be."""
    FAILED = "failed"
    """No answer, or a server error, after every retry."""

    @property
    def is_settled(self) -> bool:
        """Whether the next run may take it as done; what is not settled is asked for again."""
        return self not in _UNSETTLED


_UNSETTLED = frozenset({Outcome.FAILED, Outcome.BLOCKED, Outcome.DRIFTED})
