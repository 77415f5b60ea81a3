"""Whether a number lies in a range and has no more decimals than it may, as rooms tell it. Pure."""

from decimal import Decimal

from nzc_api.accounting.exact import plain
from nzc_api.refusal import InvalidInput


def check_range(
    field: str, value: Decimal, least: int, most: int, decimals: int
) -> InvalidInput | None:
    """Refuse what lies outside, or has more decimals; dots in ``field`` lead into what it is of."""
    if least <= value <= most and value == round(value, decimals):
        return None
    return out_of_range(field, value, least, most, decimals)


def out_of_range(field: str, value: Decimal, least: int, most: int, decimals: int) -> InvalidInput:
    return InvalidInput(
        path=tuple(field.split(".")),
        value=plain(value)[:80],
        expected_zh=f"{least}至{most}，至多{decimals}位小数",
        expected_en=f"from {least} to {most}, with at most {decimals} decimals",
    )
