"""Dates in the forms that pages and meta tags give them."""

import pytest

from spiders.extract.dates import split_date, stated_date
from spiders.extract.published import from_meta

STATED = [
    ("2024-07-19 上午 09:12", "2024-07-19T09:12+08:00"),
    ("2024年7月19日 下午3:05", "2024-07-19T15:05+08:00"),
    ("2024-07-19 下午 12:05", "2024-07-19T12:05+08:00"),
    ("2024年7月19日 星期五 09:12", "2024-07-19T09:12+08:00"),
    ("2024-07-19（周五）", "2024-07-19"),
    ("20240719", "2024-07-19"),
    ("20240719 0912", "2024-07-19T09:12+08:00"),
    ("202407191", None),
    ("20241340", None),
    ("July 19, 2024", "2024-07-19"),
    ("Sept. 3rd, 2024", "2024-09-03"),
    ("19 July 2024", "2024-07-19"),
    ("Fri Jul 19 09:12:33 CST 2024", "2024-07-19T09:12:33+08:00"),
    ("第20240719号", None),
]


@pytest.mark.parametrize(("text", "expected"), STATED)
def test_stated_date(text: str, expected: str | None) -> None:
    found = stated_date(text)
    assert (str(found) if found else None) == expected


METAS = [
    ("2024-07-19 00:00:00", "2024-07-19"),
    ("2024-07-19T01:12:00Z", "2024-07-19T09:12:00+08:00"),
    ("20240719091233", "2024-07-19T09:12:33+08:00"),
    ("Fri Jul 19 00:00:00 CST 2024", "2024-07-19"),
    ("1721351520000", "2024-07-19T09:12:00+08:00"),
]


@pytest.mark.parametrize(("content", "expected"), METAS)
def test_from_meta(content: str, expected: str) -> None:
    assert str(from_meta(content)) == expected


SPLIT = [
    (["19", "2024-07"], "2024-07-19"),
    (["2024.07", "19"], "2024-07-19"),
    (["07-19", "2024"], "2024-07-19"),
    (["2024", "07/19"], "2024-07-19"),
    (["2024-07"], None),
    (["19", "2024"], None),
    (["45", "2024-07"], None),
]


@pytest.mark.parametrize(("parts", "expected"), SPLIT)
def test_split_date(parts: list[str], expected: str | None) -> None:
    found = split_date(parts)
    assert (str(found) if found else None) == expected
