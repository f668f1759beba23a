"""Articles that the lists which named them name no more."""

from collections.abc import AsyncIterator, Mapping

from schemas.outcome import Outcome
from schemas.visit import Listed
from spiders.ports import Memory
from spiders.walk import Walk

# A list that has dropped more articles than it kept, and this many, has been rebuilt: its silence
# is about itself.
_TOO_MANY = 5


async def unlisted(
    site: str, walks: Mapping[str, Walk], memory: Memory
) -> AsyncIterator[tuple[Walk, str, Outcome, str]]:
    """What ended walks by column miss: walk, canonical url, outcome, reason.

    An article is unlisted where every list that ever named it has shown the days on which it
    stood there, and no list names it now, at whichever of its addresses.
    """
    silent: dict[Listed, set[str]] = {}
    for walk in walks.values():
        if (after := walk.shown_after) is None:
            continue
        known = await memory.listed(site, walk.column.id, after)
        dropped = [one for one in known if not _is_named(one, walks)]
        if len(dropped) >= _TOO_MANY and len(dropped) * 2 > len(known):
            reason = f"it names {len(known) - len(dropped)} of {len(known)} stored articles"
            yield walk, walk.column.url, Outcome.DRIFTED, f"{reason}: has it been rebuilt?"
            continue
        for one in dropped:
            silent.setdefault(one, set()).add(walk.column.id)
    for one, columns in silent.items():
        if one.columns <= columns:
            yield walks[min(columns)], one.url, Outcome.UNLISTED, ""


def _is_named(article: Listed, walks: Mapping[str, Walk]) -> bool:
    return any(walk.has_met(url) for walk in walks.values() for url in article.addresses)
