"""Which pilots a list behind a number has, as GraphQL."""

import strawberry

from nzc_api.province.figures import ProvinceFilter
from nzc_api.schema.statements.enums import CoverageStatus, UnknownReason
from nzc_api.schema.targets.enums import NotAssessableReason, TargetStatus


@strawberry.input(description="Which pilots a list has: all that is given must hold.")
class ProvincePilotFilter:
    root: bool | None = strawberry.field(
        default=None, description="Roots (true), or those that lie in one (false)."
    )
    known: bool | None = strawberry.field(
        default=None, description="Roots whose emissions are known (true), or are not (false)."
    )
    unknown: UnknownReason | None = strawberry.field(
        default=None, description="Roots whose emissions are not known for this reason."
    )
    coverage: CoverageStatus | None = strawberry.field(
        default=None, description="Those whose statements cover so much."
    )
    stated: bool | None = strawberry.field(
        default=None,
        description="Those that state something (true), or nothing that you see (false).",
    )
    target: TargetStatus | None = strawberry.field(
        default=None, description="Those that stand so beside their targets."
    )
    not_assessable: NotAssessableReason | None = strawberry.field(
        default=None, description="Those that cannot be assessed for this reason."
    )

    @property
    def narrowed(self) -> ProvinceFilter:
        return ProvinceFilter(**vars(self))
