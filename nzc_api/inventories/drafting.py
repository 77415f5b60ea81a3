"""What can be done with a draft until it is handed in: amend it and its lines, take lines out, give it up."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access.principals import Action, Principal, authorise
from nzc_api.certificates.store import release
from nzc_api.ids import InventoryId, LineId, Position
from nzc_api.inventories import line_store, store, warning_store
from nzc_api.inventories.amending import amended_inventory, amended_line, check_fit
from nzc_api.inventories.certifying import check_free
from nzc_api.inventories.line_rules import (
    AccountedLine,
    carry_over,
    warnings_of,
)
from nzc_api.inventories.model import AmendInventory, AmendLine, Inventory
from nzc_api.inventories.owned import own_inventory, own_line
from nzc_api.inventories.repeated import recorded_twice
from nzc_api.inventories.rules import check_draft
from nzc_api.inventories.warnings import WarningCode
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Outcome
from nzc_api.log.requests import Request
from nzc_api.log.service import Log, Transaction
from nzc_api.pilots import store as pilots_store
from nzc_api.refusal import Refusal, Refused, refuse


class DraftService:
    """What can be done with drafts of the caller's own pilots: refused of any other inventory
    (`InventoryStatusConflict`)."""

    def __init__(self, log: Log) -> None:
        self._log = log

    async def amend_line(
        self, principal: Principal | None, key: str, command: AmendLine
    ) -> Outcome:
        """Change facts of a line, which is accounted anew and keeps its id; its inventory is what changed. Refused is
        what is refused of a line that is recorded."""
        caller = authorise(principal, Action.WRITE_INVENTORY)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            line, item, pilot = await own_line(connection, caller, command.line_id)
            refuse(check_draft(item, "line"))
            amended = amended_line(line, command.changes, item, pilot.variant)
            if isinstance(amended, Refusal):
                raise Refused(amended)
            body = {"inventory": item.id, "line": line.id}
            kind = EntryKind.INVENTORY_LINE_AMENDED
            position = transaction.append(caller.actor, kind, body, item.id)
            await line_store.delete_line(connection, line.id)
            await check_free(connection, item, [amended], lambda _: ())
            await _write(connection, item, position, [(line.id, amended)])
            await _compare(connection, item)
            return item.id

        request = Request.of(key, "amendInventoryLine", command)
        return await self._log.once(caller.actor, request, work)

    async def remove_line(self, principal: Principal | None, key: str, line_id: LineId) -> Outcome:
        """Take a line out of a draft; its inventory is what changed. Refused: a line of another's pilot, or of an
        inventory that is no draft."""
        caller = authorise(principal, Action.WRITE_INVENTORY)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            line, item, _ = await own_line(connection, caller, line_id)
            refuse(check_draft(item, "line"))
            body = {"line": line.id}
            transaction.append(caller.actor, EntryKind.INVENTORY_LINE_REMOVED, body, item.id)
            await line_store.delete_line(connection, line.id)
            await _compare(connection, item)
            return item.id

        request = Request.of(key, "removeInventoryLine", line_id)
        return await self._log.once(caller.actor, request, work)

    async def amend(
        self, principal: Principal | None, key: str, command: AmendInventory
    ) -> Outcome:
        """Change a draft's own terms; its lines are accounted anew and keep their ids. Refused: terms that not all of
        its lines fit (`LinesDoNotFitTerms`), and what is refused of an inventory that is created."""
        caller = authorise(principal, Action.WRITE_INVENTORY)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            item, pilot = await own_inventory(connection, caller, command.inventory_id)
            refuse(check_draft(item))
            period = (await pilots_store.read_periods(connection, [item.period_id]))[item.period_id]
            amended = amended_inventory(item, command.changes, pilot, period)
            if isinstance(amended, Refusal):
                raise Refused(amended)
            lines = await line_store.read_lines_of(connection, item.id)
            results = [carry_over(line, item, amended, pilot.variant) for line in lines]
            refuse(check_fit(lines, results, command.changes))
            body = {"before": item.terms, "after": amended.terms}
            kind = EntryKind.INVENTORY_AMENDED
            position = transaction.append(caller.actor, kind, body, item.id)
            await store.update_terms(connection, amended)
            await line_store.delete_lines_of(connection, item.id)
            anew = zip(lines, results, strict=True)
            fit = [
                (line.id, accounted)
                for line, accounted in anew
                if isinstance(accounted, AccountedLine)
            ]
            await _write(connection, amended, position, fit)
            return item.id

        request = Request.of(key, "amendInventory", command)
        return await self._log.once(caller.actor, request, work)

    async def discard(
        self, principal: Principal | None, key: str, inventory_id: InventoryId
    ) -> Outcome:
        """Give a draft up, for good. Refused: an inventory of another's pilot, or that is no draft."""
        caller = authorise(principal, Action.WRITE_INVENTORY)

        async def work(transaction: Transaction) -> int:
            item, _ = await own_inventory(transaction.connection, caller, inventory_id)
            refuse(check_draft(item))
            kind = EntryKind.INVENTORY_DISCARDED
            position = transaction.append(caller.actor, kind, {}, item.id)
            await release(transaction.connection, item.id)
            await store.mark_discarded(transaction.connection, item.id, position)
            return item.id

        request = Request.of(key, "discardInventory", inventory_id)
        return await self._log.once(caller.actor, request, work)


async def _write(
    connection: AsyncConnection,
    item: Inventory,
    position: Position,
    lines: Sequence[tuple[LineId, AccountedLine]],
) -> None:
    """Write lines anew, as they are since the position, with what there is to know of them."""
    await line_store.insert_lines(
        connection, item.id, [(number, position, accounted) for number, accounted in lines]
    )
    await warning_store.insert_warnings(connection, item.id, warnings_of(lines, ()))


async def _compare(connection: AsyncConnection, item: Inventory) -> None:
    """Find anew which lines of a draft repeat another."""
    await warning_store.delete_warnings(connection, item.id, WarningCode.RECORDED_TWICE)
    recorded = await line_store.read_recorded(connection, item.id)
    await warning_store.insert_warnings(
        connection, item.id, list(recorded_twice(recorded, ()).values())
    )
