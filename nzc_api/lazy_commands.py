"""Commands of a group that are loaded when they are asked for: what one of them needs takes the others no time."""

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any

from typer.core import TyperGroup
from typer.main import get_command


class _Loaded(Mapping[str, Any]):
    """Commands by their names, and where each is."""

    def __init__(self, modules: Mapping[str, str]) -> None:
        self._modules = modules

    def __getitem__(self, name: str) -> Any:
        found: Any = get_command(import_module(self._modules[name]).app)
        # An app with one command is that command.
        return found.commands[name] if isinstance(found, TyperGroup) else found

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)


def group_of(rooms: Mapping[str, Sequence[str]]) -> type[TyperGroup]:
    """A group of the commands of modules, each of which has an ``app``; help lists them in this order."""
    modules = {command: room for room, commands in rooms.items() for command in commands}

    class Commands(TyperGroup):
        def __init__(self, **given: Any) -> None:
            super().__init__(**given)
            self.commands: Any = _Loaded(modules)

    return Commands
