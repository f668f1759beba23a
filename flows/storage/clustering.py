"""Which articles are one story: links between texts, the sets they make, and who came first."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    bindparam,
    delete,
    or_,
    select,
    union_all,
    update,
)

from flows.similarity.candidates import Candidate, candidates, relate
from flows.similarity.clusters import COMMON, Pair, join_framed, surely
from flows.similarity.document import Document, Sketch
from flows.similarity.document import sketches as sketches_of
from flows.similarity.link import Kind, Link
from flows.similarity.listed import RECORD, enlist, ids, records
from flows.storage import postings
from flows.storage.precedence import COLUMNS, names_another, precedence
from flows.storage.rows import Columns, Row
from flows.storage.tables import apart, articles, frames, links, sketches
from flows.storage.upsert import upsert

_JOINING: Final = frozenset({Kind.SAME, Kind.TRIMMED, Kind.FRAMED})
"""What may make two texts one story; an excerpt in a digest is a weaker link and joins nothing."""

_LINK: Final = (
    links.c.one,
    links.c.other,
    links.c.kind,
    links.c.strength,
    links.c.stands_on,
    links.c.lean,
)


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
    gone = _drop(connection, replaced)
    fresh = postings.unknown(connection, arrived.values())
    lists = postings.listed(connection, {key for text in fresh.values() for key in text.keys})
    related = _link(connection, fresh, lists)
    postings.insert(connection, fresh)
    seeds |= _shaken(connection, {**fresh, **gone}, lists)
    # A text of one article, like no other, stands for itself already.
    carriers = Counter(postings.number(text) for text in arrived.values())
    seeds |= {id_ for id_, count in carriers.items() if count > 1 or id_ not in fresh}
    seeds |= {id_ for pair, link in related.items() if link.kind in _JOINING for id_ in pair}
    _leave(connection, [row["id"] for row in replaced])
    regroup(connection, seeds - {postings.ALONE} - gone.keys())


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


def regroup(connection: Connection, seeds: Iterable[int]) -> None:
    """Make the clusters of these texts, and of all that hang together with them, anew."""
    component = _component(connection, set(seeds))
    if not component.texts:
        return
    forbidden = _forbidden(connection, component.texts)
    sets = _sets(connection, component)
    query = select(
        articles.c.sketch, articles.c.cluster, articles.c.repeats, *(articles.c[n] for n in COLUMNS)
    ).where(articles.c.sketch.in_(component.texts))
    members: dict[int, list[RowMapping]] = {}
    for row in connection.execute(query).mappings():
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


def _drop(connection: Connection, replaced: Sequence[Columns]) -> dict[int, Sketch]:
    """Forget the texts that no article carries any more; return them."""
    old = {row["sketch"]: row for row in replaced if row["sketch"]}
    if not old:
        return {}
    kept = connection.scalars(select(articles.c.sketch).where(articles.c.sketch.in_(list(old))))
    for id_ in set(kept):
        del old[id_]
    documents = [Document("", row["title"], row["body_text"]) for row in old.values()]
    gone = dict(zip(old, sketches_of(documents), strict=True))
    postings.remove(connection, gone.values())
    connection.execute(delete(links).where(_touching(list(gone))))
    connection.execute(delete(frames).where(frames.c.sketch.in_(list(gone))))
    return gone


def _link(
    connection: Connection, fresh: Mapping[int, Sketch], lists: dict[int, bytes]
) -> dict[Pair, Link]:
    """Compare texts that are new with those they share keys with; keep what was found.

    Args:
        connection: The database.
        fresh: The texts, by number.
        lists: The texts of each of their keys. The new ones are put in.
    """
    found: dict[int, list[Candidate]] = {}
    longer: dict[int, bytes] = {}
    for id_, text in fresh.items():
        found[id_] = candidates(text, lists)
        for key, record in records(text):
            texts = enlist(lists[key], record)
            if texts != lists[key]:
                lists[key] = longer[key] = texts
    postings.write(connection, longer)
    others = {candidate.text for each in found.values() for candidate in each} - fresh.keys()
    at_hand = {**fresh, **postings.texts(connection, others)}
    related: dict[Pair, Link] = {}
    for id_, each in found.items():
        for candidate in each:
            if link := relate(at_hand[id_], at_hand[candidate.text], candidate):
                related[min(id_, candidate.text), max(id_, candidate.text)] = link
    upsert(connection, links, [_link_row(pair, link) for pair, link in related.items()])
    framed = {
        (key, one)
        for (one, _), link in related.items()
        if link.kind is Kind.FRAMED
        for key in link.keys
    }
    upsert(connection, frames, [{"key": key, "sketch": one} for key, one in sorted(framed)])
    return related


def _shaken(
    connection: Connection, changed: Mapping[int, Sketch], at_hand: Mapping[int, bytes]
) -> set[int]:
    """Texts whose links by a key may have become void, or valid, because that key is on others."""
    keys = {key for text in changed.values() for key in text.keys}
    by_key: dict[int, set[int]] = {}
    # Of few texts a key is in few clusters, now and before.
    many = [key for key in keys if key not in at_hand or len(at_hand[key]) > COMMON * RECORD]
    every = postings.numbers(connection, many)
    query = select(frames).join(every, every.c.number == frames.c.key)
    for key, one in connection.execute(query).all():
        by_key.setdefault(key, set()).add(one)
    if not by_key:
        return set()
    lists = {**at_hand, **postings.listed(connection, by_key.keys() - at_hand.keys())}
    listed = {key: ids(lists[key]) for key in by_key}
    # A look at the first few tells of most keys that they were common before.
    for count in (2 * COMMON, None):
        few = {key: texts[:count] for key, texts in listed.items() if key in by_key}
        core = postings.cores(connection, {text for texts in few.values() for text in texts})
        for key, texts in few.items():
            if len({core[text] for text in texts if text not in changed}) > COMMON:
                del by_key[key]
    shaken: set[int] = set()
    for key, ones in by_key.items():
        gone = sum(id_ not in core and key in text.keys for id_, text in changed.items())
        if len({core[text] for text in listed[key]}) + gone > COMMON:
            shaken |= ones
    return shaken


def _component(connection: Connection, seeds: set[int]) -> _Component:
    texts, frontier = set(seeds), set(seeds)
    found: dict[Pair, Link] = {}
    while frontier:
        met = _links_of(connection, frontier)
        found |= met
        near = {text for pair, link in met.items() if link.kind in _JOINING for text in pair}
        frontier = near - texts
        texts |= frontier
    inner = {pair: link for pair, link in found.items() if texts.issuperset(pair)}
    return _Component(texts, inner)


def _sets(connection: Connection, component: _Component) -> dict[int, int]:
    """Which texts are one; how far that is sure is kept with each."""
    found = surely(component.texts, component.links)
    least = {text: min(members) for members in found.sets().values() for text in members}
    _keep_cores(connection, least)
    keys = {
        key for link in component.links.values() if link.kind is Kind.FRAMED for key in link.keys
    }
    if keys:
        listed = {key: ids(texts) for key, texts in postings.listed(connection, keys).items()}
        around = {text for texts in listed.values() for text in texts} - component.texts
        core = postings.cores(connection, around)
        standing = {key: [core.get(text, text) for text in texts] for key, texts in listed.items()}
        join_framed(found, component.links, standing)
    return {text: found.of(text) for text in component.texts}


def _keep_cores(connection: Connection, least: Mapping[int, int]) -> None:
    core = postings.cores(connection, least)
    changed = [{"of": text, "new": least[text]} for text in least if core.get(text) != least[text]]
    if changed:
        connection.execute(
            update(sketches).where(sketches.c.id == bindparam("of")).values(core=bindparam("new")),
            changed,
        )


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


def _links_of(connection: Connection, texts: Iterable[int]) -> dict[Pair, Link]:
    """All links of some texts, but for excerpts."""
    every = postings.numbers(connection, texts)
    either = union_all(
        *(
            select(*_LINK).join(every, every.c.number == end).where(links.c.kind != Kind.EXCERPT)
            for end in (links.c.one, links.c.other)
        )
    )
    return {(row[0], row[1]): Link(*row[2:]) for row in connection.execute(either).all()}


def _touching(texts: Sequence[int]) -> ColumnElement[bool]:
    return or_(links.c.one.in_(texts), links.c.other.in_(texts))


def _link_row(pair: Pair, link: Link) -> Row:
    return {
        "one": pair[0],
        "other": pair[1],
        "kind": link.kind,
        "strength": link.strength,
        "stands_on": link.keys,
        "lean": link.lean,
    }
