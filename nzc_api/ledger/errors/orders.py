"""What refuses orders about what was issued: to freeze, to invalidate, to correct; and proposals of such orders."""

from dataclasses import dataclass

from nzc_api.ids import Position, ProposalId
from nzc_api.ledger.proposing.proposals import ProposalState
from nzc_api.refusal import Refusal


@dataclass(frozen=True, kw_only=True)
class ReferenceTaken(Refusal):
    """A registry's number of a retirement or another use that names another one: it may stand on several
    lines of one order, for one beneficiary on one day, and on nothing else."""

    code = "REFERENCE_TAKEN"
    zh = (
        "{programme}登记编号“{reference}”已用于记录位置{posting_id}（{day}，{beneficiary}）：同一编号只能用于"
        "同一受益方、同一日期的一笔注销或使用"
    )
    en = (
        "The reference “{reference}” of {programme} names what was posted at position {posting_id} ({day}, "
        "for {beneficiary}): one number is of one order, for one beneficiary on one day"
    )

    programme: str
    reference: str
    posting_id: int
    day: str
    beneficiary: str


@dataclass(frozen=True, kw_only=True)
class CreditsFrozen(Refusal):
    """Credits that a court or their registry froze."""

    code = "CREDITS_FROZEN"
    zh = "{serials}已被冻结（记录位置{position}），解冻前不能转让、注销或使用"
    en = (
        "{serials} is frozen (position {position}): it cannot be moved or used until it is unfrozen"
    )

    serials: str
    position: Position


@dataclass(frozen=True, kw_only=True)
class CreditsNotFrozen(Refusal):
    """Credits that are not frozen, and so cannot be unfrozen."""

    code = "CREDITS_NOT_FROZEN"
    zh = "{serials}未被冻结，无需解冻"
    en = "{serials} is not frozen, so it cannot be unfrozen"

    serials: str


@dataclass(frozen=True, kw_only=True)
class CreditsInvalidated(Refusal):
    """Credits that their issuer revoked or whose reductions were reversed."""

    code = "CREDITS_INVALIDATED"
    zh = "{serials}已被签发机构注销效力（记录位置{position}），不再代表减排量"
    en = "{serials} was invalidated by its issuer (position {position}): it stands for nothing any more"

    serials: str
    position: Position


@dataclass(frozen=True, kw_only=True)
class CreditsExported(Refusal):
    """Rule 10: reductions that left the country with a corresponding adjustment."""

    code = "CREDITS_EXPORTED"
    zh = "{serials}已作相应调整并出境（记录位置{position}），不能再用于试点"
    en = (
        "{serials} was exported with a corresponding adjustment (position {position}): it cannot "
        "serve a pilot"
    )

    serials: str
    position: Position


@dataclass(frozen=True, kw_only=True)
class ItemsConflict(Refusal):
    """An item that would be accepted without an earlier item of the same request, of which nothing is done.

    ``refused_with`` is the code of what it would be refused with once that item were done.
    """

    code = "ITEMS_CONFLICT"
    zh = "与本请求中序号为{item}的项（从0起）冲突，两项不能都执行（{refused_with}：{serials}）"
    en = "Item {item} of this very request (from 0) is in the way: both cannot be done ({refused_with}: {serials})"

    item: int
    refused_with: str
    serials: str | None = None

    @classmethod
    def of(cls, refused: Refusal, item: int) -> "ItemsConflict":
        """That an item is in the way of another, which is refused once it is done."""
        serials = getattr(refused, "serials", None)
        return cls(path=refused.path, item=item, refused_with=refused.code, serials=serials)


@dataclass(frozen=True, kw_only=True)
class BatchWithdrawn(Refusal):
    """A batch whose issuance was corrected: it never was one."""

    code = "BATCH_WITHDRAWN"
    zh = "批次{serials}的签发已在记录位置{position}更正（撤回），不能再对其登记"
    en = "The issuance of the batch {serials} was corrected at position {position}: nothing can be ordered of it"

    serials: str
    position: Position


