"""What can be done with financings: record them, end them early; and see what they pay and what is pledged."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access.principals import Action, Principal, authorise
from nzc_api.accounting.exact import plain
from nzc_api.china_time import china_day
from nzc_api.finance import store
from nzc_api.finance.model import (
    EndFinancing,
    Financing,
    FinancingEnd,
    FinancingTerms,
    RecordFinancing,
)
from nzc_api.finance.rules import (
    check_capex,
    check_end,
    check_measures,
    check_pledged,
    check_room,
    check_terms,
)
from nzc_api.ids import FinancingId, PilotId, Position
from nzc_api.inventories.owned import own_pilot
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Outcome
from nzc_api.log.requests import Request
from nzc_api.log.service import Log, Transaction
from nzc_api.measures.store import read_measures_of
from nzc_api.refusal import NotFound, Refused, refuse


class FinanceService:
    """What the finance room can do."""

    def __init__(self, log: Log) -> None:
        self._log = log

    async def record(
        self, principal: Principal | None, key: str, command: RecordFinancing
    ) -> Outcome:
        """Record what pays for measures of the caller's own pilot (section 四（三） of the guide), in CNY.

        Refused: more allocated than there is (`AllocationsExceedFinancing`), or than a measure costs
        (`AllocationsExceedCapex`); more than all that a measure saves pledged on some day (`SavingsPledgedAlready`), on
        days on which the financing does not run (`PledgeOutsideFinancing`), or for a product that pledges nothing
        (`ProductPledgesNothing`); another pilot's measure (`MeasureNotOfPilot`); the 201st (`FinancingsFull`).
        """
        caller = authorise(principal, Action.WRITE_MEASURE)

        async def work(transaction: Transaction) -> int:
            connection, terms = transaction.connection, command.terms
            refuse(check_terms(terms))
            pilot = await own_pilot(connection, caller, command.pilot_id)
            planned = (await read_measures_of(connection, [pilot.id])).get(pilot.id, [])
            measures = {measure.id: measure for measure in planned}
            others = (await store.read_financings_of(connection, [pilot.id])).get(pilot.id, [])
            refuse(check_room(pilot, len(others)))
            refuse(check_measures(pilot, terms, measures))
            refuse(check_capex(terms, measures, others))
            refuse(check_pledged(terms, measures, others))
            item = Financing(FinancingId(transaction.next_position), pilot.id, _in_order(terms))
            transaction.append(caller.actor, EntryKind.FINANCING_RECORDED, _said(item))
            await store.insert_financing(connection, item)
            return item.id

        return await self._log.once(caller.actor, Request.of(key, "recordFinancing", command), work)

    async def end(self, principal: Principal | None, key: str, command: EndFinancing) -> Outcome:
        """Say that a financing ended early; its pledges hold no longer. Refused: a second time (`FinancingEnded`).
        Section 四（三） of the guide."""
        caller = authorise(principal, Action.WRITE_MEASURE)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            item = await _financing(connection, command.financing_id)
            await own_pilot(connection, caller, item.pilot_id)
            refuse(check_end(item, command, china_day(transaction.head.at)))
            body = {"on": str(command.on)}
            position = transaction.append(caller.actor, EntryKind.FINANCING_ENDED, body, item.id)
            end = FinancingEnd(position, command.on, command.document)
            await store.insert_end(connection, item.id, end)
            return item.id

        return await self._log.once(caller.actor, Request.of(key, "endFinancing", command), work)

    async def financings(self, ids: Sequence[FinancingId]) -> dict[FinancingId, Financing]:
        """The financings of these ids; an id of none is left out."""
        async with self._log.database.read() as connection:
            return await store.read_financings(connection, ids)

    async def financings_of(
        self, pilots: Sequence[PilotId], as_of: Position
    ) -> dict[PilotId, list[Financing]]:
        """All financings of each pilot, as they stood."""
        async with self._log.database.read() as connection:
            return await store.read_financings_of(connection, pilots, as_of)


async def _financing(connection: AsyncConnection, financing_id: FinancingId) -> Financing:
    found = await store.read_financings(connection, [financing_id])
    if financing_id not in found:
        raise Refused(NotFound.born_at(financing_id, "融资", "financing", "financing"))
    return found[financing_id]


def _in_order(terms: FinancingTerms) -> FinancingTerms:
    """The same, as the log has it: allocations by measure."""
    ordered = sorted(terms.allocations, key=lambda allocation: allocation.measure_id)
    return replace(terms, allocations=tuple(ordered))


def _said(item: Financing) -> Mapping[str, Any]:
    """What the log says of a financing: all but texts. Numbers are texts, so that they stay exact."""
    terms = item.terms
    return {
        "pilot": item.pilot_id,
        "product": terms.product,
        "amount": plain(terms.amount),
        "starts_on": str(terms.span.starts_on),
        "ends_on": str(terms.span.ends_on),
        "allocations": [
            [allocation.measure_id, plain(allocation.amount)] for allocation in terms.allocations
        ],
        "pledges": [
            [
                pledge.measure_id,
                plain(pledge.share),
                str(pledge.span.starts_on),
                str(pledge.span.ends_on),
            ]
            for pledge in terms.pledges
        ],
    }
