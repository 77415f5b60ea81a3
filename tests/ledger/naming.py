"""The reference's commands as the ledger has them: names become ids."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from nzc_api.grounds import Grounds
from nzc_api.ids import BatchId, OrganisationId, PeriodId, PilotId, ProjectId, RequestId
from nzc_api.ledger.commands import AmendProject, ResolveDoubleIssuance
from nzc_api.ledger.model import AccountKey, CreditBatch, Finding, Issuance, Purpose, RequestEnd
from nzc_api.ledger.posting.command import Command as LedgerCommand
from nzc_api.ledger.posting.verbs.acting_on_batch import ActOnBatch, BatchAction
from nzc_api.ledger.posting.verbs.acting_on_serials import ActOnSerials, SerialsAction
from nzc_api.ledger.posting.verbs.confirming import ConfirmRetirement
from nzc_api.ledger.posting.verbs.correcting import CorrectPosting
from nzc_api.ledger.posting.verbs.ending import EndRequest
from nzc_api.ledger.posting.verbs.issuing import IssueCredits
from nzc_api.ledger.posting.verbs.requesting import RequestRetirement
from nzc_api.ledger.posting.verbs.retiring import RetireQuantity, RetireSerials
from nzc_api.ledger.posting.verbs.transferring import TransferCredits
from nzc_api.ledger.posting.verbs.using import UseCredits
from nzc_api.ledger.serials import SerialRange
from nzc_api.pilots.model import PlacePilot
from tests.ledger.reference import (
    CERTIFICATE,
    EARLY,
    FUTURE,
    PREFIXES,
    UNKNOWN,
    USUAL,
    WHOLE,
    Command,
    Confirm,
    Correct,
    End,
    Issue,
    Name,
    OfRange,
    OnBatch,
    OnSerials,
    Place,
    PlaceIn,
    Request,
    Resolve,
    Restate,
    RetireAmount,
    RetireRange,
    Transfer,
    Use,
)

REGISTERED_ON = date(2024, 1, 15)
DAYS = {USUAL: date(2024, 7, 1), EARLY: date(2024, 1, 14), FUTURE: date(2999, 1, 1)}
GROUNDS = Grounds("法〔2024〕1", "because")

# More than the parts of any issuance here come to.
WHOLE_TONNES = 1_000

# A position at which no credits ever moved.
NOWHERE = 1


def from_now(short: bool) -> datetime:
    """When a request's time is over: a second from now, or not while a test runs."""
    return datetime.now(UTC) + (timedelta(seconds=1) if short else timedelta(days=30))


