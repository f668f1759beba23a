"""Any other site: its list is found by likeness, its pager by the words on the buttons."""

from spiders.families.base import Family


class Generic(Family):
    """A site on no family that is known."""

    id = "generic"
    name = "Any other site"
