"""What can be asked of the province."""

from typing import Annotated

import strawberry

from nzc_api.province.service import MOST_PILOTS
from nzc_api.schema.kit.as_of import AsOf
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import argument, dear
from nzc_api.schema.pilots.filters import PilotFilterInput
from nzc_api.schema.province.types import Province


@strawberry.type
class ProvinceQueries:
    @dear(
        "The regulator's page of numbers: pilots by kind and by city in a calendar year, what they emit, take up and "
        f"buy, how they stand beside their targets, and what is not known. At most {MOST_PILOTS} pilots: narrow more.",
        statements=70,
    )
    async def province(
        self,
        info: Info,
        year: Annotated[int, argument("The calendar year.")],
        filter: Annotated[
            PilotFilterInput | None,
            argument("Which pilots. Those that lie in no other one that is meant are the roots."),
        ] = None,
        as_of: AsOf = None,
    ) -> Province:
        narrowed = (filter or PilotFilterInput()).narrowed(info.context.ids)
        position = await info.context.as_of(as_of)
        sight = await info.context.sight()
        now = await info.context.now()
        found = await info.context.services.province.province(narrowed, year, position, sight, now)
        return Province(domain=found)
