"""Intervals of meters by the ten thousand: `POST /intervals`, a table or columns as the body, and what became of its
rows."""

import hashlib
from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import Response

from nzc_api.access.principals import Action, Principal, authorise
from nzc_api.metering.bulk import RecordIntervals
from nzc_api.metering.interval_cells import MeterOf
from nzc_api.metering.interval_columns import read_columns
from nzc_api.metering.interval_rows import IntervalRows, read_rows
from nzc_api.metering.recording import RecordedReadings
from nzc_api.refusal import LocalizedText, Refusal, Refused
from nzc_api.schema.engine.encoding import encode
from nzc_api.schema.kit.context import Context
from nzc_api.schema.kit.kinds import METER
from nzc_api.transport.answers import RequestRefused
from nzc_api.transport.documents import AtOnce, answered
from nzc_api.transport.media_types import JSON, plain
from nzc_api.transport.parameters import check_names, key_given, truth_given
from nzc_api.transport.requests import LimitedRequest
from nzc_api.transport.view import GraphQLView

Read: TypeAlias = Callable[[bytes, MeterOf], IntervalRows]

# How rows may be written, by their media types.
CSV = "text/csv"
FORMS: dict[str, Read] = {CSV: read_rows, JSON: read_columns}
NO_FORM = LocalizedText(
    f"请求体的Content-Type须为{CSV}或{JSON}", f"The body's Content-Type must be {CSV} or {JSON}"
)

# How many tables a process takes in at once, and of these one organisation: two imports have two each under way.
MOST_TABLES = 8
MOST_TABLES_OF_ONE = 4


class IntervalFiles:
    """Answers for tables of intervals; who asks, and what that sees, is the view's to say."""

    def __init__(self, view: GraphQLView) -> None:
        self._view = view
        self._arriving = AtOnce(MOST_TABLES, MOST_TABLES_OF_ONE)

    async def post(self, request: Request) -> Response:
        """`POST /intervals`, with `Idempotency-Key`; `?dryRun=true`: find out what would be."""
        return await answered(self._view, request, self._receive)

    async def _receive(self, request: Request) -> Response:
        check_names(request, "dryRun")
        context = await self._view.get_context(request, Response())
        caller = authorise(await context.principal(), Action.RECORD_READINGS)
        key = key_given(request)
        read = FORMS.get(plain(request.headers.get("content-type")))
        if read is None:
            raise RequestRefused(415, NO_FORM)
        dry_run = truth_given(request, "dryRun")
        with self._arriving.one(caller.organisation_id):
            body = await LimitedRequest(request).get_body()
            record = partial(_record, context, caller, key, read, body, dry_run=dry_run)
            answer = await context.execution.worker.run(record)
        return Response(answer, media_type=JSON)


async def _record(
    context: Context, caller: Principal, key: str, read: Read, body: bytes, *, dry_run: bool
) -> bytes:
    """Record rows in the worker's thread, where it keeps nobody waiting, and tell what became of its rows, which is
    megabytes where all were refused."""
    meter_of = partial(context.ids.read, kind=METER)
    command = RecordIntervals(
        read(body, lambda text: meter_of(text, "meter")), hashlib.sha256(body).hexdigest()
    )
    intervals = context.execution.services.intervals
    verb = intervals.rehearse if dry_run else intervals.record
    recorded = await verb(caller, key, command)
    outcome = recorded.outcome
    if outcome is not None and outcome.refusal is not None:
        raise Refused(outcome.refusal)
    return encode(_told(recorded, command.rows.size))


def _told(recorded: RecordedReadings, size: int) -> dict[str, object]:
    outcome = recorded.outcome
    position = None if outcome is None else outcome.position
    return {
        "rows": size,
        "position": None if position is None else str(position),
        "replayed": outcome is not None and outcome.replayed,
        "refused": [
            _refusal(number, refusal) for number, refusal in sorted(recorded.refused.items())
        ],
    }


def _refusal(number: int, refusal: Refusal) -> dict[str, object]:
    message = refusal.message
    return {
        "row": number,
        # Under "items" and the row's number; none where it is the whole row.
        "column": next(iter(refusal.path[2:]), None),
        "code": refusal.code,
        "message": {"zh": message.zh, "en": message.en},
        "recorded": getattr(refusal, "recorded", None),
    }
