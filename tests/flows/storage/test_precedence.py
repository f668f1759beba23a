"""Which of several articles with one text counts as the first."""

from datetime import datetime
from typing import Any

import pytest

from flows.storage.precedence import names_another, precedence
from schemas.dates import SHANGHAI


def row(number: int = 1, **fields: Any) -> dict[str, Any]:
    defaults = {
        "id": f"{number:016x}",
        "url": f"http://www.hill.gov.cn/{number}.htm",
        "site_name": "南关区人民政府",
        "published_at": datetime(2026, 1, 5, tzinfo=SHANGHAI),
        "source": None,
        "issuing_agency": None,
        "publisher_division": "220102",
    }
    return defaults | fields


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"published_at": datetime(2026, 1, 4, 23, tzinfo=SHANGHAI)}, {}),
        ({}, {"published_at": None}),
        (
            {"published_at": datetime(2026, 1, 5, 15, tzinfo=SHANGHAI)},
            {"published_at": datetime(2026, 1, 5, 9, tzinfo=SHANGHAI), "source": "新华社"},
        ),
        (
            {"published_at": datetime(2026, 1, 5, 9, tzinfo=SHANGHAI)},
            {"published_at": datetime(2026, 1, 5, 15, tzinfo=SHANGHAI)},
        ),
        ({"publisher_division": "220100"}, {"publisher_division": "220102"}),
        ({"publisher_division": "220102"}, {"publisher_division": None}),
        ({}, {"url": "http://www.z.gov.cn/"}),
    ],
    ids=["day", "dated", "source", "time", "level", "government", "address"],
)
def test_which_comes_first(first: dict[str, Any], second: dict[str, Any]) -> None:
    # The address alone would put the second first, but for where it is what decides.
    rows = [row(2, **first), row(1, **second)]
    if "url" in second:
        rows[0]["url"] = "http://www.a.gov.cn/"
    assert min(rows, key=precedence) is rows[0]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (None, False),
        ("南关区人民政府", False),
        ("南关区政府网", False),
        ("区科技局", False),
        ("本网", False),
        ("南关发布", False),
        ("新华社", True),
        ("吉林日报", True),
        ("长春市人民政府", True),
    ],
)
def test_whose_name_a_source_is(source: str | None, expected: bool) -> None:
    assert names_another(row(source=source)) is expected
