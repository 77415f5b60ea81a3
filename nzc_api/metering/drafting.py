"""Drafting emission sources of an inventory from what meters used."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access.principals import Action, Principal, authorise, authorise_owner
from nzc_api.ids import MeterId, Position
from nzc_api.inventories import accounted_store
from nzc_api.inventories import store as inventories_store
from nzc_api.inventories.certifying import check_free, listed_in
from nzc_api.inventories.line_rules import AccountedLine, account_line
from nzc_api.inventories.model import Inventory, LineRole
from nzc_api.inventories.owned import own_inventory
from nzc_api.inventories.rules import check_draft, check_room
from nzc_api.inventories.service import record_lines
from nzc_api.log.model import Outcome
from nzc_api.log.requests import Request
from nzc_api.log.service import Log, Transaction
from nzc_api.metering import store, usage_store
from nzc_api.metering.drafting_rules import (
    DraftFromMeters,
    MeteredSource,
    check_carrier,
    check_counts_once,
    check_flow,
    check_pilot,
    check_read,
    check_sources,
    label_of,
    new_line,
)
from nzc_api.metering.model import Meter
from nzc_api.metering.service import meter_not_found
from nzc_api.metering.usage import Usage
from nzc_api.pilots import store as pilots_store
from nzc_api.pilots.model import Pilot
from nzc_api.refusal import Refusal, Refused, none_refused, refuse


class MeteredDraftService:
    """What makes lines of meters."""

    def __init__(self, log: Log) -> None:
        self._log = log

    async def draft(
        self, principal: Principal | None, key: str, command: DraftFromMeters
    ) -> Outcome:
        """Record a line a meter in a draft, of what it used on the inventory's days: all of them, or none. Refused:
        another's pilot, an inventory that is no draft, a meter twice or beside one that it lies in, days of which
        not all is told, and what a line is refused for."""
        caller = authorise(principal, Action.WRITE_INVENTORY)

        async def work(transaction: Transaction) -> int:
            connection, as_of = transaction.connection, transaction.head.position
            item, pilot = await own_inventory(connection, caller, command.inventory_id)
            refuse(check_draft(item) or check_sources(command.sources))
            lines = await inventories_store.count_lines(connection, item.id)
            refuse(check_room(item, lines, len(command.sources)))
            meters = await _meters(connection, caller, command.sources, pilot, as_of)
            await _check_once(connection, command.sources, meters, item)
            asked = (item.span, None)
            found = await usage_store.read_usages(connection, list(meters.values()), asked, as_of)
            usages = {meter_id: used for meter_id, [used] in found.items()}
            refuse(check_read(list(meters.values()), usages))
            accounted = none_refused(
                _account(source, number, meters[source.meter_id], usages, (item, pilot, as_of))
                for number, source in enumerate(command.sources)
            )
            await check_free(connection, item, accounted, listed_in("sources"))
            await record_lines(transaction, caller, item, accounted)
            return item.id

        request = Request.of(key, "draftFromMeters", command)
        return await self._log.once(caller.actor, request, work)


async def _meters(
    connection: AsyncConnection,
    caller: Principal,
    sources: Sequence[MeteredSource],
    pilot: Pilot,
    as_of: Position,
) -> dict[MeterId, Meter]:
    """The sources' meters, of the pilot or of one that lies in it and is the caller's."""
    meters = await store.read_meters(connection, {source.meter_id for source in sources}, as_of)
    pilots = {meter.pilot_id for meter in meters.values()}
    for inner in (await pilots_store.read_pilots(connection, pilots)).values():
        authorise_owner(caller, inner.operator_id)
    surrounding = await pilots_store.read_surrounding(connection, pilots, as_of)
    for number, source in enumerate(sources):
        meter, here = meters.get(source.meter_id), ("sources", str(number))
        if meter is None:
            raise Refused(meter_not_found(source.meter_id, *here, "meter"))
        refuse(
            check_pilot(meter, pilot.id, surrounding[meter.pilot_id]) or check_flow(source, meter),
            *here,
        )
    return meters


async def _check_once(
    connection: AsyncConnection,
    sources: Sequence[MeteredSource],
    meters: Mapping[MeterId, Meter],
    item: Inventory,
) -> None:
    relatives = await store.read_relatives(connection, [meter.id for meter in meters.values()])
    wanted = frozenset[MeterId]().union(*relatives.values())
    accounted = await accounted_store.read_accounted(connection, item.id, wanted)
    labels = [label_of(source, meters[source.meter_id]) for source in sources]
    refuse(check_counts_once(sources, labels, relatives, accounted))


def _account(
    source: MeteredSource,
    number: int,
    meter: Meter,
    usages: Mapping[MeterId, Usage],
    world: tuple[Inventory, Pilot, Position],
) -> AccountedLine | Refusal:
    item, pilot, as_of = world
    line = new_line(source, meter, usages[meter.id], item.span, as_of)
    result = account_line(line, LineRole.SOURCE, item, pilot.variant)
    problem = result if isinstance(result, Refusal) else check_carrier(result, meter)
    return result if problem is None else problem.under("sources", str(number))
