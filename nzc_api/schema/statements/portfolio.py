"""Portfolios of pilots, as GraphQL."""

from collections.abc import Mapping
from decimal import Decimal

import strawberry

from nzc_api.ids import PilotId, Position
from nzc_api.refusal import InvalidInput, Refused
from nzc_api.schema.inventories.enums import ElectricityMethod
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    page_by_position,
    page_of,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute, short_list
from nzc_api.schema.kit.kinds import PILOT
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.pilots.enums import Basis
from nzc_api.schema.pilots.types import Pilot, pilots_at
from nzc_api.schema.statements.enums import NoteCode
from nzc_api.schema.statements.reasons import MOST_UNKNOWN, StatementNote, Unknown
from nzc_api.schema.statements.types import NetEmissions
from nzc_api.statements import portfolio as domain

MOST_PILOTS = 100


@strawberry.type(description="Two pilots that share ground: what is in both is counted twice.")
class PilotOverlap:
    pair: strawberry.Private[tuple[PilotId, PilotId]]
    as_of: strawberry.Private[Position]

    @short_list("The two.", 2)
    async def pilots(self, info: Info) -> list[Pilot]:
        return await pilots_at(info, self.pair, self.as_of)


@strawberry.type(description="Why a root's emissions are not known.")
class UnknownRoot(Unknown):
    pilot_id: strawberry.Private[PilotId | None]

    gross_co2e = attribute(
        Decimal | None, "gross", "What the root states, t CO2e; null where it states nothing."
    )
    inside_co2e = attribute(
        Decimal | None,
        "inside",
        "The least that the pilots inside it come to, t CO2e, by their own inventories of the year, of those in "
        "which bought electricity counts as it does in the root; null where nothing is known of any.",
    )

    @strawberry.field(description="The root; null where it is the roots together.")
    async def pilot(self, info: Info) -> Pilot | None:
        return None if self.pilot_id is None else await Pilot.at(info, self.pilot_id)


@strawberry.type(
    description="Pilots taken together in a calendar year: the emissions of those that lie in no other "
    "one, once, and each tonne of credits once. It is never the sum of pilots."
)
class Portfolio:
    domain: strawberry.Private[domain.Portfolio]

    as_of_position = attribute(
        BigInt, "as_of", "The position of the log as of which everything here holds."
    )
    basis = attribute(Basis, "basis", "Which inventories were used.")
    gross_co2e = attribute(
        Decimal | None,
        "gross_co2e",
        "Emissions of the roots, t CO2e; null where they are not known, see `unknown`.",
    )
    sinks_co2e = attribute(
        Decimal, "sinks_co2e", "Usable sinks of the roots, t CO2e: what their inventories record."
    )
    purchased_quantity = attribute(
        BigInt,
        "purchased_tonnes",
        "Tonnes retired for the roots and for all pilots inside them, that were produced outside.",
    )
    from_inside_quantity = attribute(
        BigInt,
        "from_inside",
        "Tonnes retired whose project lies inside a root: they reduce no root, and do not count.",
    )
    purchases_counted = attribute(
        bool,
        "purchases_count",
        "Whether what was retired counts in the net: on the basis OPERATIONAL only.",
    )
    net_co2e = attribute(
        Decimal | None,
        "net_co2e",
        "Gross − sinks − purchased reductions that count, t CO2e; null where the gross is not known.",
    )

    @short_list(
        "Why the gross and the net are not known, and null: root by root, then of all together. Empty "
        "where they are known.",
        MOST_PILOTS * MOST_UNKNOWN + 1,
    )
    def unknown(self) -> list[UnknownRoot]:
        return [
            UnknownRoot(domain=item.unknown, pilot_id=item.pilot_id) for item in self.domain.unknown
        ]

    @short_list(
        "The methods by which bought electricity counts in the roots' inventories: of both, the net is a sum of both, "
        "and power whose certificates some hold is in the grid's average of others, too.",
        len(ElectricityMethod),
    )
    def electricity_methods(self) -> list[ElectricityMethod]:
        return list(self.domain.electricity_methods)

    @short_list(
        "What a reader should know of the roots together, though the numbers stand.", len(NoteCode)
    )
    def notes(self) -> list[StatementNote]:
        return [StatementNote(domain=item) for item in self.domain.notes]

    @short_list("The statements of the pilots that lie in no other one asked for.", MOST_PILOTS)
    def roots(self) -> list[NetEmissions]:
        return [NetEmissions(domain=root) for root in self.domain.roots]

    @short_list("Pilots asked for that lie in a root: its emissions have theirs.", MOST_PILOTS)
    async def inside(self, info: Info) -> list[Pilot]:
        return await pilots_at(info, self.domain.inside, self.domain.as_of)

    @short_list(
        "Roots that have no such period, or no inventory of it, or whose statement you do not see: nothing "
        "is known of them.",
        MOST_PILOTS,
    )
    async def without_statement(self, info: Info) -> list[Pilot]:
        return await pilots_at(info, self.domain.without_statement, self.domain.as_of)

    @strawberry.field(
        description="Pilots of it that share ground without one lying in the other, in the order in which "
        "that was recorded."
    )
    def overlaps(
        self, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[PilotOverlap]:
        return overlaps_of(self.domain.overlaps, self.domain.as_of, first, after)


def overlaps_of(
    overlaps: Mapping[int, tuple[PilotId, PilotId]], as_of: Position, first: int, after: str | None
) -> Connection[PilotOverlap]:
    """A page of pilots that share ground, by the positions at which that was recorded."""
    page = page_by_position(first, after)
    return page_of(
        overlaps.items(),
        page,
        lambda row: row[0],
        lambda row: PilotOverlap(pair=row[1], as_of=as_of),
    )


def asked(info: Info, pilots: list[strawberry.ID], most: int = MOST_PILOTS) -> list[PilotId]:
    """The pilots that are meant: 1 to so many."""
    if not 1 <= len(pilots) <= most:
        raise Refused(
            InvalidInput(
                path=("pilots",),
                value=str(len(pilots)),
                expected_zh=f"1至{most}个试点",
                expected_en=f"1 to {most} pilots",
            )
        )
    return [
        info.context.ids.read(text, "pilots", str(n), kind=PILOT) for n, text in enumerate(pilots)
    ]
