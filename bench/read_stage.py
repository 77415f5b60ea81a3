"""What is read: the stage of ``bench.stage``, with what was retired for each pilot, and its inventory of 20 lines.

``python -m bench.read_stage`` sets it up with the code of the tree that it runs in, prints the folder of its PostgreSQL
as JSON, and takes it away when its input ends.
"""

import asyncio
import json
import sys
from decimal import Decimal
from typing import Any
from uuid import uuid4

from bench import posting
from bench.stage import BATCHES, PILOTS, Stage, prefix, stage
from nzc_api.access.principals import Principal, Role
from nzc_api.accounting.gases import GwpSet
from nzc_api.accounting.line import Measurement
from nzc_api.database.embedded import SUPERUSER
from nzc_api.database.engine import Database
from nzc_api.guide.terms import Category, Phase
from nzc_api.inventories.model import Basis, CreateInventory, NewLine, VerifyInventory
from nzc_api.inventories.service import SUBMISSION, VERIFICATION
from nzc_api.services import Nzc

RETIREMENTS = 60
LINES = 20

# What it is called in trees of before.
retirement = getattr(posting, "retirement", None) or getattr(posting, "_command")  # noqa: B009


def retired(pilot: int, number: int) -> tuple[int, int]:
    """Which batch and serial of it were retired for a pilot, by their numbers."""
    return (pilot + number * PILOTS) % BATCHES, 1 + pilot * RETIREMENTS + number


def serial_text(pilot: int, number: int) -> str:
    """The same as a serial is written."""
    batch, serial = retired(pilot, number)
    return f"{prefix(batch)}-{serial}"


async def _retire(at: Stage, nzc: Nzc) -> None:
    for pilot in range(PILOTS):
        items = {
            number: (str(uuid4()), retirement(at, (*retired(pilot, number), pilot)))
            for number in range(RETIREMENTS)
        }
        outcomes = await nzc.services.ledger.post_each(at.registry, items)
        assert all(outcome.position for outcome in outcomes.values())


async def _account(at: Stage, nzc: Nzc) -> None:
    # Ids have types in one tree, and none in one of before.
    of_stage: Any = at.pilots
    pilots = await nzc.services.pilots.pilots([pilot for pilot, _ in of_stage])
    lines = tuple(
        NewLine(
            category=Category.ENERGY_CONSUMPTION, label=f"meter {number}",
            activity=Measurement(Decimal(1000 + number), "kWh"), density=None, factor="elec.guangdong.avg.2022",
        )
        for number in range(LINES)
    )  # fmt: skip
    # A key is only needed to be some number; trees of before know no type of it.
    registry: Any = at.registry.organisation_id
    verifier = Principal(registry, registry, Role.VERIFIER)
    for pilot_id, period_id in of_stage:
        operator_id: Any = pilots[pilot_id].operator_id
        operator = Principal(operator_id, operator_id, Role.PILOT_OPERATOR)
        command = CreateInventory(
            pilot_id=pilot_id, period_id=period_id, phase=Phase.OPERATION, basis=Basis.OPERATIONAL, gwp_set=GwpSet.AR5,
            factor_list="prov2025-gd-2022", span=None, not_occurring=(), sources=lines,
        )  # fmt: skip
        created = await nzc.services.creation.create(operator, str(uuid4()), command)
        assert created.position is not None, created.refusal
        made: Any = created.position
        inventories = nzc.services.inventories
        submitted = await inventories.take(SUBMISSION, operator, str(uuid4()), made)
        assert submitted.position is not None, submitted.refusal
        verified = await inventories.take(
            VERIFICATION, verifier, str(uuid4()), VerifyInventory(made)
        )
        assert verified.position is not None, verified.refusal


async def main() -> None:
    async with stage() as at:
        async with Nzc.on(Database(at.postgres.url())).running() as nzc:
            await _retire(at, nzc)
            await _account(at, nzc)
        psql, superuser = at.postgres.program("psql"), at.postgres.url(SUPERUSER)
        analyze = await asyncio.create_subprocess_exec(psql, superuser, "-qc", "VACUUM ANALYZE")
        await analyze.wait()
        print(json.dumps({"folder": str(at.postgres.folder)}), flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