@dataclass
class Names:
    """The ids of everything that has a name, and the positions of what was accepted, by number."""

    holders: dict[str, OrganisationId] = field(default_factory=dict)
    pilots: dict[str, PilotId] = field(default_factory=dict)
    periods: dict[str, PeriodId] = field(default_factory=dict)
    projects: dict[str, ProjectId] = field(default_factory=dict)
    positions: list[int] = field(default_factory=list)
    tag: str = ""
    expiry: Callable[[bool], datetime] = from_now

    def position(self, number: int) -> int:
        return NOWHERE if number == UNKNOWN else self.positions[number]

    def block(self, prefix: str, first: int, last: int) -> SerialRange:
        registry = "CCER-CERTIFICATE" if prefix == CERTIFICATE else PREFIXES[prefix]
        return SerialRange(registry=registry, prefix=prefix + self.tag, first=first, last=last)

    def name(self, batch: CreditBatch, number: int) -> Name:
        return batch.serials.prefix.removesuffix(self.tag), number

    def place(self, key: AccountKey) -> Place:
        """An account as the reference has it."""
        pilots: dict[int, str] = {i: name for name, i in self.pilots.items()}
        holders = {i: name for name, i in self.holders.items()}
        if key.pilot_id is not None:
            assert key.period_id == self.periods[pilots[key.pilot_id]]
        return Place(
            kind=key.kind.value,
            holder=None if key.organisation_id is None else holders[key.organisation_id],
            pilot=None if key.pilot_id is None else pilots[key.pilot_id],
            purpose=None if key.purpose is None else key.purpose.value,
        )

    def order(self, command: Command) -> LedgerCommand:
        """The command as the ledger has it."""
        match command:
            case RetireAmount():
                project = None if command.project is None else self.projects[command.project]
                return RetireQuantity(
                    quantity=command.amount,
                    programme=command.programme,
                    holder_id=self.holders[command.holder],
                    project_id=project,
                    pilot_id=self.pilots[command.pilot],
                    period_id=self.periods[command.pilot],
                    retired_on=DAYS[command.day],
                    reference=None,
                )
            case Confirm():
                return ConfirmRetirement(
                    request_id=RequestId(self.position(command.request)),
                    programme=command.programme,
                    retired_on=DAYS[command.day],
                    reference=f"R-{command.request}{self.tag}",
                    quantity=command.amount,
                )
            case End():
                end = RequestEnd.EXPIRED if command.expired else RequestEnd.CANCELLED
                return EndRequest(RequestId(self.position(command.request)), command.programme, end)
            case OnBatch():
                return ActOnBatch(
                    batch_id=BatchId(self.position(command.batch)), programme=command.programme,
                    action=BatchAction(command.action), grounds=GROUNDS,
                )  # fmt: skip
            case Correct():
                return CorrectPosting(self.position(command.posting), command.programme, GROUNDS)
            case Resolve() | PlaceIn() | Restate():
                raise AssertionError(
                    "no command of the ledger: see ``resolution``, ``placement``, ``site``"
                )
            case _:
                return self._of_serials(command)

    def _of_serials(self, command: OfRange) -> LedgerCommand:
        match command:
            case Issue():
                return self._issue(command)
            case Transfer():
                return TransferCredits(
                    serials=self._serials(command),
                    programme=PREFIXES[command.prefix],
                    from_id=self.holders[command.giver],
                    to_id=self.holders[command.taker],
                    quantity=None,
                )
            case RetireRange():
                return RetireSerials(
                    serials=self._serials(command),
                    programme=PREFIXES[command.prefix],
                    holder_id=self._holder(command.holder),
                    quantity=command.stated,
                    pilot_id=self.pilots[command.pilot],
                    period_id=self.periods[command.pilot],
                    retired_on=DAYS[command.day],
                    reference=None,
                )
            case Request():
                return RequestRetirement(
                    serials=self._serials(command),
                    programme=PREFIXES[command.prefix],
                    holder_id=self._holder(command.holder),
                    quantity=command.stated,
                    pilot_id=self.pilots[command.pilot],
                    period_id=self.periods[command.pilot],
                    expires_at=self.expiry(command.short),
                )
            case Use():
                return self._use(command)
            case OnSerials():
                return ActOnSerials(
                    serials=self._serials(command), programme=PREFIXES[command.prefix],
                    action=SerialsAction(command.action), grounds=GROUNDS,
                )  # fmt: skip

    def _issue(self, command: Issue) -> IssueCredits:
        return IssueCredits(
            project_id=self.projects[command.project],
            serials=self._serials(command),
            programme=PREFIXES[command.prefix],
            quantity=command.stated,
            produced_from=date(command.vintage, 1, 1),
            produced_to=date(command.vintage, 12, 31),
            reductions_registered_on=REGISTERED_ON,
            reductions_applied_on=None,
            holder_id=self.holders[command.holder],
            by_certificate=command.prefix == CERTIFICATE,
            issuance=self._issuance(command),
        )

    def _use(self, command: Use) -> UseCredits:
        own = command.purpose == "OWN_SINK"
        return UseCredits(
            serials=self._serials(command),
            programme=PREFIXES[command.prefix],
            holder_id=self._holder(command.holder),
            quantity=command.stated,
            purpose=Purpose(command.purpose),
            used_on=DAYS[command.day],
            beneficiary=None if own else "somebody",
            reference=None,
            pilot_id=self.pilots[command.pilot] if own else None,
            period_id=self.periods[command.pilot] if own else None,
        )

    def resolution(self, command: Resolve) -> ResolveDoubleIssuance:
        return ResolveDoubleIssuance(
            batch_id=BatchId(self.position(command.batch)),
            other_id=BatchId(self.position(command.other)),
            finding=Finding(command.finding),
            grounds=GROUNDS,
        )

    def placement(self, command: PlaceIn) -> PlacePilot:
        surrounding = None if command.surrounding is None else self.pilots[command.surrounding]
        return PlacePilot(self.pilots[command.pilot], surrounding)

    def site(self, command: Restate) -> AmendProject:
        """A site with an address of its own, so that it is always another one than before."""
        stated = {"code": command.site + self.tag, "address": f"Place {len(self.positions)}"}
        return AmendProject(
            project_id=self.projects[command.project], site=stated, placed=None, grounds=GROUNDS
        )

    def _issuance(self, command: Issue) -> Issuance | None:
        if command.prefix == WHOLE:
            return None
        return Issuance(f"{command.project}-{command.vintage}{self.tag}", WHOLE_TONNES)

    def _serials(self, command: OfRange) -> SerialRange:
        return self.block(command.prefix, command.first, command.last)

    def _holder(self, holder: str | None) -> OrganisationId | None:
        return None if holder is None else self.holders[holder]
