"""Clusters in the store: found in any order, torn by an edit, told apart by hand."""

import json
import random
import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from opencc import OpenCC
from sqlalchemy import text

from flows.storage import clusters
from flows.storage.reread import Changes, Reread
from flows.storage.store import Store
from schemas.article import Article
from schemas.cluster import Split
from schemas.dates import SHANGHAI, Precision
from tests.fixture_sites import FIXTURES
from tests.flows.storage.records import LATER_PLACE, NOW, article, contents, deduped, rejection

pytestmark = pytest.mark.anyio

STORY = json.loads((FIXTURES / "jdxwwcn/expected/10286.json").read_text("utf-8"))["article"]
PARAGRAPHS = STORY["body_text"].split("\n")
TITLE = STORY["title"]
OTHER = json.loads((FIXTURES / "lanshan/expected/200120.json").read_text("utf-8"))["article"]
# Which links were found may depend on the order; which articles are one does not.
LINKS = {"excerpts", "frames", "common_keys", "alembic_version"}


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    with Store.open(database) as opened:
        yield opened


def story(number: int, body: str = "", title: str = TITLE, **fields: Any) -> Article:
    """The story as article of that number, published on that day."""
    return article(number, body or "\n".join(PARAGRAPHS), title=title, **fields)


def variants() -> list[Article]:
    """An original, five ways in which it is told again, and a story that is none of it."""
    header, footer = "本网讯 记者从有关部门获悉。", "（责任编辑：甲 审核：乙 二审：丙）"
    edited = "\n".join(PARAGRAPHS).replace("隆重召开", "召开").replace("重要讲话", "讲话")
    return [
        story(1),
        story(2, title="我区召开科技创新大会"),
        story(3, "\n".join((header, *PARAGRAPHS, footer))),
        story(4, edited),
        story(5, "\n".join(PARAGRAPHS[:-3])),
        story(6, OpenCC("s2t").convert("\n".join(PARAGRAPHS)), language="zh-Hant"),
        article(7, OTHER["body_text"], title=OTHER["title"]),
    ]


def clusters_of(store: Store) -> dict[str, set[str]]:
    """The members of each cluster of more than one, and by the way that `repeats` agrees."""
    rows = contents(store.url.render_as_string(hide_password=False))["articles"]
    found: dict[str, set[str]] = {}
    for row in rows:
        assert row["repeats"] == (None if row["cluster"] == row["id"] else row["cluster"])
        found.setdefault(row["cluster"], set()).add(row["id"])
    return {cluster: members for cluster, members in found.items() if len(members) > 1}


def ids(*numbers: int) -> set[str]:
    return {article(number).id for number in numbers}


async def test_one_story_told_six_times_is_one_cluster(store: Store) -> None:
    await store.save(deduped(*variants()))
    assert clusters_of(store) == {article(1).id: ids(1, 2, 3, 4, 5, 6)}


async def test_every_order_gives_the_same_rows(sqlite_template: Path, tmp_path: Path) -> None:
    shuffled = random.Random(5)  # noqa: S311  (nobody is to be kept out)
    orders = [variants() for _ in range(24)]
    found = []
    for number, order in enumerate(orders):
        shuffled.shuffle(order)
        database = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'news.db')}"
        with Store.open(database) as store:
            for batch in _cut(order, number):
                await store.save(deduped(*batch))
        rows = contents(database)
        found.append({name: rows[name] for name in rows.keys() - LINKS})
    assert all(each == found[0] for each in found)


def _cut(articles: Sequence[Article], number: int) -> Iterator[Sequence[Article]]:
    size = 1 + number % 4
    for start in range(0, len(articles), size):
        yield articles[start : start + size]


async def test_the_earliest_is_the_first_whenever_it_comes(store: Store) -> None:
    await store.save(deduped(story(9)))
    await store.save(deduped(story(5)))
    assert clusters_of(store) == {article(5).id: ids(5, 9)}
    await store.save(deduped(story(2)))
    assert clusters_of(store) == {article(2).id: ids(2, 5, 9)}


async def test_an_edit_that_makes_it_another_story_leaves_the_cluster(store: Store) -> None:
    await store.save(deduped(story(1), story(2), story(3)))
    again = article(1, OTHER["body_text"], title=OTHER["title"], archive=LATER_PLACE)
    await store.save(deduped(again))
    assert clusters_of(store) == {article(2).id: ids(2, 3)}
    await store.save(deduped(article(7, OTHER["body_text"], title=OTHER["title"])))
    assert clusters_of(store) == {article(2).id: ids(2, 3), article(1).id: ids(1, 7)}


async def test_nothing_is_left_of_a_text_that_nobody_carries(store: Store) -> None:
    database = store.url.render_as_string(hide_password=False)
    await store.save(deduped(article(7, OTHER["body_text"], title=OTHER["title"])))
    before = contents(database)
    await store.save(deduped(story(1), story(2, "\n".join(PARAGRAPHS[:-3]))))
    for number in (1, 2):
        other = OTHER["body_text"]
        await store.save(deduped(article(number, other, title=OTHER["title"], archive=LATER_PLACE)))
    after = contents(database)
    for table in ("sketches", "postings", "excerpts", "frames", "common_keys"):
        assert after[table] == before[table]


