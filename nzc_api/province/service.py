"""Making the page: a constant number of database statements, however many pilots there are."""

from nzc_api.database.paging import Page
from nzc_api.inventories.model import Basis
from nzc_api.inventories.visibility import Sight
from nzc_api.pilots.model import PilotFilter
from nzc_api.pilots.service import PilotService
from nzc_api.province.errors import too_many_pilots
from nzc_api.province.figures import Province, province_of
from nzc_api.refusal import Refused
from nzc_api.statements.service import StatementService
from nzc_api.targets.service import AssessmentKey, TargetService

# A net is reckoned of each pilot, all of them at once.
MOST_PILOTS = 1_000


class ProvinceService:
    """What the province room can do."""

    def __init__(
        self, pilots: PilotService, statements: StatementService, targets: TargetService
    ) -> None:
        self._pilots = pilots
        self._statements = statements
        self._targets = targets

    async def province(
        self, narrowed: PilotFilter, year: int, as_of: int, sight: Sight
    ) -> Province:
        """The pilots that are meant, in a calendar year, as of a position, as whoever has the sight may see them.

        Refused: more than 1,000 pilots (`InvalidInput`, which says to narrow them).
        """
        listed = await self._pilots.list_pilots(narrowed, Page(MOST_PILOTS))
        if len(listed) > MOST_PILOTS:
            raise Refused(too_many_pilots(MOST_PILOTS))
        then = await self._pilots.pilots_then([(pilot.id, as_of) for pilot in listed])
        pilots = {pilot.id: pilot for pilot in then.values()}
        nesting = await self._statements.nesting(
            list(pilots), year, Basis.OPERATIONAL, as_of, sight
        )
        keys = {p: AssessmentKey(p, nesting.periods.get(p), as_of) for p in pilots}
        made = await self._targets.assessments(list(keys.values()), sight)
        assessed = {p: made[key] for p, key in keys.items()}
        stated = {p: of.statement for p, of in assessed.items() if of.statement is not None}
        portfolio = await self._statements.together(nesting, stated)
        return province_of(year, pilots.values(), nesting, portfolio, assessed)
