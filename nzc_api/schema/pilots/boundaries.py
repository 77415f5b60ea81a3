"""What changes of boundaries, and of what lies inside, do to retirements, as GraphQL."""

from typing import Any, Self

import strawberry

from nzc_api.ids import Position
from nzc_api.ledger.reading.questions_model import BoundaryChange
from nzc_api.log.model import Entry, Outcome
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    First,
    Trail,
    page_by_position,
    trail,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import dear
from nzc_api.schema.kit.mutations import Success, as_shown
from nzc_api.schema.kit.nodes import find_node
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.pilots.above import RETIREMENT, LazyRetirement


@strawberry.type(description="A retirement of which something counts no more, or counts again.")
class AffectedRetirement:
    domain: strawberry.Private[BoundaryChange]
    retired: strawberry.Private[Any]

    @strawberry.field(description="The retirement, as it is now.")
    def retirement(self) -> LazyRetirement:
        return RETIREMENT.type(domain=self.retired)

    @strawberry.field(description="How many of its tonnes, as of that change.")
    def quantity(self) -> BigInt:
        return BigInt(abs(self.domain.tonnes))

    @strawberry.field(
        description="Whether they count again, since their project lies inside the pilot no more; else they "
        "count no more, since it does."
    )
    def counts_again(self) -> bool:
        return self.domain.tonnes < 0


@strawberry.type
class BoundaryChanged(Success):
    """What a change of what lies inside which pilots says of itself; and the ``field`` with what it was about."""

    kind = "Pilot"
    field = "pilot"

    position: strawberry.Private[int]

    @dear(
        "The retirements that it affects, oldest first: credits never offset a pilot that their project lies "
        "inside, so they count no more for pilots that it lies inside since, and again for those that it "
        "lies inside no more. The same in a replay.",
        statements=3,
    )
    async def affected_retirements(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Trail[AffectedRetirement]:
        page = page_by_position(first, after)
        questions = info.context.services.trace.questions
        changes = await questions.boundary_changes(Position(self.position), page)
        loader = info.context.loaders.retirement
        found = await loader.load_many([change.retirement_id for change in changes])
        of_id = {row.id: row for row in found if row is not None}
        return trail(
            changes,
            page,
            lambda change: change.retirement_id,
            lambda change: AffectedRetirement(domain=change, retired=of_id[change.retirement_id]),
        )

    @classmethod
    async def of_outcome(cls, info: Info, outcome: Outcome) -> Self:
        """The success of an outcome at the entry that changed the boundary."""
        assert outcome.position is not None
        entry = await info.context.loaders.entry.load(outcome.position)
        assert entry is not None
        given: dict[str, Any] = {
            cls.field: await find_node(info, cls.kind, cls.told_of(entry)),
            "replayed": outcome.replayed,
            "as_of_position": as_shown(outcome),
        }
        return cls(position=outcome.position, **given)

    @classmethod
    def told_of(cls, entry: Entry) -> int:
        """What the entry is about."""
        return entry.subject_id
