"""A site on four days: all there; edited, gone, moved; still so; back again."""

import json
import sys
from datetime import datetime
from pathlib import Path

import anyio
import pytest

from flows.cli import render
from flows.cli.main import main
from flows.diff import Change
from flows.history import events
from flows.ingest import ingest
from flows.options import RunOptions
from flows.storage.store import Store
from schemas.dates import SHANGHAI
from schemas.history import Fate, History, Sign
from schemas.outcome import Outcome
from schemas.report import RunReport
from schemas.site import load_site
from spiders.identity import article_id
from tests.fixture_sites import FIXTURES

CHANGING = FIXTURES / "changing"
SITE = load_site(CHANGING / "site.toml")
# The state that answers, and when.
DAYS = (
    ("first", datetime(2026, 3, 2, 8, 0, tzinfo=SHANGHAI)),
    ("second", datetime(2026, 3, 3, 8, 30, tzinfo=SHANGHAI)),
    ("second", datetime(2026, 3, 3, 18, 30, tzinfo=SHANGHAI)),
    ("second", datetime(2026, 3, 4, 8, 30, tzinfo=SHANGHAI)),
    ("third", datetime(2026, 3, 5, 8, 30, tzinfo=SHANGHAI)),
)
FIRST, SECOND, EVENING, NEXT, BACK = range(len(DAYS))


def url(number: int, folder: int = 1001) -> str:
    return f"http://www.huanxi.example/info/{folder}/{number}.htm"


def crawl(data: Path, day: int) -> RunReport:
    state, at = DAYS[day]
    options = RunOptions(replay=CHANGING / state, data=data, at=at)
    return anyio.run(ingest, SITE, options)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("changing")


@pytest.fixture(scope="module")
def reports(data: Path) -> list[RunReport]:
    return [crawl(data, day) for day in range(len(DAYS))]


@pytest.fixture
def store(data: Path, reports: list[RunReport]):
    assert len(reports) == len(DAYS)
    with Store.open(RunOptions(data=data).database) as opened:
        yield opened


def history(store: Store, number: int) -> History:
    found = store.history(article_id(SITE.id, url(number)))
    assert found is not None
    return found


def told(store: Store, number: int) -> list[tuple[str, str]]:
    """The lines of an article's history: day of March and words."""
    return [
        (event.at.astimezone(SHANGHAI).strftime("%d"), event.what)
        for event in events(history(store, number))
    ]


def test_each_run_counts_what_became_of_the_articles(reports: list[RunReport]) -> None:
    assert [report.total("new") for report in reports] == [8, 1, 0, 0, 0]
    assert [report.total("changed") for report in reports] == [0, 1, 0, 0, 0]
    assert [report.columns[0].fates for report in reports] == [
        {},
        {Fate.SUSPECTED: 4, Fate.MOVED: 1},
        {},
        {Fate.GONE: 4},
        {Fate.BACK: 2},
    ]
    assert "4 suspected gone, 1 moved on the site" in reports[SECOND].summary


def test_an_unchanged_list_on_the_same_day_is_all_that_is_asked_for(
    reports: list[RunReport],
) -> None:
    (column,) = reports[EVENING].columns
    assert column.lists == {Outcome.UNCHANGED: 1}
    assert column.requested == 0


def test_what_is_gone_is_told_to_someone(reports: list[RunReport]) -> None:
    assert reports[SECOND].problems == []
    assert sorted(reports[NEXT].problems) == [
        f"article {url(3002)}: gone (its list names it no more; missed since 2026-03-03)",
        f"article {url(3004)}: gone (redirects to the front page; missed since 2026-03-03)",
        f"article {url(3005)}: gone (the page itself says so; missed since 2026-03-03)",
        f"article {url(3006)}: gone (HTTP 404; missed since 2026-03-03)",
    ]


def test_an_edited_page_has_two_revisions(store: Store) -> None:
    found = history(store, 3008)
    assert [v.article.body_text.count("\n") + 1 for v in found.versions] == [3, 4]
    assert [v.article.source for v in found.versions] == ["区水利局", "区应急管理局"]
    assert [len(v.article.attachments) for v in found.versions] == [0, 1]
    assert [v.article.fetched_at for v in found.versions] == [DAYS[FIRST][1], DAYS[SECOND][1]]
    assert found.versions[0].replaced_at == DAYS[SECOND][1]
    assert len({v.hash for v in found.versions}) == 2
    assert told(store, 3008)[1] == (
        "03",
        (
            "body: 2 paragraphs changed, 1 paragraph added (+30 −20 characters); "
            "1 attachment added; source: 区水利局 → 区应急管理局"
        ),
    )


def test_counters_white_space_and_punctuation_are_no_revision(store: Store) -> None:
    assert told(store, 3007) == [("02", "first seen")]


@pytest.mark.parametrize(
    ("number", "sign", "words"),
    [
        (3006, Sign.NOT_FOUND, "HTTP 404"),
        (3005, Sign.SOFT_404, "the page itself says so"),
        (3004, Sign.FRONT_PAGE, "redirects to the front page"),
        (3002, Sign.UNLISTED, "its list names it no more"),
    ],
)
def test_what_is_missing_is_suspected_and_on_another_day_gone(
    store: Store, number: int, sign: Sign, words: str
) -> None:
    (absence,) = history(store, number).absences
    assert absence.suspected.at == DAYS[SECOND][1]
    assert absence.confirmed is not None
    assert absence.confirmed.at == DAYS[NEXT][1]
    assert (absence.suspected.sign, absence.confirmed.sign) == (sign, sign)
    assert told(store, number)[1:3] == [
        ("03", f"suspected gone: {words}"),
        ("04", f"gone: {words}"),
    ]


