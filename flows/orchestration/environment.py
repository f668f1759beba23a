"""What Prefect reads from the environment. Prefect reads it once, when it is first imported."""

import os
from pathlib import Path

SETTINGS = {
    # Nothing of ours is reported to anyone, and the UI works offline and without banners.
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    # The UI asks the host that served it, whatever its port.
    "PREFECT_UI_API_URL": "/api",
    # A temporary server takes as long to start as a real one, and loses records when it ends.
    "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
    # Scrapy's own log lines belong to the run that caused them.
    "PREFECT_LOGGING_EXTRA_LOGGERS": "scrapy,flows,spiders",
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
    # Seconds: a scheduled run starts within so much of its time.
    "PREFECT_RUNNER_POLL_FREQUENCY": "5",
    # Seconds between a run's signs of life; `zombies.py` takes three missed ones for its death.
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
}


TERMINAL_LEVEL = "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL"
"""The least level of Prefect's log lines on standard error."""

DATA = "DISTRICT_NEWS_DATA"
"""The variable that tells a run where its data lies (`flows.options`)."""


def prefect_home(data: Path) -> Path:
    """The folder of Prefect's own database and of its server's log."""
    return data.resolve() / "prefect"


def set_environment(data: Path, api_url: str | None = None, *, quiet: bool = False) -> None:
    """Set what this process, and every process it starts, tells Prefect and its runs.

    What the user has told Prefect stays. Call it before anything imports Prefect.

    Args:
        data: The data folder.
        api_url: The server that we started; without it, the user's own `PREFECT_API_URL` counts.
        quiet: Keep Prefect's log lines off the terminal; they are in its database all the same.
    """
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    os.environ[DATA] = str(data.resolve())
    if quiet:
        os.environ.setdefault(TERMINAL_LEVEL, "CRITICAL")
    if api_url is not None:
        os.environ["PREFECT_API_URL"] = api_url
        os.environ["PREFECT_HOME"] = str(prefect_home(data))
