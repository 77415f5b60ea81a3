"""The little state that a batch of commands is decided on, changed as each is accepted. Pure."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar

from nzc_api.certificates.model import PowerOfDays, Production
from nzc_api.ids import (
    AccountId,
    BatchId,
    OrganisationId,
    PilotId,
    Position,
    ProjectId,
    ProposalId,
    RequestId,
)
from nzc_api.ledger.model import (
    Account,
    AccountKey,
    BatchFacts,
    CreditBatch,
    DoubleIssuance,
    Enrolment,
    Issuance,
    Issued,
    Lot,
    LotId,
    Order,
    Posted,
    Project,
    ReferenceKey,
    RetirementRequest,
)
from nzc_api.ledger.posting.blocks import SerialBlocks
from nzc_api.ledger.proposing.proposals import Proposal, ProposalState
from nzc_api.pilots.model import AccountingPeriod, Pilot
from nzc_api.pilots.sites import SameSite
from nzc_api.refusal import LocalizedText

K = TypeVar("K")
V = TypeVar("V")

# A command that touches more lots is refused: the work of one command is bounded.
MOST_LOTS = 1000


class Age(NamedTuple):
    """The order in which a holder's lots are used: oldest vintage first."""

    vintage: int
    batch_id: BatchId
    lo: int


class MoreNeeded(Exception):
    """Deciding needs more of a holder's lots than were loaded."""

    def __init__(self, account_id: AccountId) -> None:
        super().__init__(account_id)
        self.account_id = account_id


class Lots:
    """Current lots: by batch in order of their serials, and by holding in order of age.

    Of a batch only some ranges need be known; of a holding only the oldest lots, up to the age in
    ``known_to`` (None: all of them).
    """

    def __init__(self) -> None:
        # By first serial, and by age: no two have the same, so lots themselves are never compared.
        self._by_batch: dict[int, list[tuple[int, Lot]]] = defaultdict(list)
        self._vintages: dict[int, int] = {}
        # Of accounts that were asked for what they hold: most never are.
        self._by_age: dict[AccountId, list[tuple[Age, Lot]]] = {}
        self.known_to: dict[int, Age | None] = {}

    def add(self, lot: Lot, vintage: int) -> None:
        """Add a lot; adding one that is known changes nothing."""
        lots = self._by_batch[lot.batch_id]
        index = bisect_left(lots, (lot.lo,))
        if index < len(lots) and lots[index][1].id == lot.id:
            return
        lots.insert(index, (lot.lo, lot))
        self._vintages[lot.batch_id] = vintage
        of_account = self._by_age.get(lot.account_id)
        if of_account is not None:
            insort(of_account, (self._age(lot), lot))

    def remove(self, lot: Lot) -> None:
        lots = self._by_batch[lot.batch_id]
        del lots[bisect_left(lots, (lot.lo,))]
        of_account = self._by_age.get(lot.account_id)
        if of_account is not None:
            del of_account[bisect_left(of_account, (self._age(lot),))]

    def covering(self, batch_id: BatchId, lo: int, hi: int) -> list[Lot]:
        """The lots that hold the serials from ``lo`` to before ``hi``, in order; of more than ``MOST_LOTS`` the first
        ``MOST_LOTS + 1``, as no more need be known."""
        found = self.known_in(batch_id, lo, hi)[: MOST_LOTS + 1]
        gaps = [right.lo for left, right in pairwise(found) if left.hi != right.lo]
        assert found, "lots not loaded"
        assert found[0].lo <= lo and not gaps, "lots not loaded"  # noqa: PT018
        assert hi <= found[-1].hi or len(found) > MOST_LOTS, "lots not loaded"
        return found

    def known_in(self, batch_id: BatchId, lo: int, hi: int) -> list[Lot]:
        """Those of the lots that hold serials from ``lo`` to before ``hi`` that are known, in order."""
        lots = self._by_batch[batch_id]
        start = max(bisect_left(lots, (lo + 1,)) - 1, 0)
        end = bisect_left(lots, (hi,), start)
        return [lot for _, lot in lots[start:end] if lo < lot.hi]

    def held(self, account_id: AccountId) -> Iterator[Lot]:
        """The lots of a holding, oldest first; raises ``MoreNeeded`` where knowledge ends."""
        if account_id not in self._by_age:
            self._by_age[account_id] = self.aged(account_id)
        limit = self.known_to.get(account_id)
        for age, lot in tuple(self._by_age[account_id]):
            if limit is not None and age > limit:
                break
            yield lot
        if limit is not None:
            raise MoreNeeded(account_id)

    def each(self) -> Iterator[Lot]:
        """Every lot that is known, by its batch and in the order of serials."""
        return (lot for batch in self._by_batch.values() for _, lot in batch)

    def aged(self, account_id: AccountId) -> list[tuple[Age, Lot]]:
        """The lots of an account with their ages, oldest first."""
        return sorted((self._age(lot), lot) for lot in self.each() if lot.account_id == account_id)

    def _age(self, lot: Lot) -> Age:
        return Age(self._vintages[lot.batch_id], lot.batch_id, lot.lo)


