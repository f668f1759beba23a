"""Any page of a list by the address of its second."""

import pytest

from spiders.extract.jump import page_address

SITE = "http://www.chengxi.example"


@pytest.mark.parametrize(
    ("second", "total", "page", "expected"),
    [
        # VSB counts down to 1: page 2 of 31 is 30.htm, the last is 1.htm.
        ("/xw/lsyw/30.htm", 31, 2, "/xw/lsyw/30.htm"),
        ("/xw/lsyw/30.htm", 31, 31, "/xw/lsyw/1.htm"),
        ("/xw/lsyw/30.htm", 31, 11, "/xw/lsyw/21.htm"),
        # TRS counts from 0: page 2 is index_1.
        ("/zwdt/index_1.html", 112, 2, "/zwdt/index_1.html"),
        ("/zwdt/index_1.html", 112, 100, "/zwdt/index_99.html"),
        # DedeCMS counts from 1, behind the number of the list.
        ("/list_12_2.html", 40, 7, "/list_12_7.html"),
        # The number of the list may look like a page's; the page's stands last.
        ("/list_2_2.html", 40, 7, "/list_2_7.html"),
        # A comma's code is no number.
        (
            "/unit?param=%7B%22pageNo%22%3A2%2C%22size%22%3A15%7D",
            9,
            4,
            "/unit?param=%7B%22pageNo%22%3A4%2C%22size%22%3A15%7D",
        ),
        ("/list.jsp?wbtreeid=1055&PAGENUM=2", 9, 9, "/list.jsp?wbtreeid=1055&PAGENUM=9"),
    ],
)
def test_a_page_by_the_address_of_the_second(
    second: str, total: int, page: int, expected: str
) -> None:
    assert page_address(SITE + second, total, page) == SITE + expected


@pytest.mark.parametrize(
    ("second", "total", "page"),
    [
        ("/list/next.html", 9, 5),  # no number
        ("/list/77.html", 9, 5),  # a number that is no page's
        ("/zwdt/index_1.html", 9, 10),  # there is no such page
        ("/zwdt/index_1.html", 9, 1),  # the first has an address of its own
        ("/xw/lsyw/2.htm", 3, 3),  # 1.htm where it counts down, 3.htm where it counts up
    ],
)
def test_none_where_the_second_does_not_tell(second: str, total: int, page: int) -> None:
    assert page_address(SITE + second, total, page) is None


def test_a_number_in_the_host_is_none_of_the_list() -> None:
    assert page_address("http://www2.chengxi.example/a/list.html", 9, 5) is None
