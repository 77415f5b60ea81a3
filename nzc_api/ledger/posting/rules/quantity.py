"""Case 11: a wrong quantity for a range; and ranges and tonnes that are none."""

from nzc_api.ledger.errors.issuing import QuantityMismatch, SerialRangeInvalid
from nzc_api.ledger.serials import LARGEST_BLOCK, LARGEST_SERIAL, SerialRange
from nzc_api.refusal import InvalidInput


def check_range(serials: SerialRange) -> SerialRangeInvalid | None:
    """Refuse an empty, reversed or impossibly large range."""
    ordered = 0 <= serials.first <= serials.last <= LARGEST_SERIAL
    if ordered and serials.quantity <= LARGEST_BLOCK:
        return None
    return SerialRangeInvalid(
        path=("serials",), first=serials.first, last=serials.last, most=LARGEST_BLOCK
    )


def check_quantity(serials: SerialRange, stated: int | None) -> QuantityMismatch | None:
    """Refuse a stated quantity other than last − first + 1."""
    if stated is None or stated == serials.quantity:
        return None
    return QuantityMismatch(
        path=("quantity",), stated=stated, computed=serials.quantity, serials=str(serials)
    )


def check_tonnes(tonnes: int, most: int = LARGEST_BLOCK) -> InvalidInput | None:
    """Refuse no tonnes, and more than there can be."""
    if 1 <= tonnes <= most:
        return None
    return InvalidInput(
        path=("quantity",),
        value=str(tonnes),
        expected_zh=f"1至{most}吨的整数",
        expected_en=f"a whole number of tonnes from 1 to {most}",
    )
