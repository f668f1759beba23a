"""Makes the corpus: stories and their reposts, series, short items in chrome, digests, events."""

import random
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from spiders.extract.fingerprint import content_hash
from tests.bench.dedupe import edits, series
from tests.bench.dedupe.corpus import ORIGINAL, Labelled
from tests.bench.dedupe.grammar import Grammar, Issue
from tests.bench.dedupe.stories import Story, tell

PARTS = "abc"
"""Three sets of templates, so that a method can be tried on forms and subjects it never saw."""
_TEXTS = Path(__file__).parent / "texts"
_FIRST_DAY, _DAYS = date(2023, 1, 2), 1400

# Shares of the corpus. Reposted stories are half of it, so that recall has pairs to count; series
# are the larger part of what must stay apart, as they are on a county's site.
_SHARES = {
    "story": 0.56,
    "serial": 0.22,
    "natural": 0.05,
    "chrome": 0.06,
    "digest": 0.06,
    "event": 0.05,
}
# Members of a story's group besides its original: a few go through the whole country.
_COPIES = ((0, 3), (1, 6), (2, 6), (3, 4), (5, 3), (9, 1), (24, 0.2), (39, 0.1))
_KINDS = {
    "exact": 4,
    "title": 6,
    "framed": 14,
    "edited": 20,
    "trimmed": 16,
    "extended": 8,
    "traditional": 8,
    "reflowed": 10,
    "combined": 14,
}
# What leaves a notice the same notice: its figures and names must not be touched.
_SAFE_KINDS = ("exact", "title", "framed", "reflowed", "traditional")
_COMBINED = ("framed", "edited", "trimmed", "extended", "traditional", "reflowed")
_SHORTENING = frozenset({"trimmed", "extended"})
# Of later copies this share is taken from another copy, not from the original.
_FROM_A_COPY = 0.2
_OTHER_TITLE = 0.3
_REPOSTED_SERIAL, _REPOSTED_NATURAL, _REPOSTED_CHROME, _REPOSTED_DIGEST = 0.06, 0.06, 0.12, 0.08
_SOURCE_STATED = 0.7
_PARALLEL = 0.15
# Shorter leads and paragraphs say nothing of their own.
_LEAST_TO_EXCERPT, _MOST_TO_EXCERPT, _LONGEST_PARAGRAPH = 40, 200, 300


@dataclass(slots=True)
class Corpus:
    """A corpus in the making; `documents` is what it has become."""

    grammar: Grammar
    chance: random.Random
    given: Sequence[tuple[str, str]] = ()
    """Title and body of texts from elsewhere, each the original of one group."""
    documents: list[Labelled] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)
    """Of the folded body: the group that has it. No other group may."""
    groups: int = 0

    def add(self, document: Labelled) -> Labelled | None:
        """Take it, with an id of its own; not when another group has that body."""
        if self.hashes.setdefault(content_hash(document.body), document.group) != document.group:
            return None
        self.documents.append(replace(document, id=f"d{len(self.documents):06}"))
        return self.documents[-1]

    def original(
        self, title: str, body: str, day: date, family: str, county: str, *, style: str = ""
    ) -> Labelled | None:
        """A text of a group of its own."""
        self.groups += 1
        site = _site(county)
        stated = f"{county}人民政府网" if self.chance.random() < _SOURCE_STATED else None
        return self.add(
            Labelled("", title, body, day, stated, site, f"g{self.groups:06}", family, style=style)
        )

    def day(self) -> date:
        return _FIRST_DAY + timedelta(days=self.chance.randrange(_DAYS))


def make(
    documents: int, seed: int, *, parts: str = PARTS, given: Sequence[tuple[str, str]] = ()
) -> list[Labelled]:
    """So many labelled documents in a random order; the same arguments give the same ones."""
    files = [_TEXTS / f"{name}.txt" for name in ("words", "frames", "chrome")]
    files += [
        _TEXTS / f"{name}_{part}.txt"
        for name in ("stories", "serials", "natural")
        for part in parts
    ]
    chance = random.Random(f"{seed} {parts}")  # noqa: S311  (the same corpus every time)
    corpus = Corpus(Grammar.load(files), chance, given)
    makers: dict[str, Callable[[Corpus], None]] = {
        "story": _story,
        "event": _event,
        "serial": _serial,
        "natural": _natural,
        "chrome": _chrome,
        "digest": _digests,
    }
    for family, maker in makers.items():
        target = len(corpus.documents) + round(documents * _SHARES[family])
        while len(corpus.documents) < target:
            maker(corpus)
        del corpus.documents[target:]
    chance.shuffle(corpus.documents)
    return corpus.documents


