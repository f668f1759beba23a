"""Attachments over real HTTP: fetched once, archived, kept once, read, and nothing trusted."""

from pathlib import Path

import pytest
from aiohttp import web

from flows.archive import verify
from flows.attachments import restore
from flows.cli.main import main
from flows.ingest import ingest
from flows.options import RunOptions
from flows.storage.store import Store
from schemas.file import FileKind
from schemas.outcome import Outcome
from schemas.report import RunReport
from schemas.site import Attachments, Site
from spiders import district
from spiders.archive import read_record
from spiders.attachments.reading import extract
from tests import office
from tests.loopback import Loopback, loopback, vsb_article, vsb_list, vsb_site

pytestmark = pytest.mark.anyio

TEXT = "全区科技创新大会召开，会议总结工作，表彰先进，部署任务。" * 3
PDF = office.pdf("Budget of the district 2024")
DOCX = office.docx("2024年教育预算公开", "经费合计一千二百万元")
LIMIT = 60_000


@pytest.fixture(autouse=True)
def live(monkeypatch: pytest.MonkeyPatch) -> None:
    """A crawl of the loopback server that says who it is and does not wait."""
    monkeypatch.setattr(district, "CONTACT", "news@tests.example")
    usual = RunOptions.crawl_settings.fget
    assert usual
    hurry = {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False, "RETRY_BACKOFF": [0, 0, 0]}
    monkeypatch.setattr(
        RunOptions, "crawl_settings", property(lambda options: {**usual(options), **hurry})
    )


@pytest.fixture
def options(tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch) -> RunOptions:
    monkeypatch.setenv("DISTRICT_NEWS_DATABASE_URL", database)
    return RunOptions(data=tmp_path)


def links(files: dict[str, str]) -> str:
    return "</p><p>".join(f'<a href="{url}">{name}</a>' for url, name in files.items())


def site_of(server: Loopback, articles: dict[str, dict[str, str]], **attachments: object) -> Site:
    """A site whose articles have these links: name by address, by article."""
    rows = {f"/info/1/{n}.htm": (f"公告第{n}号", "2026-11-20") for n in articles}
    server.answers["/yw.htm"] = vsb_list(rows)
    for number, files in articles.items():
        server.answers[f"/info/1/{number}.htm"] = vsb_article(
            f"公告第{number}号", "2026-11-20", f"{TEXT}第{number}号。</p><p>{links(files)}"
        )
    settings = Attachments.model_validate({"fetch": True, "max_bytes": LIMIT, **attachments})
    return vsb_site(server).model_copy(update={"attachments": settings})


def file(body: bytes, content_type: str = "application/octet-stream") -> web.Response:
    return web.Response(body=body, headers={"Content-Type": content_type})


def outcomes(report: RunReport) -> dict[Outcome, int]:
    assert report.attachments
    return dict(report.attachments.outcomes)


async def test_fetched_archived_read_and_found(options: RunOptions) -> None:
    async with loopback() as server:
        site = site_of(
            server, {"1": {"/f/budget.pdf": "附件1：预算.pdf", "/f/b.docx": "附件2.docx"}}
        )
        server.answers |= {"/f/budget.pdf": file(PDF, "text/html"), "/f/b.docx": file(DOCX)}
        report = await ingest(site, options)
        asked = len(server.asked)
        again = await ingest(site, options)
        assert not [path for path in server.paths[asked:] if path.startswith("/f/")]
    assert outcomes(report) == {Outcome.OK: 2}
    assert report.attachments
    assert (report.attachments.new, report.attachments.texts) == (2, 2)
    assert report.attachments.bytes == len(PDF) + len(DOCX)
    assert again.attachments
    assert again.attachments.summary == ""
    with Store.open(options.database) as store:
        (word,) = store.files(words=["教育", "合计"])
        assert (word.kind, word.text) == (
            FileKind.DOCX,
            "2024年教育预算公开\n经费合计一千二百万元",
        )
        assert [offer.name for offer in word.offered] == ["附件2.docx"]
        assert read_record(options.archive, word.archive)[2] == DOCX
        pdf = store.file(f"{server.url}f/budget.pdf")
        assert pdf
        assert pdf.text == "Budget of the district 2024"
        assert store.files(words=["BUDGET"]) == [pdf]
        assert store.files(words=["100%"]) == []
        check = verify(options.archive, site.id, store.claims(site.id), lambda _: None)
    assert check.problems == []
    assert check.places == 3


