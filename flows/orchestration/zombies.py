"""Marks a run whose process died as crashed: the dead do not report themselves."""

from datetime import timedelta

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture

# Three missed signs of life; `environment.py` sets one in 30 s.
SILENCE = timedelta(seconds=90)

NAME = "crash-zombie-runs"
_HEARTBEAT = "prefect.flow-run.heartbeat"
_ENDS = ("Completed", "Failed", "Cancelled", "Crashed", "Skipped")


async def register_automation() -> None:
    """Make the server watch every run, or bring its rule up to date."""
    rule = AutomationCore(
        name=NAME,
        description="A run that gives no sign of life for 90 seconds has lost its process.",
        trigger=EventTrigger(
            # Running counts, too: a process may die before its first heartbeat.
            after={_HEARTBEAT, "prefect.flow-run.Running"},
            expect={_HEARTBEAT, *(f"prefect.flow-run.{end}" for end in _ENDS)},
            match={"prefect.resource.id": "prefect.flow-run.*"},
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=SILENCE,
        ),
        actions=[
            ChangeFlowRunState(
                state=StateType.CRASHED,
                message="No sign of life for 90 seconds: the run's process or machine is gone.",
            )
        ],
    )
    async with get_client() as client:
        known = await client.read_automations_by_name(NAME)
        # An update would make the server forget the runs that it is watching.
        if known and _rule(known[0]) == _rule(rule):
            return
        for outdated in known:
            await client.delete_automation(outdated.id)
        await client.create_automation(rule)


def _rule(automation: AutomationCore) -> object:
    """What an automation says; the server gives it and its trigger ids of their own."""
    return automation.model_dump(exclude={"id": True, "trigger": {"id"}})
