"""A stage on PostgreSQL: the people, pilots and projects of one example, and what became of them."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import cycle
from typing import Any
from uuid import uuid4

from sqlalchemy import text

from nzc_api.access.model import RegisterOrganisation
from nzc_api.access.principals import Principal, Role
from nzc_api.database.paging import Page
from nzc_api.guide.terms import ApplicantKind, Establishment, PilotVariant
from nzc_api.ids import ApiKeyId, OrganisationId, PilotId, Position, ProjectId
from nzc_api.ledger.commands import EnrolProject, RegisterProject
from nzc_api.ledger.model import AccountKey, AccountKind, Purpose
from nzc_api.ledger.posting.command import Command as LedgerCommand
from nzc_api.log.model import Outcome
from nzc_api.log.requests import Actor
from nzc_api.pilots.model import DateSpan, RegisterPilot
from nzc_api.refusal import LocalizedText
from nzc_api.services import Nzc
from tests.ledger.naming import Names
from tests.ledger.reference import OK, Command, Name, Place, PlaceIn, Resolve, Restate
from tests.ledger.strategies import HOLDERS, PILOTS, PROJECTS
from tests.world import METHODOLOGIES

YEAR = DateSpan(date(2022, 1, 1), date(2022, 12, 31))

ACCOUNT = (
    "a.id AS account_id, a.kind, a.programme, a.organisation_id, a.pilot_id, a.period_id, a.purpose"
)

# Every current lot of the example: made, and not spent.
LOTS = f"""
    SELECT {ACCOUNT}, b.id AS batch_id, b.prefix, l.lo, l.hi
      FROM credit_batch AS b JOIN lot AS l ON l.batch_id = b.id JOIN account AS a ON a.id = l.account_id
     WHERE b.prefix LIKE '%' || :tag
       AND NOT EXISTS (SELECT FROM lot_spent AS s
                        WHERE s.lot_position = l.position AND s.lot_piece = l.piece)
"""

# What the running balances say as of a position; and what the movements up to it add up to.
BALANCES = f"""
    SELECT {ACCOUNT}, x.batch_id, x.tonnes
      FROM (SELECT DISTINCT ON (account_id, batch_id) account_id, batch_id, tonnes
              FROM balance WHERE position <= :as_of
             ORDER BY account_id, batch_id, position DESC) AS x
      JOIN account AS a ON a.id = x.account_id
      JOIN credit_batch AS b ON b.id = x.batch_id AND b.prefix LIKE '%' || :tag
     WHERE x.tonnes <> 0
"""
MOVED = f"""
    SELECT {ACCOUNT}, x.batch_id, sum(x.tonnes) AS tonnes
      FROM (SELECT credit_id AS account_id, batch_id, hi - lo AS tonnes, position FROM movement
            UNION ALL SELECT debit_id, batch_id, lo - hi, position FROM movement) AS x
      JOIN account AS a ON a.id = x.account_id
      JOIN credit_batch AS b ON b.id = x.batch_id AND b.prefix LIKE '%' || :tag
     WHERE x.position <= :as_of
     GROUP BY a.id, x.batch_id HAVING sum(x.tonnes) <> 0
