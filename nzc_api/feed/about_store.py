"""The SQL of which pilots and organisations entries are about."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.arrays import array
from nzc_api.database.driver import DriverStatement
from nzc_api.database.sql_files import sql_in
from nzc_api.feed.model import About, AboutPilot
from nzc_api.ids import Position
from nzc_api.pilots.model import Visibility

ABOUT = DriverStatement(sql_in("nzc_api.feed")("about"))


async def read_about(
    connection: AsyncConnection, positions: Sequence[Position]
) -> dict[int, About]:
    """What each entry is about."""
    pilots: dict[int, list[AboutPilot]] = defaultdict(list)
    organisations: dict[int, list[int]] = defaultdict(list)
    for row in await ABOUT.rows(connection, {"positions": array(positions)}):
        position, organisation_id, pilot_id, operator_id, statements, lines, surrounding = row
        if pilot_id is None:
            organisations[position].append(organisation_id)
        else:
            who = Visibility(statements), Visibility(lines)
            pilots[position].append(AboutPilot(pilot_id, operator_id, *who, surrounding))
    return {at: About(pilots[at], organisations[at]) for at in positions}
