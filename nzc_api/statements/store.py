"""The SQL of statements of net emissions: what five rooms know of some pilots' periods.

Nearly every pilot is by itself: no other and no project lies in it, none seems to be the same, and all that was retired
for it counts. So what its statement rests on then is asked first, in one question, with whether there may be more; and
that, which is nearly twice as much to ask, of the few of which there may be.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.probes import is_named
from nzc_api.database.together import Together
from nzc_api.ids import PilotId, Position
from nzc_api.inventories.store import EFFECTIVE, effective_in
from nzc_api.inventories.sums_store import EFFECTIVE_TOTALS, totals_in
from nzc_api.inventories.visibility import Sight
from nzc_api.inventories.visibility_store import given_as_of
from nzc_api.ledger.reading.batch_order_store import orders_in, orders_of
from nzc_api.ledger.reading.boundary_store import ISSUED_INSIDE, LYING_NAMED, issued_in
from nzc_api.ledger.reading.retired import RetiredKey
from nzc_api.ledger.reading.retired_store import (
    HELD,
    MAY_BE_WITHDRAWN,
    OWNED,
    RETIRED,
    RETIRED_AT_ALL,
    given_keys,
    retired_at_all_in,
    retired_in,
)
from nzc_api.ledger.reading.withdrawn_store import WITHDRAWN_OF_ISSUED, withdrawn_in
from nzc_api.pilots.site_store import TWINS, TWINS_NAMED, twins_in
from nzc_api.pilots.store import (
    INSIDE,
    PERIODS,
    PERIODS_OF_IDS,
    THEN,
    inside_in,
    periods_in,
    pilots_then_in,
)
from nzc_api.statements.making import Stated
from nzc_api.statements.model import StatementKey

STATED = Together(
    {"owned": OWNED, "held": HELD},
    pilots=THEN,
    periods=PERIODS_OF_IDS,
    effective=EFFECTIVE,
    totals=EFFECTIVE_TOTALS,
    retired=RETIRED_AT_ALL,
    # The pilots of whose statements FURTHER may find something.
    more=f"""
    SELECT k.pilot_id FROM unnest(CAST(:pilots AS bigint[])) AS k (pilot_id)
     WHERE {is_named("k.pilot_id", *LYING_NAMED, *TWINS_NAMED)}
    UNION ALL {MAY_BE_WITHDRAWN}""",  # noqa: S608  (our own text)
)

FURTHER = Together(
    inside=INSIDE,
    periods=PERIODS,
    issued=ISSUED_INSIDE,
    issued_gone=WITHDRAWN_OF_ISSUED,
    issued_ordered=orders_of("ARRAY(SELECT id FROM issued)"),
    twins=TWINS,
    **RETIRED,
)


async def read_stated(
    connection: AsyncConnection, keys: Sequence[StatementKey], sight: Sight
) -> Stated:
    """What the statement of each key rests on, as whoever has the sight may see it; of pilots inside without what was
    retired for them."""
    stated, more = await read_by_themselves(connection, keys, sight)
    further = [key for key in keys if key.pilot_id in more]
    return await read_further(connection, stated, further) if further else stated


async def read_by_themselves(
    connection: AsyncConnection, keys: Sequence[StatementKey], sight: Sight
) -> tuple[Stated, set[PilotId]]:
    """What the statements rest on if each pilot is by itself, and the pilots that may not be."""
    found = await STATED.rows(connection, _given(keys) | given_as_of(sight))
    stated = Stated(
        pilots=pilots_then_in(found["pilots"]),
        periods=periods_in(found["periods"]),
        effective=effective_in(found["effective"]),
        totals=totals_in(found["totals"]),
        retired=retired_at_all_in(found["retired"]),
    )
    return stated, {row.pilot_id for row in found["more"]}


async def read_further(
    connection: AsyncConnection, stated: Stated, keys: Sequence[StatementKey]
) -> Stated:
    """The same with what lies in the pilots of the keys, seems to be the same, or counts no more."""
    found = await FURTHER.rows(connection, _given(keys))
    asked = _asked(keys)
    return replace(
        stated,
        periods={**stated.periods, **periods_in(found["periods"])},
        inside=inside_in(found["inside"], asked),
        issued=issued_in(found["issued"], asked),
        withdrawn=withdrawn_in(found["issued_gone"]),
        orders=orders_in(found["issued_ordered"]),
        twins=twins_in(found["twins"]),
        retired={**stated.retired, **retired_in(found).as_of_each(_of_periods(keys))},
    )


def _given(keys: Sequence[StatementKey]) -> dict[str, Any]:
    asked = _asked(keys)
    given = {
        "pilots": [pilot_id for pilot_id, _ in asked],
        "as_ofs": [as_of for _, as_of in asked],
        "bases": [key.basis for key in keys],
    }
    return given | given_keys(_of_periods(keys))


def _asked(keys: Sequence[StatementKey]) -> list[tuple[PilotId, Position]]:
    return list(dict.fromkeys((key.pilot_id, key.as_of) for key in keys))


def _of_periods(keys: Sequence[StatementKey]) -> list[RetiredKey]:
    return [(key.pilot_id, key.period_id, key.as_of) for key in keys]
