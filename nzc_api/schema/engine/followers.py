"""Those who follow the log: how many they are, and what each event looks like to them."""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Callable, Coroutine, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from strawberry.types.execution import ExecutionResult

from nzc_api.ids import Position
from nzc_api.refusal import LocalizedText
from nzc_api.schema.kit.told import told
from nzc_api.turns import Turns

# Followers are mostly at the same few events; whoever is elsewhere is shown them anew.
MOST_SHOWN = 64

TOO_MANY = LocalizedText(
    "本进程的订阅数已达上限（共{most}个，每个组织或地址{most_of_one}个）：请先结束其他订阅",
    "There are too many subscriptions in this process (at most {most}, and {most_of_one} for each organisation or "
    "address): end others first",
)


class Subscriptions:
    """The subscriptions of a process: at most ``most``, and ``most_of_one`` of each client."""

    def __init__(self, most: int, most_of_one: int) -> None:
        self._most = most
        self._most_of_one = most_of_one
        self._by_key: Counter[Hashable] = Counter()

    @property
    def total(self) -> int:
        return self._by_key.total()

    @contextmanager
    def one_more(self, client: Hashable) -> Iterator[None]:
        """A subscription during the block; raises where there are too many."""
        if self.total >= self._most or self._by_key[client] >= self._most_of_one:
            most = {"most": self._most, "most_of_one": self._most_of_one}
            raise told(
                "TOO_MANY_SUBSCRIPTIONS",
                LocalizedText(TOO_MANY.zh.format(**most), TOO_MANY.en.format(**most)),
            )
        self._by_key[client] += 1
        try:
            yield
        finally:
            self._by_key[client] -= 1
            if not self._by_key[client]:
                del self._by_key[client]


BEGINNING = Position(0)


@dataclass
class ShownEvent(ExecutionResult):
    """An event as it is shown; ``position`` is its own, whatever was asked of it."""

    position: Position = BEGINNING


Shown = ShownEvent | None


class ShownEvents:
    """The latest events as they were shown, by what was asked and the event's position."""

    def __init__(self) -> None:
        self._shown: OrderedDict[Hashable, asyncio.Task[Shown]] = OrderedDict()
        # All hear of one event at once; they are sent it a few at a time, so that others are answered.
        self.turns = Turns()

    async def show(self, key: Hashable, work: Callable[[], Coroutine[Any, Any, Shown]]) -> Shown:
        """What ``work`` makes of the event, or made of it for somebody before. Where it made nothing, it
        is asked again the next time."""
        task = self._shown.get(key)
        if task is None:
            task = asyncio.create_task(work())
            task.add_done_callback(lambda done: self._forget_nothing(key, done))
            self._shown[key] = task
            if len(self._shown) > MOST_SHOWN:
                self._shown.popitem(last=False)
        return await asyncio.shield(task)

    def _forget_nothing(self, key: Hashable, task: asyncio.Task[Shown]) -> None:
        nothing = task.cancelled() or task.exception() is not None or task.result() is None
        if nothing and self._shown.get(key) is task:
            del self._shown[key]
