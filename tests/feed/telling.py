"""Something of every kind that events carry facts of, made through the API."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import orjson

from nzc_api.database.engine import Database
from nzc_api.services import Nzc
from tests.conftest import PEOPLED, Server, client_of, fresh_database
from tests.world import SINK_BASIS, Caller, World, of_year

PAGE = """query ($after: BigInt!, $first: Int! = 1000, $filter: EventFilterInput) {
    eventPage(after: $after, first: $first, filter: $filter) {
        scannedPosition
        events { previousPosition event { position kind } payload { schema facts } payloadAbsence } } }"""


# All that a line of an export says of an event.
LINES = """query ($after: BigInt!) { eventPage(after: $after, first: 1000) {
    scannedPosition
    events { event { position at kind organisation { id } } payload { schema facts } payloadAbsence } } }"""

# One of each role, of some two; and who has no key.
CALLERS = (
    "anyone", "administrator", "operator", "other_operator", "registry", "phcer_registry", "holder", "verifier",
    "auditor", "regulator", "gateway",
)  # fmt: skip


class Told(NamedTuple):
    """A world in which something of every kind happened."""

    world: World
    names: dict[str, Any]
    url: str


@asynccontextmanager
async def telling(server: Server, people: World) -> AsyncIterator[Told]:
    """Such a world, until the end of the block."""
    async with fresh_database(server, PEOPLED) as database, client_of(database.api_url) as http:
        world = people.reached_by(http)
        yield Told(world, await tell(world, database.api_url), database.api_url)


async def read(caller: Caller, after: int = 0, **given: Any) -> list[dict[str, Any]]:
    """All events after a position, page by page."""
    events: list[dict[str, Any]] = []
    while True:
        page = (await caller.ask(PAGE, after=str(after), **given))["eventPage"]
        events += page["events"]
        if int(page["scannedPosition"]) == after:
            return events
        after = int(page["scannedPosition"])


async def lines(caller: Caller) -> bytes:
    """The log as an export has it, by what events say."""
    page = (await caller.ask(LINES, after="0"))["eventPage"]
    assert int(page["scannedPosition"]) == int(page["events"][-1]["event"]["position"])
    return b"".join(map(_line, page["events"]))


def _line(told: dict[str, Any]) -> bytes:
    event, payload = told["event"], told["payload"] or {"schema": None, "facts": None}
    by = {"organisation": event["organisation"] and event["organisation"]["id"]}
    return orjson.dumps(
        {name: event[name] for name in ("position", "at", "kind")} | by | payload
        | {"payloadAbsence": told["payloadAbsence"]},
        option=orjson.OPT_APPEND_NEWLINE,
    )  # fmt: skip


async def exported(caller: Caller) -> bytes:
    """The log as whoever asks is told it."""
    headers = {} if caller.secret is None else {"Authorization": f"Bearer {caller.secret}"}
    answer = await caller.http.get("/export", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.content


GROUNDS = {"document": "No. 1", "reason": "so ordered"}

GAS = {
    "category": "ENERGY_CONSUMPTION",
    "label": "气",
    "activity": {"value": "5.120", "unit": "万m³"},
    "factor": "prov2025.natural_gas",
}
TREES = {
    "category": "FORESTRY_SINK",
    "label": "林",
    "activity": {"value": "3.5", "unit": "tCO2"},
    "factor": "measured.co2",
}


def block(prefix: str, first: int, last: int) -> dict[str, Any]:
    return {"range": {"prefix": prefix, "first": str(first), "last": str(last)}}


def of_serials(prefix: str, first: int, last: int) -> dict[str, Any]:
    return {
        "target": {"serials": {"programme": "CCER", "block": block(prefix, first, last)}}
    } | GROUNDS


async def tell(world: World, url: str) -> dict[str, Any]:
    """A town with a park in it, and one beside it; credits and inventories of both; what they are called."""
    told: dict[str, Any] = {}
    await _pilots(world, told)
    await _credits(world, told)
    await _inventories(world, told)
    await asyncio.sleep(max(0, (told["expires"] - datetime.now(UTC)).total_seconds()) + 0.1)
    async with Nzc.on(Database(url, pool_size=2)).running() as nzc:
        # Unless it was ended by the application already, which looks every ten seconds.
        await nzc.services.ledger.end_expired()
    return told


async def _pilots(world: World, told: dict[str, Any]) -> None:
    operator, administrator = world.operator, world.administrator
    town, beside = await world.pilot("TOWN", 2022), await world.pilot("TOWN", 2022)
    park = await world.pilot(
        "PARK", 2022, surroundingPilot=town["id"], site="Road 7", siteCode="S-7"
    )
    told |= {"town": town, "beside": beside, "park": park}
    await operator.made(
        "placePilot", "pilot { id }", pilot=park["id"], surroundingPilot=beside["id"]
    )
    await operator.made("placePilot", "pilot { id }", pilot=park["id"], surroundingPilot=town["id"])
    await operator.made("recordPilotOverlap", "pilot { id }", pilot=town["id"], other=beside["id"])
    name = {"zh": "新园", "en": "New park"}
    await operator.made("amendPilot", "pilot { id }", pilot=park["id"], name=name, site="Road 8")
    again = await world.pilot("PARK", 2022, site="Road 9", siteCode="S-7")
    lies = await world.project(siteCode="S-7")
    for subject in (again["id"], lies):
        await administrator.made(
            "resolveSameSite", "pilot { id }", subject=subject, pilot=park["id"], finding="DISTINCT",
            **GROUNDS,
        )  # fmt: skip
    year = {"startsOn": "2024-01-01", "endsOn": "2024-12-31"}
    period = await operator.made(
        "registerAccountingPeriod", "accountingPeriod { id }", pilot=park["id"], **year
    )
    await operator.made(
        "withdrawAccountingPeriod", "accountingPeriod { id }", accountingPeriod=period["id"]
    )
    await administrator.made(
        "amendOrganisation", "organisation { id }", organisation=world.holder.organisation,
        name={"zh": "持有者", "en": "The holder"}, **GROUNDS,
    )  # fmt: skip


async def _credits(world: World, told: dict[str, Any]) -> None:
    registry, park = world.registry, told["park"]

    async def posted(verb: str, wanted: str, **given: Any) -> str:
        return str((await registry.made(verb, f"{wanted} {{ id }}", **given))["id"])

    async def requested(first: int, last: int, until: datetime) -> str:
        given = world.retirement(park, "GD-E", first, last)
        del given["retiredOn"]
        return await posted("requestRetirement", "request", **given, expiresAt=until.isoformat())

    project, inside = await world.project(), await world.project(pilot=park["id"])
    told |= {"project": project, "inside": await world.issue(inside, "GD-I", 1, 10)}
    told["batch"] = await world.issue(
        project, "GD-E", 1, 100, issuance={"reference": "DJ-1", "quantity": "1000"}
    )
    name = {"zh": "新名", "en": "Another name"}
    days = {"programme": "CCER", "days": {"startsOn": "2020-01-01", "endsOn": "2039-12-31"}}
    await registry.made(
        "amendProject",
        "project { id }",
        project=project,
        name=name,
        creditingPeriod=days,
        **GROUNDS,
    )
    told["expires"] = datetime.now(UTC) + timedelta(seconds=2)
    await requested(1, 5, told["expires"])
    later = datetime.now(UTC) + timedelta(days=30)
    await posted("cancelRetirementRequest", "posting", request=await requested(6, 10, later))
    await posted(
        "confirmRetirement", "retirement", request=await requested(11, 20, later), retiredOn="2024-07-01",
        registryReference="R-1",
    )  # fmt: skip
    await posted("retireCredits", "retirement", **world.retirement(park, "GD-E", 21, 30))
    slip = await posted("retireCredits", "retirement", **world.retirement(park, "GD-E", 31, 40))
    await posted("correctPosting", "posting", posting=slip, **GROUNDS)
    await posted(
        "transferCredits", "transfer", programme="CCER", serials=block("GD-E", 41, 50),
        **{"from": world.holder.organisation, "to": world.other_operator.organisation},
    )  # fmt: skip
    await posted(
        "useCredits", "use", programme="CCER", serials=block("GD-E", 51, 60), purpose="EVENT",
        beneficiary="A run", usedOn="2024-07-01",
    )  # fmt: skip
    await posted("freezeCredits", "posting", **of_serials("GD-E", 61, 70))
    await posted("unfreezeCredits", "posting", **of_serials("GD-E", 61, 65))
    await posted("invalidateCredits", "posting", **of_serials("GD-E", 71, 80))
    whole = {"target": {"batch": told["batch"]}} | GROUNDS
    await posted("freezeCredits", "posting", **whole)
    await posted("unfreezeCredits", "posting", **whole)
    ordered = await posted("invalidateCredits", "posting", **whole)
    await posted("correctPosting", "posting", posting=ordered, **GROUNDS)
    other = await world.issue(project, "GD-X", 1, 10, production=of_year(2021))
    await registry.made("recordExport", "posting { id }", batch=other, **GROUNDS)
    await registry.made("correctPosting", "posting { id }", posting=await _slip(world), **GROUNDS)
    await _doubles(world)


async def _slip(world: World) -> str:
    """An issuance that was wrong: the posting of it."""
    batch = await world.issue(await world.project(), "GD-W", 1, 10)
    data = await world.anyone.ask(
        "query ($id: ID!) { creditBatch(by: {id: $id}) { position } }", id=batch
    )
    events = "query ($a: BigInt!) { events(after: $a, first: 1) { subject { id } } }"
    at = int(data["creditBatch"]["position"])
    return str((await world.anyone.ask(events, a=str(at - 1)))["events"][0]["subject"]["id"])


async def _doubles(world: World) -> None:
    """One project's reductions of one year, issued by two programmes, and what was found of that."""
    project = await world.project()
    await world.phcer_registry.made(
        "enrolProject", "project { id }", project=project, programme="PHCER", rule="PHCER_2022",
        number="TWIN-1", registeredOn="2023-11-01",
    )  # fmt: skip
    first = await world.issue(project, "GD-D", 1, 10)
    second = await world.issue(project, "GD-F", 1, 10, "PHCER")
    await world.administrator.made(
        "resolveDoubleIssuance",
        "batch { id }",
        batch=second,
        other=first,
        finding="DOUBLE",
        **GROUNDS,
    )


async def _inventories(world: World, told: dict[str, Any]) -> None:
    operator, park = world.operator, told["park"]
    made = await world.inventory(park)
    await world.record(made, GAS, GAS | {"label": "气二"})
    await world.record(made, TREES | SINK_BASIS, sinks=True)
    lines = (
        await operator.ask(
            "query ($id: ID!) { node(id: $id) { ... on Inventory { emissionSources { nodes { id } } } } }",
            id=made,
        )
    )["node"]["emissionSources"]["nodes"]
    line, spare = lines[0]["id"], lines[1]["id"]
    await operator.made("amendInventoryLine", "inventory { id }", line=line, label="天然气")
    await operator.made("removeInventoryLine", "inventory { id }", line=spare)
    await operator.made("amendInventory", "inventory { id }", inventory=made, gwpSet="AR6")
    given_up = await world.inventory(told["town"])
    await operator.made("discardInventory", "inventory { id }", inventory=given_up)
    await world.submit(made)
    told["inventory"] = made
