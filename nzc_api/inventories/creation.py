"""Creating an inventory, with the lines that it begins with: all of them, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access.principals import Action, Principal, authorise
from nzc_api.accounting.factors import LISTS_BY_CODE
from nzc_api.ids import InventoryId, LineId, Position
from nzc_api.inventories.certifying import check_free, listed_in
from nzc_api.inventories.line_rules import AccountedLine, account_each, recorded
from nzc_api.inventories.model import CreateInventory, Inventory, LineRole
from nzc_api.inventories.owned import own_pilot
from nzc_api.inventories.repeated import recorded_twice
from nzc_api.inventories.rules import check_creation
from nzc_api.inventories.service import insert_new, record_lines
from nzc_api.log.model import Head, Outcome
from nzc_api.log.requests import Request
from nzc_api.log.service import Log, Transaction
from nzc_api.pilots import store as pilots_store
from nzc_api.refusal import InvalidInput, Refusal, none_refused, refuse

# With how many lines an inventory may begin: they are one request, which holds the head.
MOST_LINES_TO_BEGIN_WITH = 1_000


@dataclass(frozen=True, slots=True)
class Creation:
    """What would be created, and each line as it would stand, or why it cannot: sources, then sinks."""

    inventory: Inventory
    lines: Sequence[AccountedLine | Refusal]


class CreationService:
    """Creates inventories."""

    def __init__(self, log: Log) -> None:
        self._log = log

    async def create(
        self, principal: Principal | None, key: str, command: CreateInventory
    ) -> Outcome:
        """Create the first version of an inventory (the guide's section 三) of the caller's own pilot, as a draft, with
        its lines: all of them, or nothing.

        Refused: a period that is not the pilot's (`PeriodNotOfPilot`); a phase that its variant does not have
        (`PhaseNotOfVariant`); days outside the period (`InventoryOutsidePeriod`) or before operation
        (`BeforeOperation`); of a line, what ``InventoryService.record`` refuses.
        """
        caller = authorise(principal, Action.WRITE_INVENTORY)

        async def work(transaction: Transaction) -> int:
            position = transaction.next_position
            planned = await _plan(transaction.connection, caller, command, position)
            accounted = none_refused(planned.lines)
            await insert_new(transaction, caller, planned.inventory)
            await record_lines(transaction, caller, planned.inventory, accounted)
            return position

        return await self._log.once(caller.actor, _request(key, command), work)

    async def preview(
        self, principal: Principal | None, key: str, command: CreateInventory
    ) -> Creation | Outcome:
        """What would be created, or the outcome that it would have: a refusal, or that of an earlier request
        with the key. Nothing is written, and the key is not used."""
        caller = authorise(principal, Action.WRITE_INVENTORY)

        async def plan(connection: AsyncConnection, head: Head) -> Creation:
            return _compared(await _plan(connection, caller, command, head.next_position))

        return await self._log.rehearse(caller.actor, _request(key, command), plan)


def _request(key: str, command: CreateInventory) -> Request:
    return Request.of(key, "createInventory", command)


async def _plan(
    connection: AsyncConnection, caller: Principal, command: CreateInventory, position: Position
) -> Creation:
    refuse(_check_count(command))
    pilot = await own_pilot(connection, caller, command.pilot_id)
    periods = (await pilots_store.read_periods_of(connection, [pilot.id]))[pilot.id]
    period = next((p for p in periods if p.id == command.period_id), None)
    refuse(check_creation(command, pilot, period, periods))
    assert period is not None
    listed = LISTS_BY_CODE[command.factor_list]
    item = Inventory(
        id=InventoryId(position),
        pilot_id=pilot.id,
        period_id=period.id,
        phase=command.phase,
        basis=command.basis,
        gwp_set=command.gwp_set,
        factor_list=listed.code,
        factor_list_version=listed.version,
        span=command.span or period.span,
        not_occurring=command.not_occurring,
        series_id=position,
        version=1,
        electricity_method=command.electricity_method,
    )
    sources = account_each(command.sources, LineRole.SOURCE, item, pilot.variant)
    sinks = account_each(command.sinks, LineRole.SINK, item, pilot.variant)
    lines = [*sources, *sinks]
    fit = [line for line in lines if isinstance(line, AccountedLine)]
    if len(fit) == len(lines):  # Else it is refused anyway.
        # Sources come first, and only they have certificates.
        await check_free(connection, item, fit, listed_in("sources"))
    return Creation(item, lines)


def _check_count(command: CreateInventory) -> InvalidInput | None:
    count = len(command.sources) + len(command.sinks)
    if count <= MOST_LINES_TO_BEGIN_WITH:
        return None
    return InvalidInput(
        path=("sources" if command.sources else "sinks",),
        value=str(count),
        expected_zh=f"新建清单时sources与sinks合计至多{MOST_LINES_TO_BEGIN_WITH}行；其余用recordEmissionSources、recordSinks填报",
        expected_en=f"at most {MOST_LINES_TO_BEGIN_WITH} lines, `sources` and `sinks` together, as it is created; "
        "record the others with `recordEmissionSources`, `recordSinks`",
    )


def _compared(planned: Creation) -> Creation:
    """With what is warned of where lines repeat one another."""
    fit = [
        (LineId(n), line) for n, line in enumerate(planned.lines) if isinstance(line, AccountedLine)
    ]
    twice = recorded_twice(recorded(fit), ())
    warned = {
        n: replace(line, warnings=(*line.warnings, twice[n])) for n, line in fit if n in twice
    }
    return replace(
        planned, lines=[warned.get(LineId(n), line) for n, line in enumerate(planned.lines)]
    )
