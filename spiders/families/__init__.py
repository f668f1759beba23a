"""The CMS families, one module each, and the way to one by its name."""

from spiders.families.base import Family
from spiders.families.dedecms import DedeCms
from spiders.families.generic import Generic
from spiders.families.vsb import Vsb

FAMILIES: dict[str, Family] = {family.id: family for family in (Vsb(), DedeCms(), Generic())}


def get_family(family_id: str) -> Family:
    """The family of that id; KeyError names those there are."""
    if family_id not in FAMILIES:
        raise KeyError(f"no family {family_id!r}; there are: {', '.join(FAMILIES)}")
    return FAMILIES[family_id]
