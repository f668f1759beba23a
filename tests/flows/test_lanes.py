"""Sites on one platform take turns; others do not wait for them."""

import anyio
import pytest

from flows import lanes
from flows.lanes import SharedLane, lane
from flows.storage.store import Store
from schemas.site import Column, Politeness, Site

pytestmark = pytest.mark.anyio


def site(name: str, lane_name: str | None = None) -> Site:
    url = f"http://{name}.example/"
    return Site(
        id=name,
        name=name,
        url=url,
        politeness=Politeness(lane=lane_name, delay_seconds=0.5),
        columns=(Column(id="yw", name="要闻", url=url),),
    )


async def hold(store: Store, a_site: Site, log: list[str]) -> None:
    async with lane(store, a_site):
        log.append(f"{a_site.id} in")
        await anyio.sleep(0.1)
        log.append(f"{a_site.id} out")


async def run_both(store: Store, one: Site, other: Site) -> list[str]:
    log: list[str] = []
    async with anyio.create_task_group() as group:
        group.start_soon(hold, store, one, log)
        group.start_soon(hold, store, other, log)
    return log


@pytest.fixture
def store(database: str):
    with Store.open(database) as opened:
        yield opened


async def test_sites_on_one_lane_take_turns(store: Store) -> None:
    log = await run_both(store, site("hedong", "linyi"), site("luozhuang", "linyi"))
    assert log in (
        ["hedong in", "hedong out", "luozhuang in", "luozhuang out"],
        ["luozhuang in", "luozhuang out", "hedong in", "hedong out"],
    )


async def test_sites_on_their_own_lanes_do_not_wait(store: Store) -> None:
    log = await run_both(store, site("hedong"), site("luozhuang"))
    assert sorted(log[:2]) == ["hedong in", "luozhuang in"]


async def test_a_lane_is_free_again_after_an_error(store: Store) -> None:
    with pytest.raises(ValueError, match="in the lane"):
        async with lane(store, site("hedong", "linyi")):
            raise ValueError("in the lane")
    with anyio.fail_after(5):
        assert await run_both(store, site("hedong", "linyi"), site("luozhuang"))


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "_ASK_AGAIN_SECONDS", 0.005)


async def walk(store: Store, name: str, log: list[str], stretches: int = 3) -> None:
    """What a backfill does, stretch by stretch."""
    shared = SharedLane(store, site(name, "linyi"), delay=0.0)
    await shared.take()
    for _ in range(stretches):
        log.append(name)
        await anyio.sleep(0.05)
        await shared.give_way()
    shared.release()


@pytest.mark.usefixtures("at_once")
async def test_two_backfills_alternate(store: Store) -> None:
    log: list[str] = []
    async with anyio.create_task_group() as group:
        group.start_soon(walk, store, "hedong", log)
        group.start_soon(walk, store, "luozhuang", log)
    assert log[:4] in (["hedong", "luozhuang"] * 2, ["luozhuang", "hedong"] * 2)


@pytest.mark.usefixtures("at_once")
async def test_a_daily_run_goes_before_every_backfill(store: Store) -> None:
    log: list[str] = []
    async with anyio.create_task_group() as group:
        group.start_soon(walk, store, "hedong", log, 8)
        group.start_soon(walk, store, "luozhuang", log, 8)
        await anyio.sleep(0.02)
        group.start_soon(hold, store, site("lanshan", "linyi"), log)
    assert log.index("lanshan in") <= 2
    assert log.index("lanshan out") == log.index("lanshan in") + 1


@pytest.mark.usefixtures("at_once")
async def test_alone_a_backfill_waits_for_nobody(store: Store) -> None:
    shared = SharedLane(store, site("hedong"), delay=60.0)
    with anyio.fail_after(5):
        await shared.take()
        await shared.give_way()
    shared.release()