"""


@dataclass(frozen=True)
class Sending:
    """Units of commands with their keys: all the items of one request, or each sent by itself."""

    units: list[tuple[str, list[LedgerCommand]]]
    in_one: bool


NOBODY = OrganisationId(0)


class Stage:
    """Everybody is there under names that no other example has. What is posted goes to ``nzc`` and to
    ``others`` on the same database in turn."""

    def __init__(self, nzc: Nzc, *others: Nzc) -> None:
        self.nzc = nzc
        self.ledgers = cycle([each.services.ledger for each in (nzc, *others)])
        self.tag = f"-{uuid4().hex[:8].upper()}"
        self.names = Names(tag=self.tag)
        self.registry = Principal(NOBODY, ApiKeyId(0), Role.REGISTRY)
        self.administrator = Principal(NOBODY, ApiKeyId(0), Role.ADMINISTRATOR)
        self.operator = Principal(NOBODY, ApiKeyId(0), Role.PILOT_OPERATOR)

    def seen_from(self, nzc: Nzc) -> "Stage":
        """The same people and things, whose commands go to ``nzc`` alone."""
        seen = copy(self)
        seen.ledgers = cycle([nzc.services.ledger])
        return seen

    async def set(self) -> "Stage":
        names = self.names
        self.registry = await self._organisation(Role.REGISTRY, "CCER", "PHCER")
        self.administrator = await self._organisation(Role.ADMINISTRATOR)
        self.operator = operator = await self._organisation(Role.PILOT_OPERATOR)
        for name in HOLDERS:
            names.holders[name] = (await self._organisation(Role.CREDIT_HOLDER)).organisation_id
        for name in sorted(PILOTS, key=lambda name: PILOTS[name] is not None):
            outer = PILOTS[name]
            command = RegisterPilot(
                code=f"{name.upper()}{self.tag}",
                variant=PilotVariant.PARK,
                name=LocalizedText(name, name),
                applicant_kind=ApplicantKind.PARK_COMMITTEE,
                applicant_name=LocalizedText(name, name),
                division_code="440100",
                establishment=Establishment.EXISTING,
                operation_starts_on=date(2015, 1, 1),
                operator_id=operator.organisation_id,
                surrounding_id=None if outer is None else names.pilots[outer],
                periods=(YEAR,),
            )
            made = await self.nzc.services.pilots.register_pilot(operator, new_key(), command)
            pilot = PilotId(done(made))
            periods = await self.nzc.services.pilots.periods_of([pilot])
            names.pilots[name], names.periods[name] = pilot, periods[pilot][0].id
        for name in PROJECTS:
            await self._project(name)
        return self

    async def _organisation(self, role: Role, *programmes: str) -> Principal:
        command = RegisterOrganisation(LocalizedText("某", "Some"), role, programmes)
        made = await self.nzc.services.access.register_organisation_as(Actor(), new_key(), command)
        return Principal(
            organisation_id=OrganisationId(done(made)),
            api_key_id=ApiKeyId(done(made)),
            role=role,
            programmes=frozenset(programmes),
        )

    async def _project(self, name: str) -> None:
        ledger, project = self.nzc.services.ledger, PROJECTS[name]
        inside = self.names.pilots[project.inside[0]] if project.inside else None
        site = None if project.site is None else project.site + self.tag
        code = f"{name.upper()}{self.tag}"
        command = RegisterProject(
            code=code,
            name=LocalizedText(name, name),
            forestry=project.forestry,
            site="site",
            division_code=None,
            latitude=None,
            longitude=None,
            pilot_id=inside,
            site_code=site,
        )
        made = await ledger.register_project(self.registry, new_key(), command)
        registered = self.names.projects[name] = ProjectId(done(made))
        for programme in project.programmes:
            rule = {"CCER": "CCER_2023", "PHCER": "PHCER_2022"}[programme]
            enrolment = EnrolProject(
                project_id=registered,
                programme=programme,
                rule=rule,
                number=code,
                registered_on=date(2023, 11, 1),
                methodology=METHODOLOGIES[project.forestry],
            )
            done(await ledger.enrol_project(self.registry, new_key(), enrolment))

    async def post(self, command: Command, key: str) -> Outcome:
        """Post one command of the reference; it is numbered if it is accepted."""
        outcome = await next(self.ledgers).post(self.registry, key, self.names.order(command))
        if outcome.position is not None and not outcome.replayed:
            self.names.positions.append(outcome.position)
        return outcome

    async def send(self, sending: Sending) -> list[Outcome]:
        """The outcome of each unit."""
        ledger = next(self.ledgers)
        if sending.in_one:
            items = {index: (key, given[0]) for index, (key, given) in enumerate(sending.units)}
            return list((await ledger.post_each(self.registry, items)).values())
        return await asyncio.gather(
            *(
                ledger.post(self.registry, key, given[0])
                if len(given) == 1
                else ledger.post_together(self.registry, key, given)
                for key, given in sending.units
            )
        )

    async def apart(self, command: Resolve | PlaceIn | Restate) -> tuple[Outcome, int]:
        """The outcome of what is no command of the ledger's, and the position of the log after it."""
        services, names = self.nzc.services, self.names
        if isinstance(command, Resolve):
            order = names.resolution(command)
            outcome = await services.ledger.resolve_double_issuance(
                self.administrator, new_key(), order
            )
        elif isinstance(command, Restate):
            stated = names.site(command)
            outcome = await services.sites.amend_project(self.registry, new_key(), stated)
        else:
            placed = names.placement(command)
            outcome = await services.pilots.place_pilot(self.operator, new_key(), placed)
        return outcome, (await services.log.head()).position

    async def wait_past(self, number: int) -> None:
        """Until the time of a request is over, if that is soon."""
        position = self.names.positions[number]
        found = await self.nzc.services.trace.requests([position])
        left = (found[position].expires_at - datetime.now(UTC)).total_seconds()
        if left < 60:
            await asyncio.sleep(max(left, 0) + 0.01)

    async def places(self) -> dict[Name, Place]:
        """Where every serial is, by the current lots in the database; what was withdrawn is issued no more."""
        found: dict[Name, Place] = {}
        for row in await self._rows(LOTS):
            if row.kind == AccountKind.ISSUANCE:
                continue
            for number in range(row.lo, row.hi):
                name = row.prefix.removesuffix(self.tag), number
                assert name not in found, "a serial in two lots"
                found[name] = self._place(row)
        return found

    async def balances(self, as_of: int) -> dict[tuple[Place, int], int]:
        """What each place has of each batch (by number), by the running balances."""
        return self._by_place(await self._rows(BALANCES, as_of=as_of))

    async def moved_by(self, as_of: int) -> dict[tuple[Place, int], int]:
        """The same, by adding up movements."""
        return self._by_place(await self._rows(MOVED, as_of=as_of))

    def _by_place(self, rows: Sequence[Any]) -> dict[tuple[Place, int], int]:
        found: dict[tuple[Place, int], int] = {}
        of_batch: dict[int, int] = defaultdict(int)
        for row in rows:
            batch = self.names.positions.index(row.batch_id)
            of_batch[batch] += row.tonnes
            if row.kind != AccountKind.ISSUANCE:
                found[self._place(row), batch] = row.tonnes
        assert not any(of_batch.values()), "what was issued is not what is there"
        return found

    def _place(self, row: Any) -> Place:
        return self.names.place(
            AccountKey(
                kind=AccountKind(row.kind),
                programme=row.programme,
                organisation_id=row.organisation_id,
                pilot_id=row.pilot_id,
                period_id=row.period_id,
                purpose=row.purpose and Purpose(row.purpose),
            )
        )

    async def _rows(self, query: str, **given: Any) -> Sequence[Any]:
        async with self.nzc.database.read() as connection:
            return list(await connection.execute(text(query), {"tag": self.tag} | given))

    async def held(self, as_of: int) -> dict[str, int]:
        """The tonnes that each holder holds as of a position, as the service tells it."""
        holders = self.names.holders
        owners, whole = list(holders.values()), Page(1_000_000)
        found = await self.nzc.services.trace.page_of_holdings(owners, (Position(as_of), whole))
        return {name: sum(h.tonnes for h in found.get(i, ())) for name, i in holders.items()}

    async def offsets(self, as_of: int) -> dict[str, tuple[int, int]]:
        """For each pilot the tonnes that offset it as of a position, and those that were retired for it and
        do not, as the service tells it; none where there are neither."""
        names = self.names
        keys = [(names.pilots[name], names.periods[name], Position(as_of)) for name in PILOTS]
        found = await self.nzc.services.trace.retired_as_of(keys)
        told = {
            name: (
                sum(item.tonnes for item in found[key].in_force),
                sum(item.tonnes for item in found[key].withdrawn),
            )
            for name, key in zip(PILOTS, keys, strict=True)
            if key in found
        }
        return {name: tonnes for name, tonnes in told.items() if any(tonnes)}


def new_key() -> str:
    return str(uuid4())


def done(outcome: Outcome) -> int:
    assert outcome.position is not None, outcome.refusal
    return outcome.position


def code_of(outcome: Outcome) -> str:
    return OK if outcome.refusal is None else outcome.refusal.code