async def test_a_withdrawn_first_leaves_the_rest_together(store: Store) -> None:
    await store.save(deduped(story(1), story(2), story(3)))
    await store.withdraw(article(1).id, rejection(1), NOW)
    assert clusters_of(store) == {article(2).id: ids(2, 3)}


async def test_a_publish_time_corrected_makes_another_first(store: Store) -> None:
    await store.save(deduped(story(2), story(3)))
    earlier = datetime(2026, 1, 1, tzinfo=SHANGHAI)
    await store.save(deduped(story(3, published_at=earlier, archive=LATER_PLACE)))
    assert clusters_of(store) == {article(3).id: ids(2, 3)}


async def test_another_reading_of_a_page_moves_it(store: Store) -> None:
    await store.save(deduped(story(1), story(2), article(3, OTHER["body_text"], title="题")))
    place = article(3).archive
    assert place is not None
    read = store.known_pages("hill", [article(3).url], [(place.file, place.offset)])
    before = read.articles[article(3).url]
    after = {**before, "title": TITLE, "body_text": story(1).body_text}
    change = Reread(article(3).id, None, (place.file, place.offset), before, after)
    await store.reread(Changes(deduped(), reread=[change]), NOW)
    assert clusters_of(store) == {article(1).id: ids(1, 2, 3)}


# --- Told apart ---------------------------------------------------------------------------------


def told(one: int, *others: int) -> list[Split]:
    pairs = [sorted((article(one).id, article(other).id)) for other in others]
    return [Split(one=a, other=b, at=NOW, by="someone", why="another year") for a, b in pairs]


async def test_a_split_stays(store: Store) -> None:
    await store.save(deduped(story(1), story(2), story(3, title="另题")))
    store.split(told(2, 1, 3))
    assert clusters_of(store) == {article(1).id: ids(1, 3)}
    await store.save(deduped(story(2, editor="甲", archive=LATER_PLACE)))  # a revision
    assert clusters_of(store) == {article(1).id: ids(1, 3)}
    for _ in store.compare_all():
        pass
    assert clusters_of(store) == {article(1).id: ids(1, 3)}


async def test_what_comes_later_joins_one_side_of_a_split(store: Store) -> None:
    await store.save(deduped(story(1), story(2, "\n".join(PARAGRAPHS[:-3]))))
    store.split(told(2, 1))
    await store.save(deduped(story(4), story(5, "\n".join(PARAGRAPHS[:-3]))))
    assert clusters_of(store) == {article(1).id: ids(1, 4), article(2).id: ids(2, 5)}
    for _ in store.compare_all():
        pass
    assert clusters_of(store) == {article(1).id: ids(1, 4), article(2).id: ids(2, 5)}


async def test_a_split_is_taken_back(store: Store) -> None:
    await store.save(deduped(story(1), story(2)))
    store.split(told(2, 1))
    store.unsplit(store.splits([article(2).id]))
    assert store.splits([article(2).id]) == []
    assert clusters_of(store) == {article(1).id: ids(1, 2)}


# --- Rebuilt ------------------------------------------------------------------------------------


async def test_rebuilt_from_the_articles_it_is_the_same(store: Store) -> None:
    database = store.url.render_as_string(hide_password=False)
    for one in variants():
        await store.save(deduped(one))
    before = contents(database)
    assert list(store.compare_all()) == [7, 7]
    assert contents(database) == before


async def test_what_was_stored_before_texts_were_compared_waits_for_a_rebuild(
    store: Store,
) -> None:
    await store.save(deduped(story(1), story(2)))
    with store._engine.begin() as connection:
        connection.execute(text("UPDATE articles SET repeats = NULL, cluster = id, sketch = NULL"))
        for table in ("postings", "sketches", "excerpts", "frames"):
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608  (our own)
    assert store.is_uncompared()
    for _ in store.compare_all():
        pass
    assert not store.is_uncompared()
    assert clusters_of(store) == {article(1).id: ids(1, 2)}


async def test_what_comes_while_a_rebuild_waits_is_stored(store: Store) -> None:
    await store.save(deduped(*variants()))
    store._write(clusters.clear)  # as a rebuild that was killed leaves it
    await store.save(deduped(story(8), story(1, title="新题", archive=LATER_PLACE)))
    assert article(8).id in clusters_of(store)[article(1).id]
    for _ in store.compare_all():
        pass
    assert clusters_of(store) == {article(1).id: ids(1, 2, 3, 4, 5, 6, 8)}


# --- One site's frame ---------------------------------------------------------------------------

