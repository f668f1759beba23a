"""What stands in a body's container and is not the body: buttons, counters, credits, neighbours."""

import re
from itertools import pairwise

from spiders.extract.blocks import Block
from spiders.extract.byline import is_credit
from spiders.extract.labels import is_box
from spiders.extract.text import squeezed

# Lines that are furniture wherever they stand. Matched against the whole line, white space and
# enclosing brackets removed, so prose that merely mentions a button is safe.
_FURNITURE = re.compile(
    r"(?:"
    r"(?:欢迎)?(?:扫码)?关注.{0,16}(?:公众号|微信号?|微博|抖音号?|视频号).{0,10}|扫一扫.{0,24}|扫描二维码.{0,20}|用?手机扫.{0,20}|微信扫.{0,20}|.{0,8}长按.{0,6}二维码.{0,16}"
    r"|(?:打印|打印本页|打印此页|打印文章|我要打印|打印正文|收藏|收藏本页|加入收藏|关闭|关闭窗口|关闭本页|关闭此页|返回顶部|返回|返回首页|返回列表|"
    r"回到顶部|TOP|顶部|推荐给?朋友|举报|纠错|我要纠错|内容纠错|网页纠错|挑错|顶一下|踩一下|点赞|放大字体|缩小字体|复制链接|复制本文链接)+"
    r"|分享让更多人看到|分享(?:到|至|本文|按钮)?[:：]?(?:微信|微博|新浪微博|腾讯微博|QQ空间|QQ好友|空间|QQ|朋友圈|人人网|豆瓣|更多|一键分享|复制链接)*"
    r"|(?:上|下|前|后)一(?:篇|条|页|则)(?:文章|新闻|信息)?[:：]?.{0,80}"
    r"|(?:字号|字体|文字大小|字体大小|【?字体)[:：]?[【\[]?(?:小号?|中号?|大号?|特大|超大|默认|A\+?|A-|T\|?T?|[|\s+\-/])*[】\]]?"
    r"|[大中小]{2,3}|T\|?T|A\+?A-?"
    r"|(?:点击|浏览|阅读|访问|人气)(?:数|量|率|次数|人数)?[:：]?\d*(?:次|人)?"
    r"|(?:已?下载)(?:次数)?[:：]?\d*次?"
    r"|相关(?:文章|新闻|链接|报道|阅读|稿件|推荐|信息|内容|解读|专题|文档|文件|政策|视频|热词)(?:推荐)?[:：]?"
    r"|(?:更多|延伸|推荐)(?:阅读|新闻|文章|资讯|内容|精彩)?[:：]?|猜你喜欢|热门(?:推荐|文章|新闻|评论)|为你推荐|精彩推荐|大家都在看|热点(?:新闻|推荐)"
    r"|阅读(?:原文|全文)|查看(?:原文|全文|更多)|展开(?:全文|全部)?|点击(?:查看|阅读)(?:更多|全文)|继续阅读|余下全文"
    r"|-+分隔线-+|[-—_=*·.]{3,}"
    r"|(?:网站)?标识码[:：]?\w*|您?当前的?位置[:：].{0,60}|您?现?在的?位置[:：].{0,60}"
    r"|简体|繁体|简体繁体|网站支持IPv6|无障碍(?:阅读|浏览)?|长者(?:模式|助手|专区)|语音播报|关怀版|适老版"
    r"|[\\/|]+|页面生成时间.{0,30}|打印本页.{0,6}关闭窗口|附件下载[:：]?|下载图片版|下载文字版|下载.{0,3}版"
    r"|\[?(?:首页|末页|尾页|上一页|下一页|\d{1,2})\]?(?:[|\s]*\[?(?:首页|末页|尾页|上一页|下一页|下页|上页|\d{1,2})\]?)+"
    r"|(?:您|你)?(?:觉得|认为).{0,12}(?:文章|内容).{0,12}(?:吗|？)|(?:本文)?(?:已)?(?:被)?(?:浏览|阅读)\d+次"
    r"|(?:关键字|关键词|标签|责编邮箱|TAGS?)[:：].{0,60}|(?:转发|评论|参与|跟帖)\(?\d*\)?(?:人|条)?"
    r")"
)
# What a player's or a script's place says where it does not run; it is a sentence.
_UNSUPPORTED = re.compile(r".{0,6}[您你]的浏览器(?:不支持|版本|没有|未).{0,40}")
_FRAME = "[]【】()（）〔〕「」·•|｜:：>》＞ "
# From one of these on, a page's own text is over.
_END = re.compile(
    r"(?:相关(?:文章|新闻|链接|报道|阅读|稿件|推荐|信息|解读|专题|文档|文件|政策|内容)|延伸阅读|推荐阅读|更多(?:新闻|阅读|精彩)|热门(?:推荐|文章|新闻)|"
    r"猜你喜欢|为你推荐|精彩推荐|大家都在看|您可能感兴趣.{0,8}|热点(?:新闻|推荐)|网友评论|最新评论|评论列表|发表评论|我要评论|编辑推荐|相关热词|"
    r"版权(?:声明|与免责声明|及免责声明).{0,10}|免责声明.{0,10}|特别声明)[:：]?(?:更多)?>*"
)
# A page's foot, where the body's container was never closed.
_FOOT_BEGINS = re.compile("版权所有|Copyright|©", re.IGNORECASE)
# Choices that begin with one character each are searched for at an eighth of the time.
_FOOT = re.compile(
    r"I(?i:CP)(?:备\d|证)|i(?i:cp)(?:备\d|证)|公网安备|网站标识码"
    r"|A(?i:llRightsReserved)|a(?i:llRightsReserved)"
)
# What a site says under everything it prints.
_NOTICE = re.compile(
    r"[\[【(（*※]*(?:(?:平台|特别|郑重|版权|免责|网站)?声明|版权(?:与|及)?免责声明)[\]】)）]*\s*[:：]"
    r"|.{0,60}(?:未经.{0,12}(?:授权|许可|同意|允许).{0,8}(?:不得|请勿|禁止|谢绝|严禁).{0,4}转载)|(?:.{0,60}(?:版权所有|原创文章|版权作品)|凡注明|凡本网).{0,60}(?:未经|转载|授权|来源)"
    r"|.{0,60}转载.{0,10}注明(?:出处|来源)"
    r"|Notice:\s*The\s?content above"
)
# Of these the ones that a guide or a report may have as a heading of its own.
_RELATED = re.compile(r"[【\[（(]?相关")
# The first words of what a site says of its rights, on several lines below the text.
_RIGHTS = re.compile(r"[\[【(（*※]*(?:版权|免责|版权(?:与|及)免责)声明[\]】)）]*\s*[:：]?")
# 「（责任编辑：李某）」 behind the last sentence, as some systems append it to the text.
_INLINE_CREDIT = re.compile(
    r"\s*(?:[（(【\[]\s*(?:责任编辑|网络编辑|值班编辑|本文编辑|责编|编辑)\s*[:：][^）)】\]<>。]{0,40}[）)】\]]"
    r"|(?<=[。！？”])\s*(?:责任编辑|责编|编辑)\s*[:：]\s*(?:[\u4e00-\u9fff·]\s?){2,8})(?P<tags>(?:</\w+>|\s)*)$"
)
_SCANNED = re.compile(r"扫|二维码|公众号")
_CODE_PICTURE = re.compile(
    r"/(?:[\w-]*qr_?code[\w-]*|qr|ewm\w*|erweima\w*|weixin\w*|wechat\w*|wx(?:_?code)?|gzh)\.(?:png|jpe?g|gif)",
    re.IGNORECASE,
)
_ENACTED = re.compile(r"[（(]\s*(?:19|20)\d\d年.{0,60}(?:公布|通过|发布|施行|修订|修正|批准)")
# A summary that the template prints above the text.
_SUMMARY = re.compile(r"[【\[]?(?:摘要|内容摘要|内容提要|简介)[】\]]?\s*[:：]")
# Lines like those stand within this many blocks of the end.
_TAIL = 12
_SHORT = 120
# The longest line from which on a page is over.
_LONGEST_END = 24
# What a button's or a counter's text never ends with.
_PROSE_ENDS = "。；，"
# Buttons and counters stand within this many blocks of either end.
_FAR_HEAD = 15
_FAR_TAIL = 40
# A line under the title, when the container holds title and line as well.
_INFO_LINE = re.compile(
    r"(?:来源|发布(?:时间|日期|机构|单位)|时间|日期|作者|编辑|点击|浏览|阅读|字号|字体|发稿时间|更新时间)(?:数|量|次数)?\s*[:：]"
)
_BARE_TIME = re.compile(
    r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?P<clock>\s*\d{1,2}[:：]\d{2}(?::\d{2})?)?"
)
_SENTENCE_ENDS = ("。", "！", "？", "；", "：")
_TITLES = frozenset({"h1", "h2", "h3", "h4"})
# What stands beside such a time: a source, a weekday. A sentence may begin with a date as well.
_COMPANY = 20
_PROSE = re.compile("[，。；、]")
# This much of a title's beginning tells it.
_STEM = 12
# Title, kicker, summary and the line stand within this many blocks of the start.
_HEAD = 8
# Paragraphs this long do not repeat by accident.
_REPEATING = 40


