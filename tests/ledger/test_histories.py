"""Histories of many clients whose connections are cut, while the API and PostgreSQL are killed.

Afterwards there must be one order of everything that was accepted, that of its positions, in which
every answer that anybody got was true when it was decided: the reference, which does the accepted
ones in that order, says OK to each; and to each refused one, somewhere between its being sent and
its being answered, the very code that its client was told.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, cast

import asyncpg
import httpx
import pytest

from nzc_api.log.ids import position_of
from nzc_api.schema.kit.ids import decode_id
from tests.ledger.conservation import check_conserved
from tests.ledger.reference import (
    OK,
    Command,
    Confirm,
    Correct,
    End,
    Issue,
    OnSerials,
    Reference,
    Request,
    RetireAmount,
    RetireRange,
    Transfer,
    Use,
)
from tests.ledger.strategies import HOLDERS, PROJECTS
from tests.ledger.test_api_machine import Asked, Stage
from tests.served import OwnPostgres, Served, own_postgres, served
from tests.world import World, mutation

CLIENTS = 64
MOST_SERIALS = 300

# What a client may be told instead of an outcome, while the database is away or on its way up.
PATIENCE = {"DATABASE_UNAVAILABLE", "TRY_AGAIN"}

# Bytes that a connection lives for, on average.
LIFE = 12_000
FOR_EVER = 1e12


class Wire:
    """What is between the clients and the API: a proxy that cuts connections, before the request is
    whole, before the answer is, and at any time between."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._open: set[asyncio.StreamWriter] = set()
        self.target: tuple[str, int] | None = None
        self.life: float = FOR_EVER

    @asynccontextmanager
    async def laid(self) -> AsyncIterator[str]:
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.close()
            self.cut()

    def cut(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.target is None:
            writer.transport.abort()
            return
        try:
            there, back = await asyncio.open_connection(*self.target)
        except OSError:
            writer.transport.abort()
            return
        both = {writer, back}
        self._open |= both
        life = [self._chance.expovariate(1 / self.life)]
        with suppress(OSError):
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump(reader, back, both, life))
                group.create_task(self._pump(there, writer, both, life))
        self._open -= both

    async def _pump(
        self,
        source: asyncio.StreamReader,
        sink: asyncio.StreamWriter,
        both: set[asyncio.StreamWriter],
        life: list[float],
    ) -> None:
        with suppress(OSError):
            while data := await source.read(300):
                life[0] -= len(data)
                if life[0] < 0:
                    break
                sink.write(data)
                await sink.drain()
        for writer in both:
            writer.transport.abort()


@dataclass
class Op:
    """A mutation, when it was first sent, and what its client was told, and when."""

    command: Command
    asked: Asked
    sent: float = 0
    answers: list[tuple[float, dict[str, Any]]] = field(default_factory=list)

    @property
    def told(self) -> dict[str, Any]:
        return self.answers[0][1]

    @property
    def since(self) -> float:
        """When it was first answered."""
        return self.answers[0][0]


