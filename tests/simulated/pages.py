"""The simulated site's pages, in the markup of three makers; names and texts are made up."""

import re
from collections.abc import Sequence
from datetime import timedelta

from tests.simulated.plan import ColumnState, Markup, Plan

SITE_NAME = "虚溪县人民政府"
_NAMES = ("要闻动态", "部门动态", "乡镇传真", "政务公开", "基层快讯", "民生关注", "经济发展",
          "教育科技", "文化旅游", "生态环境")  # fmt: skip
_PLACES = ("东坝镇", "西陂乡", "南桥街道", "北岭镇", "石塘乡", "柳湾镇", "高桥街道", "清河社区",
           "白鹭村", "双井村", "茶山村", "云台镇", "平湖街道", "松林乡")  # fmt: skip
_OFFICES = ("农业农村局", "教育局", "水利局", "住建局", "民政局", "卫健局", "文旅局", "应急局",
            "林业局", "商务局", "交通局", "人社局")  # fmt: skip
_TOPICS = ("春季造林", "河道清淤", "校园安全", "防汛演练", "社区食堂", "高标准农田", "就业帮扶",
           "道路养护", "图书下乡", "老旧小区改造", "集中供水", "茶叶采摘", "义诊",
           "消防检查")  # fmt: skip
_SENTENCES = (
    "{day}，{place}组织{office}和{n}名群众代表开展{topic}工作，现场解决问题{m}件。",
    "据{office}统计，今年以来全县完成{topic}项目{n}个，比去年同期多{m}个。",
    "{place}负责人介绍，{topic}惠及{n}户居民，余下{m}户将在下月底前完成。",
    "在{place}，记者看到{n}名工作人员正在为{topic}做准备，已有{m}处点位通过验收。",
    "{office}要求，{topic}要按照时间节点推进，{n}个责任单位每月报送一次进展，逾期{m}天的予以通报。",
    "下一步，{office}将会同{place}对{topic}开展{n}轮回访，收集意见建议不少于{m}条。",
    "{place}村民说，{topic}以前要跑{n}里路，现在走{m}分钟就到。",
)
# Enough for a body that is longer than a notice.
_SENTENCES_AN_ARTICLE = 8
_BY_ADDRESS = {
    Markup.VSB: re.compile(r"/info/(?P<column>\d+)/(?P<article>\d+)\.htm"),
    Markup.TRS: re.compile(r"/lm(?P<column>\d+)/\d{6}/t\d{8}_(?P<article>\d+)\.html"),
    Markup.DEDECMS: re.compile(r"/a/lm(?P<column>\d+)/\d{4}/\d{4}/(?P<article>\d+)\.html"),
}
_LISTS = re.compile(
    r"/lm(?P<column>\d+)(?:\.htm|/(?P<vsb>\d+)\.htm|/index(?:_(?P<trs>\d+))?\.html"
    r"|/list_\d+_(?P<dedecms>\d+)\.html)"
)


