"""A group of commands of which one is meant where none is named."""

from typing import Any

import typer
from typer.core import TyperGroup


class DefaultGroup(TyperGroup):
    """`group status` runs the command `status`; `group ANYTHING ELSE` the group's hidden one.

    The hidden command has the group's place in full: its usage, its help, its errors.
    """

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: Any = None,
        **extra: Any,
    ) -> typer.Context:
        command: Any = super()
        if not args or args[0] not in self.named:
            command = next(command for command in self.commands.values() if command.hidden)
        context: typer.Context = command.make_context(info_name, args, parent=parent, **extra)
        return context

    @property
    def named(self) -> list[str]:
        """The commands that are called by their names."""
        return [name for name, command in self.commands.items() if not command.hidden]
