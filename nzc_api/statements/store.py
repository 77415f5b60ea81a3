"""The SQL of statements of net emissions: what five rooms know of some pilots' periods, in one question."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.together import Together
from nzc_api.inventories.store import EFFECTIVE, effective_in
from nzc_api.inventories.sums_store import EFFECTIVE_TOTALS, totals_in
from nzc_api.inventories.visibility import Sight
from nzc_api.inventories.visibility_store import given_as_of
from nzc_api.ledger.reading.batch_order_store import orders_in, orders_of
from nzc_api.ledger.reading.boundary_store import ISSUED_INSIDE, issued_in
from nzc_api.ledger.reading.retired_store import RETIRED, given_keys, retired_in
from nzc_api.ledger.reading.withdrawn_store import WITHDRAWN_OF_ISSUED, withdrawn_in
from nzc_api.pilots.site_store import TWINS, twins_in
from nzc_api.pilots.store import INSIDE, PERIODS, THEN, inside_in, periods_in, pilots_then_in
from nzc_api.statements.making import Stated
from nzc_api.statements.model import StatementKey

STATED = Together(
    pilots=THEN,
    inside=INSIDE,
    periods=PERIODS,
    effective=EFFECTIVE,
    totals=EFFECTIVE_TOTALS,
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
    asked = list({(key.pilot_id, key.as_of) for key in keys})
    of_periods = [(key.pilot_id, key.period_id, key.as_of) for key in keys]
    given = {
        "pilots": [pilot_id for pilot_id, _ in asked],
        "as_ofs": [as_of for _, as_of in asked],
        "bases": [key.basis for key in keys],
    }
    found = await STATED.rows(connection, given | given_keys(of_periods) | given_as_of(sight))
    return Stated(
        pilots=pilots_then_in(found["pilots"]),
        periods=periods_in(found["periods"]),
        inside=inside_in(found["inside"], asked),
        effective=effective_in(found["effective"]),
        totals=totals_in(found["totals"]),
        issued=issued_in(found["issued"], asked),
        withdrawn=withdrawn_in(found["issued_gone"]),
        orders=orders_in(found["issued_ordered"]),
        twins=twins_in(found["twins"]),
        retired=retired_in(found).as_of_each(of_periods),
    )
