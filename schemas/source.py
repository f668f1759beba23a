"""What was found in files that pages are taken from, and why a page was not taken."""

from collections import Counter
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

# As many hosts without a site tell what a source is mostly of.
_HOSTS_NAMED = 10


class Skipped(StrEnum):
    """Why a page in a source was not taken. Every report counts each."""

    KNOWN = "already known"
    """What is stored says the same, or was read from this very page."""
    OLDER = "older than what is stored"
    OUTSIDE = "outside the window"
    OTHER_TYPE = "not HTML"
    OTHER_PAGE = "no article's address"
    """A list, a front page, a counter."""
    NO_ARTICLE = "no dated article on it"
    """At an address that may be an article's or not."""
    NO_TARGET = "refers to a page that is not here"
    """A revisit record whose full response stands in no source of the run."""
    DAMAGED = "torn or damaged"
    TOO_LARGE = "too large"


class SourceReport(BaseModel):
    """What a run took from files for one site."""

    model_config = ConfigDict(extra="forbid")

    files: list[str] = Field(default_factory=list)
    """Those that hold pages of the site."""
    pages: int = 0
    """Pages of the site that the files hold, taken or not."""
    skipped: Counter[Skipped] = Field(default_factory=Counter)
    other_hosts: dict[str, int] = Field(default_factory=dict)
    """Pages of hosts that no site claims, of all files together: the hosts with most of them."""
    others: int = 0
    """Pages of all such hosts."""

    @property
    def summary(self) -> str:
        """One line: `8 pages in 1 file: 5 already known, 1 not HTML`."""
        counts = [f"{n} {why}" for why, n in self.skipped.most_common() if n]
        pages = f"{self.pages} page{'s' * (self.pages != 1)}"
        files = f"{len(self.files)} file{'s' * (len(self.files) != 1)}"
        return f"{pages} in {files}" + (f": {', '.join(counts)}" if counts else "")

    @property
    def hosts_in_words(self) -> str:
        """`12 × a.example, 3 × b.example`; empty where every host has a site."""
        return in_words(self.other_hosts)


def top_hosts(hosts: Counter[str]) -> dict[str, int]:
    """The hosts with most pages."""
    return dict(hosts.most_common(_HOSTS_NAMED))


def in_words(hosts: dict[str, int]) -> str:
    """Hosts and how many pages each has."""
    return ", ".join(f"{n} × {host}" for host, n in hosts.items())
