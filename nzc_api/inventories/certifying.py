"""Whether the green certificates of lines are free, and nobody was issued reductions for the same power."""

from collections.abc import Callable, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.certificates import store
from nzc_api.certificates.rules import check_not_credited, first_repeated, used_by
from nzc_api.certificates.splits import first_split
from nzc_api.inventories.line_rules import AccountedLine
from nzc_api.inventories.model import Inventory
from nzc_api.refusal import refuse

# The path to a line of an input, by its place.
PathOf = Callable[[int], tuple[str, ...]]


def listed_in(field: str) -> PathOf:
    """The paths to lines that an input lists."""
    return lambda place: (field, str(place))


async def check_free(
    connection: AsyncConnection, item: Inventory, lines: Sequence[AccountedLine], path_of: PathOf
) -> None:
    """Raise where certificates of new lines serve something else, or their power was credited."""
    claimed = [
        ((*path_of(place), *field, "certificates", str(number)), certificates)
        for place, line in enumerate(lines)
        for field, held in (
            (("zero_factor_basis",), line.line.green_power),
            ((), line.line.certificates),
        )
        for number, certificates in enumerate(held)
    ]
    if not claimed:
        return
    paths, items = zip(*claimed, strict=True)
    repeated = first_repeated(items) or first_split(items)
    if repeated is not None:
        refuse(used_by(items[repeated[0]], items[repeated[1]]), *paths[repeated[0]])
    used = await store.find_used(connection, item.id, item.series_id, items)
    if used is not None:
        refuse(used_by(items[used[0]], used[1]), *paths[used[0]])
    credited = await store.find_credited(connection, items)
    if credited is not None:
        refuse(check_not_credited(credited[1], "plant"), *paths[credited[0]])


async def check_not_credited_since(connection: AsyncConnection, item: Inventory) -> None:
    """Raise where reductions were issued for power that an inventory claims as it is handed in."""
    power = await store.find_own_credited(connection, item.id)
    refuse(check_not_credited(power, "inventory"))
