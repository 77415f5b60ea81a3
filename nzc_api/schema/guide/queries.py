"""What can be asked of the guide."""

import strawberry

from nzc_api.guide.guide import GUIDE
from nzc_api.schema.guide.types import Guide


@strawberry.type
class GuideQueries:
    @strawberry.field(description="The guide as data, in both languages.")
    def guide(self) -> Guide:
        return Guide(domain=GUIDE)