async def test_one_content_under_two_addresses_is_one_file(options: RunOptions) -> None:
    async with loopback() as server:
        site = site_of(server, {"1": {"/f/a.pdf": "甲.pdf"}, "2": {"/f/b.pdf": "乙.pdf"}})
        server.answers |= {"/f/a.pdf": file(PDF), "/f/b.pdf": file(PDF)}
        report = await ingest(site, options)
    assert report.attachments
    assert outcomes(report) == {Outcome.OK: 2}
    assert (report.attachments.new, report.attachments.bytes) == (1, len(PDF))
    with Store.open(options.database) as store:
        (found,) = store.files()
        assert store.counts()["downloads"] == 2
    assert [offer.name for offer in found.offered] == ["甲.pdf", "乙.pdf"]


async def test_what_is_no_file_is_remembered_and_told(options: RunOptions) -> None:
    async with loopback() as server:
        site = site_of(
            server,
            {
                "1": {
                    "/f/page.pdf": "验证码.pdf",
                    "/f/program.pdf": "程序.pdf",
                    "/f/gone.pdf": "没有.pdf",
                    "/f/large.pdf": "很大.pdf",
                    "/f/lying.pdf": "其实是表.pdf",
                    "/f/broken.pdf": "坏的.pdf",
                    "/f/forbidden/a.pdf": "不许.pdf",
                    "http://elsewhere.example/f.pdf": "别处.pdf",
                }
            },
        )
        captcha = "<html><body>请输入验证码<input name='code'></body></html>"
        server.answers |= {
            "/robots.txt": web.Response(text="User-agent: *\nDisallow: /f/forbidden/"),
            "/f/page.pdf": file(captcha.encode(), "application/pdf"),
            "/f/program.pdf": file(b"MZ\x90\x00" + bytes(1000), "application/pdf"),
            "/f/large.pdf": file(PDF + bytes(LIMIT)),
            "/f/lying.pdf": file(office.xlsx("表", ("教育", 1)), "application/pdf"),
            "/f/broken.pdf": file(b"%PDF-1.7\n" + bytes(range(256)) * 4),
        }
        report = await ingest(site, options)
        asked = len(server.asked)
        await ingest(site, options)
        assert not [path for path in server.paths[asked:] if path.startswith("/f/")]
        assert "/f/forbidden/a.pdf" not in server.paths
    assert outcomes(report) == {
        Outcome.UNAVAILABLE: 2,
        Outcome.GONE: 1,
        Outcome.TOO_LARGE: 1,
        Outcome.DISALLOWED: 1,
        Outcome.OK: 2,
    }
    assert report.attachments
    assert sum(report.attachments.without_text.values()) == 1
    assert len([p for p in report.problems if p.startswith("file ")]) == 2
    with Store.open(options.database) as store:
        kinds = {found.offered[0].name: found.kind for found in store.files()}
    assert kinds == {"其实是表.pdf": FileKind.XLSX, "坏的.pdf": FileKind.PDF}


async def test_a_block_ends_the_asking_and_another_day_asks_again(options: RunOptions) -> None:
    async with loopback() as server:
        site = site_of(server, {"1": {"/f/a.pdf": "甲.pdf", "/f/b.pdf": "乙.pdf"}})
        server.answers["/f/a.pdf"] = server.answers["/f/b.pdf"] = web.Response(status=403)
        report = await ingest(site, options)
        assert [path for path in server.paths if path.startswith("/f/")] == ["/f/a.pdf"]
        assert outcomes(report) == {Outcome.BLOCKED: 1}
        # The one that was refused waits for another day; the other is asked for now.
        await ingest(site, options)
        assert [path for path in server.paths if path.startswith("/f/")][1:] == ["/f/b.pdf"]


