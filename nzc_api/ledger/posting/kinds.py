"""What the log says of each accepted command."""

from collections.abc import Mapping

from nzc_api.ledger.posting.commands import (
    ActOnBatch,
    ActOnSerials,
    BatchAction,
    Command,
    ConfirmRetirement,
    CorrectPosting,
    EndRequest,
    IssueCredits,
    ProposeOrder,
    RequestEnd,
    RequestRetirement,
    RetireQuantity,
    RetireSerials,
    SerialsAction,
    TransferCredits,
    UseCredits,
    WithdrawProposal,
)
from nzc_api.log.kinds import EntryKind

_BY_TYPE: Mapping[type[Command], EntryKind] = {
    IssueCredits: EntryKind.CREDITS_ISSUED,
    TransferCredits: EntryKind.CREDITS_TRANSFERRED,
    RetireSerials: EntryKind.CREDITS_RETIRED,
    RetireQuantity: EntryKind.CREDITS_RETIRED,
    RequestRetirement: EntryKind.RETIREMENT_REQUESTED,
    ConfirmRetirement: EntryKind.CREDITS_RETIRED,
    UseCredits: EntryKind.CREDITS_USED,
    CorrectPosting: EntryKind.POSTING_CORRECTED,
    ProposeOrder: EntryKind.ORDER_PROPOSED,
    WithdrawProposal: EntryKind.PROPOSAL_WITHDRAWN,
}

_BY_END: Mapping[RequestEnd, EntryKind] = {
    RequestEnd.CANCELLED: EntryKind.RETIREMENT_REQUEST_CANCELLED,
    RequestEnd.EXPIRED: EntryKind.RETIREMENT_REQUEST_EXPIRED,
}

_ON_SERIALS: Mapping[SerialsAction, EntryKind] = {
    SerialsAction.FREEZE: EntryKind.CREDITS_FROZEN,
    SerialsAction.UNFREEZE: EntryKind.CREDITS_UNFROZEN,
    SerialsAction.INVALIDATE: EntryKind.CREDITS_INVALIDATED,
}

_ON_BATCH: Mapping[BatchAction, EntryKind] = {
    BatchAction.FREEZE: EntryKind.BATCH_FROZEN,
    BatchAction.UNFREEZE: EntryKind.BATCH_UNFROZEN,
    BatchAction.INVALIDATE: EntryKind.BATCH_INVALIDATED,
    BatchAction.EXPORT: EntryKind.BATCH_EXPORTED,
}


def kind_of(command: Command) -> EntryKind:
    """What the log says happened when the command is accepted, unless its posting says something else."""
    match command:
        case EndRequest():
            return _BY_END[command.end]
        case ActOnSerials():
            return _ON_SERIALS[command.action]
        case ActOnBatch():
            return _ON_BATCH[command.action]
        case _:
            return _BY_TYPE[type(command)]
