"""What can be asked of applications."""

from typing import Annotated

import strawberry

from nzc_api.guide.guide import GUIDE
from nzc_api.schema.guide.enums import PilotKind
from nzc_api.schema.kit.as_of import AsOf
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    connection,
    page_by_key,
    position_in,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import argument, dear
from nzc_api.schema.kit.searching import too_many
from nzc_api.schema.selection.enums import ApplicationState
from nzc_api.schema.selection.types import Application
from nzc_api.selection.model import ApplicationFilter
from nzc_api.selection.visibility import application_sight_of


@strawberry.input(
    description="What a list of applications is narrowed to: all that is given must hold."
)
class ApplicationFilterInput:
    kinds: list[PilotKind] | None = strawberry.field(
        default=None, description="For pilots of one of these kinds."
    )
    states: list[ApplicationState] | None = strawberry.field(
        default=None, description="That stand in one of these states."
    )
    administrative_divisions: list[str] | None = strawberry.field(
        default=None, description="In one of the cities with these GB/T 2260 codes: at most 21."
    )

    def narrowed(self) -> ApplicationFilter:
        cities = self.administrative_divisions
        if len(cities or ()) > len(GUIDE.divisions):
            raise too_many("administrativeDivisions", len(GUIDE.divisions))
        return ApplicationFilter(
            None if self.kinds is None else GUIDE.variants_of(self.kinds),
            None if self.states is None else frozenset(self.states),
            None if cities is None else frozenset(cities),
        )


@strawberry.type
class ApplicationLists:
    @dear(
        "Applications that you see, ranked: those that meet most criteria of the guide first, and of equals those "
        "that were opened first; as they stood at a position, or stand.",
        statements=2,
    )
    async def applications(
        self,
        info: Info,
        filter: Annotated[ApplicationFilterInput | None, argument("Which ones.")] = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        as_of: AsOf = None,
    ) -> Connection[Application]:
        page = page_by_key(first, after, _rank)
        narrowed = (filter or ApplicationFilterInput()).narrowed()
        sight = application_sight_of(await info.context.principal())
        at = await info.context.as_of(as_of)
        selection = info.context.services.selection
        return connection(
            await selection.list_applications(narrowed, sight, at, page),
            page,
            lambda row: f"{row.criteria_met}.{row.id}",
            lambda row: Application(domain=row),
            lambda: selection.count_applications(narrowed, sight, at),
        )


def _rank(key: str) -> tuple[int, int] | None:
    """How many criteria a cursor's application met, and its position."""
    first, _, second = key.partition(".")
    met, position = position_in(first), position_in(second)
    return None if met is None or position is None else (met, position)
