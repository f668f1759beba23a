"""A list that changes while it is walked, on the loopback server."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from aiohttp import web

from tests.loopback import Loopback, page, vsb_article

ROWS_A_PAGE = 4
TEXT = "全区科技创新大会召开，会议总结工作，表彰先进，部署任务。" * 3
FRAME = "<a href='/zwgk.htm'>政务公开</a>" * 20


def day_of(number: int) -> date:
    """An article a day, from the first of 2024 on."""
    return date(2024, 1, 1) + timedelta(days=number)


@dataclass
class LiveList:
    """One column: numbers of articles, newest first, and how its pages are addressed.

    Page 1 is `/NAME.htm`; the others are numbered upwards, or downwards as static archives are.
    """

    name: str
    numbers: list[int]
    descending: bool = False
    dated: bool = True
    tells_totals: bool = True
    stubs_from: int | None = None
    """The first page that comes without rows."""
    before: dict[int, Callable[[], None]] = field(default_factory=dict)
    """What happens, once, before a page is shown."""

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.numbers) // ROWS_A_PAGE))

    def address(self, number: int) -> str:
        if number == 1:
            return f"{self.name}.htm"
        return f"{self.name}/{self.pages - number + 1 if self.descending else number}.htm"

    def number(self, path: str) -> int | None:
        """The page that a path stands for now."""
        if path == f"/{self.name}.htm":
            return 1
        folder, _, file = path.removesuffix(".htm").rpartition("/")
        if folder != f"/{self.name}" or not file.isdecimal():
            return None
        return self.pages - int(file) + 1 if self.descending else int(file)

    def answer(self, path: str) -> web.Response | None:
        """A page of the list; none for a path that is none."""
        number = self.number(path)
        if number is None:
            return None
        if happens := self.before.pop(number, None):
            happens()
            number = self.number(path)
        assert number is not None
        if number > self.pages or number < 1:
            return web.Response(status=404, text="<h1>404 Not Found</h1>")
        if self.stubs_from and number >= self.stubs_from:
            return web.Response(body=b"<html></html>", content_type="text/html")
        return page(self._html(number))

    def _html(self, number: int) -> str:
        first = (number - 1) * ROWS_A_PAGE
        rows = "".join(
            f'<li id="line_u7_{n}"><a href="/info/{self.name}/{n}.htm">第{n}条新闻</a>'
            + (f"<span>{day_of(n)}</span>" if self.dated else "")
            + "</li>"
            for n in self.numbers[first : first + ROWS_A_PAGE]
        )
        totals = f"共{len(self.numbers)}条 {number}/{self.pages} " if self.tells_totals else ""
        older = f"<a href='/{self.address(number + 1)}'>下页</a>" if number < self.pages else "下页"
        pager = f"<div>{totals}{older} <span>上页</span></div>"
        return f"<html><body>{FRAME}<ul>{rows}</ul>{pager}</body></html>"


@dataclass
class ListSite(dict):  # type: ignore[type-arg]
    """The answers of a server whose columns are such lists."""

    lists: tuple[LiveList, ...] = ()
    failing: set[int] = field(default_factory=set)
    """Numbers of articles that are answered with an error."""

    def get(self, path: str, default: object = None) -> object:
        for one in self.lists:
            if answer := one.answer(path):
                return answer
        if not path.startswith("/info/"):
            return default
        number = int(path.rsplit("/", 1)[1].removesuffix(".htm"))
        if number in self.failing:
            return web.Response(status=502, text="bad gateway")
        return vsb_article(f"第{number}条新闻", str(day_of(number)), f"{number}：{TEXT}")


def articles_asked(server: Loopback) -> list[int]:
    """The numbers of the articles that were asked for, in order."""
    paths = [path for path in server.paths if path.startswith("/info/")]
    return [int(path.rsplit("/", 1)[1].removesuffix(".htm")) for path in paths]


def lists_asked(server: Loopback) -> list[str]:
    """The list pages that were asked for, in order."""
    return [
        path for path in server.paths if not path.startswith("/info/") and path != "/robots.txt"
    ]
