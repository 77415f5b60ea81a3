"""Financings, as short as tests want them."""

from typing import Any

from tests.world import World


def financing(pilot: str, **given: Any) -> dict[str, Any]:
    """The input of a good loan of the years 2024 and 2025 that pays nothing yet."""
    return {
        "pilot": pilot, "financeProduct": "SAVINGS_PLEDGE_LOAN", "financier": "某银行", "amount": "100000",
        "startsOn": "2024-01-01", "endsOn": "2025-12-31",
    } | given  # fmt: skip


def allocation(measure: str, amount: str) -> dict[str, str]:
    return {"measure": measure, "amount": amount}


def pledge(
    measure: str, share: str, first: str = "2024-01-01", last: str = "2025-12-31"
) -> dict[str, str]:
    return {"measure": measure, "share": share, "startsOn": first, "endsOn": last}


async def financed(world: World, pilot: str, **given: Any) -> str:
    """A financing: its id."""
    made = await world.operator.made(
        "recordFinancing", "financing { id }", **financing(pilot, **given)
    )
    return str(made["id"])


async def ended(world: World, financing: str, on: str) -> None:
    given = {"financing": financing, "on": on, "document": "还款凭证"}
    await world.operator.made("endFinancing", "financing { id }", **given)
