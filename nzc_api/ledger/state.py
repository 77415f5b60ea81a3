"""The little state that a batch of commands is decided on, changed as each is accepted. Pure."""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from nzc_api.ledger.model import (
    Account,
    AccountKey,
    AccountKind,
    CreditBatch,
    Enrolment,
    Lot,
    LotId,
    Project,
)
from nzc_api.ledger.serials import SerialRange
from nzc_api.pilots.model import AccountingPeriod, Pilot
from nzc_api.refusal import LocalizedText

# A command that touches more lots is refused: the work of one command is bounded.
MOST_LOTS = 1000


class Age(NamedTuple):
    """The order in which a holder's lots are used: oldest vintage first."""

    vintage: int
    batch_id: int
    lo: int


class MoreNeeded(Exception):
    """Deciding needs more of a holder's lots than were loaded."""

    def __init__(self, account_id: int) -> None:
        super().__init__(account_id)
        self.account_id = account_id


class Lots:
    """Current lots: by batch in order of their serials, and by holding in order of age.

    Of a batch only some ranges need be known; of a holding only the oldest lots, up to the age in
    ``known_to`` (None: all of them).
    """

    def __init__(self) -> None:
        self._by_batch: dict[int, list[Lot]] = defaultdict(list)
        self._by_account: dict[int, list[tuple[Age, Lot]]] = defaultdict(list)
        self.known_to: dict[int, Age | None] = {}

    def add(self, lot: Lot, vintage: int, *, held: bool) -> None:
        """Add a lot; adding one that is known changes nothing."""
        lots = self._by_batch[lot.batch_id]
        index = bisect_left(lots, lot.lo, key=_lo)
        if index < len(lots) and lots[index].id == lot.id:
            return
        lots.insert(index, lot)
        if held:
            insort(self._by_account[lot.account_id], (_age(lot, vintage), lot), key=_first)

    def remove(self, lot: Lot, vintage: int) -> None:
        lots = self._by_batch[lot.batch_id]
        del lots[bisect_left(lots, lot.lo, key=_lo)]
        of_account = self._by_account[lot.account_id]
        age = _age(lot, vintage)
        index = bisect_left(of_account, age, key=_first)
        if index < len(of_account) and of_account[index][0] == age:
            del of_account[index]

    def covering(self, batch_id: int, lo: int, hi: int) -> list[Lot]:
        """The lots that hold the serials from ``lo`` to before ``hi``, in order."""
        lots = self._by_batch[batch_id]
        start = max(bisect_right(lots, lo, key=_lo) - 1, 0)
        found = []
        for lot in lots[start:]:
            if lot.lo >= hi:
                break
            found.append(lot)
        gaps = [right.lo for left, right in pairwise(found) if left.hi != right.lo]
        assert found, "lots not loaded"
        assert found[0].lo <= lo and hi <= found[-1].hi and not gaps, "lots not loaded"  # noqa: PT018
        return found

    def held(self, account_id: int) -> Iterator[Lot]:
        """The lots of a holding, oldest first; raises ``MoreNeeded`` where knowledge ends."""
        limit = self.known_to.get(account_id)
        for age, lot in tuple(self._by_account[account_id]):
            if limit is not None and age > limit:
                break
            yield lot
        if limit is not None:
            raise MoreNeeded(account_id)


@dataclass(slots=True)
class State:
    """What is known when commands are decided; ``today`` is the day in Guangdong."""

    today: date
    next_account: int = 1
    organisations: dict[int, LocalizedText] = field(default_factory=dict)
    pilots: dict[int, Pilot] = field(default_factory=dict)
    periods: dict[int, AccountingPeriod] = field(default_factory=dict)
    around: dict[int, tuple[int, ...]] = field(default_factory=dict)
    projects: dict[int, Project] = field(default_factory=dict)
    enrolments: dict[tuple[int, str], Enrolment] = field(default_factory=dict)
    batches: dict[int, CreditBatch] = field(default_factory=dict)
    accounts: dict[AccountKey, int] = field(default_factory=dict)
    account_keys: dict[int, AccountKey] = field(default_factory=dict)
    lots: Lots = field(default_factory=Lots)
    spent: set[LotId] = field(default_factory=set)

    @property
    def pilot_codes(self) -> dict[int, str]:
        return {pilot.id: pilot.code for pilot in self.pilots.values()}

    def know_accounts(self, accounts: Iterable[Account]) -> None:
        for account in accounts:
            self.accounts[account.key] = account.id
            self.account_keys[account.id] = account.key

    def know_lot(self, lot: Lot) -> None:
        """Add a current lot; one that was spent since it was read is none any more."""
        if lot.id in self.spent:
            return
        held = self.account_keys[lot.account_id].kind is AccountKind.HOLDING
        self.lots.add(lot, self.batches[lot.batch_id].vintage, held=held)

    def spend_lot(self, lot: Lot) -> None:
        self.spent.add(lot.id)
        self.lots.remove(lot, self.batches[lot.batch_id].vintage)

    def batches_in(self, serials: SerialRange) -> list[CreditBatch]:
        """The batches that share a serial with the range, in order."""
        return sorted(
            (
                batch
                for batch in self.batches.values()
                if (batch.serials.registry, batch.serials.prefix)
                == (serials.registry, serials.prefix)
                and batch.serials.lo < serials.hi
                and serials.lo < batch.serials.hi
            ),
            key=lambda batch: batch.serials.lo,
        )


def _lo(lot: Lot) -> int:
    return lot.lo


def _first(pair: tuple[Age, Lot]) -> Age:
    return pair[0]


def _age(lot: Lot, vintage: int) -> Age:
    return Age(vintage, lot.batch_id, lot.lo)