def without_furniture(blocks: list[Block], title: str, *, whole: bool) -> list[Block]:
    """The blocks that are the article.

    Args:
        blocks: What stands in the body's container.
        title: The article's title.
        whole: Whether the container holds the template's own heading and summary as well.
    """
    blocks = [b for place, b in enumerate(blocks) if place >= _HEAD or not is_box(b.text)]
    blocks = _from_body_start(blocks, squeezed(title))
    blocks = _without_heading(blocks, squeezed(title), whole=whole)
    blocks = _to_body_end(_without_codes(blocks))
    last = len(blocks) - _FAR_TAIL
    blocks = [
        block
        for place, block in enumerate(blocks)
        if _FAR_HEAD <= place < last
        or not is_furniture(block)
        or (_RELATED.match(block.text) and place and _prose_follows(blocks[place + 1 :]))
    ]
    return _without_copies(blocks)


def is_furniture(block: Block) -> bool:
    """Whether the block does nothing but operate the page."""
    text = block.text
    if _UNSUPPORTED.fullmatch(text):
        return True
    if not text or len(text) > _SHORT or text[-1] in _PROSE_ENDS or block.kind == "table":
        return False
    line = "".join(text.split()).strip(_FRAME)
    if not line:
        return not block.pictures
    return _FURNITURE.fullmatch(line) is not None


