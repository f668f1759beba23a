"""similarity: what is one text, what is another, told by reading."""

from itertools import permutations

import pytest
from opencc import OpenCC

from flows.similarity import Document, MemoryIndex

STORY = """5月8日，云溪区召开河道整治工作推进会，听取了前四个月进展情况的汇报，部署汛期前的任务。
会议指出，今年以来全区完成清淤河道37公里，拆除沿岸违建1260平方米，新建生态护坡5处，水质断面达标率达到92%。
会议要求，各镇街要把责任落到每一段河、每一个人，对排查出来的46个问题逐一登记，整改一个、销号一个。
参加会议的还有区水利局、区住建局和沿河8个镇街的主要负责同志。会前，与会人员实地察看了石桥湾泵站和柳林段堤防。
区水利局局长周明远表示，6月底前将完成剩余的9公里清淤，并在汛期安排专人昼夜值守，确保群众安全度汛。"""
TITLE = "云溪区召开河道整治工作推进会"

MAY = """根据省发展改革委通知，现将我县5月份主要农副产品平均零售价格公布如下，供广大消费者参考。
大米每斤2.85元，与上月持平；面粉每斤2.40元，上涨1.3%；猪后腿肉每斤14.60元，下降2.7%；鸡蛋每斤4.95元，上涨3.1%。
大白菜每斤1.20元，西红柿每斤3.45元，黄瓜每斤2.90元，土豆每斤1.75元。
本次监测在城关、河东、北关三个农贸市场进行，监测日期为2024年5月20日。
价格监测中心咨询电话见县政府网站，未经许可不得转载本表数据用于商业用途。"""
JUNE = """根据省发展改革委通知，现将我县6月份主要农副产品平均零售价格公布如下，供广大消费者参考。
大米每斤2.85元，与上月持平；面粉每斤2.45元，上涨2.1%；猪后腿肉每斤15.10元，上涨3.4%；鸡蛋每斤4.60元，下降7.1%。
大白菜每斤0.95元，西红柿每斤2.80元，黄瓜每斤2.10元，土豆每斤1.60元。
本次监测在城关、河东、北关三个农贸市场进行，监测日期为2024年6月20日。
价格监测中心咨询电话见县政府网站，未经许可不得转载本表数据用于商业用途。"""

APPOINTED = """经县委常委会研究，现将拟任职干部有关情况予以公示，公示时间为五个工作日。
{}同志，现任县农业农村局办公室主任，拟任县农业农村局副局长。
公示期间，如对公示对象有异议，请以书面或者电话方式向县委组织部干部监督科反映。反映情况要实事求是，提倡署实名。"""


def clusters(*documents: Document) -> list[set[str]]:
    index = MemoryIndex()
    for document in documents:
        index.add(document)
    found = index.clusters()
    return [
        {id_ for id_ in found if found[id_] == cluster} for cluster in sorted({*found.values()})
    ]


def test_another_title_and_frame_are_the_same_text() -> None:
    framed = (
        f"来源：市水利局 作者：办公室\n{STORY}\n责任编辑：李某某\n扫一扫在手机打开当前页\n主办单位"
    )
    assert clusters(
        Document("original", TITLE, STORY), Document("repost", "我市打响河道整治攻坚战", framed)
    ) == [{"original", "repost"}]


def test_traditional_characters_full_widths_and_other_breaks_are_the_same_text() -> None:
    traditional = OpenCC("s2t").convert(STORY)
    wide = STORY.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789%"}).replace(
        "。\n", "。\n\n　　"
    )
    assert clusters(
        Document("a", TITLE, STORY),
        Document("b", OpenCC("s2t").convert(TITLE), traditional),
        Document("c", TITLE, wide),
    ) == [{"a", "b", "c"}]


def test_a_trimmed_text_is_the_same() -> None:
    assert clusters(
        Document("whole", TITLE, STORY),
        Document("head", TITLE, "\n".join(STORY.split("\n")[:3])),
    ) == [{"head", "whole"}]


def test_edited_words_are_the_same_text() -> None:
    edited = STORY.replace("听取了", "听取").replace("各镇街", "各镇（街道）").replace("表示", "说")
    assert clusters(Document("a", TITLE, STORY), Document("b", TITLE, edited)) == [{"a", "b"}]


def test_this_month_is_not_last_month() -> None:
    title = "{}月份主要农副产品零售价格"
    found = clusters(Document("may", title.format(5), MAY), Document("june", title.format(6), JUNE))
    assert sorted(found, key=min) == [{"june"}, {"may"}]


WEEKLY = """各镇街、区直有关部门：
经研究，定于{month}月{day}日（星期一）上午{hour}时在区政务中心第{room}会议室召开第{week}次区政府工作例会。
一、听取{office}关于{topic}情况的汇报；二、研究近期重点工作；三、安排下一阶段任务。
请各单位主要负责同志准时参加，因故不能参会的须提前向区政府办公室书面请假，联系人：{name}。"""
OFFICES = ("教育局", "水利局", "民政局", "住建局", "卫健局", "交通局", "林业局")
TOPICS = (
    "校舍维修",
    "清淤护坡",
    "养老服务",
    "老旧小区",
    "村医培训",
    "农村公路",
    "森林防火",
    "秋粮收购",
)
NAMES = ("王海燕", "李志强", "张文静", "刘建军", "陈丽娟")


