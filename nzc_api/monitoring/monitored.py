"""Reading what the meters of pilots used, with what that emits: in a constant number of statements."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.ids import LineId, MeterId, PilotId, Position
from nzc_api.inventories import line_store
from nzc_api.inventories.visibility import EVERYTHING
from nzc_api.metering import store as metering_store
from nzc_api.metering import usage_store
from nzc_api.metering.usage import Step
from nzc_api.monitoring import store
from nzc_api.monitoring.model import Denominator
from nzc_api.monitoring.rules import MOST_METERS, check_meters
from nzc_api.monitoring.series import Monitored
from nzc_api.pilots.model import DateSpan
from nzc_api.refusal import refuse


async def read_whole(
    connection: AsyncConnection,
    pilots: Sequence[PilotId],
    asked: tuple[DateSpan, Step | None],
    as_of: Position,
) -> dict[PilotId, tuple[list[Monitored], list[Denominator]]]:
    """All meters of each pilot that are no sub-meters, and what is recorded that their use is stated per or moved by;
    raises ``Refused`` where they are too many."""
    roots = await metering_store.read_roots(connection, pilots, as_of, MOST_METERS + 1)
    for meters in roots.values():
        refuse(check_meters(meters))
    monitored = await read_monitored(connection, roots, asked, as_of)
    recorded = await store.read_counting(connection, pilots, as_of)
    return {pilot: (monitored.get(pilot, []), recorded[pilot]) for pilot in pilots}


async def read_monitored(
    connection: AsyncConnection,
    roots: Mapping[PilotId, Sequence[MeterId]],
    asked: tuple[DateSpan, Step | None],
    as_of: Position,
) -> dict[PilotId, list[Monitored]]:
    """For each pilot its ``roots``, the meters that are no sub-meters: what each used by steps, and the line that says
    what that emits."""
    ids = [id_ for of_pilot in roots.values() for id_ in of_pilot]
    meters = await metering_store.read_meters(connection, ids, as_of)
    used = await usage_store.read_usages(connection, list(meters.values()), asked, as_of)
    line_ids = await store.read_lines_of_meters(connection, ids, as_of)
    lines = await line_store.read_lines(connection, set(line_ids.values()), EVERYTHING)
    return {
        pilot: [
            Monitored(meters[id_], used[id_], lines.get(line_ids.get(id_, LineId(0))))
            for id_ in of_pilot
        ]
        for pilot, of_pilot in roots.items()
    }