def is_page_end(text: str) -> bool:
    """Whether a line says that a page's own text is over: 相关文章, 版权所有, ICP备."""
    line = squeezed(text).strip(_FRAME)
    if len(line) <= _LONGEST_END and _END.fullmatch(line):
        return True
    return len(text) <= _SHORT and _is_foot(line)


def _is_foot(line: str) -> bool:
    return _FOOT_BEGINS.match(line) is not None or _FOOT.search(line) is not None


def _from_body_start(blocks: list[Block], title: str) -> list[Block]:
    """Without the title and the line under it, where the container holds them."""
    start = 0
    for place, block in enumerate(blocks[:_HEAD]):
        text = block.text
        if len(text) > _SHORT:
            break
        if block.kind in {"table", "open", "close"} or not text:
            continue
        # A signature's date has no clock; the one under a title may have none either.
        bare = _BARE_TIME.match(text)
        if bare and (len(text) - bare.end() > _COMPANY or _PROSE.search(text, bare.end())):
            bare = None
        labelled = _INFO_LINE.search(text) and "。" not in text
        if not labelled and not bare:
            continue
        above = blocks[place - 1 : place] if bare and not labelled else blocks[start:place]
        has_title = bool(title) and title[:_STEM] in squeezed("".join(b.text for b in above))
        if any(b.text.endswith(_SENTENCE_ENDS) for b in blocks[start:place]):
            # That was the body already; its first sentence often repeats the title.
            break
        if has_title or (labelled and place == start) or (bare and bare["clock"]):
            start = place + 1
    rest = sum(len(block.text) for block in blocks[start:])
    return blocks[start:] if rest else blocks


