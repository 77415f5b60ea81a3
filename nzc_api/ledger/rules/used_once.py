"""Case 3: a tonne used twice."""

from collections.abc import Mapping, Sequence

from nzc_api.ledger.errors import SerialsAlreadyRetired, SerialsNotHeld
from nzc_api.ledger.model import AccountKey, AccountKind, CreditBatch, Lot, serials_text
from nzc_api.refusal import LocalizedText


def check_held(
    batch: CreditBatch,
    lots: Sequence[Lot],
    lo: int,
    hi: int,
    holder_id: int | None,
    accounts: Mapping[int, AccountKey],
    holders: Mapping[int, LocalizedText],
    pilots: Mapping[int, str],
) -> SerialsAlreadyRetired | SerialsNotHeld | None:
    """Refuse unless every serial from ``lo`` to before ``hi`` is held, and by one holder.

    ``holder_id`` None asks for no particular holder: that of the first serial then.
    """
    for lot in lots:
        key = accounts[lot.account_id]
        serials = serials_text(batch, max(lot.lo, lo), min(lot.hi, hi))
        if key.kind is AccountKind.RETIREMENT:
            assert key.pilot_id is not None
            return SerialsAlreadyRetired(
                path=("serials",),
                serials=serials,
                retirement_id=lot.id.position,
                pilot_code=pilots[key.pilot_id],
            )
        assert key.organisation_id is not None
        if holder_id is None:
            holder_id = key.organisation_id
        if key.organisation_id != holder_id:
            holder = holders[key.organisation_id]
            return SerialsNotHeld(
                path=("serials",),
                serials=serials,
                holder_id=key.organisation_id,
                holder_zh=holder.zh,
                holder_en=holder.en,
            )
    return None
