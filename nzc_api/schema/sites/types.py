"""Where pilots and projects are, what is at one site, and what was found of it, as GraphQL."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from nzc_api.access.principals import Principal
from nzc_api.grounds import Grounds
from nzc_api.ledger.site_service import AmendProject, ResolveSameSite
from nzc_api.pilots import sites as domain
from nzc_api.pilots.sites import SameSite, SiteFinding
from nzc_api.schema.kit.changes import said
from nzc_api.schema.kit.connections import (
    After,
    Connection,
    First,
    connection,
    counted,
    page_by_position,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute, described_enum
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.nodes import LocalizedTextInput
from nzc_api.schema.kit.scalars import BigInt

if TYPE_CHECKING:
    from nzc_api.schema.credits.types import Project
    from nzc_api.schema.pilots.types import Pilot

LazyPilot = Annotated["Pilot", strawberry.lazy("nzc_api.schema.pilots.types")]
LazyProject = Annotated["Project", strawberry.lazy("nzc_api.schema.credits.types")]

described_enum(
    SameSite,
    "What says that two sites are one.",
    {
        "SITE_CODE": "both are known by one code elsewhere",
        "COORDINATES": "their coordinates are within NZC_SAME_SITE_METRES of each other, as a rule 100 m",
        "ADDRESS": "their addresses are the same in one way of writing",
        "LOCALITY": "they name the same city or district and no more, or coordinates show that the address is of "
        "something larger: by itself it says little",
    },
)
described_enum(
    SiteFinding,
    "What was found of a pilot and of something else at its site.",
    {
        "DISTINCT": "two different things: neither is held back",
        "SAME": "the pilot was registered twice; or the project lies inside the pilot",
    },
)


@strawberry.input(description="A point on the earth, in decimal degrees.")
class CoordinatesInput:
    latitude: Decimal = strawberry.field(description="Degrees north, from -90 to 90.")
    longitude: Decimal = strawberry.field(description="Degrees east, from -180 to 180.")


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
        from nzc_api.schema.pilots.types import pilot_at  # noqa: PLC0415  (it is built on this)

        return await pilot_at(info, self.domain.other_id) if self.domain.other_is_pilot else None

    @strawberry.field(description="The other one, if it is a project.")
    async def project(self, info: Info) -> LazyProject | None:
        if self.domain.other_is_pilot:
            return None
        from nzc_api.schema.credits.types import Project  # noqa: PLC0415  (it is built on this)

        found = await info.context.loaders.project.load(self.domain.other_id)
        return None if found is None else Project(domain=found)


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


# What inputs call the parts of a site.
_PARTS = {"site": "address", "administrative_division": "division_code", "site_code": "code"}


def said_of_site(given: object, *names: str) -> Mapping[str, Any]:
    """What an input says of a site, by the names of its parts; null is that there is none."""
    changes = said(given, (*names, "coordinates"), no_values=(*names, "coordinates"))
    found = {_PARTS[name]: value for name, value in changes.items() if name in _PARTS}
    if "coordinates" in changes:
        at = changes["coordinates"]
        found["latitude"] = None if at is None else at.latitude
        found["longitude"] = None if at is None else at.longitude
    return found


@strawberry.input(description="Where a project is from now on: what is left out stays as it is.")
class AmendProjectInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    project: strawberry.ID = strawberry.field(description="The project.")
    site: str | None = strawberry.field(default=strawberry.UNSET, description="Where it is.")
    administrative_division: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="The GB/T 2260 code of its city; null where it is not in Guangdong.",
    )
    coordinates: CoordinatesInput | None = strawberry.field(
        default=strawberry.UNSET, description="Where it is, exactly; null where that is not known."
    )
    site_code: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="What its site is known by elsewhere; null where it is not.",
    )
    pilot: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="The pilot whose boundary it lies in; null: none. Only an administrator takes a project out of a "
        "pilot.",
    )
    name: LocalizedTextInput | None = strawberry.field(
        default=strawberry.UNSET, description="What it is called."
    )
    methodology: str | None = strawberry.field(
        default=None,
        description="The number or name of the methodology of its enrolments that named none. Where it is placed in a "
        "pilot and is no forestry, every enrolment has one. A registry states it for its own programmes.",
    )
    document: str = strawberry.field(description="The document that shows it.")
    reason: str = strawberry.field(description="Why.")

    def command(self, ids: Ids, caller: Principal) -> AmendProject:
        said(self, ("site", "name"), no_values=())
        placed: tuple[int | None] | None = None
        if self.pilot is None:
            placed = (None,)
        elif self.pilot is not strawberry.UNSET:
            placed = (ids.position(self.pilot, "input", "pilot", kinds=("Pilot",)),)
        return AmendProject(
            ids.position(self.project, "input", "project", kinds=("Project",)),
            said_of_site(self, "site", "administrative_division", "site_code"),
            placed,
            Grounds(self.document, self.reason),
            self.name.text() if self.name else None,
            self.methodology,
        )


@strawberry.input(description="What was found of a pilot and of something else at its site.")
class ResolveSameSiteInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    subject: strawberry.ID = strawberry.field(
        description="The project, or the other pilot, at the pilot's site."
    )
    pilot: strawberry.ID = strawberry.field(description="The pilot.")
    finding: SiteFinding = strawberry.field(description="What was found.")
    document: str = strawberry.field(description="The document that shows it.")
    reason: str = strawberry.field(description="Why.")

    def command(self, ids: Ids, caller: Principal) -> ResolveSameSite:
        return ResolveSameSite(
            ids.position(self.subject, "input", "subject", kinds=("Project", "Pilot")),
            ids.position(self.pilot, "input", "pilot", kinds=("Pilot",)),
            self.finding,
            Grounds(self.document, self.reason),
        )
