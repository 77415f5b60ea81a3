"""Finding what a command is about, and whether it is the caller's."""

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access.principals import Principal, authorise_owner
from nzc_api.ids import InventoryId, LineId, PeriodId, PilotId
from nzc_api.inventories import line_store, store
from nzc_api.inventories.model import Inventory, Line
from nzc_api.inventories.visibility import EVERYTHING
from nzc_api.pilots import store as pilots_store
from nzc_api.pilots.errors import PeriodNotOfPilot, pilot_not_found
from nzc_api.pilots.model import AccountingPeriod, Pilot
from nzc_api.refusal import NotFound, Refused


async def inventory_of(connection: AsyncConnection, inventory_id: InventoryId) -> Inventory:
    found = await store.read_inventories(connection, [inventory_id], EVERYTHING)
    if inventory_id not in found:
        raise Refused(NotFound.born_at(inventory_id, "清单", "inventory", "inventory"))
    return found[inventory_id]


async def own_pilot(connection: AsyncConnection, caller: Principal, pilot_id: PilotId) -> Pilot:
    found = await pilots_store.read_pilots(connection, [pilot_id])
    if pilot_id not in found:
        raise Refused(pilot_not_found(pilot_id, "pilot"))
    authorise_owner(caller, found[pilot_id].operator_id)
    return found[pilot_id]


async def period_of(
    connection: AsyncConnection, pilot: Pilot, period_id: PeriodId, *path: str
) -> AccountingPeriod:
    """A period of the pilot; one that was withdrawn is none."""
    periods = (await pilots_store.read_periods_of(connection, [pilot.id])).get(pilot.id, [])
    found = next((period for period in periods if period.id == period_id), None)
    if found is None:
        raise Refused(PeriodNotOfPilot.of(pilot.code, [p.span for p in periods], *path))
    return found


async def own_inventory(
    connection: AsyncConnection, caller: Principal, inventory_id: InventoryId
) -> tuple[Inventory, Pilot]:
    item = await inventory_of(connection, inventory_id)
    return item, await own_pilot(connection, caller, item.pilot_id)


async def own_line(
    connection: AsyncConnection, caller: Principal, line_id: LineId
) -> tuple[Line, Inventory, Pilot]:
    line = (await line_store.read_lines(connection, [line_id], EVERYTHING)).get(line_id)
    if line is None:
        raise Refused(no_such_line(line_id, "line"))
    return line, *await own_inventory(connection, caller, line.inventory_id)


def no_such_line(line_id: LineId, *path: str) -> NotFound:
    return NotFound.born_at(line_id, "清单行", "inventory line", *path)