def test_a_year_of_weekly_notices_stays_apart_and_a_repost_finds_its_own() -> None:
    index = MemoryIndex()
    notices = [
        WEEKLY.format(
            month=(7 * week) // 31 + 1,
            day=(7 * week) % 28 + 1,
            hour=(9, 10)[week % 2],
            room=week % 4 + 1,
            week=week + 1,
            office=OFFICES[week % 7],
            topic=TOPICS[week % 8],
            name=NAMES[week % 5],
        )
        for week in range(52)
    ]
    for week, notice in enumerate(notices):
        index.add(Document(f"w{week:02}", f"关于召开第{week + 1}次区政府工作例会的通知", notice))
    repost = f"来源：区政府办公室\n{OpenCC('s2t').convert(notices[30])}\n打印 关闭"
    index.add(Document("w30 again", "工作例會通知", repost))
    found = index.clusters()
    assert len({*found.values()}) == 52
    assert found["w30 again"] == found["w30"]


def test_where_a_repost_speaks_of_its_own_district_it_is_the_same_text() -> None:
    ours = STORY.replace("今年以来全区", "近日全区").replace("云溪区召开", "我区召开")
    theirs = STORY.replace("今年以来全区", "日前全区")
    assert clusters(Document("a", TITLE, ours), Document("b", TITLE, theirs)) == [{"a", "b"}]


def test_another_name_is_another_appointment() -> None:
    index = MemoryIndex()
    index.add(Document("a", "任前公示", APPOINTED.format("王建国")))
    index.add(Document("b", "任前公示", APPOINTED.format("陈晓梅")))
    assert index.clusters() == {"a": "a", "b": "b"}


def test_a_date_in_chinese_numerals_is_the_same_date() -> None:
    said = (
        "县政府定于{}召开全县安全生产工作会议，请各单位主要负责人准时参加，不得缺席或者请人代会。"
    )
    index = MemoryIndex()
    index.add(Document("a", "会议通知", said.format("2024年5月13日")))
    index.add(Document("b", "会议通知", said.format("二〇二四年五月十三日")))
    index.add(Document("c", "会议通知", said.format("二〇二四年六月十四日")))
    assert index.clusters() == {"a": "a", "b": "a", "c": "c"}


def test_one_site_s_footer_joins_nothing() -> None:
    footer = (
        "云溪区人民政府主办 云溪区人民政府办公室承办 网站标识码见页脚 备案号公安机关网络备案\n"
        "未经书面授权不得转载本网信息 建议使用主流浏览器浏览 联系我们 网站地图 隐私声明\n"
        "上级政府网站 镇街网站 部门网站 新闻媒体 友情链接 关注政务微信 关注政务微博 手机客户端下载"
    )
    items = (
        "城东小学的孩子们在操场上种下了向日葵。",
        "夜里一场大雨过后，护城河的水位回落了。",
        "图书馆周末延长开放，读者可以预约座位。",
        "果农老赵的桃子熟了，合作社上门收购。",
        "公交三路改道，经过新建成的体育公园。",
        "社区医生入户给老人量血压，送去了药盒。",
        "消防队员到工厂讲解怎样使用灭火器。",
        "文化馆的皮影戏班又招了几个小徒弟。",
        "菜市场换了新顶棚，摊位也重新划了线。",
        "高速路口的花坛里换上了秋天的菊花。",
    )
    index = MemoryIndex()
    for number, item in enumerate(items):
        index.add(Document(str(number), item[:8], f"{item}\n{footer}"))
    assert len({*index.clusters().values()}) == len(items)


def test_an_excerpt_is_a_weaker_link() -> None:
    lead = STORY.split("\n")[1]
    digest = f"""【城东】城东小学的孩子们在操场上种下了向日葵，老师说秋天要数一数有多少粒籽。
【云溪】{lead}
【北关】果农老赵的桃子熟了，合作社上门收购，价格比去年高了一些，装箱的妇女们从早上一直忙到了黄昏。
【河东】文化馆的皮影戏班又招了几个小徒弟，最小的才上二年级，师傅说手指头软的时候学起来最快。
【西山】高速路口的花坛里换上了秋天的菊花，养护工人每天清晨浇水，过路的司机都说看着心里敞亮。"""
    index = MemoryIndex()
    index.add(Document("digest", "一周区县要闻", digest))
    index.add(Document("story", TITLE, STORY))
    assert index.clusters() == {"digest": "digest", "story": "story"}
    assert index.excerpts() == {("digest", "story")}


def test_texts_of_a_few_words_are_alike_and_not_the_same() -> None:
    index = MemoryIndex()
    index.add(Document("a", "公示", "详见附件。"))
    index.add(Document("b", "公示", "详见附件。"))
    assert index.clusters() == {"a": "a", "b": "b"}


def test_a_plan_of_forty_thousand_characters_is_compared_too() -> None:
    chapters = [
        f"第{n}章 {STORY.replace('37', str(n * 7)).replace('云溪', f'{n}号')}" for n in range(150)
    ]
    plan = "\n".join(chapters)
    assert len(plan) > 40_000
    assert clusters(
        Document("plan", "规划", plan),
        Document("edited", "规划", plan.replace("会前，", "", 1).replace("各镇街要", "各地要", 2)),
        Document("half", "规划", "\n".join(chapters[:90])),
    ) == [{"edited", "half", "plan"}]


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_the_order_of_arrival_does_not_matter(order: tuple[int, ...]) -> None:
    """A cut that says nothing of its month is like both months, which stay two."""
    cut = "\n".join(MAY.split("\n")[::4])
    documents = [
        Document("may", "价格", MAY),
        Document("june", "价格", JUNE),
        Document("cut", "价格", cut),
        Document("may again", "价格公布", f"来源：发改局\n{MAY}"),
    ]
    index = MemoryIndex()
    for place in order:
        index.add(documents[place])
    found = index.clusters()
    assert found["may"] == found["may again"] != found["june"]
