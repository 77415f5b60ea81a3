"""What never changes once it is there, kept from one batch of commands to the next. Pure.

The tables of these things are only appended to, so whatever was read stays true in the log in which it
was read; that something is not here says nothing, and then the database is asked. Only pilots, projects
and organisations may be amended, and periods withdrawn: they are forgotten as soon as anybody else wrote what is no
posting. When a batch is withdrawn, everything is.
"""

from collections.abc import Iterable, Sized

from nzc_api.ids import AccountId, OrganisationId, PeriodId, PilotId, ProjectId
from nzc_api.ledger.model import Account, AccountKey, CreditBatch, Project
from nzc_api.ledger.posting.blocks import SerialBlocks
from nzc_api.ledger.posting.kit.retirements import retirement_of
from nzc_api.ledger.serials import SerialRange
from nzc_api.pilots.model import AccountingPeriod, Pilot
from nzc_api.refusal import LocalizedText

# Of all kinds together; when there are more, none is kept, so that memory is bounded.
MOST_KEPT = 200_000


class Cache:
    """What one poster has read so far of what never changes."""

    def __init__(self) -> None:
        self.batches: dict[int, CreditBatch] = {}
        self._blocks = SerialBlocks()
        self.projects: dict[ProjectId, Project] = {}
        self.pilots: dict[PilotId, Pilot] = {}
        self.periods: dict[int, AccountingPeriod] = {}
        self.organisations: dict[OrganisationId, LocalizedText] = {}
        self.accounts: dict[AccountId, AccountKey] = {}
        self._by_key: dict[AccountKey, AccountId] = {}

    @property
    def is_full(self) -> bool:
        """Whether there is more than may be kept."""
        kept: tuple[Sized, ...] = (
            self.batches, self.projects, self.pilots, self.periods, self.organisations, self.accounts
        )  # fmt: skip
        return sum(len(things) for things in kept) > MOST_KEPT

    def forget_amendable(self) -> None:
        """Forget what an entry that is no posting may have changed."""
        for kept in (self.projects, self.pilots, self.periods, self.organisations):
            kept.clear()

    def keep_batches(self, batches: Iterable[CreditBatch]) -> None:
        for batch in batches:
            if batch.id not in self.batches:
                self.batches[batch.id] = batch
                if batch.withdrawn_position is None:
                    self._blocks.add(batch)

    def keep_accounts(self, accounts: Iterable[Account]) -> None:
        for account in accounts:
            self.accounts[account.id] = account.key
            self._by_key[account.key] = account.id

    def batch_of(self, serials: SerialRange) -> CreditBatch | None:
        """The batch that the whole range lies in."""
        for batch in self._blocks.meeting(serials):
            if batch.serials.lo <= serials.lo and serials.hi <= batch.serials.hi:
                return batch
        return None

    def retirement_account(self, pilot_id: PilotId, period_id: PeriodId) -> Account | None:
        """Where what is retired for a pilot's period goes."""
        key = retirement_of(pilot_id, period_id)
        found = self._by_key.get(key)
        return None if found is None else Account(found, key)
