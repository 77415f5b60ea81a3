"""What can be asked of programmes."""

import strawberry

from nzc_api.ledger.programmes import PROGRAMMES
from nzc_api.schema.kit.fields import short_list
from nzc_api.schema.programmes.types import Programme, ProgrammeCode


@strawberry.type
class ProgrammeQueries:
    @short_list("The programmes that issue credits, with their rules.", len(ProgrammeCode))
    def programmes(self) -> list[Programme]:
        return [Programme(domain=programme) for programme in PROGRAMMES.values()]
