"""What a statement would be, as GraphQL."""

import strawberry

from nzc_api.schema.kit.registry import registered
from nzc_api.schema.statements.types import Statement
from nzc_api.statements import model as statements


@registered
@strawberry.type(description="A statement of net emissions as it would be.")
class StatementPreview(Statement):
    domain: strawberry.Private[statements.NetEmissions]
    series_id: strawberry.Private[int]
    version: strawberry.Private[int]

    @strawberry.field(
        description="Whether it would rest on the inventory. It does not where an earlier version of the "
        "series is verified: that counts until this one is verified, too."
    )
    def counts(self) -> bool:
        found = ((i.series_id, i.version) for i in self.domain.inventories)
        return (self.series_id, self.version) in found
