"""A web server on loopback that answers by a script and remembers what it was asked."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer

from schemas.site import Column, Site

Answer = web.Response | Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Loopback:
    """The server: `answers` by path, `asked` in order."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[web.BaseRequest] = field(default_factory=list)
    url: str = ""

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked.append(request)
        answer = self.answers.get(request.path)
        if answer is None:
            return web.Response(status=404, text="<h1>404</h1>")
        if isinstance(answer, web.Response):
            return web.Response(status=answer.status, headers=answer.headers, body=answer.body)
        return await answer(request)  # type: ignore[arg-type]

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.asked]


@asynccontextmanager
async def loopback() -> AsyncIterator[Loopback]:
    """A server on a free port of 127.0.0.1."""
    server = Loopback()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.handle)
    async with TestServer(app) as running:
        server.url = str(running.make_url("/"))
        yield server


def page(text: str, **headers: str) -> web.Response:
    """An HTML page of that text."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return web.Response(
        body=text.encode(), headers={"Content-Type": "text/html; charset=utf-8", **headers}
    )


# What stands on every page of a site; without it a page is too small to be one.
_FRAME = (
    "<div class='nav'>" + "<a href='/'>首页</a> <a href='/zwgk.htm'>政务公开</a>" * 10 + "</div>"
)


def vsb_list(rows: dict[str, tuple[str, str]], **headers: str) -> web.Response:
    """A VSB list page: title and day by address."""
    items = "".join(
        f'<li id="line_u7_{number}"><a href="{url}" title="{title}">{title}</a>'
        f"<span>{day}</span></li>"
        for number, (url, (title, day)) in enumerate(rows.items())
    )
    return page(f"<html><body>{_FRAME}<ul class='list'>{items}</ul></body></html>", **headers)


def vsb_article(title: str, day: str, text: str, **headers: str) -> web.Response:
    """A VSB article page."""
    return page(
        f"<html><head><title>{title}-某某区人民政府</title></head><body>"
        f'<form name="_newscontent_fromname"><h2>{title}</h2><div>发布时间：{day}</div>'
        f'<div id="vsb_content"><div class="v_news_content"><p>{text}</p></div></div></form>'
        f"</body></html>",
        **headers,
    )


def vsb_site(server: Loopback, **politeness: float) -> Site:
    """A site of one column on that server."""
    return Site(
        id="somewhere",
        name="某某区人民政府",
        url=server.url,
        family="vsb",
        politeness={"delay_seconds": 0.5, **politeness},  # type: ignore[arg-type]
        columns=(Column(id="yw", name="要闻", url=f"{server.url}yw.htm"),),
    )
