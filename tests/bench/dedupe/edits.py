"""What happens to a text on its way to the next site: edits, cuts, frames, other characters."""

import random
import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache

import opencc

from tests.bench.dedupe.grammar import Grammar, Issue

Edit = Callable[[random.Random, str], str]

# Shares of a text's characters: what an edit touches, what a cut takes away.
_EDITED, _TRIMMED = (0.01, 0.10), (0.10, 0.50)
# Slips that come with other words or marks, as nobody copies without any.
_SLIPS_BESIDES = 0.005
# How often a repost comes with menu and footer of its site: readers strip most of them.
_WHOLE_FRAME = 0.15
_SENTENCE = re.compile(r"[^。！？\n]*[。！？\n]|[^。！？\n]+$")
_CLAUSE = re.compile(r"[^，。；：！？、\n]+|[，。；：！？、\n]")
# Common characters, as a slip of the keyboard or of the eye puts them in.
_COMMON = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分"
    "对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
)
_DIGITS = frozenset("0123456789０１２３４５６７８９")
# Pairs that mean the same, or that typists confuse: each stands for the other.
_SYNONYMS = (
    "开展/组织 进行/开展 加强/强化 表示/说 介绍/表示 目前/截至目前 近日/日前 了解/获悉 "
    "要求/强调 排查/摸排 群众/百姓 村民/群众 干部/工作人员 老人/老年人 随后/接着 "
    "负责人/有关负责人 完成/实现 达到/达 增加到/增至 继续/持续 告诉记者/对记者说 检查/督查 "
    "整治/治理 改造/提升 发放/派发 投入/投用 因为/由于 但/不过 已经/已 每天/每日 晚上/夜里 "
    "凌晨/清晨 帮助/帮扶 带领/率领 走进/来到 "
)
_SLIPS = "的/地 在/再 做/作 像/象 账/帐 须/需 至/到 和/与 与/及 了/ 个/ 都/均 将/把 把/将 "
_REWRITES = (
    "对此，{}",
    "{}据悉，相关工作仍在进行。",
    "值得一提的是，{}",
    "（图片由当地提供）{}",
    "{}记者在现场看到，大家干劲十足。",
)


def typos(chance: random.Random, text: str, share: float, *, digits: bool) -> str:
    """Single characters put in, taken out and exchanged; digits are hit only where said."""
    signs = list(text)
    places = [n for n, sign in enumerate(signs) if sign.strip() and (digits or sign not in _DIGITS)]
    for place in chance.sample(places, k=min(len(places), round(len(text) * share))):
        new = chance.choice("0123456789" if signs[place] in _DIGITS else _COMMON)
        signs[place] = chance.choice((new, signs[place] + new, ""))
    return "".join(signs)


def words(chance: random.Random, text: str, share: float) -> str:
    """Words exchanged for others that mean the same, up to the share of characters."""
    budget = len(text) * share
    pairs = [pair.split("/") for pair in _SYNONYMS.split()]
    swaps = [*pairs, *([b, a] for a, b in pairs), *(pair.split("/") for pair in _SLIPS.split())]
    chance.shuffle(swaps)
    for old, new in swaps:
        if budget <= 0:
            break
        if not old or old not in text:
            continue
        parts = text.split(old)
        joined = parts[0]
        for part in parts[1:]:
            use_new = budget > 0 and chance.random() < 0.5
            joined += (new if use_new else old) + part
            budget -= len(old) * use_new
        text = joined
    return text


def sentences(chance: random.Random, text: str, share: float) -> str:
    """Whole sentences gone, led in otherwise, or changed places within their paragraph."""
    pieces = _SENTENCE.findall(text)
    budget = len(text) * share
    order = list(range(1, len(pieces)))
    chance.shuffle(order)
    for place in order:
        piece = pieces[place]
        ended = piece.endswith("\n")
        if budget <= 0 or len(piece) > max(budget * 1.5, 12):
            continue
        budget -= len(piece)
        way = chance.randrange(3)
        if way == 0:
            pieces[place] = "\n" if ended else ""
        elif way == 1:
            led = chance.choice(_REWRITES).format(piece.rstrip("\n"))
            pieces[place] = led + "\n" * ended
        else:
            clauses = _CLAUSE.findall(piece)
            if len(clauses) > 3:
                clauses[0], clauses[2] = clauses[2], clauses[0]
            pieces[place] = "".join(clauses)
    return "".join(pieces)


def typography(chance: random.Random, text: str) -> str:
    """Other quotation marks, dashes, dots and brackets; sometimes doubled or left out."""
    for old, new in (
        ("“", chance.choice(('"', "「", "“"))), ("”", chance.choice(('"', "」", "”"))),
        ("——", chance.choice(("--", "—", "－－"))), ("（", chance.choice(("(", "（"))),
        ("）", chance.choice((")", "）"))), ("；", chance.choice(("，", "；", ";"))),
        ("、", chance.choice(("、", "，", "､"))), ("：", chance.choice((":", "：", "∶"))),
        ("％", "%"), ("。”", chance.choice(("”。", "。”"))), ("《", chance.choice(("<", "《"))),
        ("》", chance.choice((">", "》"))),
    ):  # fmt: skip
        text = text.replace(old, new)
    return text


