"""The simulated site as a real HTTP server, in a process of its own, which counts what is asked."""

import asyncio
import json
import multiprocessing
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any, cast

from aiohttp import web

from schemas.site import Column, Politeness, Site
from tests.simulated.pages import (
    SITE_NAME,
    article_page,
    column_name,
    list_address,
    list_page,
    parse_article,
    parse_list,
)
from tests.simulated.plan import ColumnState, Plan

SITE_ID = "simulated"
# An address fails so often in a row at most, so that a run's own retries get it.
_FAILS_IN_A_ROW = 2
_RESET = 0
_ERRORS = (500, 503, _RESET)
_ROBOTS = "User-agent: *\nDisallow:\n"
# A spawned process shares nothing with threads of the test runner.
_CONTEXT = multiprocessing.get_context("spawn")


@dataclass(slots=True)
class Tally:
    """What the server was asked so far, and what it has."""

    columns: list[ColumnState]
    lists: Counter[str] = field(default_factory=Counter)
    """Requests by the path of a list page; with those answered by errors."""
    asked: list[bytearray] = field(default_factory=list)
    """By column, how often each article was asked for."""
    served: list[bytearray] = field(default_factory=list)
    """By column, how often each article was answered with its page."""
    errors: Counter[str] = field(default_factory=Counter)
    """Errors answered, by `list` and `article`."""
    missing: int = 0
    """Requests for what is not there, or not any more."""

    list_requests: int = 0
    article_requests: int = 0
    """Those of articles that are there; with those answered by errors."""

    @property
    def requests(self) -> int:
        return self.list_requests + self.article_requests


class SimulatedSite:
    """Answers requests; each one may change the lists."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        columns = [ColumnState(plan, number) for number in range(plan.columns)]
        self.tally = Tally(
            columns,
            asked=[bytearray(column.published) for column in columns],
            served=[bytearray(column.published) for column in columns],
        )
        self.frozen = False
        self._ticks = 0

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.path
        if path == "/robots.txt":
            return web.Response(text=_ROBOTS)
        self._tick()
        if self.plan.stalls_after is not None and self._ticks > self.plan.stalls_after:
            await asyncio.Event().wait()
        if place := parse_article(path):
            return self._article(request, *place)
        if found := parse_list(path, self.tally.columns):
            return self._list(request, *found)
        self.tally.missing += 1
        return _not_found()

    def _article(self, request: web.BaseRequest, column: int, article: int) -> web.StreamResponse:
        tally = self.tally
        state = tally.columns[column]
        if article >= state.published:
            tally.missing += 1
            return _not_found()
        tally.article_requests += 1
        tally.asked[column][article] += 1
        if error := self._error(request, "article", tally.asked[column][article]):
            return error
        if article in state.withdrawn:
            tally.missing += 1
            return _not_found()
        tally.served[column][article] += 1
        return _html(article_page(self.plan, column, article))

    def _list(self, request: web.BaseRequest, column: int, page: int) -> web.StreamResponse:
        tally = self.tally
        state = tally.columns[column]
        tally.list_requests += 1
        tally.lists[request.path] += 1
        if error := self._error(request, "list", tally.lists[request.path]):
            return error
        if not 1 <= page <= state.pages:
            tally.missing += 1
            return _not_found()
        if page == 1:
            state.promised = state.published
        return _html(list_page(state, page))

    def _tick(self) -> None:
        """Every so many requests an article is added on top, or one is withdrawn."""
        if self.frozen:
            return
        self._ticks += 1
        plan, columns = self.plan, self.tally.columns
        if self._ticks % plan.grows_every == 0:
            column = (self._ticks // plan.grows_every) % plan.columns
            columns[column].grow()
            self.tally.asked[column].append(0)
            self.tally.served[column].append(0)
        if self._ticks % plan.shrinks_every == 0:
            column = (self._ticks // plan.shrinks_every) % plan.columns
            columns[column].shrink(plan.chance("shrink", self._ticks))

    def _error(self, request: web.BaseRequest, kind: str, times: int) -> web.Response | None:
        """An error for the n-th request of an address, by chance; the same one every time."""
        chance = self.plan.chance("error", request.path, times)
        if times > _FAILS_IN_A_ROW or chance.random() >= self.plan.error_share:
            return None
        self.tally.errors[kind] += 1
        status = chance.choice(_ERRORS)
        if status != _RESET:
            return web.Response(status=status, text="error")
        if request.transport:
            cast("asyncio.Transport", request.transport).abort()
        return web.Response()


def _html(body: bytes) -> web.Response:
    # As many of these servers do it, the page alone says its charset.
    return web.Response(body=body, headers={"Content-Type": "text/html"})


def _not_found() -> web.Response:
    return web.Response(status=404, text="<h1>404 Not Found</h1>")


def site_of(url: str, plan: Plan) -> Site:
    """The site as its file would have it; but nobody waits for anybody on loopback."""
    columns = tuple(
        Column(id=f"lm{n}", name=column_name(n), url=url + list_address(plan, n))
        for n in range(plan.columns)
    )
    site = Site(id=SITE_ID, name=SITE_NAME, url=url, columns=columns)
    at_once = Politeness.model_construct(**{**dict(Politeness()), "delay_seconds": 0.0})
    return site.model_copy(update={"politeness": at_once})


@dataclass(slots=True)
class Running:
    """A server that runs."""

    url: str
    plan: Plan
    _connection: Connection

    @property
    def site(self) -> Site:
        return site_of(self.url, self.plan)

    def requests(self) -> int:
        """The requests so far."""
        return cast("int", self._ask("requests"))

    def tally(self) -> Tally:
        """All that was counted so far."""
        return cast("Tally", self._ask("tally"))

    def freeze(self) -> None:
        """From now on nothing changes any more."""
        self._ask("freeze")

    def _ask(self, what: str) -> Any:
        self._connection.send(what)
        return self._connection.recv()


@contextmanager
def simulated_site(plan: Plan) -> Iterator[Running]:
    """A server in a process of its own, on a free port of 127.0.0.1."""
    ours, theirs = _CONTEXT.Pipe()
    process = _CONTEXT.Process(target=_serve, args=(plan, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Running(url=ours.recv(), plan=plan, _connection=ours)
    finally:
        process.terminate()
        process.join()


def _serve(plan: Plan, connection: Connection) -> None:
    asyncio.run(_serve_for_ever(plan, connection))


async def _serve_for_ever(plan: Plan, connection: Connection) -> None:
    site = SimulatedSite(plan)
    runner = web.ServerRunner(web.Server(site.handle, access_log=None))
    await runner.setup()
    listener = web.TCPSite(runner, "127.0.0.1", 0)
    await listener.start()
    port = runner.addresses[0][1]
    asyncio.get_running_loop().add_reader(connection.fileno(), _answer, site, connection)
    connection.send(f"http://127.0.0.1:{port}")
    await asyncio.Event().wait()


def _answer(site: SimulatedSite, connection: Connection) -> None:
    """Answer what the process that started this one asks."""
    try:
        what = connection.recv()
    except EOFError:
        raise SystemExit from None
    if what == "freeze":
        site.frozen = True
    connection.send(site.tally if what == "tally" else site.tally.requests)


def main() -> None:
    """Run until interrupted, for a look in a terminal."""
    plan = Plan(articles=int(sys.argv[1])) if sys.argv[1:] else Plan()
    with simulated_site(plan) as server, suppress(KeyboardInterrupt):
        said = {"articles": plan.articles, "columns": plan.columns}
        print(f"{server.url} '{json.dumps(said)}'", flush=True)  # noqa: T201
        signal.pause()


if __name__ == "__main__":
    main()
