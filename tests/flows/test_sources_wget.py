"""What wget makes of a site, on its own: a WARC file and a mirror, taken in as they are."""

import asyncio
import shutil
from pathlib import Path

import pytest
from aiohttp import web

from flows.options import RunOptions
from flows.sources import take_site
from flows.storage.store import Store
from schemas.article import Article
from schemas.outcome import Outcome
from schemas.site import Site
from spiders.sources import Survey, open_sources
from tests.loopback import Loopback, loopback, page, vsb_article, vsb_list, vsb_site

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(not shutil.which("wget"), reason="wget is not installed"),
]

ROWS = {f"/info/1001/{n}.htm": (f"某某区第{n}次会议", f"2024-07-0{n}") for n in range(1, 5)}


async def answer_gzipped(request: web.Request) -> web.StreamResponse:
    """An article sent in chunks, and packed if the client takes it."""
    title, day = ROWS[request.path]
    body = vsb_article(title, day, f"会议指出，{title}要抓好落实，务求实效。").body
    assert isinstance(body, bytes)
    response = web.StreamResponse(headers={"Content-Type": "text/html"})
    response.enable_chunked_encoding()
    response.enable_compression()
    await response.prepare(request)
    await response.write(body)
    await response.write_eof()
    return response


def serve_rows(server: Loopback) -> None:
    server.answers["/robots.txt"] = page("")
    server.answers["/yw.htm"] = vsb_list({**ROWS, "/info/1001/9.htm": ("没有了", "2024-07-09")})
    for path, (title, day) in ROWS.items():
        text = f"会议指出，{title}要抓好落实，务求实效。"
        server.answers[path] = vsb_article(title, day, text)
    server.answers["/info/1001/4.htm"] = answer_gzipped


async def wget(folder: Path, *arguments: str) -> None:
    process = await asyncio.create_subprocess_exec(
        "wget", "--quiet", "--no-proxy", *arguments, cwd=folder
    )
    assert await process.wait() in {0, 8}  # 8: one page was an error


async def take(site: Site, path: Path, options: RunOptions) -> tuple[dict[str, Article], Survey]:
    survey = Survey([site])
    for source in open_sources([path]):
        source.survey(survey)
    survey.resolve()
    with Store.open(options.database) as store:
        await take_site(survey.sites[site.id], survey, store, options)
        return {article.url: article for article in store.articles()}, survey


async def test_a_warc_by_wget(tmp_path: Path) -> None:
    async with loopback() as server:
        serve_rows(server)
        await wget(
            tmp_path,
            *("--warc-file=crawl", "--recursive", "--level=2", "--compression=gzip"),
            *("--delete-after", f"{server.url}yw.htm"),
        )
        site = vsb_site(server)
    found, survey = await take(site, tmp_path / "crawl.warc.gz", RunOptions(data=tmp_path))
    assert {url.removeprefix(site.url[:-1]) for url in found} == {*ROWS}
    assert {article.title for article in found.values()} == {title for title, _ in ROWS.values()}
    assert survey.sites[site.id].outcomes[Outcome.GONE] >= 1
    assert survey.problems == []


async def test_a_mirror_by_wget(tmp_path: Path) -> None:
    async with loopback() as server:
        serve_rows(server)
        arguments = ("--mirror", "--page-requisites", "--convert-links", "--adjust-extension")
        await wget(tmp_path, *arguments, "--directory-prefix=mirror", f"{server.url}yw.htm")
        site = vsb_site(server)
    found, _ = await take(site, tmp_path / "mirror", RunOptions(data=tmp_path))
    assert {article.title for article in found.values()} == {title for title, _ in ROWS.values()}
