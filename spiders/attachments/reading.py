"""Reads the text of a file without trusting it: in a process with its own limits."""

import json
import os
import subprocess
import sys
from typing import Final, NamedTuple

import anyio

from schemas.file import FileKind

TEXT_READER: Final = "1"
"""The version of the rules; a stored text of another version is read again."""
READABLE: Final = frozenset({FileKind.PDF, FileKind.DOCX, FileKind.XLSX})
# A long PDF takes pypdf some twenty seconds; what takes more is made to.
_SECONDS = 60


class Extracted(NamedTuple):
    """The text of a file, or why there is none."""

    text: str | None = None
    no_text: str | None = None


async def extract(kind: FileKind, body: bytes) -> Extracted:
    """The text of a file. Whatever the file does, this returns, and in about a minute."""
    if kind not in READABLE:
        return Extracted(no_text=f"no reader for {kind} files")
    # -P: a module of that name in the working directory is not ours.
    command = [sys.executable, "-P", "-m", "spiders.attachments.text", kind, str(_SECONDS)]
    try:
        with anyio.fail_after(_SECONDS):
            done = await anyio.run_process(
                command, input=body, check=False, stderr=subprocess.DEVNULL, env=_environment()
            )
    except TimeoutError:
        return Extracted(no_text="reading it takes longer than it may")
    if done.returncode:
        return Extracted(no_text="reading it takes more than it may")
    return Extracted(**json.loads(done.stdout))


def _environment() -> dict[str, str]:
    """No password of a database, no contact: a file's reader needs to find Python alone."""
    return {k: v for k, v in os.environ.items() if k in {"PATH", "PYTHONPATH", "VIRTUAL_ENV"}}
