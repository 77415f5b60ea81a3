"""What can be done with meters: register and place them, say what is built in, and which day was the last."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access import store as access_store
from nzc_api.access.errors import organisation_not_found
from nzc_api.access.principals import Action, Principal, authorise, authorise_owner
from nzc_api.accounting.units import parse_unit
from nzc_api.china_time import china_day
from nzc_api.database.paging import Page
from nzc_api.ids import MeterId, PilotId, Position
from nzc_api.inventories import accounted_store
from nzc_api.inventories.rules import check_counted_once
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Outcome
from nzc_api.log.requests import Request
from nzc_api.log.service import Log, Transaction
from nzc_api.metering import store, usage_store
from nzc_api.metering.errors import MeterCodeTaken
from nzc_api.metering.gateways import check_gateway
from nzc_api.metering.model import (
    AssignGateway,
    Device,
    EndMeter,
    Meter,
    NamedMeters,
    PlaceMeter,
    RegisterMeter,
    midnight,
)
from nzc_api.metering.rules import (
    check_end,
    check_meter,
    check_placement,
    check_supply_point,
)
from nzc_api.metering.unmetered import MOST_PARTS, Unmetered, check_parts, unmetered_of
from nzc_api.metering.usage import Step, Usage, check_steps
from nzc_api.pilots import store as pilots_store
from nzc_api.pilots.errors import pilot_not_found
from nzc_api.pilots.model import DateSpan
from nzc_api.refusal import NotFound, Refused, refuse


class MeterService:
    """What the metering room can do with meters."""

    def __init__(self, log: Log) -> None:
        self._log = log

    async def register(
        self, principal: Principal | None, key: str, command: RegisterMeter
    ) -> Outcome:
        """Register a meter of a pilot, with what is built in. Refused: another's pilot, a unit that does not fit the
        carrier, a code or a supply point that is taken, a meter above that it cannot lie in. Section 四（三） of the
        guide."""
        caller = authorise(principal, Action.WRITE_METERS)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            await check_owner(connection, caller, command.pilot_id)
            refuse(check_meter(command, china_day(transaction.head.at)))
            named = _with_our_unit(command)
            await _check_free(connection, named)
            if named.parent_id is not None:
                parent = await meter_at(transaction, named.parent_id, "parent")
                refuse(check_placement(named, parent))
            body = {
                "pilot": named.pilot_id, "code": named.code, "carrier": named.carrier, "flow": named.flow,
                "kind": named.kind, "unit": named.unit, "supply_point": named.supply_point,
            }  # fmt: skip
            meter_id = MeterId(transaction.append(caller.actor, EntryKind.METER_REGISTERED, body))
            await store.insert_meter(connection, meter_id, named)
            since = midnight(named.starts_on)
            await store.insert_device(
                connection,
                Device(
                    meter_id=meter_id,
                    number=1,
                    since=since,
                    position=Position(meter_id),
                    facts=named.device,
                ),
            )
            if named.parent_id is not None:
                await _place(transaction, caller, PlaceMeter(meter_id, named.parent_id))
            return meter_id

        return await self._log.once(caller.actor, Request.of(key, "registerMeter", command), work)

    async def place(self, principal: Principal | None, key: str, command: PlaceMeter) -> Outcome:
        """Say which meter a meter is a sub-meter of from now on; saying it again changes nothing. Refused: another's
        meter, one that it can be no part of (`SubmeterDoesNotFit`), a ring, use that an inventory would count twice
        by it."""
        caller = authorise(principal, Action.WRITE_METERS)

        async def work(transaction: Transaction) -> int:
            connection, as_of = transaction.connection, transaction.head.position
            meter = await meter_at(transaction, command.meter_id, "meter")
            await check_owner(connection, caller, meter.pilot_id)
            if command.parent_id is not None:
                parent = await meter_at(transaction, command.parent_id, "parent")
                surrounding = await store.read_surrounding(connection, parent.id, as_of)
                refuse(check_placement(meter, parent, surrounding))
                await _check_counted_once(connection, meter, (parent, *surrounding))
            if command.parent_id != meter.parent_id:
                await _place(transaction, caller, command)
            return meter.id

        return await self._log.once(caller.actor, Request.of(key, "placeMeter", command), work)

    async def assign_gateway(
        self, principal: Principal | None, key: str, command: AssignGateway
    ) -> Outcome:
        """Say which gateway posts a meter's readings from now on; saying it again changes nothing. Refused: another's
        meter, an organisation that there is not or that is no gateway."""
        caller = authorise(principal, Action.WRITE_METERS)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            meter = await meter_at(transaction, command.meter_id, "meter")
            await check_owner(connection, caller, meter.pilot_id)
            if command.gateway_id is not None:
                found = await access_store.read_organisations(connection, [command.gateway_id])
                if not found:
                    raise Refused(organisation_not_found(command.gateway_id, "gateway"))
                refuse(check_gateway(found[command.gateway_id].role))
            if command.gateway_id != meter.gateway_id:
                body = {"gateway": command.gateway_id}
                position = transaction.append(
                    caller.actor, EntryKind.GATEWAY_ASSIGNED, body, subject=meter.id
                )
                await store.insert_gateway(connection, position, command)
            return meter.id

        return await self._log.once(caller.actor, Request.of(key, "assignGateway", command), work)

    async def end(self, principal: Principal | None, key: str, command: EndMeter) -> Outcome:
        """Say which day was a meter's last: its supply point is free after it. Refused: another's meter, one that has
        ended, a day before its first or its last reading's, a day to come."""
        caller = authorise(principal, Action.WRITE_METERS)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            meter = await meter_at(transaction, command.meter_id, "meter")
            await check_owner(connection, caller, meter.pilot_id)
            last = await store.read_last_day(connection, meter.id)
            refuse(check_end(meter, command, last, china_day(transaction.head.at)))
            body = {"ends_on": str(command.ends_on)}
            position = transaction.append(caller.actor, EntryKind.METER_ENDED, body, meter.id)
            await store.end_meter(connection, position, command)
            return meter.id

        return await self._log.once(caller.actor, Request.of(key, "endMeter", command), work)

    async def meters(self, ids: Collection[MeterId], as_of: Position) -> dict[MeterId, Meter]:
        """The meters of these ids as of a position; what was not registered by then is left out."""
        async with self._log.database.read() as connection:
            return await store.read_meters(connection, ids, as_of)

    async def page_of(
        self, pilots: Sequence[PilotId], at: tuple[Position, Page]
    ) -> dict[PilotId, list[Meter]]:
        """For each pilot a page of its meters as of a position, and one more."""
        as_of, page = at
        async with self._log.database.read() as connection:
            return await store.page_meters_of(connection, pilots, page, as_of)

    async def count_of(self, pilots: Sequence[PilotId], as_of: Position) -> dict[PilotId, int]:
        """How many meters each pilot had as of a position."""
        async with self._log.database.read() as connection:
            return await store.count_meters_of(connection, pilots, as_of)

    async def named(
        self, names: Sequence[NamedMeters], as_of: Position
    ) -> dict[NamedMeters, list[Meter]]:
        """For each name the meters of the pilot that are, or were, called so, as of a position."""
        async with self._log.database.read() as connection:
            return await store.find_named(connection, names, as_of)

    async def page_of_submeters(
        self, meters: Sequence[MeterId], at: tuple[Position, Page]
    ) -> dict[MeterId, list[Meter]]:
        """For each meter a page of those that lay right in it as of a position, and one more."""
        as_of, page = at
        async with self._log.database.read() as connection:
            return await store.page_submeters_of(connection, meters, page, as_of)

    async def page_of_gateways(
        self, gateways: Sequence[int], at: tuple[Position, Page]
    ) -> dict[int, list[Meter]]:
        """For each gateway a page of the meters that it posted for as of a position, and one more."""
        as_of, page = at
        async with self._log.database.read() as connection:
            return await store.page_meters_of_gateways(connection, gateways, page, as_of)

    async def count_of_gateways(self, gateways: Sequence[int], as_of: Position) -> dict[int, int]:
        """How many meters each gateway posted for as of a position."""
        async with self._log.database.read() as connection:
            return await store.count_meters_of_gateways(connection, gateways, as_of)

    async def count_of_submeters(
        self, meters: Sequence[MeterId], as_of: Position
    ) -> dict[MeterId, int]:
        """How many meters lay right in each as of a position."""
        async with self._log.database.read() as connection:
            return await store.count_submeters_of(connection, meters, as_of)

    async def usages(
        self, meters: Sequence[MeterId], asked: tuple[DateSpan, Step, Position]
    ) -> dict[MeterId, list[Usage]]:
        """What each meter used in the days, by steps, as of a position."""
        days, step, as_of = asked
        refuse(check_steps(days, step))
        async with self._log.database.read() as connection:
            found = await store.read_meters(connection, meters, as_of)
            asked_of = list(found.values())
            return await usage_store.read_usages(connection, asked_of, (days, step), as_of)

    async def unmetered(
        self, meters: Sequence[MeterId], asked: tuple[DateSpan, Step, Position]
    ) -> dict[MeterId, list[Unmetered]]:
        """What each meter measured in the days that none of its sub-meters did, by steps, as of a position."""
        days, step, as_of = asked
        refuse(check_steps(days, step))
        async with self._log.database.read() as connection:
            page = Page(MOST_PARTS // len(meters))
            inside = await store.page_submeters_of(connection, meters, page, as_of)
            refuse(check_parts(len(meters), max(map(len, inside.values()), default=0)))
            whole = await store.read_meters(connection, meters, as_of)
            every = {
                meter.id: meter for listed in (*inside.values(), whole.values()) for meter in listed
            }
            used = await usage_store.read_usages(
                connection, list(every.values()), (days, step), as_of
            )
        return {
            id_: unmetered_of(
                (meter, used[id_]), [(part, used[part.id]) for part in inside.get(id_, ())]
            )
            for id_, meter in whole.items()
        }


async def meter_at(transaction: Transaction, meter_id: MeterId, field: str) -> Meter:
    """A meter as it is; raises ``Refused`` where there is none."""
    as_of = transaction.head.position
    found = await store.read_meters(transaction.connection, [meter_id], as_of)
    if meter_id not in found:
        raise Refused(meter_not_found(meter_id, field))
    return found[meter_id]


async def check_owner(connection: AsyncConnection, caller: Principal, pilot_id: PilotId) -> None:
    """An operator writes the meters of its own pilots only."""
    found = await pilots_store.read_pilots(connection, [pilot_id])
    if pilot_id not in found:
        raise Refused(pilot_not_found(pilot_id, "pilot"))
    authorise_owner(caller, found[pilot_id].operator_id)


def meter_not_found(meter_id: MeterId, *path: str) -> NotFound:
    return NotFound.born_at(meter_id, "计量点", "meter", *path)


async def _check_free(connection: AsyncConnection, command: RegisterMeter) -> None:
    """No other meter of the pilot has the code, and none at all the supply point."""
    meter_id = await store.find_code(connection, command.pilot_id, command.code)
    if meter_id is not None:
        raise Refused(MeterCodeTaken(path=("code",), meter_code=command.code, meter_id=meter_id))
    if command.supply_point is not None:
        taken = await store.find_taken(connection, command)
        refuse(check_supply_point(command.supply_point, taken))


async def _check_counted_once(
    connection: AsyncConnection, meter: Meter, surrounding: Sequence[Meter]
) -> None:
    """What was handed in does not count the meter, or one inside it, beside one that it would be inside of."""
    inside = await store.read_inside(connection, meter.id)
    outer = [one.id for one in surrounding]
    twice = await accounted_store.find_both_counted(connection, inside, outer)
    refuse(check_counted_once(twice, "parent"))


async def _place(transaction: Transaction, caller: Principal, command: PlaceMeter) -> None:
    body = {"parent": command.parent_id}
    position = transaction.append(
        caller.actor, EntryKind.METER_PLACED, body, subject=command.meter_id
    )
    await store.insert_placement(
        transaction.connection, position, command.meter_id, command.parent_id
    )


def _with_our_unit(command: RegisterMeter) -> RegisterMeter:
    """The same meter, whose unit has our name."""
    unit = parse_unit(command.unit)
    assert unit is not None
    return replace(command, unit=unit.name)