class History:
    """What all clients did."""

    def __init__(self, stage: Stage, log_id: int, chance: random.Random) -> None:
        self.stage = stage
        self.log_id = log_id
        self.ops: list[Op] = []
        # What was accepted, in the order in which clients heard of it; ids of it are in the stage.
        self.heard: list[Op] = []
        self._chance = chance

    def next_op(self) -> Op:
        command = self._next_command()
        # The stage asks the reference of what kind a posting was; that much we know.
        postings = [SimpleNamespace(what=op.command) for op in self.heard]
        asked = self.stage.ask(command, cast("Reference", SimpleNamespace(postings=postings)))
        self.ops.append(Op(command, asked))
        return self.ops[-1]

    async def try_once(self, http: httpx.AsyncClient, op: Op) -> bool:
        """Send it; whether it was answered."""
        op.sent = op.sent or time.monotonic()
        caller = replace(op.asked.caller, http=http)
        try:
            response = await caller.post(
                mutation(op.asked.verb, op.asked.wanted), input=op.asked.given
            )
        except httpx.TransportError:
            return False
        answer = response.json()
        if "errors" in answer:
            assert answer["errors"][0]["extensions"]["code"] in PATIENCE, answer
            return False
        payload = answer["data"][op.asked.verb]
        op.answers.append((time.monotonic(), payload))
        if len(op.answers) == 1 and "code" not in payload:
            self.heard.append(op)
            self.stage.ids.append(made_of(payload)["id"])
        return True

    def position(self, op: Op) -> int:
        """The position at which it was accepted, which its id tells."""
        decoded = decode_id(made_of(op.told)["id"])
        found = decoded and position_of(self.log_id, decoded[1])
        assert found is not None
        return found

    def _next_command(self) -> Command:  # noqa: PLR0911  (a case each)
        chance = self._chance
        first = chance.randint(1, MOST_SERIALS)
        last = min(first + chance.choice((0, 0, 1, 2, 4)), MOST_SERIALS)
        holder, other = chance.sample(HOLDERS, 2)
        pilot = chance.choice(("far", "building", "town"))
        requests = self._numbers(Request)
        movers = self._numbers(Transfer, RetireRange, RetireAmount, Use)
        roll = chance.random()
        if roll < 0.08:
            last = min(first + chance.randint(20, 60), MOST_SERIALS)
            return Issue(
                prefix="X",
                first=first,
                last=last,
                stated=last - first + 1,
                project="outside",
                vintage=2022,
                holder=holder,
            )
        if roll < 0.30:
            return RetireRange(
                prefix="X", first=first, last=last, holder=None, stated=None, pilot=pilot
            )
        if roll < 0.38:
            return RetireAmount(
                amount=chance.randint(1, 4), holder=holder, project=None, pilot=pilot
            )
        if roll < 0.50:
            return Transfer(prefix="X", first=first, last=last, giver=holder, taker=other)
        if roll < 0.62:
            return Request(
                prefix="X", first=first, last=last, holder=None, stated=None, pilot=pilot
            )
        if roll < 0.70 and requests:
            return Confirm(chance.choice(requests))
        if roll < 0.78 and requests:
            return End(chance.choice(requests))
        if roll < 0.82:
            return Use(
                prefix="X", first=first, last=last, holder=None, stated=None, purpose="EVENT"
            )
        if roll < 0.90:
            action = chance.choice(("FREEZE", "UNFREEZE", "UNFREEZE"))
            return OnSerials(prefix="X", first=first, last=last, action=action)
        if roll < 0.91:
            return OnSerials(prefix="X", first=first, last=first, action="INVALIDATE")
        if movers:
            return Correct(chance.choice(movers))
        return RetireRange(
            prefix="X", first=first, last=last, holder=None, stated=None, pilot=pilot
        )

    def _numbers(self, *kinds: type[Command]) -> list[int]:
        """The latest of what was accepted, of some kinds."""
        found = [n for n, op in enumerate(self.heard) if isinstance(op.command, kinds)]
        return found[-12:]


def made_of(payload: dict[str, Any]) -> dict[str, Any]:
    return next(value for value in payload.values() if isinstance(value, dict))


async def client(
    history: History, address: str, over: asyncio.Event, chance: random.Random
) -> None:
    async with httpx.AsyncClient(base_url=address, timeout=20, verify=False) as http:
        while not over.is_set():
            op = history.next_op()
            # Some give up at once; some ask again until they know, and some even then.
            for _ in range(chance.choice((1, 4, 4, 8))):
                if await history.try_once(http, op) and chance.random() < 0.9:
                    break
                await asyncio.sleep(chance.uniform(0, 0.3))


class Scene:
    """The API and its PostgreSQL, which blows fall on."""

    def __init__(self, postgres: OwnPostgres, wire: Wire) -> None:
        self.postgres = postgres
        self.wire = wire
        self._server = AsyncExitStack()
        self._served: Served | None = None

    async def serve(self) -> str:
        self._served = await self._server.enter_async_context(
            served(self.postgres.api_url, NZC_PROCESSES="2")
        )
        url = httpx.URL(self._served.address)
        self.wire.target = url.host, url.port or 0
        return self._served.address

    async def close(self) -> None:
        await self._server.aclose()

    async def kill_api(self) -> None:
        assert self._served is not None
        self.wire.target = None
        self._served.process.kill_all()
        await self._server.aclose()
        await self.serve()

    async def kill_postgresql(self) -> None:
        await self.postgres.kill()
        await self.postgres.start()

    async def freeze_postgresql(self) -> None:
        async with self.postgres.frozen():
            await asyncio.sleep(0.7)

    async def cut_all(self) -> None:
        self.wire.cut()

    async def suffer(self, seconds: float, many: int, chance: random.Random) -> None:
        """Blows, in random order and at random times, for so many seconds and so many at least: on a
        busy machine what was killed takes long to come back."""
        until = time.monotonic() + seconds
        blows = [self.kill_api, self.kill_postgresql, self.freeze_postgresql, self.cut_all]
        fallen = 0
        while time.monotonic() < until or fallen < many:
            if fallen % len(blows) == 0:
                chance.shuffle(blows)
            await asyncio.sleep(chance.uniform(0.2, 1.5))
            await blows[fallen % len(blows)]()
            fallen += 1