def column_name(column: int) -> str:
    """The column's name on the site."""
    return _NAMES[column % len(_NAMES)] + (str(column // len(_NAMES)) if column >= 10 else "")


def list_address(plan: Plan, column: int) -> str:
    """The path of a list's first page."""
    return _page_address(plan, column, 1, 1)


def article_address(plan: Plan, column: int, article: int) -> str:
    """The path of an article."""
    day = plan.day(column, article)
    match plan.markup(column):
        case Markup.VSB:
            return f"/info/{column}/{article}.htm"
        case Markup.TRS:
            return f"/lm{column}/{day:%Y%m}/t{day:%Y%m%d}_{article}.html"
        case Markup.DEDECMS:
            return f"/a/lm{column}/{day:%Y/%m%d}/{article}.html"


def parse_article(path: str) -> tuple[int, int] | None:
    """The inverse of `article_address`: column and article."""
    for pattern in _BY_ADDRESS.values():
        if match := pattern.fullmatch(path):
            return int(match["column"]), int(match["article"])
    return None


def parse_list(path: str, states: Sequence[ColumnState]) -> tuple[int, int] | None:
    """Column and page, from 1 on, that a list's path stands for now."""
    match = _LISTS.fullmatch(path)
    if match is None:
        return None
    column = int(match["column"])
    if match["vsb"]:
        return column, states[column].pages - int(match["vsb"]) + 1
    if match["trs"]:
        return column, int(match["trs"]) + 1
    return column, int(match["dedecms"] or 1)


def list_page(state: ColumnState, page: int) -> bytes:
    """A list's page as it is now; a stub past the last that has rows."""
    if page > state.pages_shown:
        return b"<html><head></head><body></body></html>"
    plan, column = state.plan, state.number
    name, pages, total = column_name(column), state.pages, state.rows
    rows = [(article, title(plan, column, article)) for article in state.page(page)]
    links = [
        (article_address(plan, column, a), text, plan.day(column, a).isoformat())
        for a, text in rows
    ]
    older = _page_address(plan, column, page + 1, pages) if page < pages else ""
    match plan.markup(column):
        case Markup.VSB:
            items = "".join(
                f'<li id="line_u7_{n}"><a href="{url}" title="{text}">{text}</a>'
                f"<span>{day}</span></li>"
                for n, (url, text, day) in enumerate(links)
            )
            button = f'<a href="{older}" class="Next">下页</a>' if older else "<span>下页</span>"
            pager = f"<div>共{total}条&nbsp;{page}/{pages}&nbsp;{button}</div>"
            return _vsb(name, f"<ul class='list'>{items}</ul>{pager}")
        case Markup.TRS:
            items = "".join(
                f'<li><a href="{url}" title="{text}">{text}</a><span>{day}</span></li>'
                for url, text, day in links
            )
            call = f'createPageHTML({pages}, {page - 1}, "index", "html", "", {total});'
            return _trs(name, "", f"<ul class='u-list'>{items}</ul><script>{call}</script>")
        case Markup.DEDECMS:
            items = "".join(
                f"<li><a href='{url}' class='title'>{text}</a><span class='info'><small>日期："
                f"</small>{day} 09:30:00<small>点击：</small>{n}</span></li>"
                for n, (url, text, day) in enumerate(links)
            )
            button = f"<li><a href='{older}'>下一页</a></li>" if older else ""
            pager = (
                f"<ul class='pagelist'><li class='thisclass'>{page}</li>{button}<li><span "
                f"class='pageinfo'>共 <strong>{pages}</strong>页<strong>{total}</strong>条"
                f"</span></li></ul>"
            )
            return _dedecms(name, f"<div class='listbox'><ul class='e2'>{items}</ul></div>{pager}")


def article_page(plan: Plan, column: int, article: int) -> bytes:
    """An article's page."""
    heading, day = title(plan, column, article), plan.day(column, article)
    chance = plan.chance(column, article)
    text = "</p><p>".join(
        sentence.format(
            day=f"{(day - timedelta(days=1)).month}月{(day - timedelta(days=1)).day}日",
            place=chance.choice(_PLACES),
            office=chance.choice(_OFFICES),
            topic=chance.choice(_TOPICS),
            n=chance.randint(3, 999),
            m=chance.randint(2, 99),
        )
        for sentence in chance.choices(_SENTENCES, k=_SENTENCES_AN_ARTICLE)
    )
    match plan.markup(column):
        case Markup.VSB:
            return _vsb(
                heading,
                f'<form name="_newscontent_fromname"><h2>{heading}</h2><div>发布时间：{day} 09:30'
                f'</div><div id="vsb_content"><div class="v_news_content"><p>{text}</p></div></div>'
                "</form>",
            )
        case Markup.TRS:
            meta = (
                f'<meta name="ArticleTitle" content="{heading}">'
                f'<meta name="PubDate" content="{day} 09:30:00">'
            )
            return _trs(
                heading,
                meta,
                f'<h2 class="article_title">{heading}</h2><div class="article_con">'
                f"<div class=TRS_Editor><p>{text}</p></div></div>",
            )
        case Markup.DEDECMS:
            return _dedecms(
                heading,
                f"<div class='viewbox'><div class='title'><h2>{heading}</h2></div>"
                f"<div class='info'><small>时间:</small>{day} 09:30</div>"
                f"<div class='content'><p>{text}</p></div></div>",
            )


def title(plan: Plan, column: int, article: int) -> str:
    """An article's title; no two are alike."""
    chance = plan.chance("title", column, article)
    place, topic = chance.choice(_PLACES), chance.choice(_TOPICS)
    return f"{place}开展第{column + 1}{article:06}期{topic}工作"


def _page_address(plan: Plan, column: int, page: int, pages: int) -> str:
    """The path of a list's page, when the list has so many."""
    match plan.markup(column):
        case Markup.VSB:
            return f"/lm{column}.htm" if page == 1 else f"/lm{column}/{pages - page + 1}.htm"
        case Markup.TRS:
            return f"/lm{column}/index{f'_{page - 1}' if page > 1 else ''}.html"
        case Markup.DEDECMS:
            return f"/lm{column}/list_{column}_{page}.html"


def _vsb(name: str, main: str) -> bytes:
    return (
        f"<html><head><title>{name}-{SITE_NAME}</title>"
        '<meta content="text/html; charset=UTF-8" http-equiv="Content-Type">'
        "<!--Announced by Visual SiteBuilder 9--></head>"
        f"<body>{_menu()}{main}</body></html>"
    ).encode()


def _trs(name: str, meta: str, main: str) -> bytes:
    return (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" />'
        f"<title>{name}_{SITE_NAME}</title>{meta}</head><body>{_menu()}"
        f'<div class="path"><a href="/" class="CurrChnlCls">首页</a></div>{main}</body></html>'
    ).encode()


def _dedecms(name: str, main: str) -> bytes:
    return (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312" />'
        f"<title>{name}_{SITE_NAME}</title>"
        '<link href="/templets/default/style/dedecms.css" rel="stylesheet" />'
        f"</head><body>{_menu()}{main}</body></html>"
    ).encode("gb18030")


def _menu() -> str:
    return (
        "<div class='nav'>"
        + "<a href='/'>首页</a> <a href='/zwgk.htm'>政务公开</a>" * 10
        + "</div>"
    )