def _site(county: str) -> str:
    return f"www.{county.encode().hex()[:12]}.example"


def _story(corpus: Corpus) -> None:
    day, chance = corpus.day(), corpus.chance
    given = corpus.groups < len(corpus.given)
    if given:
        title, body = corpus.given[corpus.groups]
        story = Story(title, body, Issue(corpus.grammar, chance, day).fill("{county}"))
    else:
        story = tell(corpus.grammar, chance, day)
    original = corpus.original(
        story.title, story.body, day, "story", story.county, style="given" if given else ""
    )
    if original is None:
        return
    counts, weights = zip(*_COPIES, strict=True)
    _repost(corpus, original, chance.choices(counts, weights)[0], tuple(_KINDS))


def _event(corpus: Corpus) -> None:
    """One event, told by two to four writers: names, day and place in common, no sentence."""
    chance, day = corpus.chance, corpus.day()
    issue = Issue(corpus.grammar, chance, day)
    kept = {
        "c": issue.fill("{county}"),
        "t": issue.fill("{town}"),
        "lead": issue.fill("{person}"),
        "o": issue.fill("{office}"),
        "v": issue.fill("{village}"),
    }
    domain, used = chance.choice(corpus.grammar.domains), {}
    for _ in range(chance.randint(2, 4)):
        story = tell(corpus.grammar, chance, day, domain=domain, kept=kept, used=used)
        county = chance.choice((kept["c"], issue.fill("{county}")))
        title = story.title
        original = corpus.original(title, story.body, day, "event", county)
        if original and chance.random() < _REPOSTED_NATURAL:
            _repost(corpus, original, 1, tuple(_KINDS))


def _serial(corpus: Corpus) -> None:
    chance, day = corpus.chance, corpus.day()
    form = chance.choice(series.forms(corpus.grammar))
    if chance.random() < _PARALLEL:
        issues = series.parallel(corpus.grammar, chance, form, day, chance.randint(3, 8))
    else:
        count = chance.choice((8, 12, 24, 52, 60))
        issues = series.serial(corpus.grammar, chance, form, day, count)
    _publish(corpus, issues, "serial", _REPOSTED_SERIAL, _SAFE_KINDS)


def _natural(corpus: Corpus) -> None:
    chance = corpus.chance
    form = chance.choice(series.natural_forms(corpus.grammar))
    issues = series.natural(corpus.grammar, chance, form, corpus.day(), chance.choice((10, 20, 40)))
    _publish(corpus, issues, "natural", _REPOSTED_NATURAL, (*_SAFE_KINDS, "edited"))


def _publish(
    corpus: Corpus,
    issues: Iterator[series.Published],
    family: str,
    reposted: float,
    kinds: tuple[str, ...],
) -> None:
    for issue in issues:
        original = corpus.original(
            issue.title, issue.body, issue.day, family, issue.county, style=issue.style
        )
        if original and corpus.chance.random() < reposted:
            _repost(corpus, original, corpus.chance.choice((1, 1, 2)), kinds)


def _chrome(corpus: Corpus) -> None:
    """Thirty to 150 short items of one site, each within the site's header and footer."""
    chance, start = corpus.chance, corpus.day()
    issue = Issue(corpus.grammar, chance, start, domain=chance.choice(corpus.grammar.domains))
    county = issue.constants["c"] = issue.fill("{county}")
    dress = _Dress(corpus.grammar, chance, issue.constants)
    for _ in range(chance.choice((30, 60, 100, 150))):
        day = start + timedelta(days=chance.randrange(200))
        item = _short(corpus, day, county)
        original = corpus.original(item.title, dress.on(day, item.body), day, "chrome", county)
        if original is None or chance.random() > _REPOSTED_CHROME:
            continue
        other = Issue(corpus.grammar, chance, day).fill("{county}")
        body = _Dress(corpus.grammar, chance, {"c": other}).on(day, item.body)
        if chance.random() < 0.5:
            body = item.body
        corpus.add(
            replace(
                original,
                body=body,
                site=_site(other),
                published=day + timedelta(days=chance.choice((0, 1, 2))),
                kind="framed",
                style="chrome",
                made_from=original.id,
            )
        )