FOOTER = (
    "云溪区人民政府主办 云溪区人民政府办公室承办 网站标识码见页脚 备案号公安机关网络备案\n"
    "未经书面授权不得转载本网信息 建议使用主流浏览器浏览 联系我们 网站地图 隐私声明\n"
    "上级政府网站 镇街网站 部门网站 新闻媒体 友情链接 关注政务微信 关注政务微博 手机客户端下载"
)
ITEMS = (
    "城东小学的孩子们在操场上种下了向日葵。校长说秋天要数一数花盘里有多少粒籽。",
    "夜里一场大雨过后，护城河的水位回落了。清早有人沿着石阶下去捞起两只木盆。",
    "图书馆周末延长开放，读者可以预约座位。三楼新添的报刊架摆着旧县志的影印本。",
    "果农老赵的桃子熟了，合作社上门收购。今年雨水匀，一筐能比往常多卖十几块。",
    "公交三路改道，经过新建成的体育公园。末班车也推迟到夜里，方便散场的球迷。",
    "社区医生入户给老人量血压，送去了药盒。盒子按早中晚分格，字印得又大又清楚。",
    "消防队员到工厂讲解怎样使用灭火器。女工们排着队试了一回，泡沫喷了满地。",
    "文化馆的皮影戏班又招了几个小徒弟。师傅先教他们刻驴皮，再学唱腔和锣鼓。",
    "菜市场换了新顶棚，摊位也重新划了线。卖豆腐的搬到东头，鱼摊旁边修了水槽。",
    "高速路口的花坛里换上了秋天的菊花。过路司机摇下车窗，闻见一阵淡淡苦香。",
)


def framed(number: int) -> Article:
    said = ITEMS[number - 1]
    return article(number, f"{said}\n{FOOTER}", title=said[:8])


@pytest.mark.parametrize("size", [1, 4, 10])
async def test_a_footer_joins_nothing_once_it_is_on_many(store: Store, size: int) -> None:
    numbers = range(1, len(ITEMS) + 1)
    for start in range(0, len(ITEMS), size):
        await store.save(deduped(*map(framed, numbers[start : start + size])))
    assert clusters_of(store) == {}
    assert contents(store.url.render_as_string(hide_password=False))["common_keys"]


async def test_a_footer_that_is_on_few_again_is_not_common(store: Store) -> None:
    database = store.url.render_as_string(hide_password=False)
    await store.save(deduped(*(framed(number) for number in range(1, len(ITEMS) + 1))))
    for number in range(1, len(ITEMS) + 1):
        await store.withdraw(article(number).id, rejection(number), NOW)
    after = contents(database)
    for table in ("sketches", "postings", "frames", "common_keys", "excerpts"):
        assert after[table] == []


# --- Series -------------------------------------------------------------------------------------


def week(number: int, **fields: Any) -> Article:
    """The notice of one week's meeting: the form stays, the facts change."""
    day = datetime(2025, 1, 6, tzinfo=SHANGHAI) + timedelta(weeks=number)
    rooms, subjects = ("301", "402", "518"), ("防汛准备", "招商项目", "环境整治", "民生实事")
    said = (
        f"各街道办事处，区直各部门：\n经研究，定于{day.month}月{day.day}日（星期一）上午9时"
        f"召开第{number + 1}次区长办公会议，听取{subjects[number % 4]}情况汇报，研究"
        f"{3 + number % 5}项议题。现将有关事项通知如下。\n一、会议地点：区政府{rooms[number % 3]}"
        f"会议室。\n二、参会人员：区政府班子成员，相关部门主要负责同志共{20 + number}人。\n"
        "三、有关要求：请参会人员提前10分钟入场，将手机调至静音；因故不能参会的，须提前履行请假"
        "手续。请各议题汇报单位于会前一天将材料报区政府办公室。\n"
        f"山区人民政府办公室\n{day.year}年{day.month}月{day.day}日"
    )
    defaults: dict[str, Any] = {
        "id": f"{fields.get('site', 'hill')}-week-{number:02}",
        "url": f"http://www.{fields.get('site', 'hill')}.gov.cn/week/{number}.htm",
        "title": "关于召开区长办公会议的通知",
        "published_at": day - timedelta(days=3),
        "published_precision": Precision.DAY,
    }
    return article(1, said, **{**defaults, **fields})


async def test_a_year_of_weekly_notices_stays_apart(store: Store) -> None:
    for start in range(0, 52, 13):
        await store.save(deduped(*(week(number) for number in range(start, start + 13))))
    assert clusters_of(store) == {}


async def test_each_of_them_reposted_joins_its_own(store: Store) -> None:
    await store.save(deduped(*(week(number) for number in range(52))))
    later = timedelta(days=1)
    copies = [
        week(n, site="river", published_at=(week(n).published_at or NOW) + later) for n in range(52)
    ]
    await store.save(deduped(*copies))
    assert clusters_of(store) == {
        week(n).id: {week(n).id, week(n, site="river").id} for n in range(52)
    }
