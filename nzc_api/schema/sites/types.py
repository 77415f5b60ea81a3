"""What is at one site, and what was found of it, as GraphQL."""

import strawberry

from nzc_api.ids import ProjectId
from nzc_api.pilots import sites as domain
from nzc_api.schema.kit.connections import (
    After,
    Connection,
    First,
    connection,
    counted,
    page_by_position,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.sites.above import PILOT, PROJECT, LazyPilot, LazyProject
from nzc_api.schema.sites.enums import SameSite, SiteFinding


@strawberry.type(
    description="That a pilot or a project is at one site with another one. Two pilots may be one that was registered "
    "twice; a project may lie inside the pilot, though its registry did not say so."
)
class AtSite:
    domain: strawberry.Private[domain.AtSite]

    by = attribute(
        list[SameSite], "by", "All that says so, the surest first.", at_most=len(SameSite)
    )
    position = attribute(BigInt, "position", "The position of the log since which it is known.")
    finding = attribute(
        SiteFinding | None, "finding", "What an administrator found; null while nothing was."
    )

    @strawberry.field(description="The other one, if it is a pilot.")
    async def pilot(self, info: Info) -> LazyPilot | None:
        return (
            await PILOT.type.at(info, self.domain.other_id) if self.domain.other_is_pilot else None
        )

    @strawberry.field(description="The other one, if it is a project.")
    async def project(self, info: Info) -> LazyProject | None:
        if self.domain.other_is_pilot:
            return None
        found = await info.context.loaders.project.load(ProjectId(self.domain.other_id))
        return None if found is None else PROJECT.type(domain=found)


async def at_site(info: Info, subject_id: int, first: First, after: After) -> Connection[AtSite]:
    """What a pilot or a project is at one site with."""
    page = page_by_position(first, after)
    return connection(
        await info.context.loaders.at_site.load((subject_id, page)),
        page,
        lambda row: row.other_id,
        lambda row: AtSite(domain=row),
        counted(info.context.loaders.at_site_count, subject_id),
    )