def _short(corpus: Corpus, day: date, county: str) -> Story:
    """An item of one to three sentences."""
    chance = corpus.chance
    issue = Issue(corpus.grammar, chance, day, domain=chance.choice(corpus.grammar.domains))
    issue.kept["c"] = county
    body = "".join(issue.fill("{brief}") for _ in range(chance.choice((1, 1, 2, 3))))
    return Story(issue.fill("{headline_short}"), body, county)


class _Dress:
    """One site's header and footer: the same words but for the day; counters and neighbours differ
    on most sites, on the others they stand still.
    """

    def __init__(self, grammar: Grammar, chance: random.Random, constants: dict[str, str]) -> None:
        self._grammar, self._chance, self._constants = grammar, chance, constants
        self._chosen: dict[str, str] = {}
        self._still = chance.random() < _STANDING_STILL

    def on(self, day: date, body: str) -> str:
        issue = Issue(
            self._grammar, self._chance, day, constants=self._constants, trace=dict(self._chosen)
        )
        header, footer = issue.expand("chrome_header"), issue.expand("chrome_footer")
        kept = issue.trace if self._still else ("chrome_header", "chrome_footer")
        self._chosen = {place: issue.trace[place] for place in kept}
        return f"{header}\n{body}\n{footer}"


_STANDING_STILL = 0.4


def _digests(corpus: Corpus) -> None:
    """The round-ups of one site over some days: the same frame, other items."""
    chance, start = corpus.chance, corpus.day()
    frame = Issue(corpus.grammar, chance, start, chance.randint(1, 300))
    county = frame.constants["c"] = frame.fill("{county}")
    frame.expand("digest_title"), frame.expand("digest_intro"), frame.expand("digest_outro")
    chosen = {n: frame.trace[n] for n in ("digest_title", "digest_intro", "digest_outro")}
    mark = frame.fill("{mark}")
    stories = sorted(
        (d for d in corpus.documents if d.family in {"story", "event"} and d.kind == ORIGINAL),
        key=_published,
    )
    last: list[tuple[Labelled | None, str]] = []
    every = chance.choice((1, 7))
    for number in range(chance.choice((6, 12, 30))):
        day = start + timedelta(days=number * every)
        issue = Issue(
            corpus.grammar,
            chance,
            day,
            frame.number + number,
            constants=frame.constants,
            trace=dict(chosen),
        )
        until = bisect_right(stories, day, key=_published)
        week = stories[max(until - _STORIES_TO_QUOTE, 0) : until] or stories
        items = [_item(corpus, chance, week, day) for _ in range(chance.randint(4, 12))]
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
        if chance.random() < _REPOSTED_DIGEST:
            _repost(corpus, original, 1, ("exact", "title", "framed", "reflowed"))


# A digest quotes from so many stories that came out last.
_STORIES_TO_QUOTE = 40
# How often a digest repeats an item of the one before.
_CARRIED_OVER = 0.15
# Of a digest's items this share is of stories that the corpus has; the others stand only there.
_FROM_THE_CORPUS = 0.7
_RETOUCHED = 0.25


def _published(document: Labelled) -> date:
    assert document.published is not None
    return document.published


def _item(
    corpus: Corpus, chance: random.Random, stories: Sequence[Labelled], day: date
) -> tuple[Labelled | None, str]:
    """A story of the corpus, or none, and its lead of 40–200 characters or one paragraph."""
    story = chance.choice(stories) if chance.random() < _FROM_THE_CORPUS else None
    title, body = (
        (story.title, story.body)
        if story
        else ((told := tell(corpus.grammar, chance, day, length=200)).title, told.body)
    )
    paragraphs = [p for p in body.split("\n") if _LEAST_TO_EXCERPT <= len(p) <= 300]
    if paragraphs and chance.random() < 0.4:
        text = chance.choice(paragraphs)
    else:
        flat = body.replace("\n", "")
        text = flat[: chance.randint(_LEAST_TO_EXCERPT, _MOST_TO_EXCERPT)]
        ends = [m.end() for m in re.finditer("[。！？]", text) if m.end() >= _LEAST_TO_EXCERPT]
        text = text[: ends[-1]] if ends else text + "……"
    if chance.random() < _RETOUCHED:
        text = edits.typos(chance, text, 0.02, digits=False)
    style = chance.randrange(3)
    return story, (f"{title}。{text}", f"{text}（{title}）", text)[style]


