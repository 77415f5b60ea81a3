"""Reading what the meters of pilots used, with what that emits: in a constant number of statements."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.inventories import store as inventories_store
from nzc_api.inventories.visibility import EVERYTHING
from nzc_api.metering import store as metering_store
from nzc_api.metering import usage_store
from nzc_api.metering.usage import Step
from nzc_api.monitoring import store
from nzc_api.monitoring.series import Monitored
from nzc_api.pilots.model import DateSpan

# Meters of one pilot that are no sub-meters: the first of them are monitored.
MOST_METERS = 1000


async def read_monitored(
    connection: AsyncConnection,
    roots: Mapping[int, Sequence[int]],
    asked: tuple[DateSpan, Step | None],
    as_of: int,
) -> dict[int, list[Monitored]]:
    """For each pilot its ``roots``, the meters that are no sub-meters: what each used by steps, and the line that says
    what that emits."""
    ids = [id_ for of in roots.values() for id_ in of]
    meters = await metering_store.read_meters(connection, ids, as_of)
    used = await usage_store.read_usages(connection, list(meters.values()), asked, as_of)
    line_ids = await store.read_lines_of_meters(connection, ids, as_of)
    lines = await inventories_store.read_lines(connection, set(line_ids.values()), EVERYTHING)
    return {
        pilot: [Monitored(meters[id_], used[id_], lines.get(line_ids.get(id_, 0))) for id_ in of]
        for pilot, of in roots.items()
    }
