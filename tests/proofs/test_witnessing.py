"""The log asks its witnesses, and keeps what they sign: over HTTP, by one process of all."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

import asyncpg
import pytest
import pytest_asyncio

from nzc_api.database.engine import Database
from nzc_api.ids import Position
from nzc_api.outbound.posting import Outbound
from nzc_api.proofs import witnessing
from nzc_api.proofs.comparing import Flaw, Law
from nzc_api.proofs.cosignatures import cosignature_in, read_witness
from nzc_api.proofs.model import Checkpoint
from nzc_api.proofs.verifying import verify
from nzc_api.proofs.witnesses import Witness
from nzc_api.proofs.witnessing import WitnessService
from nzc_api.services import Nzc
from tests.conftest import TestDatabase
from tests.proofs.growing import register
from tests.proofs.keys import KEY, with_key
from tests.proofs.witness import Cosigner
from tests.webhooks.receiving import LOOPBACK, Got, Receiver, answer, receiving
from tests.world import key


@pytest_asyncio.fixture
async def nzc(database: TestDatabase) -> AsyncIterator[Nzc]:
    made = Nzc.on(Database(database.api_url, pool_size=5), log_key=KEY)
    await register(made.services, f"A{key()[:8]}")
    await with_key(made)
    yield made
    await made.database.close()


@asynccontextmanager
async def asking(
    nzc: Nzc, *receivers: tuple[Cosigner, Receiver], outbound: Outbound | None = None
) -> AsyncIterator[WitnessService]:
    """What asks these witnesses."""
    witnesses = [
        Witness.read(f"{cosigner.verifier} {receiver.url}") for cosigner, receiver in receivers
    ]
    services = nzc.services
    made = WitnessService(
        log=services.log,
        proofs=services.proofs,
        witnesses=witnesses,
        outbound=outbound or Outbound(LOOPBACK, whole_seconds=2),
    )
    yield made


@asynccontextmanager
async def witnessed(*cosigners: Cosigner) -> AsyncIterator[list[tuple[Cosigner, Receiver]]]:
    """Witnesses on sockets of their own."""
    if not cosigners:
        yield []
        return
    async with receiving(path="/submit") as receiver, witnessed(*cosigners[1:]) as others:
        receiver.answering = cosigners[0].answer
        yield [(cosigners[0], receiver), *others]


async def latest(nzc: Nzc) -> Checkpoint:
    found = await nzc.services.proofs.latest()
    assert found is not None
    return found


async def grow(nzc: Nzc) -> Checkpoint:
    await register(nzc.services, f"B{key()[:8]}")
    await with_key(nzc)
    return await latest(nzc)


async def test_witnesses_cosign_as_the_log_grows(nzc: Nzc) -> None:
    one, two = Cosigner(), Cosigner("w.example/2", 8)
    async with witnessed(one, two) as witnesses, asking(nzc, *witnesses) as service:
        first = await latest(nzc)
        assert first.cosignatures == ()
        assert await nzc.services.proofs.latest_cosigned() is None
        await service.ask()
        found = await latest(nzc)
        assert [cosignature.witness.name for cosignature in found.cosignatures] == [
            one.name,
            two.name,
        ]
        for cosigner in (one, two):
            cosignature_in(found.cosigned_note, read_witness(cosigner.verifier))
        await service.ask()  # They have: nobody is asked again.
        assert (one.asked, two.asked) == ([0], [0])
        # The next is proven to follow from what each saw.
        later = await grow(nzc)
        assert later.cosignatures == ()
        assert await nzc.services.proofs.latest_cosigned() == found
        await service.ask()
        assert (one.asked, two.asked) == ([0, first.size], [0, first.size])
        assert len((await latest(nzc)).cosignatures) == 2
        assert service.failing == 0
    got = witnesses[0][1].got[0]
    assert got.headers["content-type"] == "text/plain; charset=utf-8"
    assert got.body.decode().startswith("old 0\n\nnzc/")


async def test_a_witness_that_saw_another_tree_than_was_heard_is_asked_once_more(nzc: Nzc) -> None:
    first = await latest(nzc)
    cosigner = Cosigner()
    async with witnessed(cosigner) as witnesses:
        async with asking(nzc, *witnesses) as service:
            await service.ask()
        await grow(nzc)
        # As if its answer had been lost.
        cosigner.size, cosigner.root = 0, Cosigner().root
        async with asking(nzc, *witnesses) as service:
            await service.ask()
    assert cosigner.asked == [0, first.size, 0]
    assert len((await latest(nzc)).cosignatures) == 1


async def test_one_that_is_away_keeps_no_other_waiting_and_is_asked_again_later(
    nzc: Nzc, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = Cosigner(), Cosigner("w.example/2", 8)
    async with witnessed(one, two) as witnesses, asking(nzc, *witnesses) as service:
        witnesses[0][1].answering = None
        witnesses[0][1].planned = [answer(503)] * 2
        await service.ask()
        assert [cosignature.witness.name for cosignature in (await latest(nzc)).cosignatures] == [
            two.name
        ]
        assert service.failing == 1
        await service.ask()
        assert len(witnesses[0][1].got) == 1  # Not so soon.
        later = monotonic() + witnessing.AGAIN_SECONDS
        monkeypatch.setattr(witnessing, "monotonic", lambda: later)
        witnesses[0][1].answering = one.answer
        await service.ask()
        assert [cosignature.witness.name for cosignature in (await latest(nzc)).cosignatures] == [
            two.name,
            one.name,
        ]
        assert service.failing == 0


@pytest.mark.parametrize(
    ("planned", "reason", "level"),
    [
        (answer(404), "LOG_UNKNOWN", logging.WARNING),
        (answer(422), "CONTRADICTED", logging.ERROR),
        (answer(409, body=b"99999\n"), "SAW_MORE", logging.ERROR),
        (answer(200, body=b"x" * 100_000), "REJECTED", logging.WARNING),
    ],
)
async def test_what_a_witness_refuses_is_told_to_the_operator(
    nzc: Nzc, caplog: pytest.LogCaptureFixture, planned: bytes, reason: str, level: int
) -> None:
    async with witnessed(Cosigner()) as witnesses, asking(nzc, *witnesses) as service:
        witnesses[0][1].answering = None
        witnesses[0][1].planned = [planned]
        await service.ask()
    [said] = [record for record in caplog.records if record.message == "log_not_cosigned"]
    assert (getattr(said, "reason", None), said.levelno) == (reason, level)
    assert (await latest(nzc)).cosignatures == ()


async def test_a_log_that_was_changed_finds_no_witness_that_signs(
    nzc: Nzc, caplog: pytest.LogCaptureFixture
) -> None:
    cosigner = Cosigner()
    async with witnessed(cosigner) as witnesses, asking(nzc, *witnesses) as service:
        await service.ask()
        cosigner.root = bytes(32)  # What it saw was another tree.
        await grow(nzc)
        await service.ask()
    assert "log_not_cosigned" in caplog.messages
    assert (await latest(nzc)).cosignatures == ()


async def test_private_addresses_are_asked_only_where_the_operator_says_so(nzc: Nzc) -> None:
    async with (
        witnessed(Cosigner()) as witnesses,
        asking(nzc, *witnesses, outbound=Outbound()) as service,
    ):
        await service.ask()
        assert witnesses[0][1].got == []
        assert service.failing == 1


async def test_what_nobody_signed_is_shown_to_no_witness(database: TestDatabase) -> None:
    nzc = Nzc.on(Database(database.api_url, pool_size=5))
    await register(nzc.services, f"A{key()[:8]}")
    await nzc.services.proofs.grow()
    async with witnessed(Cosigner()) as witnesses, asking(nzc, *witnesses) as service:
        await service.ask()
        assert witnesses[0][1].got == []
    await nzc.database.close()


async def test_one_process_of_all_asks(nzc: Nzc, database: TestDatabase) -> None:
    other = Nzc.on(Database(database.api_url, pool_size=2), log_key=KEY)
    waits = asyncio.Event()
    cosigner = Cosigner()

    async def hold(got: Got) -> bytes:
        await waits.wait()
        return cosigner.answered(got.body.decode())

    async with (
        witnessed(cosigner) as witnesses,
        asking(nzc, *witnesses) as service,
        asking(other, *witnesses) as another,
    ):
        witnesses[0][1].answering = hold
        asked = asyncio.create_task(service.ask())
        await witnesses[0][1].has(1)
        await another.ask()
        waits.set()
        await asked
        assert len(witnesses[0][1].got) == 1
    assert len((await latest(nzc)).cosignatures) == 1
    await other.database.close()


async def test_proofs_go_up_to_what_witnesses_cosigned(nzc: Nzc) -> None:
    """Of a position it is the first checkpoint over it that was cosigned, from when one was."""
    first = await latest(nzc)
    proven = await nzc.services.proofs.evidence([Position(1)], Position(1))
    assert proven is not None
    assert proven.checkpoint.cosignatures == ()
    async with witnessed(Cosigner()) as witnesses, asking(nzc, *witnesses) as service:
        await service.ask()
        await grow(nzc)
        await service.ask()
    proven = await nzc.services.proofs.evidence([Position(1)], Position(1))
    assert proven is not None
    assert proven.checkpoint.size == first.size
    assert len(proven.checkpoint.cosignatures) == 1


async def test_a_cosignature_that_was_changed_by_hand_is_found(
    nzc: Nzc, database: TestDatabase
) -> None:
    async with witnessed(Cosigner()) as witnesses, asking(nzc, *witnesses) as service:
        await service.ask()
    assert (await verify(nzc.database)).flaws == []
    superuser = await asyncpg.connect(database.superuser_url)
    await superuser.execute("SET session_replication_role = replica")
    await superuser.execute("UPDATE log_cosignature SET time = time + 1")
    await superuser.close()
    size = (await latest(nzc)).size
    where = f"size={size} witness=w.example/1"
    assert (await verify(nzc.database)).flaws == [Flaw(Law.COSIGNATURE_HOLDS, where)]
