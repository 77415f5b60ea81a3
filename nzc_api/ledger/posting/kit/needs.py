"""What a command is decided on, of all that there is: so what is loaded for it."""

from enum import Enum, auto
from typing import NamedTuple

from nzc_api.ids import BatchId, OrganisationId, PeriodId, PilotId, ProposalId
from nzc_api.ledger.model import AccountKey, ReferenceKey, Unissued
from nzc_api.ledger.serials import SerialRange


class CreditedAccounts(Enum):
    """Which accounts a command may credit."""

    # Those of the organisations and of the beneficiary that it names.
    NAMED = auto()
    # That of its beneficiary's retirements, and no other: the daily bread.
    RETIREMENT = auto()
    # Another one of whoever has the credits.
    OWN = auto()


class Needs(NamedTuple):
    """What a command names, and what follows from that.

    ``serials`` are exact ones that were issued, ``unissued`` what is to be; ``oldest`` so many tonnes of an account,
    the oldest vintage first. ``beneficiary`` is a pilot and its period, ``reference`` a registry's number.
    ``batch_id``, ``posting_id`` and ``proposal_id`` are what the command is about; with ``carries_out``, what the
    proposed order needs is needed, too.
    """

    serials: SerialRange | None = None
    unissued: Unissued | None = None
    oldest: tuple[AccountKey, int] | None = None
    organisations: tuple[OrganisationId | None, ...] = ()
    beneficiary: tuple[PilotId, PeriodId] | None = None
    reference: ReferenceKey | None = None
    batch_id: BatchId | None = None
    posting_id: int | None = None
    proposal_id: ProposalId | None = None
    carries_out: bool = False
    credited: CreditedAccounts = CreditedAccounts.NAMED

    @property
    def about(self) -> int:
        """The position of the one thing that a command is about, where it is about one."""
        one_of = (self.batch_id, self.proposal_id, self.posting_id)
        return next(position for position in one_of if position is not None)
