"""Whether what differs between two aligned texts are their facts: likelihood, not overlap.

The issues of a series differ where their numbers, dates and names stand, and hardly elsewhere; an
edited repost differs anywhere, and in a number no more often than in any other character.
"""

from collections import Counter
from math import lgamma, log
from typing import Final, NamedTuple

from flows.similarity.align import BYLINE, LONGEST_EDIT, Alignment, Gap
from flows.similarity.fold import FIRST_NUMBER, is_number

# An edit rate is believed after 100 characters; before, one edit in 200 is.
_PRIOR_EDITS: Final = 0.5
_PRIOR_CHARACTERS: Final = 100
# A number is some digits long, and an edit of any of them changes it; half of all such edits leave
# no number behind, or break what is around it.
_EDITS_PER_NUMBER: Final = 1.5
# Of edits, how many put something altogether different in the place of a name or of a phrase; and
# he who swaps many words (近日, 日前) swaps now and then what looks like names, or two in a row.
_EDITS_TO_NAMES: Final = 0.02
_SWAPS_TO_NAMES: Final = 0.04
_EDITS_TO_PHRASES: Final = 0.08
_SWAPS_TO_PHRASES: Final = 0.15
# One to three swaps, and not a character besides: so a form is filled in. He who edits changes
# more, or other things too.
_FEW: Final = 3
_SLOTS_TO_NAMES: Final = 0.01
_SLOTS_TO_PHRASES: Final = 0.03
_SLOTS_TO_WORDS: Final = 0.12
_SLOTS_TO_LETTERS: Final = 0.25  # alone it is a slip mended; beside other facts it is one (男, 女)
# What is swapped in the title just as it is in the text, or wherever it stands, is what the text is
# about: a county, a project.
_EDITS_TO_SUBJECTS: Final = 0.01
# Characters. Most words have two; one alone is as often a slip of the pen.
_WORD: Final = 2
# Of three begin the names of places, posts and offices (城关镇, 副局长).
_PHRASE: Final = 3
# The name of an office or a project. What is longer is a sentence, and those who edit rewrite them.
_LONGEST_PHRASE: Final = 20
# What fills the same place of a form is of about one length; else something was put in or left out.
_TIMES_AS_LONG: Final = 4
# A surname of one or two characters and as many of a given name; longer ones, written by their
# sound, are phrases here.
_LONGEST_NAME: Final = 4
# However much is edited, some numbers stay: with all of them expected to change, none would tell.
_HIGHEST_RATE: Final = 0.9
# What a repost says in its own place: its district, its today.
_EDITORIAL: Final = frozenset(
    (
        *("我", "本", "该", "全", "近日", "日前", "近期", "昨日", "今日", "昨天", "今天", "目前"),
        *(whose + area for whose in "我本全" for area in "省市县区"),
    )
)
_CHINESE_NUMBERS: Final = frozenset("〇零一二三四五六七八九十百千两")
_SURNAMES: Final = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范"
    "方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂焦向柳邢岳齐梅莫庄辛管祝左涂谷祁耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边"
)


class Differences(NamedTuple):
    """What differs between two aligned texts, within their runs."""

    edits: int
    """As far as one can count them, where no number stands."""
    numbers: int
    """Numbers in the place of others at the edge of a gap."""
    names: int
    phrases: int
    words: int
    letters: int
    """Single characters, another in the place of each."""
    swaps: Counter[Gap]
    """What stands for what, where both are something altogether different, and how often."""
    gaps: int


def differences(alignment: Alignment) -> Differences:
    """Count what stands in the gaps."""
    edits = numbers = names = phrases = words = letters = 0
    swaps: Counter[Gap] = Counter()
    gaps = _gaps(alignment)
    for gap in gaps:
        left, right = gap
        longer = max(len(left), len(right))
        if not left or not right:
            edits += longer if longer <= LONGEST_EDIT else 0
        elif longer <= LONGEST_EDIT and (found := _numbers(left, right)):
            numbers += found
        elif not _is_swap(left, right):
            edits += longer if longer <= LONGEST_EDIT else 0
        else:
            edits += 1
            if longer >= _WORD:
                swaps[gap] += 1
            if _is_name(left) and _is_name(right) and (len(left) == 1) == (len(right) == 1):
                names += 1
            elif longer >= _PHRASE and min(len(left), len(right)) >= _WORD:
                phrases += longer <= min(
                    _LONGEST_PHRASE, _TIMES_AS_LONG * min(len(left), len(right))
                )
            elif longer < _WORD:
                letters += 1
            elif longer <= LONGEST_EDIT:
                words += 1
    return Differences(edits, numbers, names, phrases, words, letters, swaps, len(gaps))


