"""Making the page: a constant number of database statements, however many pilots there are."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from nzc_api.database.paging import Page
from nzc_api.ids import PilotId, Position
from nzc_api.inventories.model import Basis
from nzc_api.inventories.visibility import Sight
from nzc_api.pilots.model import Pilot, PilotFilter
from nzc_api.pilots.service import PilotService
from nzc_api.province.errors import too_many_pilots
from nzc_api.province.figures import Province, province_of
from nzc_api.refusal import Refused
from nzc_api.statements.portfolio import Nesting
from nzc_api.statements.service import StatementService
from nzc_api.targets.service import AssessmentKey, TargetService

# A net is reckoned of each pilot, all of them at once.
MOST_PILOTS = 1_000

# How many pages are kept that were reckoned last: the lists behind a page's numbers ask for it again and again.
MOST_KEPT = 4


@dataclass(frozen=True, slots=True)
class _Asked:
    """All that a page follows from: who sees what of which pilots, as they are now, and what there was as of a
    position, which never changes."""

    listed: tuple[Pilot, ...]
    year: int
    sight: Sight
    nesting: Nesting


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked for, and where the log stood: while it stands there, nothing that a page follows from changes."""

    narrowed: PilotFilter
    year: int
    as_of: Position
    sight: Sight
    now: int


class ProvinceService:
    """What the province room can do."""

    def __init__(
        self, pilots: PilotService, statements: StatementService, targets: TargetService
    ) -> None:
        self._pilots = pilots
        self._statements = statements
        self._targets = targets
        self._kept: deque[tuple[_Asked, Province]] = deque(maxlen=MOST_KEPT)
        self._answered: deque[tuple[_Question, Province]] = deque(maxlen=MOST_KEPT)

    async def province(
        self, narrowed: PilotFilter, year: int, as_of: Position, sight: Sight, now: int
    ) -> Province:
        """The pilots that are meant, in a calendar year, as of a position, as whoever has the sight may see them;
        ``now`` is where the log stands.

        Refused: more than 1,000 pilots (`InvalidInput`, which says to narrow them).
        """
        question = _Question(narrowed=narrowed, year=year, as_of=as_of, sight=sight, now=now)
        for answered, kept in self._answered:
            if answered == question:
                return kept
        found = await self._found(narrowed, year, as_of, sight)
        self._answered.append((question, found))
        return found

    async def _found(
        self, narrowed: PilotFilter, year: int, as_of: Position, sight: Sight
    ) -> Province:
        listed = await self._pilots.list_pilots(narrowed, Page(MOST_PILOTS))
        if len(listed) > MOST_PILOTS:
            raise Refused(too_many_pilots(MOST_PILOTS))
        then = await self._pilots.pilots_then([(pilot.id, as_of) for pilot in listed])
        pilots = {pilot.id: pilot for pilot in then.values()}
        nesting = await self._statements.nesting(
            list(pilots), year, Basis.OPERATIONAL, as_of, sight
        )
        asked = _Asked(listed=tuple(listed), year=year, sight=sight, nesting=nesting)
        for key, kept in self._kept:
            if key == asked:
                return kept
        made = await self._reckoned(asked, pilots)
        self._kept.append((asked, made))
        return made

    async def _reckoned(self, asked: _Asked, pilots: Mapping[PilotId, Pilot]) -> Province:
        nesting, as_of = asked.nesting, asked.nesting.as_of
        keys = {p: AssessmentKey(p, nesting.periods.get(p), as_of) for p in pilots}
        made = await self._targets.assessments(list(keys.values()), asked.sight)
        assessed = {p: made[key] for p, key in keys.items()}
        stated = {
            p: assessment.statement
            for p, assessment in assessed.items()
            if assessment.statement is not None
        }
        portfolio = await self._statements.together(nesting, stated)
        return province_of(asked.year, pilots.values(), nesting, portfolio, assessed)