NO_FACTS = BatchFacts()


@dataclass(slots=True)
class State:
    """What is known when commands are decided; ``today`` is the day in Guangdong.

    What deciding changes can be undone back to a ``mark``: so commands that stand or fall together
    are decided one after another, too.
    """

    today: date
    now: datetime = datetime(2025, 1, 1, tzinfo=UTC)
    next_account: int = 1
    organisations: dict[OrganisationId, LocalizedText] = field(default_factory=dict)
    pilots: dict[PilotId, Pilot] = field(default_factory=dict)
    periods: dict[int, AccountingPeriod] = field(default_factory=dict)
    surrounding: dict[PilotId, tuple[PilotId, ...]] = field(default_factory=dict)
    # The pilots that have the ground of one: those around it, and those that share ground with it or with one of them.
    ground: dict[PilotId, tuple[PilotId, ...]] = field(default_factory=dict)
    projects: dict[ProjectId, Project] = field(default_factory=dict)
    # Of productions of projects: power that inventories claim by green certificates.
    served: dict[Production, PowerOfDays] = field(default_factory=dict)
    enrolments: dict[tuple[int, str], Enrolment] = field(default_factory=dict)
    # What projects are at one site with, and what says so.
    beside: dict[int, dict[int, frozenset[SameSite]]] = field(default_factory=dict)
    # By programme and the registry's number.
    issuances: dict[tuple[str, str], Issued] = field(default_factory=dict)
    batches: dict[BatchId, CreditBatch] = field(default_factory=dict)
    facts: dict[BatchId, BatchFacts] = field(default_factory=dict)
    doubles: dict[int, list[DoubleIssuance]] = field(default_factory=lambda: defaultdict(list))
    requests: dict[int, RetirementRequest] = field(default_factory=dict)
    posted: dict[int, Posted] = field(default_factory=dict)
    proposals: dict[int, Proposal] = field(default_factory=dict)
    referred: dict[ReferenceKey, Order] = field(default_factory=dict)
    blocks: SerialBlocks = field(default_factory=SerialBlocks)
    accounts: dict[AccountKey, AccountId] = field(default_factory=dict)
    account_keys: dict[int, AccountKey] = field(default_factory=dict)
    lots: Lots = field(default_factory=Lots)
    spent: set[LotId] = field(default_factory=set)
    # What takes each change back, and with what. Not bound to this state, which would then be a ring
    # that only the garbage collector finds.
    _undo: list[tuple[Callable[..., object], tuple[Any, ...]]] = field(default_factory=list)

    def mark(self) -> int:
        """Where to go back to with ``undo_to``."""
        return len(self._undo)

    def undo_to(self, mark: int) -> None:
        """Make it so that nothing was decided since the mark."""
        while len(self._undo) > mark:
            take_back, given = self._undo.pop()
            take_back(self, *given)

    # What loading makes known.

    def know_accounts(self, accounts: Iterable[Account]) -> None:
        for account in accounts:
            self.accounts[account.key] = account.id
            self.account_keys[account.id] = account.key

    def know_batch(self, batch: CreditBatch) -> None:
        """Add a batch; adding one that is known changes nothing."""
        if batch.id not in self.batches:
            self.batches[batch.id] = batch
            if batch.withdrawn_position is None:
                self.blocks.add(batch)

    def know_lot(self, lot: Lot) -> None:
        """Add a current lot; one that was spent since it was read is none any more."""
        if lot.id not in self.spent:
            self.lots.add(lot, self.batches[lot.batch_id].vintage)

    # What deciding changes.

    def open_account(self, key: AccountKey) -> Account:
        account = Account(AccountId(self.next_account), key)
        self.next_account += 1
        self.know_accounts([account])
        self._undo.append((State._close_account, (account,)))
        return account

    def issue(self, batch: CreditBatch, doubles: Iterable[DoubleIssuance]) -> None:
        self.know_batch(batch)
        self._undo.append((State._forget, (batch,)))
        if batch.issuance is not None:
            self._issue_part(batch, batch.issuance)
        for double in doubles:
            for batch_id in (double.batch_id, double.other_id):
                self.doubles[batch_id].append(double)
                self._undo.append((State._unsuspect, (batch_id,)))

    def _issue_part(self, batch: CreditBatch, issuance: Issuance) -> None:
        key, registered = (batch.programme, issuance.key), issuance.quantity
        before = self.issuances.get(key)
        issued = batch.serials.quantity + (0 if before is None else before.tonnes)
        day = batch.reductions_registered_on
        self.change(self.issuances, key, Issued(batch.project_id, day, registered, issued))

    def withdraw(self, batch: CreditBatch, position: Position) -> None:
        """Take an issuance back: its serials may be issued again, and nothing is doubled by it."""
        self.change(self.batches, batch.id, batch._replace(withdrawn_position=position))
        self.blocks.remove(batch)
        self._undo.append((State._know_block, (batch,)))
        key = (batch.programme, "" if batch.issuance is None else batch.issuance.key)
        before = self.issuances.get(key)
        if before is not None:
            left = before.tonnes - batch.serials.quantity
            self.change(self.issuances, key, replace(before, tonnes=left) if left else None)

    def make_lot(self, lot: Lot) -> None:
        self.know_lot(lot)
        self._undo.append((State._remove_lot, (lot,)))

    def spend_lot(self, lot: Lot) -> None:
        self.spent.add(lot.id)
        self._remove_lot(lot)
        self._undo.append((State._unspend, (lot,)))

    def change_facts(self, batch_id: BatchId, **facts: Position | None) -> None:
        self.change(self.facts, batch_id, replace(self.facts_of(batch_id), **facts))

    def end_request(self, request_id: RequestId, position: Position) -> None:
        self.change(self.requests, request_id, replace(self.requests[request_id], end=position))

    def confirm_part(self, request_id: RequestId, position: Position, tonnes: int) -> None:
        asked = self.requests[request_id]
        parts = (*asked.parts, (position, tonnes))
        self.change(self.requests, request_id, replace(asked, parts=parts))

    def end_proposal(self, proposal_id: ProposalId, position: Position, end: ProposalState) -> None:
        ended = replace(self.proposals[proposal_id], end=end, ended=position)
        self.change(self.proposals, proposal_id, ended)

    def correct(self, posting_id: int, position: Position) -> None:
        self.change(self.posted, posting_id, replace(self.posted[posting_id], corrected=position))

    def refer(self, key: ReferenceKey, order: Order) -> None:
        """Let a registry's number name the order."""
        self.change(self.referred, key, order)

    def referred_to(self, key: ReferenceKey) -> Order | None:
        """What the number names: nothing, if that was corrected."""
        order = self.referred.get(key)
        posted = None if order is None else self.posted.get(order.id)
        return None if posted is not None and posted.corrected is not None else order

    def standing(self) -> Iterator[CreditBatch]:
        """The batches that were not withdrawn, in the order in which they were issued."""
        batches = map(self.batches.__getitem__, sorted(self.batches))
        return (batch for batch in batches if batch.withdrawn_position is None)

    def facts_of(self, batch_id: BatchId) -> BatchFacts:
        return self.facts.get(batch_id, NO_FACTS)

    def change(self, values: dict[K, V], key: K, value: V | None) -> None:
        """Give a key a value, or none."""
        before = values.get(key)
        self._put(values, key, value)
        self._undo.append((State._put, (values, key, before)))

    def _put(self, values: dict[K, V], key: K, value: V | None) -> None:
        if value is None:
            values.pop(key, None)
        else:
            values[key] = value

    def _remove_lot(self, lot: Lot) -> None:
        self.lots.remove(lot)

    def _forget(self, batch: CreditBatch) -> None:
        del self.batches[batch.id]
        self.blocks.remove(batch)

    def _know_block(self, batch: CreditBatch) -> None:
        self.blocks.add(batch)

    def _unsuspect(self, batch_id: BatchId) -> None:
        self.doubles[batch_id].pop()

    def _close_account(self, account: Account) -> None:
        del self.accounts[account.key], self.account_keys[account.id]
        self.next_account = account.id

    def _unspend(self, lot: Lot) -> None:
        self.spent.discard(lot.id)
        self.know_lot(lot)
