"""Recording readings and bills: what became of each."""

from collections.abc import Sequence
from typing import TypeVar

from nzc_api.access.principals import unauthenticated
from nzc_api.log.model import Outcome
from nzc_api.metering.readings import MOST_ITEMS, Mode
from nzc_api.refusal import InvalidInput as BadInput
from nzc_api.refusal import Refusal
from nzc_api.schema.credits.bulk import BulkOutcome, BulkStatus
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.errors import Failure, as_error
from nzc_api.schema.kit.mutations import IDEMPOTENCY_KEY, as_shown, bad_key
from nzc_api.schema.kit.paths import ITEMS
from nzc_api.schema.metering.payloads import RecordBillsSuccess, RecordReadingsSuccess
from nzc_api.schema.metering.reading_inputs import (
    BillInput,
    ReadingInput,
    RecordBillsInput,
    RecordReadingsInput,
    items_of,
)
from nzc_api.schema.metering.readings import ReadingBatch

# Where every item was refused, each by itself.
NOTHING_ACCEPTED = Outcome(None, None)

KIND = "ReadingBatch"

R = TypeVar("R", RecordReadingsSuccess, RecordBillsSuccess)


async def record(
    info: Info, given: RecordReadingsInput | RecordBillsInput, success: type[R]
) -> R | Failure:
    """Record items, or find out what would be, and show what became of each."""
    caller = await info.context.principal()
    if caller is None:
        raise unauthenticated()
    problem = _check(given)
    if problem is not None:
        return as_error(problem, info.context.ids)
    items: Sequence[ReadingInput | BillInput] = given.items
    command = items_of(items, info.context.ids, Mode(given.mode))
    readings = info.context.services.readings
    verb = readings.rehearse if given.dry_run else readings.record
    recorded = await verb(caller, given.idempotency_key, command)
    outcome = recorded.outcome or NOTHING_ACCEPTED
    if outcome.refusal is not None:
        ids, as_of = info.context.ids, outcome.as_of
        return as_error(outcome.refusal, ids, replayed=outcome.replayed, as_of=as_of)
    position = outcome.position
    return success(
        batch=None if position is None else await ReadingBatch.seen(info, position),
        outcomes=[
            _outcome(number, outcome, recorded.refused.get(number), dry_run=given.dry_run)
            for number in range(len(given.items))
        ],
        replayed=outcome.replayed,
        as_of_position=as_shown(outcome),
    )


def _check(given: RecordReadingsInput | RecordBillsInput) -> BadInput | None:
    if not IDEMPOTENCY_KEY.fullmatch(given.idempotency_key):
        return bad_key(given.idempotency_key)
    if 1 <= len(given.items) <= MOST_ITEMS:
        return None
    return BadInput(
        path=(ITEMS,),
        value=str(len(given.items)),
        expected_zh=f"每次1至{MOST_ITEMS}项",
        expected_en=f"1 to {MOST_ITEMS} items at once",
    )


def _outcome(
    number: int, outcome: Outcome, refused: Refusal | None, *, dry_run: bool
) -> BulkOutcome:
    """What became of an item of a request that had the outcome."""
    if refused is not None:
        own = outcome._replace(position=None, refusal=refused)
        return BulkOutcome(kind=KIND, index=number, status=BulkStatus.REJECTED, outcome=own)
    done = BulkStatus.READY if dry_run else BulkStatus.COMMITTED
    status = BulkStatus.REPLAYED if outcome.replayed else done
    return BulkOutcome(kind=KIND, index=number, status=status, outcome=outcome)