async def check(history: History, address: str, postgres: OwnPostgres) -> None:
    """Resolve what is unknown, and find the order in which every answer was true."""
    waiting = iter(history.ops)

    async def ask_again() -> None:
        async with unpooled_client(address) as http:
            for op in waiting:
                # Whoever knows asks once more, too: nobody is ever told anything else.
                assert await history.try_once(http, op), op
                first = op.told | {"replayed": True}
                assert all(answer | {"replayed": True} == first for _, answer in op.answers), op

    await asyncio.gather(*(ask_again() for _ in range(8)))
    accepted = sorted(history.heard, key=history.position)
    positions = [history.position(op) for op in accepted]
    assert len(set(positions)) == len(positions)
    check_real_time(accepted)
    reference = check_order(history, accepted)
    names = sorted(reference.serials)
    for start in range(0, len(names), 40):
        some = names[start : start + 40]
        there = {name: reference.serials[name].place for name in some}
        assert await history.stage.places(some) == there
    await check_conserved(postgres.superuser_url)


def check_real_time(accepted: list[Op]) -> None:
    """What was sent after another was answered comes after it."""
    earliest = float("inf")
    for op in reversed(accepted):
        assert op.sent <= earliest, op
        earliest = min(earliest, op.since)


def check_order(history: History, accepted: list[Op]) -> Reference:
    """Do what was accepted, in order; on the way, every refusal must have been right at some time."""
    number = {id(op): n for n, op in enumerate(accepted)}
    of_heard = [number[id(op)] for op in history.heard]
    refused = [op for op in history.ops if "code" in op.told]
    assert len(accepted) > CLIENTS, "too little was accepted to prove anything"
    assert len(refused) > CLIENTS, "too little was refused to prove anything"
    unexplained = {id(op): (op, window(op, accepted)) for op in refused}
    reference = Reference(dict(PROJECTS))
    for n in range(len(accepted) + 1):
        for op, (first, last) in list(unexplained.values()):
            command = with_numbers(op.command, of_heard)
            if first <= n <= last and reference.copy().do(command) == op.told["code"]:
                del unexplained[id(op)]
        if n < len(accepted):
            command = with_numbers(accepted[n].command, of_heard)
            assert reference.do(command) == OK, (command, accepted[n])
    assert not unexplained, list(unexplained.values())[:3]
    return reference


def window(op: Op, accepted: list[Op]) -> tuple[int, int]:
    """How many had been accepted, at least and at most, when it was decided."""
    before = [n for n, other in enumerate(accepted) if other.since < op.sent]
    after = [n for n, other in enumerate(accepted) if other.sent > op.since]
    return max(before, default=-1) + 1, min(after, default=len(accepted))


def with_numbers(command: Command, of_heard: list[int]) -> Command:
    """What was named in the order in which clients heard of it, by its number in the true order."""
    match command:
        case Confirm() | End():
            return replace(command, request=of_heard[command.request])
        case Correct():
            return replace(command, posting=of_heard[command.posting])
        case _:
            return command


def unpooled_client(address: str) -> httpx.AsyncClient:
    """A client that opens a connection for each request: none is left over from before a blow."""
    limits = httpx.Limits(max_keepalive_connections=0)
    return httpx.AsyncClient(base_url=address, timeout=30, verify=False, limits=limits)


async def live(seed: int, seconds: float, blows: int) -> None:
    """A history of so many seconds, and of so many blows at least; and what it was like."""
    chance = random.Random(seed)
    wire = Wire(chance)
    async with own_postgres() as postgres, wire.laid() as address, unpooled_client(address) as http:
        scene = Scene(postgres, wire)
        try:
            await scene.serve()
            world = await World.make(http, postgres.api_url)
            history = History(await Stage(world).set(), await log_id_of(postgres), chance)
            wire.life = LIFE
            over = asyncio.Event()
            async with asyncio.TaskGroup() as group:
                for _ in range(CLIENTS):
                    group.create_task(client(history, address, over, chance))
                await scene.suffer(seconds, blows, chance)
                over.set()
            wire.life = FOR_EVER
            await check(history, address, postgres)
        finally:
            await scene.close()


async def log_id_of(postgres: OwnPostgres) -> int:
    connection = await asyncpg.connect(postgres.superuser_url)
    try:
        found: int = await connection.fetchval("SELECT log_id FROM log_head")
    finally:
        await connection.close()
    return found


async def test_every_answer_was_true() -> None:
    await live(seed=1, seconds=8, blows=3)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 8))
async def test_every_answer_was_true_for_long(seed: int) -> None:
    await live(seed, seconds=60, blows=20)
