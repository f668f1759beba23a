"""The CMS families, one module each, and the way to one by its name."""

from spiders.families.base import Family
from spiders.families.dedecms import DedeCms
from spiders.families.empirecms import EmpireCms
from spiders.families.epoint import Epoint
from spiders.families.generic import Generic
from spiders.families.gkmlpt import Gkmlpt
from spiders.families.hanweb import Hanweb
from spiders.families.jeecms import JeeCms
from spiders.families.lonsun import Lonsun
from spiders.families.nfcms import Nfcms
from spiders.families.phpcms import PhpCms
from spiders.families.trs import Trs
from spiders.families.ucap import Ucap
from spiders.families.vsb import Vsb
from spiders.families.webplus import WebPlus

FAMILIES: dict[str, Family] = {
    family.id: family
    for family in (
        Vsb(),
        Trs(),
        Hanweb(),
        Ucap(),
        Nfcms(),
        Gkmlpt(),
        Lonsun(),
        Epoint(),
        DedeCms(),
        PhpCms(),
        EmpireCms(),
        JeeCms(),
        WebPlus(),
        Generic(),
    )
}


def get_family(family_id: str) -> Family:
    """The family of that id; KeyError names those there are."""
    if family_id not in FAMILIES:
        raise KeyError(f"no family {family_id!r}; there are: {', '.join(FAMILIES)}")
    return FAMILIES[family_id]