@pytest.mark.parametrize("number", [3006, 3002])
def test_what_is_there_again_is_back_and_unchanged(store: Store, number: int) -> None:
    found = history(store, number)
    assert found.absence is None
    assert len(found.versions) == 1
    assert told(store, number)[-1] == ("05", "back again")


def test_what_is_gone_stays_readable(store: Store) -> None:
    gone = store.articles(is_gone=True)
    assert {article.url for article in gone} == {url(3005), url(3004)}
    assert all(article.body_text for article in gone)
    assert all(absence.is_gone for absence in store.absences(a.id for a in gone).values())


def test_what_moved_on_the_site_keeps_its_identity(store: Store) -> None:
    found = history(store, 3003)
    assert found.article.url == url(3003)
    assert [address.url for address in found.addresses] == [url(3003, folder=1010)]
    assert found.absences == ()
    assert len(store.articles()) == 9
    states = anyio.run(store.states, SITE.id, [url(3003), url(3003, folder=1010)])
    assert states[url(3003)].outcome is Outcome.MOVED
    assert states[url(3003)].reason == f"redirects to {url(3003, folder=1010)}"
    assert states[url(3003, folder=1010)].outcome is Outcome.OK


@pytest.fixture
def command(data: Path, reports, monkeypatch: pytest.MonkeyPatch, capsys):
    """Prints what a command of `district-news` prints over the four days' data."""
    assert reports
    monkeypatch.setenv("DISTRICT_NEWS_DATA", str(data))
    monkeypatch.setattr(render.console, "width", 200)
    monkeypatch.setattr(render.errors, "width", 200)
    monkeypatch.delenv("DISTRICT_NEWS_DATABASE_URL", raising=False)

    def _run(*args: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["district-news", *args])
        capsys.readouterr()
        try:
            main()
        except SystemExit as end:
            printed = capsys.readouterr()
            return int(end.code or 0), printed.out + printed.err
        return 0, capsys.readouterr().out

    return _run


def test_articles_history(command) -> None:
    code, out = command("articles", "history", article_id(SITE.id, url(3006)))
    assert code == 0
    lines = [line.split("  ") for line in out.splitlines()]
    assert [[cell.strip() for cell in line if cell.strip()][:2] for line in lines[3:6]] == [
        ["2026-03-03 08:30", "suspected gone: HTTP 404"],
        ["2026-03-04 08:30", "gone: HTTP 404"],
        ["2026-03-05 08:30", "back again"],
    ]


def test_articles_history_as_json(command) -> None:
    shown = json.loads(command("articles", "history", article_id(SITE.id, url(3005)), "--json")[1])
    assert shown["gone_since"] == "2026-03-03T08:30:00+08:00"
    assert [event["revision"] for event in shown["events"]] == [1, None, None]


def test_articles_diff_marks_characters(command) -> None:
    code, out = command("articles", "diff", article_id(SITE.id, url(3008)))
    assert code == 0
    assert "通报了[-12-]{+14+}座小型水库" in out
    assert "3月[-20-]{+15+}日前完成" in out
    assert "[-沙袋、编织袋等物资要在汛前备足。-]" in out
    assert "{+防汛值班电话即日起全天开通，居民发现险情可随时拨打。+}" in out
    assert "… 1 paragraph unchanged" in out
    assert "[-区水利局-]{+区应急管理局+}" in out
    assert "{+防汛值班表.pdf" in out


def test_articles_diff_backwards_as_json(command) -> None:
    id_ = article_id(SITE.id, url(3008))
    shown = json.loads(command("articles", "diff", id_, "2", "1", "--json")[1])
    assert shown["fields"] == [{"field": "source", "before": "区应急管理局", "after": "区水利局"}]
    pieces = {(piece["change"], piece["text"]) for p in shown["body"] for piece in p}
    assert (Change.ADDED, "12") in pieces
    assert (Change.REMOVED, "14") in pieces


@pytest.mark.parametrize(
    ("number", "revisions", "code", "said"),
    [
        (3007, (), 1, "has one revision"),
        (3008, ("1", "5"), 2, "has no revision 5; it has 1 to 2"),
        (3008, ("1",), 2, "expected two revisions or none"),
    ],
)
def test_articles_diff_says_what_cannot_be(
    command, number: int, revisions: tuple[str, ...], code: int, said: str
) -> None:
    ended, out = command("articles", "diff", article_id(SITE.id, url(number)), *revisions)
    assert ended == code
    assert said in " ".join(out.replace("│", " ").split())


def test_articles_list_and_show_say_what_is_gone(command) -> None:
    assert "gone since 2026-03-03" in command("articles", "list")[1]
    listed = json.loads(command("articles", "list", "--gone", "--json")[1])
    assert {one["gone_since"] for one in listed} == {"2026-03-03T08:30:00+08:00"}
    assert len(listed) == 2
    out = command("articles", "show", article_id(SITE.id, url(3004)))[1]
    assert "gone since 2026-03-03 08:30 (redirects to the front page; confirmed 2026-03-04" in out


def test_a_moment_is_for_a_replay(command) -> None:
    code, out = command("ingest", "lanshan", "--at", "2026-03-02T08:00")
    assert code == 2
    assert "--at is for a --replay" in " ".join(out.split())
