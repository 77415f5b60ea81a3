"""What lists of pilots are narrowed to and ordered by, as GraphQL."""

from collections.abc import Iterable
from typing import TypeVar

import strawberry

from nzc_api.guide.guide import GUIDE
from nzc_api.pilots.model import PilotFilter
from nzc_api.schema.guide.enums import PilotKind, PilotVariant
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.kinds import ORGANISATION, PILOT
from nzc_api.schema.kit.searching import SEARCHED, searched_for, too_many
from nzc_api.schema.pilots.enums import Direction, PilotOrderField

X = TypeVar("X")


@strawberry.input(description="The order of a list of pilots.")
class PilotOrder:
    field: PilotOrderField = strawberry.field(
        default=PilotOrderField.CODE, description="What they are ordered by."
    )
    direction: Direction = strawberry.field(
        default=Direction.ASC, description="Which end comes first."
    )


@strawberry.input(description="What a list of pilots is narrowed to: all that is given must hold.")
class PilotFilterInput:
    text: str | None = strawberry.field(default=None, description=SEARCHED)
    kind: PilotKind | None = strawberry.field(default=None, description="Of this kind.")
    kinds: list[PilotKind] | None = strawberry.field(
        default=None, description="Of one of these kinds."
    )
    variant: PilotVariant | None = strawberry.field(default=None, description="Of this variant.")
    variants: list[PilotVariant] | None = strawberry.field(
        default=None, description="Of one of these variants."
    )
    administrative_division: str | None = strawberry.field(
        default=None, description="In the city with this GB/T 2260 code."
    )
    administrative_divisions: list[str] | None = strawberry.field(
        default=None, description="In one of the cities with these GB/T 2260 codes: at most 21."
    )
    operator: strawberry.ID | None = strawberry.field(
        default=None, description="Written by this organisation."
    )
    surrounding_pilot: strawberry.ID | None = strawberry.field(
        default=None, description="Directly inside this pilot."
    )

    def narrowed(self, ids: Ids) -> PilotFilter:
        if len(self.administrative_divisions or ()) > len(GUIDE.divisions):
            raise too_many("administrativeDivisions", len(GUIDE.divisions))
        cities = _within(_only(self.administrative_division), self.administrative_divisions)
        return PilotFilter(
            variants=self._variants(),
            division_codes=cities,
            text=searched_for(self.text),
            operator_id=ids.optional(self.operator, "filter", "operator", kind=ORGANISATION),
            surrounding_id=ids.optional(
                self.surrounding_pilot, "filter", "surroundingPilot", kind=PILOT
            ),
        )

    def _variants(self) -> frozenset[PilotVariant] | None:
        kinds = _within(_only(self.kind), self.kinds)
        variants = _within(_only(self.variant), self.variants)
        if kinds is None:
            return variants
        return _within(GUIDE.variants_of(kinds), variants)


def _only(value: X | None) -> frozenset[X] | None:
    return None if value is None else frozenset({value})


def _within(some: frozenset[X] | None, others: Iterable[X] | None) -> frozenset[X] | None:
    """What is in both, where either may be left open."""
    if others is None:
        return some
    return frozenset(others) if some is None else some & frozenset(others)
