"""The deployments: the same from `serve` and from prefect.yaml, each on its site's own cron."""

# ruff: noqa: PLC0415  (Prefect is imported once its server is known: see conftest.py)

from pathlib import Path
from typing import Any

import anyio
import pytest
import yaml

from flows.options import RunOptions
from schemas.dates import SHANGHAI
from spiders.registry import get_site, get_sites

pytestmark = [pytest.mark.prefect, pytest.mark.anyio, pytest.mark.usefixtures("server")]

ROOT = Path(__file__).parents[3]


def terms(deployment: dict[str, Any]) -> dict[str, Any]:
    """What prefect.yaml and `serve` both say of a deployment."""
    limit = deployment.get("concurrency_limit")
    return {
        "entrypoint": deployment["entrypoint"],
        "parameters": deployment.get("parameters") or {},
        "tags": deployment["tags"],
        "schedules": [(s["cron"], s["timezone"]) for s in deployment.get("schedules", [])],
        "limit": limit and (limit["limit"], str(limit["collision_strategy"])),
    }


async def served() -> dict[str, dict[str, Any]]:
    """What `serve` registers for every site, by name."""
    from flows.orchestration.deployments import deployments

    return {
        deployment.name: terms(
            {
                "entrypoint": deployment.entrypoint,
                "parameters": deployment.parameters,
                "tags": deployment.tags,
                "schedules": [
                    schedule.schedule.model_dump() for schedule in deployment.schedules or []
                ],
                "concurrency_limit": {
                    "limit": deployment.concurrency_limit,
                    "collision_strategy": deployment.concurrency_options.collision_strategy.value,
                }
                if deployment.concurrency_limit
                else None,
            }
        )
        for deployment in await deployments(get_sites([]), RunOptions())
    }


async def test_prefect_yaml_says_the_same_as_serve() -> None:
    declared = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
    deployments = {deployment["name"]: terms(deployment) for deployment in declared["deployments"]}
    assert deployments == await served()


async def test_every_site_has_its_cron_in_shanghai_time() -> None:
    crons = {name: deployment["schedules"] for name, deployment in (await served()).items()}
    assert crons == {
        **{site.id: [(site.cron, "Asia/Shanghai")] for site in get_sites([])},
        "backfill": [],
        "reparse": [],
    }


async def test_the_server_plans_the_runs() -> None:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId

    from flows.orchestration.deployments import deployments

    deployment, *_ = await deployments([get_site("lanshan")], RunOptions())
    deployment_id = await deployment.aapply()
    async with get_client() as client:
        with anyio.fail_after(30):
            while not (  # noqa: ASYNC110  (the server tells nobody)
                runs := await client.read_flow_runs(
                    deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment_id]))
                )
            ):
                await anyio.sleep(0.5)
        await client.delete_deployment(deployment_id)
    times = {run.expected_start_time.astimezone(SHANGHAI).strftime("%H:%M") for run in runs}
    assert times <= {"06:30", "18:30"}
    assert {run.parameters["site"] for run in runs} == {"lanshan"}


async def test_the_watch_over_runs_is_registered_once() -> None:
    from prefect.client.orchestration import get_client

    from flows.orchestration.zombies import NAME, register_automation

    await register_automation()
    async with get_client() as client:
        (first,) = await client.read_automations_by_name(NAME)
        await register_automation()
        (second,) = await client.read_automations_by_name(NAME)
    assert second.id == first.id
    assert second.enabled
