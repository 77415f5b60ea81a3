"""What is wrong with a command whatever the state of the world. Pure."""

from dataclasses import replace

from nzc_api.grounds import check_grounds
from nzc_api.ledger.model import Purpose
from nzc_api.ledger.posting.commands import (
    ActOnBatch,
    ActOnSerials,
    ApproveProposal,
    Command,
    ConfirmRetirement,
    CorrectPosting,
    EndRequest,
    IssueCredits,
    Proposable,
    ProposeOrder,
    RequestRetirement,
    RetireQuantity,
    RetireSerials,
    TransferCredits,
    UseCredits,
    WithdrawProposal,
)
from nzc_api.ledger.posting.rules.quantity import check_range
from nzc_api.ledger.posting.verbs.dates import EARLIEST
from nzc_api.ledger.serials import LARGEST_BLOCK
from nzc_api.numbers import check_number
from nzc_api.refusal import InvalidInput, Refusal
from nzc_api.text import name_problem, saying_problem

# More tonnes than any registration of reductions has.
LARGEST_ISSUANCE = 10**15


def check_form(command: Command) -> Refusal | None:  # noqa: PLR0911  (a case each)
    """What is wrong with a command whatever the state of the world; None if it is well-formed."""
    match command:
        case IssueCredits():
            return (
                check_range(command.serials)
                or _check_production(command)
                or _check_issuance(command)
                or _check_document(command.production_document)
            )
        case TransferCredits():
            return check_range(command.serials) or _check_two_holders(command)
        case RetireSerials():
            return check_range(command.serials) or _check_reference(command.reference)
        case RetireQuantity():
            return _check_tonnes(command.quantity) or _check_reference(command.reference)
        case RequestRetirement():
            return check_range(command.serials)
        case ConfirmRetirement():
            return _check_reference(command.reference) or _check_part(command)
        case UseCredits():
            return (
                check_range(command.serials)
                or _check_reference(command.reference)
                or _check_whose(command)
            )
        case ActOnSerials():
            problem = check_range(command.serials)
            return problem.under("target") if problem else check_grounds(command.grounds)
        case ActOnBatch() | CorrectPosting():
            return check_grounds(command.grounds)
        case ProposeOrder():
            return _check_order(command.order)
        case EndRequest() | ApproveProposal() | WithdrawProposal():
            return None


def _check_order(order: Proposable) -> Refusal | None:
    """What is wrong with an order that is proposed; its grounds are those of the proposal."""
    problem = check_form(order)
    if problem is None or problem.path[0] != "target":
        return problem
    return replace(problem, path=("order",))


def _check_production(command: IssueCredits) -> Refusal | None:
    if EARLIEST <= command.produced_from <= command.produced_to:
        return None
    return InvalidInput(
        path=("production",),
        value=f"{command.produced_from} – {command.produced_to}",
        expected_zh=f"自{EARLIEST}起、首日不晚于末日的产生期",
        expected_en=f"a time of production from {EARLIEST} on whose first day is not after its last",
    )


def _check_issuance(command: IssueCredits) -> Refusal | None:
    issuance = command.issuance
    if issuance is None:
        return None
    problem = check_number(issuance.reference, "reference") or _check_tonnes(
        issuance.quantity, LARGEST_ISSUANCE
    )
    return None if problem is None else problem.under("issuance")


def _check_whose(command: UseCredits) -> Refusal | None:
    """Whose use it is: a pilot's, for a period, where a sink is given back, and else what a text names."""
    own = command.purpose is Purpose.OWN_SINK
    if own and command.beneficiary is not None:
        return InvalidInput(
            path=("beneficiary",),
            value=command.beneficiary[:80],
            expected_zh="恢复自身碳汇的受益方只能是试点自身：不填beneficiary，填写pilot和accountingPeriod",
            expected_en="its own sink is given back to a pilot: no `beneficiary`, but its `pilot` and "
            "`accountingPeriod`",
        )
    for name, given in (("pilot", command.pilot_id), ("accountingPeriod", command.period_id)):
        if (given is not None) is not own:
            return InvalidInput(
                path=(name,),
                value="null" if given is None else str(given),
                position=given,
                expected_zh="恢复自身碳汇时须填写试点和核算期；其他用途不填",
                expected_en="a pilot and its period where its own sink is given back, and for nothing else",
            )
    if own:
        return None
    return name_problem(command.beneficiary or "", "beneficiary")


def _check_document(document: str | None) -> Refusal | None:
    path = ("production", "vintageByAuthority", "document")
    return None if document is None else saying_problem(document, *path)


def _check_part(command: ConfirmRetirement) -> Refusal | None:
    if command.serials is not None:
        return check_range(command.serials)
    return None if command.quantity is None else _check_tonnes(command.quantity)


def _check_tonnes(tonnes: int, most: int = LARGEST_BLOCK) -> Refusal | None:
    if 1 <= tonnes <= most:
        return None
    return InvalidInput(
        path=("quantity",),
        value=str(tonnes),
        expected_zh=f"1至{most}吨的整数",
        expected_en=f"a whole number of tonnes from 1 to {most}",
    )


def _check_two_holders(command: TransferCredits) -> Refusal | None:
    if command.from_id != command.to_id:
        return None
    return InvalidInput(
        path=("to",),
        value=str(command.to_id),
        position=command.to_id,
        expected_zh="与转出方不同的持有者",
        expected_en="another holder than the one it comes from",
    )


def _check_reference(reference: str | None) -> Refusal | None:
    return None if reference is None else check_number(reference, "registryReference")
