"""Which articles are one story: links between texts, the sets they make, and who came first."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, RowMapping, bindparam, delete, or_, select, update

from flows.similarity.candidates import Candidate, candidates, relate
from flows.similarity.clusters import COMMON, Pair, join_framed, surely
from flows.similarity.document import Document, Sketch, sketches
from flows.similarity.link import Kind, Link
from flows.similarity.listed import RECORD, enlist, ids, records
from flows.storage import postings
from flows.storage.lookup import look_up
from flows.storage.precedence import COLUMNS, names_another, precedence
from flows.storage.rows import Columns, Row
from flows.storage.tables import apart, articles, common_keys, excerpts, frames
from flows.storage.texts import Texts, kind_of
from flows.storage.types import packed
from flows.storage.upsert import put, upsert

_JOINING: Final = frozenset({Kind.SAME, Kind.TRIMMED, Kind.FRAMED})
"""What may make two texts one story; an excerpt in a digest is a weaker link and joins nothing."""


@dataclass(frozen=True, slots=True)
class _Component:
    """Texts that hang together by links, and all links between them."""

    texts: set[int]
    links: dict[Pair, Link]


def settle(
    connection: Connection, arrived: Mapping[str, Sketch], replaced: Sequence[Columns]
) -> None:
    """Bring the clusters up to date with articles that were stored a moment ago.

    Args:
        connection: Of the transaction that stored them.
        arrived: The texts of articles that are new or say something else, by id.
        replaced: What was stored of these, or of articles that are gone, before.
    """
    left = {row["cluster"] for row in replaced}
    if not arrived and not left:
        return
    beside = select(articles.c.sketch).where(articles.c.cluster.in_(left))
    seeds = {id_ or postings.ALONE for id_ in connection.scalars(beside)} if left else set()
    texts = Texts(connection)
    gone = _drop(texts, replaced)
    fresh = _unknown(texts, arrived.values())
    lists = postings.listed(connection, {key for text in fresh.values() for key in text.keys})
    related = _link(texts, fresh, lists)
    seeds |= _shaken(texts, gone, lists)
    # A text of one article, like no other, stands for itself already.
    carriers = Counter(postings.number(text) for text in arrived.values())
    seeds |= {id_ for id_, count in carriers.items() if count > 1 or id_ not in fresh}
    seeds |= {id_ for pair, link in related.items() if link.kind in _JOINING for id_ in pair}
    _leave(connection, [row["id"] for row in replaced])
    regroup(texts, seeds - {postings.ALONE} - gone.keys())


def differing(replaced: Iterable[Columns], incoming: Mapping[str, Columns]) -> set[str]:
    """The ids of those articles of which something differs that clusters are made by."""
    return {
        row["id"]
        for row in replaced
        if any(row[name] != incoming[row["id"]][name] for name in (*COLUMNS, "sketch"))
    }


def originals(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """Whose text each of these articles repeats; those that repeat nothing are missing.

    By name: the 来源 that it states, or else the site of the first article of its cluster.
    """
    first = articles.alias()
    query = (
        select(first.c.site_name.label("whose"), *(articles.c[name] for name in COLUMNS))
        .join(first, first.c.id == articles.c.repeats)
        .where(articles.c.id.in_(list(ids)))
    )
    return {
        row["id"]: row["source"] if names_another(row) else row["whose"]
        for row in connection.execute(query).mappings()
    }


def regroup(texts: Texts, seeds: Iterable[int]) -> None:
    """Make the clusters of these texts, and of all that hang together with them, anew."""
    connection = texts.connection
    component = _component(texts, set(seeds))
    sets = _sets(texts, component)
    texts.write()
    if not component.texts:
        return
    forbidden = _forbidden(connection, component.texts)
    query = select(
        articles.c.sketch, articles.c.cluster, articles.c.repeats, *(articles.c[n] for n in COLUMNS)
    ).where(articles.c.sketch.in_(component.texts))
    members: dict[int, list[RowMapping]] = {}
    for row in connection.execute(query).mappings().all():
        members.setdefault(sets[row["sketch"]], []).append(row)
    groups = [
        group
        for rows in members.values()
        for group in _groups(sorted(rows, key=precedence), component.links, forbidden)
    ]
    changed = [
        {"of": row["id"], "new": group[0]["id"], "by": None if row is group[0] else group[0]["id"]}
        for group in groups
        for row in group
        if row["cluster"] != group[0]["id"]
        or row["repeats"] != (None if row is group[0] else group[0]["id"])
    ]
    _update(connection, changed)


def _update(connection: Connection, changed: Sequence[Row]) -> None:
    if changed:
        connection.execute(
            update(articles)
            .where(articles.c.id == bindparam("of"))
            .values(cluster=bindparam("new"), repeats=bindparam("by")),
            changed,
        )


def _leave(connection: Connection, ids: Sequence[str]) -> None:
    """Let articles stand for themselves until their text says otherwise."""
    _update(connection, [{"of": id_, "new": id_, "by": None} for id_ in ids])


def _drop(texts: Texts, replaced: Sequence[Columns]) -> dict[int, Sketch]:
    """Forget the texts that no article carries any more; return them."""
    old = {row["sketch"]: row for row in replaced if row["sketch"]}
    if not old:
        return {}
    connection = texts.connection
    kept = connection.scalars(select(articles.c.sketch).where(articles.c.sketch.in_(list(old))))
    for id_ in set(kept):
        del old[id_]
    documents = [Document("", row["title"], row["body_text"]) for row in old.values()]
    gone = dict(zip(old, sketches(documents), strict=True))
    postings.remove(connection, gone.values())
    connection.execute(
        delete(excerpts).where(or_(excerpts.c.one.in_(gone), excerpts.c.other.in_(gone)))
    )
    texts.forget(gone)
    return gone


def _unknown(texts: Texts, arrived: Iterable[Sketch]) -> dict[int, Sketch]:
    """Those of the texts that are not stored, by number; not those that are too short."""
    by_number = {postings.number(text): text for text in arrived}
    by_number.pop(postings.ALONE, None)
    for id_ in texts.read(by_number):
        del by_number[id_]
    return by_number


def _link(texts: Texts, fresh: Mapping[int, Sketch], lists: dict[int, bytes]) -> dict[Pair, Link]:
    """Compare texts that are new with those they share keys with; keep them and what was found.

    Args:
        texts: Of the transaction.
        fresh: The new ones, by number.
        lists: The texts of each of their keys. The new ones are put in.
    """
    found: dict[int, list[Candidate]] = {}
    longer: dict[int, bytes] = {}
    for id_, text in fresh.items():
        found[id_] = candidates(text, lists)
        for key, record in records(text):
            one_more = enlist(lists[key], record)
            if one_more != lists[key]:
                lists[key] = longer[key] = one_more
    postings.write(texts.connection, longer)
    others = {candidate.text for each in found.values() for candidate in each} - fresh.keys()
    at_hand = {**fresh, **postings.texts(texts.connection, others)}
    related: dict[Pair, Link] = {}
    quoted: dict[Pair, Link] = {}
    for id_, each in found.items():
        for candidate in each:
            if link := relate(at_hand[id_], at_hand[candidate.text], candidate):
                kept = quoted if link.kind is Kind.EXCERPT else related
                kept[min(id_, candidate.text), max(id_, candidate.text)] = link
    texts.add(fresh)
    texts.link(related)
    postings.remember(fresh)
    rows = [(*pair, link.strength, packed(link.keys), link.lean) for pair, link in quoted.items()]
    put(texts.connection, excerpts, sorted(rows))
    return related


def _shaken(texts: Texts, gone: Mapping[int, Sketch], at_hand: Mapping[int, bytes]) -> set[int]:
    """Texts whose links by a key have become void, or valid, because that key is on others.

    Args:
        texts: Of the transaction.
        gone: Texts that no article carries any more.
        at_hand: The lists of the keys of texts that are new.
    """
    connection = texts.connection
    # Of few texts a key is in few clusters.
    many = {key for key, listed in at_hand.items() if len(listed) > COMMON * RECORD}
    left = {key for text in gone.values() for key in text.keys}
    common = {key for (key,) in look_up(connection, "key", common_keys.c.key, many | left)}
    framed: dict[int, set[int]] = {}
    looked_at = (many - common) | (left & common)
    for key, one in look_up(connection, "key, one", frames.c.key, looked_at):
        framed.setdefault(key, set()).add(one)
    lists = {**at_hand, **postings.listed(connection, framed.keys() - at_hand.keys())}
    now = common_among(texts, {key: lists[key] for key in framed})
    if valid := (left & common) - now:
        connection.execute(delete(common_keys).where(common_keys.c.key.in_(valid)))
    upsert(connection, common_keys, [{"key": key} for key in sorted(now - common)])
    return {one for key in (now - common) | valid for one in framed.get(key, ())}


def common_among(texts: Texts, lists: Mapping[int, bytes]) -> set[int]:
    """Those of the keys whose lists have texts of very many clusters."""
    listed = {key: ids(each) for key, each in lists.items()}
    core = texts.cores({text for each in listed.values() for text in each})
    return {key for key, each in listed.items() if len({core[text] for text in each}) > COMMON}


def _component(texts: Texts, seeds: set[int]) -> _Component:
    found, frontier = set(seeds), set(seeds)
    while frontier:
        near = {
            other
            for text in texts.read(frontier).values()
            for other, told in text.links.items()
            if kind_of(told) in _JOINING
        }
        frontier = near - found
        found |= frontier
    return _Component(found, texts.links(found))


def _sets(texts: Texts, component: _Component) -> dict[int, int]:
    """Which texts are one; how far that is sure is kept with each."""
    found = surely(component.texts, component.links)
    for members in found.sets().values():
        core = min(members)
        for text in members:
            texts.keep_core(text, core)
    keys = {key for link in component.links.values() for key in link.keys}
    if keys:
        lists = postings.listed(texts.connection, keys)
        listed = {key: ids(each) for key, each in lists.items()}
        core_of = texts.cores({text for each in listed.values() for text in each})
        standing = {
            key: [text if text in component.texts else core_of[text] for text in each]
            for key, each in listed.items()
        }
        join_framed(found, component.links, standing)
    return {text: found.of(text) for text in component.texts}


def _forbidden(connection: Connection, texts: set[int]) -> set[tuple[str, str]]:
    """Pairs of articles that a person told apart."""
    if connection.scalar(select(apart.c.one).limit(1)) is None:
        return set()
    one, other = articles.alias(), articles.alias()
    query = (
        select(apart.c.one, apart.c.other)
        .join(one, one.c.id == apart.c.one)
        .join(other, other.c.id == apart.c.other)
        .where(one.c.sketch.in_(texts), other.c.sketch.in_(texts))
    )
    return {(row.one, row.other) for row in connection.execute(query)}


def _groups(
    rows: Sequence[RowMapping], related: Mapping[Pair, Link], forbidden: set[tuple[str, str]]
) -> list[list[RowMapping]]:
    """The articles of one set, in their order; in several groups where a person told some apart.

    The same text first, then the strongest link: whatever comes later stands with what it is most
    like.
    """
    ids = {row["id"] for row in rows}
    if not any(ids.issuperset(pair) for pair in forbidden):
        return [list(rows)]
    group = {row["id"]: {row["id"]} for row in rows}
    pairs = sorted(
        (distance, min(a["id"], b["id"]), max(a["id"], b["id"]))
        for i, a in enumerate(rows)
        for b in rows[:i]
        if (distance := _distance(a, b, related)) is not None
    )
    for _, a, b in pairs:
        if not _told_apart(group[a], group[b], forbidden):
            joined = group[a] | group[b]
            group |= dict.fromkeys(joined, joined)
    return [
        [row for row in rows if group[row["id"]] is members]
        for members in {id(m): m for m in group.values()}.values()
    ]


def _distance(a: RowMapping, b: RowMapping, related: Mapping[Pair, Link]) -> int | None:
    """0 for the same text, more the less two are alike; none for what no link joins."""
    if a["sketch"] == b["sketch"]:
        return 0
    link = related.get((min(a["sketch"], b["sketch"]), max(a["sketch"], b["sketch"])))
    return 1001 - link.strength if link and link.kind is not Kind.OTHER_FACTS else None


def _told_apart(some: set[str], others: set[str], forbidden: set[tuple[str, str]]) -> bool:
    return any((min(a, b), max(a, b)) in forbidden for a in some for b in others)
