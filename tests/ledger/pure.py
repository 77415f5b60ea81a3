"""The pure rules as a ledger of their own: a state and what was decided on it, without a database."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations

from nzc_api.guide.terms import ApplicantKind, Establishment, PilotVariant
from nzc_api.ids import AccountId, OrganisationId, PeriodId, PilotId, Position, ProjectId, RequestId
from nzc_api.ledger import model as domain
from nzc_api.ledger.model import Posted, RetirementRequest
from nzc_api.ledger.posting.decide import Decider
from nzc_api.ledger.posting.kit.posting import BatchFact, Posting
from nzc_api.ledger.posting.rules.issued_by_one import check_resolution
from nzc_api.ledger.posting.state import State
from nzc_api.ledger.posting.verb_table import verb_of
from nzc_api.pilots.model import AccountingPeriod, DateSpan, Pilot
from nzc_api.pilots.rules import check_placement
from nzc_api.pilots.sites import SameSite
from nzc_api.refusal import LocalizedText, NotFound, Refusal
from tests.ledger.naming import Names
from tests.ledger.reference import OK, Command, End, Name, Place, PlaceIn, Request, Resolve, Restate
from tests.ledger.strategies import HOLDERS, PILOTS, PROJECTS

NOW = datetime(2024, 12, 31, 12, tzinfo=UTC)
TODAY = date(2024, 12, 31)
SOON, LATE = NOW + timedelta(hours=1), NOW + timedelta(days=30)

FIRST_POSITION = 1000


def names_of_all() -> Names:
    """Ids for everybody and everything of the histories."""
    return Names(
        holders={name: OrganisationId(300 + index) for index, name in enumerate(HOLDERS)},
        pilots={name: PilotId(100 + index) for index, name in enumerate(PILOTS)},
        periods={name: PeriodId(200 + index) for index, name in enumerate(PILOTS)},
        projects={name: ProjectId(400 + index) for index, name in enumerate(PROJECTS)},
        expiry=lambda short: SOON if short else LATE,
    )


def fresh_state(names: Names) -> State:
    """A state that knows the people, the pilots and the projects, and no credits."""
    state = State(today=TODAY, now=NOW)
    state.organisations = {i: LocalizedText(n, n) for n, i in names.holders.items()}
    year = DateSpan(date(2022, 1, 1), date(2022, 12, 31))
    for name, pilot_id in names.pilots.items():
        state.pilots[pilot_id] = Pilot(
            id=pilot_id,
            code=name,
            variant=PilotVariant.TOWN,
            name=LocalizedText(name, name),
            applicant_kind=ApplicantKind.OTHER,
            applicant_name=LocalizedText(name, name),
            division_code="440100",
            establishment=Establishment.EXISTING,
            operation_starts_on=None,
            operator_id=OrganisationId(1),
        )
        period_id = names.periods[name]
        state.periods[period_id] = AccountingPeriod(period_id, pilot_id, year)
        outer = PILOTS[name]
        state.surrounding[pilot_id] = () if outer is None else (names.pilots[outer],)
        state.ground[pilot_id] = state.surrounding[pilot_id]
    by_code = frozenset({SameSite.SITE_CODE})
    for name, project in PROJECTS.items():
        state.beside[names.projects[name]] = {
            names.projects[other]: by_code
            for other in PROJECTS
            if other != name and project.sites & PROJECTS[other].sites
        }
        inside = names.pilots[project.inside[0]] if project.inside else None
        project_id = names.projects[name]
        state.projects[project_id] = domain.Project(
            id=project_id,
            code=name,
            name=LocalizedText(name, name),
            forestry=project.forestry,
            site="site",
            division_code=None,
            latitude=None,
            longitude=None,
            pilot_id=inside,
            site_code=project.site,
        )
        for programme in project.programmes:
            rule = {"CCER": "CCER_2023", "PHCER": "PHCER_2022"}[programme]
            state.enrolments[project_id, programme] = domain.Enrolment(
                id=project_id,
                project_id=project_id,
                programme=programme,
                rule=rule,
                number=name,
                registered_on=date(2023, 11, 1),
            )
    return state


@dataclass
class Rules:
    """What was decided so far; ``do`` says OK or the code of the refusal, as the reference does."""

    names: Names = field(default_factory=names_of_all)
    state: State = field(init=False)
    postings: list[Posting | None] = field(default_factory=list)
    sites: dict[str, frozenset[str]] = field(
        default_factory=lambda: {name: project.sites for name, project in PROJECTS.items()}
    )

    def __post_init__(self) -> None:
        self.state = fresh_state(self.names)
        self._decider = Decider(self.state)

    def do(self, command: Command) -> str:
        state, position = self.state, FIRST_POSITION + len(self.postings)
        if isinstance(command, Resolve):
            return self._resolve(command, position)
        if isinstance(command, PlaceIn):
            return self._place_in(command)
        if isinstance(command, Restate):
            return self._restate(command, position)
        order = self.names.order(command)
        # The time of short requests is over just when somebody says so.
        state.now = SOON if isinstance(command, End) and command.expired else NOW
        decision = verb_of(order).malformed(order) or self._decider.decide(
            order, Position(position)
        )
        if isinstance(decision, Refusal):
            return decision.code
        self._accepted(decision)
        # What the next batch of commands would load.
        whole = next((e.batch_id for e in decision.effects if isinstance(e, BatchFact)), None)
        if decision.movements or whole is not None:
            posted = Posted(
                id=position,
                kind=decision.kind,
                programme=order.programme,
                movements=decision.movements,
                corrected=None,
                batch_id=whole,
            )
            state.change(state.posted, position, posted)
        if isinstance(command, Request):
            facts = decision.facts
            asked = RetirementRequest(
                id=RequestId(position),
                programme=order.programme,
                holder_id=facts["holder"],
                pilot_id=facts["pilot"],
                period_id=facts["accounting_period"],
                expires_at=self.names.expiry(command.short),
                quantity=facts["quantity"],
            )
            state.change(state.requests, position, asked)
        return OK

    def do_all(self, commands: Sequence[Command]) -> tuple[str, int]:
        """All commands or none, as the poster decides a unit."""
        for index, command in enumerate(commands):
            order = self.names.order(command)
            problem = verb_of(order).malformed(order)
            if problem is not None:
                return problem.code, index
        marks: list[tuple[int, int]] = []
        for index, command in enumerate(commands):
            marks.append(self.mark())
            code = self.do(command)
            if code != OK:
                told = self._without_items(command, [mark for mark, _ in marks])
                self.undo_to(marks[0])
                return told, index
        return OK, 0

    def _without_items(self, command: Command, marks: Sequence[int]) -> str:
        order, position = self.names.order(command), FIRST_POSITION + len(self.postings)
        refused = self._decider.decide(order, Position(position))
        assert isinstance(refused, Refusal)
        first = position - len(marks) + 1
        told = self._decider.without_items(order, Position(first), marks, refused)
        named = [p for p in told.positions if p >= first]
        assert not named or isinstance(told, NotFound), "it names what is not there"
        return told.code

    def mark(self) -> tuple[int, int]:
        return self.state.mark(), len(self.postings)

    def undo_to(self, mark: tuple[int, int]) -> None:
        self.state.undo_to(mark[0])
        del self.postings[mark[1] :], self.names.positions[mark[1] :]

    def snapshot(self) -> object:
        """Everything that deciding can change."""
        state = self.state
        lots = sorted(state.lots.each(), key=lambda lot: (lot.batch_id, lot.lo))
        for account_id in map(AccountId, state.account_keys):
            aged = [lot for _, lot in state.lots.aged(account_id)]
            assert [*state.lots.held(account_id)] == aged
        return (
            lots, dict(state.lots.known_to), state.next_account, dict(state.batches),
            {b: f for b, f in state.facts.items() if f != domain.BatchFacts()},
            {b: tuple(kept) for b, kept in state.doubles.items() if kept}, dict(state.requests),
            dict(state.posted), tuple(state.blocks), dict(state.issuances),
            dict(state.accounts), dict(state.account_keys), frozenset(state.spent),
            dict(state.surrounding), dict(state.ground),
        )  # fmt: skip

    def places(self) -> dict[Name, Place]:
        """Where every serial is, by the current lots; each is in one, or this fails."""
        state, found = self.state, dict[Name, Place]()
        for batch in state.standing():
            serials = batch.serials
            for lot in state.lots.covering(batch.id, serials.lo, serials.hi):
                place = self.names.place(state.account_keys[lot.account_id])
                for number in range(lot.lo, lot.hi):
                    name = self.names.name(batch, number)
                    assert name not in found, "a serial in two lots"
                    found[name] = place
        return found

    def since(self) -> dict[Name, int]:
        """The number of what brought each serial to where it is, by its lot."""
        state = self.state
        return {
            self.names.name(batch, number): lot.since - FIRST_POSITION
            for batch in state.standing()
            for lot in state.lots.covering(batch.id, batch.serials.lo, batch.serials.hi)
            for number in range(lot.lo, lot.hi)
        }

    def _resolve(self, command: Resolve, position: int) -> str:
        state, order = self.state, self.names.resolution(command)
        problem = check_resolution(order, state.doubles.get(order.batch_id, ()))
        if problem is not None:
            return problem.code
        for batch_id in (order.batch_id, order.other_id):
            found = [
                replace(d, finding=order.finding)
                if (d.batch_id, d.other_id) == (order.batch_id, order.other_id)
                else d
                for d in state.doubles[batch_id]
            ]
            state.change(state.doubles, batch_id, found)
        self._accepted(None)
        return OK

    def _restate(self, command: Restate, position: int) -> str:
        """What the next batch of commands would load: what is at one site, and what that makes suspected."""
        state = self.state
        self.sites[command.project] |= {command.site}
        own = self.names.projects[command.project]
        others = {
            self.names.projects[name]
            for name, sites in self.sites.items()
            if name != command.project and sites & self.sites[command.project]
        }
        by_code = frozenset({SameSite.SITE_CODE})
        for one, other in ((a, b) for o in others for a, b in ((own, o), (o, own))):
            state.change(state.beside, one, state.beside[one] | {other: by_code})
        for earlier, later in combinations(list(state.standing()), 2):
            projects = {earlier.project_id, later.project_id}
            pairs = {(d.batch_id, d.other_id) for d in state.doubles.get(later.id, ())}
            if (
                own in projects
                and projects & others
                and later.produced_with(earlier)
                and (later.id, earlier.id) not in pairs
            ):
                double = domain.DoubleIssuance(later.id, earlier.id, Position(position))
                for batch_id in (later.id, earlier.id):
                    found = [*state.doubles.get(batch_id, ()), double]
                    state.change(state.doubles, batch_id, found)
        self._accepted(None)
        return OK

    def _place_in(self, command: PlaceIn) -> str:
        state, order = self.state, self.names.placement(command)
        outer: tuple[PilotId, ...] = ()
        if order.surrounding_id is not None:
            outer = (order.surrounding_id, *state.surrounding[order.surrounding_id])
        pilot = state.pilots[order.pilot_id]
        problem = check_placement(pilot, [state.pilots[pilot_id] for pilot_id in outer])
        if problem is not None:
            return problem.code
        # What the next batch of commands would load.
        for other, surrounding in tuple(state.surrounding.items()):
            if other == pilot.id:
                self._lies_in(other, outer)
            elif pilot.id in surrounding:
                self._lies_in(other, surrounding[: surrounding.index(pilot.id) + 1] + outer)
        self._accepted(None)
        return OK

    def _lies_in(self, pilot_id: PilotId, surrounding: tuple[PilotId, ...]) -> None:
        for relation in (self.state.surrounding, self.state.ground):
            self.state.change(relation, pilot_id, surrounding)

    def _accepted(self, posting: Posting | None) -> None:
        position = FIRST_POSITION + len(self.postings)
        assert posting is None or posting.position == position
        self.postings.append(posting)
        self.names.positions.append(position)
