"""Windows are half open; times are printed no finer than they are known."""

from datetime import UTC, date, datetime

import pytest

from schemas.dates import Precision, Published, Window, iso


def test_a_window_takes_its_first_day_and_not_its_last() -> None:
    window = Window(since=date(2024, 7, 1), until=date(2024, 8, 1))
    assert date(2024, 7, 1) in window
    assert date(2024, 7, 31) in window
    assert date(2024, 8, 1) not in window
    assert date(2024, 6, 30) not in window


def test_an_open_window_takes_everything() -> None:
    assert date(1998, 1, 1) in Window()


def test_a_window_runs_forward() -> None:
    with pytest.raises(ValueError, match="must lie before until"):
        Window(since=date(2024, 8, 1), until=date(2024, 8, 1))


def test_a_day_is_printed_as_a_day() -> None:
    assert str(Published.on(date(2024, 7, 19))) == "2024-07-19"


def test_a_minute_is_printed_in_shanghai() -> None:
    utc = datetime(2018, 1, 25, 15, 27, tzinfo=UTC)
    assert iso(utc, Precision.MINUTE) == "2018-01-25T23:27+08:00"
    assert iso(utc, Precision.SECOND) == "2018-01-25T23:27:00+08:00"
    assert iso(utc, Precision.DAY) == "2018-01-25"
