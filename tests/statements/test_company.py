"""A pilot by itself is asked about in a few tables; whatever else its statement may say is told to be there."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from sqlalchemy import select

from nzc_api.database.engine import Database
from nzc_api.inventories.model import Basis
from nzc_api.inventories.visibility import EVERYTHING
from nzc_api.pilots import store as pilots_store
from nzc_api.pilots.tables import pilot as pilot_table
from nzc_api.services import Nzc
from nzc_api.statements.model import StatementKey
from nzc_api.statements.store import read_by_themselves
from tests.auditing.acts import GROUNDS, Acts
from tests.conftest import TestDatabase
from tests.statements.company import company_of
from tests.world import World

Pilot = dict[str, Any]


async def registered_project(world: World, pilot: Pilot | None = None) -> Pilot:
    pilot = pilot or await world.pilot()
    await _issued(world, await world.project(pilot=pilot["id"]))
    return pilot


async def placed_project(world: World) -> Pilot:
    pilot, project = await world.pilot(), await world.project()
    await _issued(world, project)
    given = {"project": project, "pilot": pilot["id"], **GROUNDS}
    await world.administrator.made("amendProject", "project { id }", **given)
    return pilot


async def pilot_inside(world: World) -> Pilot:
    town = await world.pilot("TOWN")
    await registered_project(world, await world.pilot(surroundingPilot=town["id"]))
    return town


async def retired_inside(world: World) -> Pilot:
    town = await world.pilot("TOWN")
    await _retired(world, await world.pilot(surroundingPilot=town["id"]))
    return town


async def shared_ground(world: World, *, earlier: bool) -> Pilot:
    first, second = await world.pilot(), await world.pilot()
    given = {"pilot": first["id"], "other": second["id"]}
    await world.operator.made("recordPilotOverlap", "pilot { id }", **given)
    await registered_project(world, second if earlier else first)
    return first if earlier else second


async def twin(world: World, *, earlier: bool) -> Pilot:
    site = {"siteCode": f"TWINS-{earlier}"}
    first, second = await world.pilot(**site), await world.pilot(**site)
    return first if earlier else second


async def found_inside(world: World, *, earlier: bool) -> Pilot:
    """At one locality with a project, which alone says nothing."""
    site = {"site": "汕尾市", "administrativeDivision": "441500"}
    pilot = await world.pilot("TOWN", **site) if earlier else None
    project = await world.project(**site)
    await _issued(world, project)
    pilot = pilot or await world.pilot("TOWN", **site)
    given = {"subject": project, "pilot": pilot["id"], "finding": "SAME", **GROUNDS}
    await world.administrator.made("resolveSameSite", "pilot { id }", **given)
    return pilot


async def invalidated_serials(world: World) -> Pilot:
    pilot, _, acts = await _retired(world)
    await acts.order("invalidate", 1, 5)
    return pilot


async def invalidated_wholly(world: World) -> Pilot:
    """Nothing is left of what was retired."""
    pilot, _, acts = await _retired(world)
    await acts.order("invalidate", 1, 10)
    return pilot


async def exported_batch(world: World) -> Pilot:
    pilot, batch, acts = await _retired(world)
    await acts.export(batch)
    return pilot


async def _issued(world: World, project: str) -> tuple[str, str]:
    prefix = f"COMPANY-{await world.head()}"
    return prefix, await world.issue(project, prefix, 1, 100)


async def _retired(world: World, pilot: Pilot | None = None) -> tuple[Pilot, str, Acts]:
    """A pilot for which ten tonnes of a batch were retired."""
    pilot = pilot or await world.pilot()
    prefix, batch = await _issued(world, await world.project())
    acts = Acts(world, prefix)
    await acts.retire(pilot, 1, 10)
    return pilot, batch, acts


COMPANY: dict[str, Callable[[World], Awaitable[Pilot]]] = {
    "a project registered in it": registered_project,
    "a project placed in it": placed_project,
    "a project in a pilot inside": pilot_inside,
    "retirements for a pilot inside": retired_inside,
    "a project on ground shared with a later pilot": partial(shared_ground, earlier=True),
    "a project on ground shared with an earlier pilot": partial(shared_ground, earlier=False),
    "a twin that came later": partial(twin, earlier=True),
    "a twin that came earlier": partial(twin, earlier=False),
    "a later project that was found inside": partial(found_inside, earlier=True),
    "an earlier project that was found inside": partial(found_inside, earlier=False),
    "serials that were invalidated": invalidated_serials,
    "all its serials invalidated": invalidated_wholly,
    "a batch that was exported": exported_batch,
}


async def by_itself(world: World) -> Pilot:
    """It lies in a town, at one locality with others; what was retired for it counts."""
    town = await world.pilot("TOWN", site="汕尾市", administrativeDivision="441500")
    pilot = await world.pilot(surroundingPilot=town["id"])
    await _retired(world, pilot)
    return pilot


async def test_what_a_statement_says_of_others_is_told_to_be_there(
    database: TestDatabase, world: World
) -> None:
    made = {name: (await act(world))["code"] for name, act in COMPANY.items()}
    alone = (await by_itself(world))["code"]
    async with Nzc.on(Database(database.api_url, pool_size=1)).running() as nzc:
        as_of = (await nzc.services.log.head()).position
        async with nzc.database.read() as connection:
            codes = {row.id: row.code for row in await connection.execute(select(pilot_table))}
            periods = await pilots_store.read_every_period_of(connection, codes)
            keys = [
                StatementKey(pilot_id=p.pilot_id, period_id=p.id, basis=Basis.OPERATIONAL, as_of=as_of)
                for of_pilot in periods.values() for p in of_pilot
            ]  # fmt: skip
            accompanied = {codes[found] for found in await company_of(connection, keys)}
            _, more = await read_by_themselves(connection, keys, EVERYTHING)
    assert {name for name, code in made.items() if code not in accompanied} == set()
    assert alone not in {codes[found] for found in more}, "it is asked no further"
