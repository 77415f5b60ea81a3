"""The SQL of who may see which inventories, and what pilots state: of lists, and of what is found by its id."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, not_, or_, select, true

from nzc_api.inventories.model import InventoryStatus
from nzc_api.inventories.tables import inventory, inventory_line, inventory_warning
from nzc_api.inventories.visibility import Sight
from nzc_api.pilots.model import Visibility
from nzc_api.pilots.tables import pilot

# For how many who see different things statements are kept: there are a few roles, and each operator.
MOST_SIGHTS = 100

# The same of an inventory `i` of a pilot `p` as it stood at `k.as_of`, where it was handed in by then;
# with the parameters of `given_as_of`.
SEEN_AS_OF = f"""
    (CASE WHEN i.verified_position <= k.as_of THEN '{InventoryStatus.VERIFIED}'
          ELSE '{InventoryStatus.SUBMITTED}' END = ANY(CAST(:seen AS text[]))
     OR p.operator_id = CAST(:operator AS bigint)
     OR i.verified_position <= k.as_of AND p.statement_visibility = '{Visibility.PUBLIC}')
"""


def given_as_of(sight: Sight) -> dict[str, Any]:
    return {"seen": sorted(sight.seen), "operator": sight.operator_id}


def seen_inventory(sight: Sight, *, lines: bool = False) -> ColumnElement[bool]:
    """Whether an inventory is seen; with ``lines``, whether its lines are."""
    public = [pilot.c.statement_visibility == Visibility.PUBLIC]
    if lines:
        public.append(pilot.c.line_visibility == Visibility.PUBLIC)
    verified = inventory.c.status == InventoryStatus.VERIFIED
    ways = [and_(verified, inventory.c.pilot_id.in_(select(pilot.c.id).where(*public)))]
    if sight.seen:
        ways.append(inventory.c.status.in_(sorted(sight.seen)))
    if sight.operator_id is not None:
        own = select(pilot.c.id).where(pilot.c.operator_id == sight.operator_id)
        ways.append(inventory.c.pilot_id.in_(own))
    return or_(*ways)


def seen_statements(sight: Sight) -> ColumnElement[bool]:
    """Whether what a pilot states is seen: ``Sight.sees_statements`` in SQL."""
    if InventoryStatus.VERIFIED in sight.seen:
        return true()
    public, own = pilot.c.statement_visibility == Visibility.PUBLIC, sight.operator_id
    return public if own is None else or_(public, pilot.c.operator_id == own)


def seen_line(sight: Sight) -> ColumnElement[bool]:
    """Whether a line is seen."""
    return exists().where(
        inventory.c.id == inventory_line.c.inventory_id, seen_inventory(sight, lines=True)
    )


def seen_warning(sight: Sight) -> ColumnElement[bool]:
    """Whether a warning is seen: those of lines where lines are."""
    of_line = inventory_warning.c.line_id.is_not(None)
    return exists().where(
        inventory.c.id == inventory_warning.c.inventory_id,
        seen_inventory(sight),
        or_(not_(of_line), seen_inventory(sight, lines=True)),
    )
