"""Round-ups of the last days' news: the same frame, other items, excerpts of stories."""

import random
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from tests.bench.dedupe import edits
from tests.bench.dedupe.collection import Collection, published
from tests.bench.dedupe.corpus import ORIGINAL, Labelled
from tests.bench.dedupe.grammar import Issue
from tests.bench.dedupe.reposts import repost
from tests.bench.dedupe.stories import tell

# Shorter leads and paragraphs say nothing of their own.
_LEAST_TO_EXCERPT, _MOST_TO_EXCERPT, _LONGEST_PARAGRAPH = 40, 200, 300
_REPOSTED = 0.08
# A digest quotes from so many stories that came out last.
_STORIES_TO_QUOTE = 40
# How often a digest repeats an item of the one before.
_CARRIED_OVER = 0.15
# Of a digest's items this share is of stories that the corpus has; the others stand only there.
_FROM_THE_CORPUS = 0.7
# Of the items: whole paragraphs, where leads are more usual; and those with a slip or two.
_PARAGRAPHS, _RETOUCHED, _SLIPS = 0.4, 0.25, 0.02
_FRAME = ("digest_title", "digest_intro", "digest_outro")
_EVERY_DAYS, _ISSUES, _ITEMS = (1, 7), (6, 12, 30), (4, 12)


def digests(corpus: Collection) -> None:
    """The round-ups of one site over some days: the same frame, other items."""
    chance, start = corpus.chance, corpus.day()
    frame = Issue(corpus.grammar, chance, start, chance.randint(1, 300))
    county = frame.constants["c"] = frame.fill("{county}")
    for rule in _FRAME:
        frame.expand(rule)
    chosen = {rule: frame.trace[rule] for rule in _FRAME}
    mark = frame.fill("{mark}")
    stories = sorted(
        (d for d in corpus.documents if d.family in {"story", "event"} and d.kind == ORIGINAL),
        key=published,
    )
    last: list[tuple[Labelled | None, str]] = []
    every = chance.choice(_EVERY_DAYS)
    for number in range(chance.choice(_ISSUES)):
        day = start + timedelta(days=number * every)
        issue = Issue(
            corpus.grammar,
            chance,
            day,
            frame.number + number,
            constants=frame.constants,
            trace=dict(chosen),
        )
        until = bisect_right(stories, day, key=published)
        week = stories[max(until - _STORIES_TO_QUOTE, 0) : until] or stories
        items = [_item(corpus, chance, week, day) for _ in range(chance.randint(*_ITEMS))]
        if last and chance.random() < _CARRIED_OVER:
            items[: chance.randint(1, 2)] = [chance.choice(last)]
        last = items
        paragraphs = [issue.expand("digest_intro")]
        paragraphs += [_listed(mark, n, text) for n, (_, text) in enumerate(items, start=1)]
        paragraphs.append(issue.expand("digest_outro"))
        original = corpus.original(
            issue.expand("digest_title"), "\n".join(paragraphs), day, "digest", county
        )
        if original is None:
            continue
        linked = tuple(dict.fromkeys(story.id for story, _ in items if story))
        corpus.documents[-1] = original = replace(original, excerpts=linked)
        if chance.random() < _REPOSTED:
            repost(corpus, original, 1, ("exact", "title", "framed", "reflowed"))


def _item(
    corpus: Collection, chance: random.Random, stories: Sequence[Labelled], day: date
) -> tuple[Labelled | None, str]:
    """A story of the corpus, or none, and its lead of 40–200 characters or one paragraph."""
    story = chance.choice(stories) if chance.random() < _FROM_THE_CORPUS else None
    title, body = (
        (story.title, story.body)
        if story
        else ((told := tell(corpus.grammar, chance, day, length=200)).title, told.body)
    )
    paragraphs = [p for p in body.split("\n") if _LEAST_TO_EXCERPT <= len(p) <= _LONGEST_PARAGRAPH]
    if paragraphs and chance.random() < _PARAGRAPHS:
        text = chance.choice(paragraphs)
    else:
        flat = body.replace("\n", "")
        text = flat[: chance.randint(_LEAST_TO_EXCERPT, _MOST_TO_EXCERPT)]
        ends = [m.end() for m in re.finditer("[。！？]", text) if m.end() >= _LEAST_TO_EXCERPT]
        text = text[: ends[-1]] if ends else text + "……"
    if chance.random() < _RETOUCHED:
        text = edits.typos(chance, text, _SLIPS, digits=False)
    style = chance.randrange(3)
    return story, (f"{title}。{text}", f"{text}（{title}）", text)[style]


def _listed(mark: str, number: int, text: str) -> str:
    if mark == "【】":
        head, _, rest = text.partition("。")
        return f"【{head}】{rest}" if rest else text
    counted = "一二三四五六七八九十"[number - 1 : number] or "末"
    return mark.replace("1", str(number)).replace("一", counted) + text
