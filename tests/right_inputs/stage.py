"""What right inputs are about: a pilot, its inventories and meters, and a batch of credits."""

from dataclasses import dataclass
from typing import Any

from tests.management import managing
from tests.measures import planning
from tests.metering import test_meters as metering
from tests.right_inputs.lines import BY_MARKET, GROWN, LINE
from tests.world import World

GROUNDS = {"document": "D-1", "reason": "why"}
YEAR = {"startsOn": "2021-01-01", "endsOn": "2021-12-31"}
RECORDED = """query ($id: ID!) { node(id: $id) { ... on Inventory {
    emissionSources { nodes { id } } sinks { nodes { id } } } } }"""


@dataclass(frozen=True)
class Inventories:
    """A draft with a line of each side, one that was verified, and one that waits to be and is warned of."""

    draft: str
    line: str
    sink: str
    submitted: str
    doubtful: str


@dataclass(frozen=True)
class Meters:
    """A register; three that are billed, of which two have a bill of 2022, one of electricity and one of gas."""

    metered: str
    billed: str
    read: str
    gas: str


@dataclass(frozen=True)
class Stage:
    """Ids, but for the pilot; the measure runs."""

    pilot: dict[str, Any]
    project: str
    batch: str
    inventories: Inventories
    meters: Meters
    post: str
    running: str


async def staged(world: World) -> Stage:
    pilot = await world.pilot("BUILDING_EXISTING", 2022, 2023, 2024)
    project = await world.project()
    inventories = await _inventories(world, pilot)
    batch = await world.issue(project, "GD-TEXT")
    meters = await _meters(world, pilot)
    post = await managing.established(world, pilot["id"])
    running = await planning.planned(world, pilot["id"])
    await planning.progressed(world, running, "RUNNING", "2024-03-01")
    return Stage(
        pilot=pilot,
        project=project,
        batch=batch,
        inventories=inventories,
        meters=meters,
        post=post,
        running=running,
    )


async def _inventories(world: World, pilot: dict[str, Any]) -> Inventories:
    draft = await world.inventory(pilot, **BY_MARKET)
    await world.record(draft, LINE | {"factor": "elec.guangdong.avg.2022"})
    await world.record(draft, GROWN, sinks=True)
    found = (await world.operator.ask(RECORDED, id=draft))["node"]
    submitted = await world.inventory(pilot, 2023)
    await world.record(submitted, LINE | {"factor": "elec.guangdong.avg.2023"})
    await world.submit(submitted)
    doubtful = await world.inventory(pilot, 2024)
    await world.record(doubtful, *[LINE | {"factor": "elec.guangdong.avg.2023"}] * 2)
    await world.submit(doubtful, verify=False)
    return Inventories(
        draft=draft,
        line=found["emissionSources"]["nodes"][0]["id"],
        sink=found["sinks"]["nodes"][0]["id"],
        submitted=submitted,
        doubtful=doubtful,
    )


async def _meters(world: World, pilot: dict[str, Any]) -> Meters:
    early = {"meterKind": "BILL", "validFrom": "2022-01-01"}
    kinds: tuple[dict[str, Any], ...] = (
        {},
        {"meterKind": "BILL"},
        early,
        early | {"carrier": "GAS", "unit": "m3"},
    )
    metered, billed, read, gas = [
        (await metering.meter(world, pilot, f"M-{number}", **kind))["id"]
        for number, kind in enumerate(kinds, 1)
    ]
    bill = {"firstDay": "2022-01-01", "lastDay": "2022-12-31", "quantity": "1"}
    bills = [bill | {"meter": meter_id} for meter_id in (read, gas)]
    await world.operator.made("recordBills", "batch { id }", items=bills)
    return Meters(metered=metered, billed=billed, read=read, gas=gas)