def _listed(mark: str, number: int, text: str) -> str:
    if mark == "【】":
        head, _, rest = text.partition("。")
        return f"【{head}】{rest}" if rest else text
    counted = "一二三四五六七八九十"[number - 1 : number] or "末"
    return mark.replace("1", str(number)).replace("一", counted) + text


def _repost(corpus: Corpus, original: Labelled, count: int, kinds: tuple[str, ...]) -> None:
    """So many copies of the original or of each other, on other sites, mostly soon after."""
    chance = corpus.chance
    whole = [original]
    for _ in range(count):
        parent = chance.choice(whole) if chance.random() < _FROM_A_COPY else original
        kind = chance.choices(kinds, [_KINDS[one] for one in kinds])[0]
        later = chance.choices((0, 1, 2, 3, chance.randint(4, 20), 365), (8, 6, 3, 2, 3, 0.3))[0]
        day = _published(parent) + timedelta(days=later)
        county = Issue(corpus.grammar, chance, day).fill("{county}")
        title, body, kind, style = _changed(corpus, parent, day, kind)
        copy = corpus.add(
            replace(
                parent,
                title=title,
                body=body,
                published=day,
                source=chance.choice((parent.source, f"{county}发布", None, parent.source)),
                site=_site(county) if kind != "exact" else parent.site,
                kind=kind,
                style=style,
                made_from=parent.id,
                excerpts=parent.excerpts,
            )
        )
        if copy and not _SHORTENING & set(kind.split("+")):
            whole.append(copy)


def _changed(corpus: Corpus, parent: Labelled, day: date, kind: str) -> tuple[str, str, str, str]:
    chance, title, body = corpus.chance, parent.title, parent.body
    kinds = [kind] if kind != "combined" else chance.sample(_COMBINED, k=2)
    styles = []
    # The frame is put on last and not edited: it is the next site's.
    for one in sorted(kinds, key=lambda k: k == "framed"):
        if one == "framed":
            body, style = edits.framed(corpus.grammar, chance, day, body), ""
        elif one == "extended":
            body, style = _extended(corpus, body, day)
        elif one in edits.PLAIN:
            body, style = edits.PLAIN[one](chance, body)
            if one == "traditional":
                title = edits.traditional(chance, title)[0]
        else:
            style = ""
        styles.append(style)
    if kind == "title" or chance.random() < _OTHER_TITLE:
        title = _retitled(corpus, title, day)
    return title, body, "+".join(kinds), "+".join(filter(None, styles))


def _extended(corpus: Corpus, body: str, day: date) -> tuple[str, str]:
    """10–60 % more: paragraphs of another text behind, before or between."""
    chance = corpus.chance
    wanted = int(len(body) * chance.uniform(0.1, 0.6))
    more = tell(corpus.grammar, chance, day, length=max(wanted, 60)).body.split("\n")
    added: list[str] = []
    while more and sum(map(len, added)) < wanted:
        added.append(more.pop(0))
    paragraphs = body.split("\n")
    style = chance.choice(("behind", "before", "between"))
    if style == "between" and len(paragraphs) > 1:
        for paragraph in added:
            paragraphs.insert(chance.randint(1, len(paragraphs) - 1), paragraph)
        return "\n".join(paragraphs), style
    return "\n".join([*added, body] if style == "before" else [body, *added]), style


def _retitled(corpus: Corpus, title: str, day: date) -> str:
    chance = corpus.chance
    issue = Issue(corpus.grammar, chance, day, domain=chance.choice(corpus.grammar.domains))
    way = chance.randrange(5)
    if way == 0:
        return issue.fill("{headline_short}")
    if way == 1:
        return f"【{issue.fill('{column}')}】{title}"
    if way == 2:
        return f"{issue.fill('{county}')}：{title}"
    if way == 3:
        return title[: max(len(title) // 2, 6)]
    return edits.typos(chance, title, 0.15, digits=False) or title
