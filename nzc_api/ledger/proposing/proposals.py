"""Orders that wait for a second person: what is known of one. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from nzc_api.ids import ApiKeyId, BatchId, Position, ProposalId
from nzc_api.ledger.posting.command import Proposable
from nzc_api.refusal import name_words


class ProposalState(StrEnum):
    """What became of a proposal."""

    OPEN = "OPEN"
    APPROVED = "APPROVED"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"


name_words(
    ProposalState,
    {
        "OPEN": {"zh": "待复核", "en": "open"},
        "APPROVED": {"zh": "已复核", "en": "approved"},
        "WITHDRAWN": {"zh": "已撤回", "en": "withdrawn"},
        "EXPIRED": {"zh": "已过期", "en": "expired"},
    },
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """An order of ``quantity`` tonnes, proposed at the position ``id`` with an API key, as it was ``read_at`` a time.
    ``kind`` is what the log would say of the order.

    Of exact serials ``batch_id``, ``lo`` and ``hi`` (half-open) say which; of a whole batch ``batch_id`` alone.
    ``revoked`` is where that key was revoked since; ``end`` is what became of it, at the position ``ended``.
    """

    id: ProposalId
    read_at: datetime
    api_key_id: ApiKeyId
    revoked: Position | None
    programme: str
    order: Proposable
    kind: str
    quantity: int
    expires_at: datetime
    batch_id: BatchId | None = None
    lo: int | None = None
    hi: int | None = None
    end: ProposalState | None = None
    ended: Position | None = None

    def state(self, now: datetime) -> ProposalState:
        """What has become of it by a time: that its time is over is no event, but follows from ``expires_at``."""
        if self.end is not None:
            return self.end
        return ProposalState.OPEN if now < self.expires_at else ProposalState.EXPIRED


@dataclass(frozen=True, slots=True)
class ProposalFilter:
    """What a list of proposals is narrowed to: those of these programmes, in this state."""

    programmes: frozenset[str]
    state: ProposalState | None = None