def edited(chance: random.Random, text: str) -> tuple[str, str]:
    """1–10 % of the characters changed in one style; the text and the style's name."""
    share = chance.uniform(*_EDITED)
    style = chance.choice(("typos", "typos", "words", "sentences", "digits", "typography"))
    if style == "typos":
        return typos(chance, text, share, digits=False), style
    if style == "digits":
        return typos(chance, text, share, digits=True), style
    if style == "words":
        return typos(chance, words(chance, text, share), _SLIPS_BESIDES, digits=False), style
    if style == "sentences":
        return sentences(chance, text, share), style
    return typos(chance, typography(chance, text), share / 3, digits=False), style


def trimmed(chance: random.Random, text: str) -> tuple[str, str]:
    """10–50 % gone: the head kept, the tail kept, both ends kept, or sentences here and there."""
    share = chance.uniform(*_TRIMMED)
    style = chance.choice(("head", "head", "tail", "middle", "thinned"))
    keep = max(int(len(text) * (1 - share)), 40)
    if style == "head":
        return text[: _boundary(text, keep)], style
    if style == "tail":
        return text[_boundary(text, len(text) - keep) :].lstrip(), style
    if style == "middle":
        head = _boundary(text, int(keep * chance.uniform(0.3, 0.8)))
        tail = _boundary(text, len(text) - (keep - head))
        return text[:head] + text[max(tail, head) :], style
    pieces = _SENTENCE.findall(text)
    gone = 0
    for place in chance.sample(range(len(pieces)), k=len(pieces)):
        if gone + len(pieces[place]) <= len(text) * share:
            gone += len(pieces[place])
            pieces[place] = "\n" if pieces[place].endswith("\n") else ""
    return "".join(pieces).strip(), style


def _boundary(text: str, at: int) -> int:
    """The end of a sentence near that place, or the place itself."""
    ends = [match.end() for match in re.finditer(r"[。！？\n]", text)]
    near = [end for end in ends if abs(end - at) < max(len(text) * 0.05, 12)]
    return min(near, key=lambda end: abs(end - at)) if near else at


def reflowed(chance: random.Random, text: str) -> tuple[str, str]:
    """The same words: paragraphs joined or split, spaces, widths, other marks."""
    style = chance.choice(("joined", "split", "spaced", "wide", "marks", "wrapped"))
    if style == "joined":
        return text.replace("\n", chance.choice(("", " ", "　　"))), style
    if style == "split":
        return re.sub(
            r"(?<=[。！？])(?=[^\n”」])", lambda _: chance.choice(("", "\n", "\n　　")), text
        ), style
    if style == "spaced":
        spaced = re.sub(r"(\d+(?:\.\d+)?)", r" \1 ", text)
        return "\n\n".join(f"\u3000\u3000{line}" for line in spaced.split("\n")), style
    if style == "wide":
        table = {ord(a): ord(a) + 0xFEE0 for a in "0123456789%.:()" if chance.random() < 0.8}
        return text.translate(table), style
    if style == "marks":
        return typography(chance, text), style
    width = chance.randint(18, 44)
    return "\n".join(text[n : n + width] for n in range(0, len(text), width)), style


@cache
def _converter(variety: str) -> opencc.OpenCC:
    return opencc.OpenCC(variety)


def traditional(chance: random.Random, text: str) -> tuple[str, str]:
    """In traditional characters: mainland forms, Taiwan's, Hong Kong's, or Taiwan's words too."""
    variety = chance.choices(("s2t", "s2tw", "s2hk", "s2twp"), (4, 3, 2, 1))[0]
    return _converter(variety).convert(text), variety


def framed(grammar: Grammar, chance: random.Random, day: date, text: str) -> str:
    """Another site's header before it and footer behind it: bylines, notes, now and then a menu."""
    issue = Issue(grammar, chance, day, domain=chance.choice(grammar.domains))
    before = [issue.fill("{byline}") for _ in range(chance.choice((0, 1, 1)))]
    after = [issue.fill("{note}") for _ in range(chance.choice((1, 1, 2, 3)))]
    if chance.random() < _WHOLE_FRAME:
        before.insert(0, issue.fill("{chrome_header}"))
        after.append(issue.fill("{chrome_footer}"))
    return "\n".join([*before, text, *after])


PLAIN: Mapping[str, Callable[[random.Random, str], tuple[str, str]]] = {
    "edited": edited,
    "trimmed": trimmed,
    "reflowed": reflowed,
    "traditional": traditional,
}
"""The edits that need the text alone; each also says in which style it did it."""