def _without_heading(blocks: list[Block], title: str, *, whole: bool) -> list[Block]:
    """Without the template's heading, and the summary below it.

    A document's own heading is a paragraph, and stays where the template has one of its own.
    """
    texts = [place for place, block in enumerate(blocks) if block.text][:3]
    rest = blocks
    for place, below in pairwise(texts):
        block = blocks[place]
        if _ENACTED.match(blocks[below].text):
            # 「（2021年…公布）」: a law begins with its title.
            break
        is_heading = squeezed(block.text) == title and (whole or block.kind in _TITLES)
        if not is_heading and not (whole and _SUMMARY.match(block.text)):
            break
        rest = [b for b in blocks[:place] if b.kind == "open"] + blocks[place + 1 :]
    return rest


def _without_codes(blocks: list[Block]) -> list[Block]:
    """Without pictures to be scanned with a phone."""
    last = len(blocks) - _TAIL
    kept: list[Block] = []
    for place, block in enumerate(blocks):
        if block.pictures and not block.text:
            beside = blocks[max(0, place - 1) : place] + blocks[place + 1 : place + 2]
            if any(_SCANNED.search(b.text) and is_furniture(b) for b in beside):
                continue
            if place >= last and all(_CODE_PICTURE.search(p.url) for p in block.pictures):
                continue
        kept.append(block)
    return kept


def _to_body_end(blocks: list[Block]) -> list[Block]:
    """Without the credits and whatever the page appends."""
    last = len(blocks) - _FAR_TAIL
    has_prose = False
    for place, block in enumerate(blocks):
        text = block.text
        if not text or block.kind == "table":
            continue
        speaks_of_rights = has_prose and "声明" in text and _RIGHTS.match(text)
        if speaks_of_rights and _NOTICE.match(text) and place >= last:
            return _without_credits(blocks[:place])
        if len(text) > _SHORT or text[-1] in _PROSE_ENDS:
            has_prose = True
            continue
        line = "".join(text.split()).strip(_FRAME)
        end = _END.fullmatch(line) if len(line) <= _LONGEST_END else None
        if end and has_prose and not (_RELATED.match(text) and _prose_follows(blocks[place + 1 :])):
            return _without_credits(blocks[:place])
        is_late = place >= last and place > len(blocks) // 3
        if is_late and _is_foot(line):
            return _without_credits(blocks[:place])
    return _without_credits(blocks)


def _prose_follows(blocks: list[Block]) -> bool:
    """Whether a heading such as 相关政策 opens a section of the text and no list of links."""
    following = next((block for block in blocks if block.text), None)
    return (
        following is not None and not following.linked and following.text.endswith(_SENTENCE_ENDS)
    )


def _without_credits(blocks: list[Block]) -> list[Block]:
    """Without 责任编辑 lines and the site's own notices near the end."""
    first = max(0, len(blocks) - _TAIL)
    for block in blocks[first:]:
        if "编" in block.text and (credit := _INLINE_CREDIT.search(block.text)):
            html = block.html.removesuffix(f"</{block.kind}>")
            if (markup := _INLINE_CREDIT.search(html)) and credit.start() > 0:
                block.text = block.text[: credit.start()].rstrip()
                html = html[: markup.start()] + markup["tags"].strip()
                block.html = f"{html}</{block.kind}>"
    return [
        block
        for place, block in enumerate(blocks)
        if place < first
        or not block.text
        or not (is_credit(block.text) or (place and _NOTICE.match(block.text)))
    ]


def _without_copies(blocks: list[Block]) -> list[Block]:
    """Without a second copy of the body (for phones, for printing)."""
    seen: dict[str, int] = {}
    for place, block in enumerate(blocks):
        if len(block.text) < _REPEATING:
            continue
        first = seen.setdefault(block.text, place)
        if first == place:
            continue
        copy = [b.text for b in blocks[place:] if len(b.text) >= _REPEATING]
        original = [b.text for b in blocks[first:place] if len(b.text) >= _REPEATING]
        if copy == original[: len(copy)] and first <= _HEAD:
            return blocks[:place]
        break
    return blocks
