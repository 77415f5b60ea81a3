"""What documents can be attached to, and whose each thing is."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access.principals import Principal
from nzc_api.documents.service import PilotOf
from nzc_api.ids import InventoryId, LineId, PilotId, TargetId
from nzc_api.inventories.model import LineRole
from nzc_api.inventories.owned import no_such_line, own_inventory, own_line, own_pilot
from nzc_api.inventories.visibility import EVERYTHING
from nzc_api.refusal import NotFound, Refused
from nzc_api.targets import store as targets_store


async def _pilot(connection: AsyncConnection, caller: Principal, subject_id: int) -> PilotId:
    return (await own_pilot(connection, caller, PilotId(subject_id))).id


async def _inventory(connection: AsyncConnection, caller: Principal, subject_id: int) -> PilotId:
    return (await own_inventory(connection, caller, InventoryId(subject_id)))[1].id


def _line(role: LineRole) -> PilotOf:
    async def pilot_of(connection: AsyncConnection, caller: Principal, subject_id: int) -> PilotId:
        line, _, pilot = await own_line(connection, caller, LineId(subject_id))
        if line.role is not role:
            raise Refused(no_such_line(line.id, "line"))
        return pilot.id

    return pilot_of


async def _target(connection: AsyncConnection, caller: Principal, subject_id: int) -> PilotId:
    target_id = TargetId(subject_id)
    found = await targets_store.read_targets(connection, [target_id], EVERYTHING)
    if target_id not in found:
        raise Refused(NotFound.born_at(target_id, "目标", "target", "target"))
    return (await own_pilot(connection, caller, found[target_id].pilot_id)).id


def _at_the_subject(find: PilotOf) -> PilotOf:
    """The same, whose refusals are about what the input attaches it to."""

    async def pilot_of(connection: AsyncConnection, caller: Principal, subject_id: int) -> PilotId:
        try:
            return await find(connection, caller, subject_id)
        except Refused as refused:
            raise Refused(replace(refused.refusal, path=("attached_to",))) from None

    return pilot_of


# By the types that ids have.
PILOTS_OF: Mapping[str, PilotOf] = {
    kind: _at_the_subject(find)
    for kind, find in {
        "Pilot": _pilot,
        "Inventory": _inventory,
        "EmissionSource": _line(LineRole.SOURCE),
        "Sink": _line(LineRole.SINK),
        "Target": _target,
    }.items()
}