@dataclass(frozen=True, kw_only=True)
class NotCorrectable(Refusal):
    """An entry that no correction can reverse."""

    code = "NOT_CORRECTABLE"
    zh = "记录位置{posting_id}的记录（{kind}）不能更正：仅签发、注销、其他用途、转让、作废以及整批的作废和出境可以更正"
    en = (
        "The entry at position {posting_id} ({kind}) cannot be corrected: only issuances, retirements, other uses, "
        "transfers, invalidations, and exports of whole batches"
    )

    posting_id: int
    kind: str


@dataclass(frozen=True, kw_only=True)
class InvalidatedInUse(Refusal):
    """Serials that had been retired, or used otherwise, when they were invalidated: that they count for it no more is
    told since, and does not change."""

    code = "INVALIDATED_IN_USE"
    zh = "{serials}在记录位置{posting_id}作废时已注销或已作其他用途，其作废不能更正"
    en = (
        "{serials} had been retired or used when they were invalidated at position {posting_id}: their invalidation "
        "cannot be corrected"
    )

    serials: str
    posting_id: int


@dataclass(frozen=True, kw_only=True)
class AlreadyCorrected(Refusal):
    """A posting that was corrected before."""

    code = "ALREADY_CORRECTED"
    zh = "记录位置{posting_id}的记录已于记录位置{correction_id}更正"
    en = "The entry at position {posting_id} was corrected at position {correction_id}"

    posting_id: int
    correction_id: int


@dataclass(frozen=True, kw_only=True)
class MovedSince(Refusal):
    """Serials that moved again after what is to be corrected."""

    code = "MOVED_SINCE"
    zh = "{serials}在记录位置{posting_id}之后又有变动（记录位置{later_id}），不能更正他人之后的记录"
    en = (
        "{serials} moved again after position {posting_id}, at position {later_id}: a correction never "
        "undoes a later movement"
    )

    serials: str
    posting_id: int
    later_id: int


@dataclass(frozen=True, kw_only=True)
class SecondPersonNeeded(Refusal):
    """A correction or an invalidation of more tonnes than one person may order alone; what else one request orders
    alone counts with it."""

    code = "SECOND_PERSON_NEEDED"
    zh = (
        "一次请求中更正和作废共{ordered_quantity}吨，超过一人可单独办理的{limit_quantity}吨：请以proposeOrder提出复核申请，"
        "由该机制登记机构的另一API密钥以approveProposal复核"
    )
    en = (
        "Corrections and invalidations of {ordered_quantity} t in one request are more than the {limit_quantity} t "
        "that one person may order alone: propose the order (proposeOrder), and let another API key of the programme's "
        "registry approve it (approveProposal)"
    )

    ordered_quantity: int
    limit_quantity: int


@dataclass(frozen=True, kw_only=True)
class OwnProposal(Refusal):
    """A proposal that the key that made it would approve."""

    code = "OWN_PROPOSAL"
    zh = "记录位置{proposal_id}的复核申请正是以此密钥提出的：须由该机制登记机构的另一API密钥复核"
    en = (
        "The proposal at position {proposal_id} was made with this very key: another API key of the programme's "
        "registry has to approve it"
    )

    proposal_id: ProposalId


@dataclass(frozen=True, kw_only=True)
class ProposerKeyRevoked(Refusal):
    """A proposal whose key was revoked since: nobody stands for it any more."""

    code = "PROPOSER_KEY_REVOKED"
    zh = "提出记录位置{proposal_id}的复核申请的密钥已于记录位置{position}吊销：请撤回该申请，并以有效的密钥重新提出"
    en = (
        "The key that made the proposal at position {proposal_id} was revoked at position {position}: withdraw the "
        "proposal, and propose the order anew with a key that is in force"
    )

    proposal_id: ProposalId
    position: Position


@dataclass(frozen=True, kw_only=True)
class ProposalEnded(Refusal):
    """A proposal that was approved, withdrawn, or whose time is over. ``ended_position`` is where it ended, None where
    its time is over."""

    code = "PROPOSAL_ENDED"
    zh = "记录位置{proposal_id}的复核申请（有效期至{expires_at}）{state}，不能再复核或撤回；如仍需办理，请重新提出"
    en = (
        "The proposal at position {proposal_id}, which could be approved until {expires_at}, is {state}: it can be "
        "neither approved nor withdrawn. If the order is still wanted, propose it anew"
    )

    proposal_id: ProposalId
    state: ProposalState
    expires_at: str
    ended_position: Position | None
