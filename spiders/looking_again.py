"""When a stored page is looked at again: a plan that thins out."""

from datetime import datetime, timedelta

from schemas.dates import SHANGHAI
from schemas.outcome import Outcome
from schemas.visit import PageState

# An article is looked at again when it is a day, a week, a month old: edits come early, if at all.
# One that is gone is looked for again at the same distances: what is put back is put back early.
LOOK_AGAIN_AFTER = (timedelta(days=1), timedelta(days=7), timedelta(days=30))
# A suspicion is looked into every day, but not for ever: where nothing confirms it in this time,
# neither its page nor its list ever will.
SUSPECT_FOR = timedelta(days=30)


def is_due(state: PageState, now: datetime) -> bool:
    """Whether a settled page that a list names is to be asked for again.

    A list that names a missing article may mean that it is back: once a day that is worth asking.
    """
    if state.missing:
        return state.last_seen.astimezone(SHANGHAI).date() < now.astimezone(SHANGHAI).date()
    if state.outcome is Outcome.MOVED:
        return False  # the plan knows the address that it moved to
    return any(state.last_seen < state.first_seen + age <= now for age in LOOK_AGAIN_AFTER)
