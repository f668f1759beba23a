"""What the sources of a run hold: pages by site, and what they are besides."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from schemas.dates import SHANGHAI, Window
from schemas.outcome import Outcome
from schemas.site import Site
from schemas.source import Skipped
from spiders.families import FAMILIES
from spiders.families.base import Family
from spiders.not_a_page import recognise
from spiders.sources.addresses import is_other_page
from spiders.sources.capture import Found

# A crawl of the whole web has millions of hosts; those with the most pages are all that is told.
_MOST_HOSTS = 100_000
_HOSTS_KEPT = 10_000
_HTML = ("html", "text/plain")
_OK = 200


@dataclass(slots=True)
class OfSite:
    """What the sources hold of one site."""

    site: Site
    family: Family
    found: list[Found] = field(default_factory=list)
    files: set[str] = field(default_factory=set)
    pages: int = 0
    skipped: Counter[Skipped] = field(default_factory=Counter)
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    """Answers that are no pages, by what they are."""

    def in_order(self) -> list[Found]:
        """The pages by their dates; those of one moment in the order of the sources."""
        return sorted(self.found, key=lambda found: found.at)


class _Revisit(NamedTuple):
    """A record that waits for the response that it refers to."""

    of: OfSite
    at: datetime
    url: str
    digest: str


class Survey:
    """Gathers what the sources of a run hold of some sites.

    Args:
        sites: The sites that are known.
        wanted: The ids of those whose pages are taken; none: all.
        window: The publish days wanted.
    """

    def __init__(
        self, sites: Iterable[Site], wanted: Iterable[str] = (), window: Window | None = None
    ) -> None:
        self.window = window or Window()
        self.sites: dict[str, OfSite] = {}
        self.problems: list[str] = []
        self.other_hosts: Counter[str] = Counter()
        self._by_host: dict[str, OfSite | None] = {}
        self._by_digest: dict[int, Found] = {}
        self._revisits: list[_Revisit] = []
        only = frozenset(wanted)
        for site in sites:
            family = FAMILIES.get(site.family, FAMILIES["generic"])
            of = OfSite(site, family) if not only or site.id in only else None
            self._by_host |= dict.fromkeys(site.all_hosts, of)
            if of:
                self.sites[site.id] = of

    def claim(self, url: str) -> OfSite | None:
        """The site that a page belongs to; none where no wanted one claims its host."""
        host = url.split("/", 3)[2].rpartition("@")[2].lower() if url.count("/") > 1 else ""
        if host not in self._by_host:
            host = host.partition(":")[0].rstrip(".")
        if host in self._by_host:
            return self._by_host[host]
        if host:
            self.other_hosts[host] += 1
            if len(self.other_hosts) > _MOST_HOSTS:
                self.other_hosts = Counter(dict(self.other_hosts.most_common(_HOSTS_KEPT)))
        return None

    def is_host(self, name: str) -> bool:
        """Whether a site claims a host, with its port or without."""
        return name.partition(":")[0] in self._by_host

    def take(
        self, of: OfSite, url: str, status: int, content_type: str, found: Found, digest: str = ""
    ) -> None:
        """Note a page, or count why it is none to be read."""
        of.pages += 1
        of.files.add(found.source.name)
        if status != _OK:
            of.outcomes[outcome_of(status)] += 1
        elif why_not := self._why_not(of, url, content_type, found.at):
            of.skipped[why_not] += 1
        else:
            of.found.append(found)
            if digest:
                self._by_digest.setdefault(hash(digest), found)

    def skip(self, of: OfSite, source: str, why: Skipped) -> None:
        """Count a page that nothing can be read of."""
        of.pages += 1
        of.files.add(source)
        of.skipped[why] += 1

    def revisit(self, of: OfSite, source: str, url: str, at: datetime, digest: str) -> None:
        """Note a record that says that a page was as another record has it."""
        of.pages += 1
        of.files.add(source)
        if why_not := self._why_not(of, url, "", at):
            of.skipped[why_not] += 1
        else:
            self._revisits.append(_Revisit(of, at, url, digest))

    def resolve(self) -> None:
        """Find what the revisits refer to, once every source has been surveyed."""
        for revisit in self._revisits:
            target = self._by_digest.get(hash(revisit.digest))
            if target is None:
                revisit.of.skipped[Skipped.NO_TARGET] += 1
            else:
                revisit.of.found.append(target._replace(at=revisit.at, url=revisit.url))
        self._revisits.clear()
        self._by_digest.clear()

    def _why_not(self, of: OfSite, url: str, content_type: str, at: datetime) -> Skipped | None:
        if content_type and not any(kind in content_type.lower() for kind in _HTML):
            return Skipped.OTHER_TYPE
        if is_other_page(of.site, of.family, url):
            return Skipped.OTHER_PAGE
        # Nothing on it was published later than it was fetched.
        if self.window.is_before(at.astimezone(SHANGHAI).date()):
            return Skipped.OUTSIDE
        return None


def outcome_of(status: int) -> Outcome:
    """What an answer with another status than 200 is."""
    if 300 <= status < 400:  # noqa: PLR2004  (the redirects)
        return Outcome.MOVED
    found = recognise(status, {}, b"")
    return found.outcome if found else Outcome.FAILED