async def test_a_budget_a_run(options: RunOptions) -> None:
    async with loopback() as server:
        files = {f"/f/{n}.pdf": f"附件{n}.pdf" for n in range(3)}
        site = site_of(server, {"1": files}, per_run=2)
        server.answers |= {path: file(office.pdf(path)) for path in files}
        asked = [outcomes(await ingest(site, options)).get(Outcome.OK, 0) for _ in range(3)]
    assert asked == [2, 1, 0]


async def test_off_by_default_and_pictures_only_where_asked(options: RunOptions) -> None:
    async with loopback() as server:
        site = site_of(server, {"1": {"/f/a.pdf": "甲.pdf"}})
        server.answers["/info/1/1.htm"] = vsb_article(
            "公告", "2026-11-20", f'{TEXT}</p><p><img src="/f/p.png" width="600" height="400">'
        )
        server.answers["/f/p.png"] = file(b"\x89PNG\r\n\x1a\n" + bytes(500), "image/png")
        off = await ingest(site.model_copy(update={"attachments": Attachments()}), options)
        assert off.attachments is None
        await ingest(site, options)
        assert "/f/p.png" not in server.paths
        wanted = site.attachments.model_copy(update={"images": True})
        report = await ingest(site.model_copy(update={"attachments": wanted}), options)
    assert report.attachments
    assert dict(report.attachments.without_text) == {"no reader for png files": 1}


async def test_a_text_that_a_crash_left_unread_is_read_by_the_next_run(
    options: RunOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with loopback() as server:
        site = site_of(server, {"1": {"/f/a.pdf": "甲.pdf"}})
        server.answers["/f/a.pdf"] = file(PDF)

        async def crash(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("flows.attachments.extract", crash)
        with pytest.raises(KeyboardInterrupt):
            await ingest(site, options)
        monkeypatch.setattr("flows.attachments.extract", extract)
        report = await ingest(site, options)
        assert server.paths.count("/f/a.pdf") == 1
    assert report.attachments
    assert report.attachments.texts == 1


async def test_an_empty_database_has_the_files_again_from_the_archive(
    options: RunOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with loopback() as server:
        names = ("a", "b", "page", "moved")
        site = site_of(server, {"1": {f"/f/{name}.pdf": name for name in names}})
        server.answers |= {
            "/f/a.pdf": file(PDF),
            "/f/b.pdf": file(PDF),
            "/f/page.pdf": file(b"<html><body>not here</body></html>"),
            "/f/moved.pdf": web.Response(status=302, headers={"Location": "/f/b.docx"}),
            "/f/b.docx": file(DOCX),
        }
        await ingest(site, options)
    with Store.open(options.database) as store:
        counts = store.counts()
        before = {f.sha256: f.model_copy(update={"offered": ()}) for f in store.files()}
    monkeypatch.setenv("DISTRICT_NEWS_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    await restore(site, options)
    report = await restore(site, options)
    assert (report.new, report.texts) == (0, 0)
    with Store.open(options.database) as store:
        assert {f.sha256: f for f in store.files()} == before
        assert [f.text for f in before.values()].count(None) == 0
        assert len(before) == 2
        for table in ("files", "downloads"):
            assert store.counts()[table] == counts[table]


async def test_on_the_command_line(
    options: RunOptions, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with loopback() as server:
        site = site_of(server, {"1": {"/f/b.docx": "附件.docx"}})
        server.answers["/f/b.docx"] = file(DOCX)
        await ingest(site, options)

    def said(*arguments: str) -> str:
        monkeypatch.setattr("sys.argv", ["district-news", "files", *arguments])
        with pytest.raises(SystemExit) as end:
            main()
        assert end.value.code == 0
        return capsys.readouterr().out

    assert "附件.docx" in said("list")
    assert "教育预算" in said("search", "教育", "合计")
    assert "经费合计一千二百万元" in said("show", f"{server.url}f/b.docx")
    assert '"kind": "docx"' in said("search", "教育", "--json")
