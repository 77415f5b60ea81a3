"""Cases 3 and 4: a tonne used twice, or for two purposes; and what else keeps it where it is."""

from collections.abc import Callable, Mapping, Sequence

from nzc_api.ids import OrganisationId, RequestId
from nzc_api.ledger.errors.orders import CreditsFrozen, CreditsInvalidated
from nzc_api.ledger.errors.retiring import (
    SerialsAlreadyRetired,
    SerialsAlreadyUsed,
    SerialsNotHeld,
    SerialsPending,
)
from nzc_api.ledger.model import AccountKey, AccountKind, CreditBatch, Lot, serials_text
from nzc_api.ledger.posting.state import State
from nzc_api.refusal import Refusal


def check_held(
    state: State,
    batch: CreditBatch,
    lots: Sequence[Lot],
    lo: int,
    hi: int,
    holder_id: OrganisationId | None,
) -> Refusal | None:
    """Refuse unless every serial from ``lo`` to before ``hi`` is held, and by one holder.

    ``holder_id`` None asks for no particular holder: that of the first serial then.
    """
    for lot in lots:
        key = state.account_keys[lot.account_id]
        if key.kind is not AccountKind.HOLDING:
            return WHY_NOT_HELD[key.kind](state, key, lot, _named(batch, lot, lo, hi))
        assert key.organisation_id is not None
        if holder_id is None:
            holder_id = key.organisation_id
        if key.organisation_id != holder_id:
            holder = state.organisations[key.organisation_id]
            return SerialsNotHeld(
                path=("serials",),
                serials=_named(batch, lot, lo, hi),
                holder_id=key.organisation_id,
                holder_zh=holder.zh,
                holder_en=holder.en,
            )
    return None


def _named(batch: CreditBatch, lot: Lot, lo: int, hi: int) -> str:
    return serials_text(batch, max(lot.lo, lo), min(lot.hi, hi))


def _retired(state: State, key: AccountKey, lot: Lot, serials: str) -> Refusal:
    assert key.pilot_id is not None
    return SerialsAlreadyRetired(
        path=("serials",),
        serials=serials,
        retirement_id=lot.since,
        pilot_code=state.pilots[key.pilot_id].code,
    )


def _used(_state: State, key: AccountKey, lot: Lot, serials: str) -> Refusal:
    return SerialsAlreadyUsed(
        path=("serials",), serials=serials, purpose=str(key.purpose), use_id=lot.since
    )


def _pending(_state: State, _key: AccountKey, lot: Lot, serials: str) -> Refusal:
    return SerialsPending(path=("serials",), serials=serials, request_id=RequestId(lot.since))


def _frozen(_state: State, _key: AccountKey, lot: Lot, serials: str) -> Refusal:
    return CreditsFrozen(path=("serials",), serials=serials, position=lot.since)


def _invalidated(_state: State, _key: AccountKey, lot: Lot, serials: str) -> Refusal:
    return CreditsInvalidated(path=("serials",), serials=serials, position=lot.since)


# What it means that serials sit anywhere but with a holder.
WHY_NOT_HELD: Mapping[AccountKind, Callable[[State, AccountKey, Lot, str], Refusal]] = {
    AccountKind.RETIREMENT: _retired,
    AccountKind.OTHER_USE: _used,
    AccountKind.PENDING: _pending,
    AccountKind.FROZEN: _frozen,
    AccountKind.INVALIDATED: _invalidated,
}