def _gaps(alignment: Alignment) -> list[Gap]:
    """The gaps, and what stands for something else where the texts begin and end; no frame does."""
    edges = [
        (left, right)
        for left, right in (alignment.head, alignment.tail)
        if 0 < len(left) <= _LONGEST_PHRASE
        and 0 < len(right) <= _LONGEST_PHRASE
        and not (BYLINE.search(left) or BYLINE.search(right))
    ]
    return alignment.gaps + edges if edges else alignment.gaps


def _is_swap(left: str, right: str) -> bool:
    """Whether the two have little in common; of three characters a suffix, 路 or 局."""
    if left in _EDITORIAL or right in _EDITORIAL:
        return False
    return len(set(left) & set(right)) * 5 <= min(len(left), len(right)) * 2


def evidence(alignment: Alignment, titles: Alignment | None, *, one_script: bool) -> float:
    """How much more likely other facts make this alignment than edits do, as a natural logarithm.

    `titles` is the alignment of the titles, where they are of one form. Texts of two scripts may
    have other words for the same things (信息, 資訊), so there only numbers and names count.
    """
    found = differences(alignment)
    rate = (found.edits + _PRIOR_EDITS) / (alignment.matched + found.edits + _PRIOR_CHARACTERS)
    replaced = alignment.replaced + found.numbers
    numbers = alignment.kept + replaced
    if titles:
        replaced += titles.replaced
        numbers += titles.kept + titles.replaced
    weight = _beyond(replaced, numbers * min(_HIGHEST_RATE, rate * _EDITS_PER_NUMBER), numbers)

    in_title = differences(titles).swaps if titles else {}
    subjects = sum(
        swap in in_title or (one_script and times > 1 and _is_everywhere(swap, alignment))
        for swap, times in found.swaps.items()
    )
    gaps = found.gaps
    swaps = found.names + found.phrases + found.words
    if gaps <= _FEW and found.edits == swaps + found.letters:
        to_names, to_phrases = _SLOTS_TO_NAMES, _SLOTS_TO_PHRASES
        to_words, to_letters = _SLOTS_TO_WORDS, _SLOTS_TO_LETTERS
    else:
        to_names, to_phrases = _EDITS_TO_NAMES, _EDITS_TO_PHRASES
        to_words = to_letters = 1.0
    for count, expected in (
        (subjects, gaps * _EDITS_TO_SUBJECTS),
        (found.names, gaps * to_names + (swaps - found.names) * _SWAPS_TO_NAMES),
        (found.phrases * one_script, gaps * to_phrases + found.words * _SWAPS_TO_PHRASES),
        (found.words * one_script, gaps * to_words),
        (found.letters * one_script, gaps * to_letters),
    ):
        weight += _beyond(count, expected, gaps)
    return weight


def _beyond(count: int, expected: float, most: int) -> float:
    """Log-likelihood of a count in a series over that in an edited text that expects so many.

    Of a series any share may change, or one fact, or two: the better of both is taken. What edits
    explain is no evidence, and no evidence against other facts either.
    """
    if count <= expected:
        return 0.0
    as_series = -log(min(most + 1, count * (count + 1)))
    as_edited = count * log(expected) - expected - lgamma(count + 1)
    return max(0.0, as_series - as_edited)


def _is_everywhere(swap: Gap, alignment: Alignment) -> bool:
    """Whether neither is left anywhere in the other text."""
    left, right = swap
    return left not in alignment.right and right not in alignment.left


def _is_name(text: str) -> bool:
    return len(text) <= _LONGEST_NAME and text[0] in _SURNAMES


def _numbers(left: str, right: str) -> int:
    """Numbers in the place of others at an edge of a gap, where what is around it is intact."""
    if left[0] in _CHINESE_NUMBERS and _CHINESE_NUMBERS.issuperset(left + right):
        return 1
    # Hardly any character is beyond those that stand for numbers.
    if max(left) < FIRST_NUMBER or max(right) < FIRST_NUMBER:
        return 0
    count = sum(map(is_number, left))
    if count != sum(map(is_number, right)):
        return 0
    at_start = is_number(left[0]) and is_number(right[0])
    at_end = is_number(left[-1]) and is_number(right[-1])
    return min(count, at_start + at_end)
