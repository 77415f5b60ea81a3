"""Many commands in one request: all or nothing, or each by itself; one outcome an item, in order."""

from collections.abc import Mapping, Sequence

from nzc_api.access.principals import Principal, unauthenticated
from nzc_api.ids import Position
from nzc_api.ledger.posting.command import Command
from nzc_api.ledger.posting.preview import PostingPreview
from nzc_api.ledger.posting.rehearsal import Rehearsed
from nzc_api.log.model import Outcome
from nzc_api.refusal import InvalidInput, Refusal, Refused
from nzc_api.schema.credits.bulk import (
    MOST_ITEMS,
    BulkMode,
    BulkOutcome,
    BulkOutcomes,
    BulkStatus,
)
from nzc_api.schema.credits.bulk_inputs import BulkInput
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.errors import Failure, as_error
from nzc_api.schema.kit.mutations import IDEMPOTENCY_KEY, Input, bad_key
from nzc_api.schema.kit.paths import ITEMS, item_of


async def answer_all(info: Info, given: BulkInput, kind: str) -> BulkOutcomes | Failure:
    """Do what items are for, and show what became of each."""
    caller = await info.context.principal()
    if caller is None:
        raise unauthenticated()
    problem = _check(given)
    if problem is not None:
        return as_error(problem, info.context.ids)
    items: Sequence[Input[Command]] = given.items
    commands = [_command(info, item, caller) for item in items]
    if given.mode is BulkMode.EACH_INDEPENDENT:
        outcomes = await _each(info, given, commands, caller, kind)
    else:
        together = await _together(info, given, commands, caller, kind)
        if isinstance(together, Outcome):
            assert together.refusal is not None
            return as_error(together.refusal, info.context.ids, replayed=together.replayed)
        outcomes = together
    return BulkOutcomes(outcomes=outcomes)


async def _each(
    info: Info,
    given: BulkInput,
    commands: Sequence[Command | Refusal],
    caller: Principal,
    kind: str,
) -> list[BulkOutcome]:
    posted = {
        n: (given.items[n].idempotency_key, command)
        for n, command in enumerate(commands)
        if not isinstance(command, Refusal)
    }
    ledger = info.context.services.ledger
    answered: Mapping[int, Rehearsed] = await (
        ledger.preview_each(caller, posted) if given.dry_run else ledger.post_each(caller, posted)
    )
    return [
        _rejected(n, command, kind)
        if isinstance(command, Refusal)
        else _answered(n, answered[n], kind)
        for n, command in enumerate(commands)
    ]


async def _together(
    info: Info,
    given: BulkInput,
    commands: Sequence[Command | Refusal],
    caller: Principal,
    kind: str,
) -> list[BulkOutcome] | Outcome:
    malformed = {n: c for n, c in enumerate(commands) if isinstance(c, Refusal)}
    numbers = range(len(commands))
    if malformed:
        return [
            _rejected(n, malformed[n], kind) if n in malformed else _not_attempted(n, kind)
            for n in numbers
        ]
    wanted = [command for command in commands if not isinstance(command, Refusal)]
    ledger, key = info.context.services.ledger, given.idempotency_key or ""
    outcome: Rehearsed = await (
        ledger.preview_together(caller, key, wanted)
        if given.dry_run
        else ledger.post_together(caller, key, wanted)
    )
    if not isinstance(outcome, Outcome):
        return [_ready(n, preview, kind) for n, preview in enumerate(outcome)]
    if outcome.position is not None:
        places = {number: Position(outcome.position + number) for number in numbers}
        return [
            _outcome(number, outcome._replace(position=at, as_of=at), kind)
            for number, at in places.items()
        ]
    assert outcome.refusal is not None
    failed = item_of(outcome.refusal.path, outcome.item)
    if failed is None:
        return outcome
    return [_outcome(n, outcome, kind) if n == failed else _not_attempted(n, kind) for n in numbers]


def _check(given: BulkInput) -> InvalidInput | None:
    if not 1 <= len(given.items) <= MOST_ITEMS:
        return InvalidInput(
            path=(ITEMS,),
            value=str(len(given.items)),
            expected_zh=f"每次1至{MOST_ITEMS}项",
            expected_en=f"1 to {MOST_ITEMS} items at once",
        )
    key = given.idempotency_key
    if given.mode is BulkMode.ALL_OR_NOTHING and not IDEMPOTENCY_KEY.fullmatch(key or ""):
        return bad_key(key or "")
    return None


def _command(info: Info, item: Input[Command], caller: Principal) -> Command | Refusal:
    """The command of an item; or what is wrong with it."""
    key = item.idempotency_key
    problem: Refusal | None = None if IDEMPOTENCY_KEY.fullmatch(key) else bad_key(key)
    problem = problem or _check_whole(item)
    if problem is None:
        try:
            return item.command(info.context.ids, caller)
        except Refused as refused:
            return refused.refusal
    return problem


def _check_whole(item: Input[Command]) -> InvalidInput | None:
    """Refuse a dry run of one item: the others would be done as if it had been, or as if it had not."""
    if not getattr(item, "dry_run", False):
        return None
    return InvalidInput(
        path=("dry_run",),
        value="true",
        expected_zh="批量请求的dryRun写在请求上，对全部各项有效",
        expected_en="`dryRun` of the whole request, which is of all its items",
    )


def _answered(number: int, answered: Rehearsed, kind: str) -> BulkOutcome:
    if isinstance(answered, Outcome):
        return _outcome(number, answered, kind)
    return _ready(number, answered[0], kind)


def _outcome(number: int, outcome: Outcome, kind: str) -> BulkOutcome:
    if outcome.refusal is not None:
        return BulkOutcome(kind=kind, index=number, status=BulkStatus.REJECTED, outcome=outcome)
    status = BulkStatus.REPLAYED if outcome.replayed else BulkStatus.COMMITTED
    return BulkOutcome(kind=kind, index=number, status=status, outcome=outcome)


def _ready(number: int, preview: PostingPreview, kind: str) -> BulkOutcome:
    return BulkOutcome(kind=kind, index=number, status=BulkStatus.READY, previewed=preview)


def _rejected(number: int, refused: Refusal, kind: str) -> BulkOutcome:
    return _outcome(number, Outcome(None, refused), kind)


def _not_attempted(number: int, kind: str) -> BulkOutcome:
    return BulkOutcome(kind=kind, index=number, status=BulkStatus.NOT_ATTEMPTED)
