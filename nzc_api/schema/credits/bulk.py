"""Many commands in one request: all or nothing, or each by itself; one outcome an item, in order."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any

import strawberry

from nzc_api.access.principals import Principal, unauthenticated
from nzc_api.ledger.commands import Command
from nzc_api.ledger.preview import Preview
from nzc_api.ledger.rehearsal import Rehearsed
from nzc_api.log.store import Outcome
from nzc_api.refusal import InvalidInput, Refusal, Refused
from nzc_api.schema.credits.orders import (
    ConfirmRetirementInput,
    FreezeCreditsInput,
    RequestRetirementInput,
    UseCreditsInput,
)
from nzc_api.schema.credits.previews import LedgerPreview
from nzc_api.schema.credits.types import IssueCreditsInput, RetireCreditsInput, TransferCreditsInput
from nzc_api.schema.kit.answering import GIVEN, IDEMPOTENCY_KEY, Input, as_shown, bad_key
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.errors import IdempotencyKeyReused, UserError, as_error
from nzc_api.schema.kit.errors import InvalidInput as InvalidInputError
from nzc_api.schema.kit.fields import dear, described_enum, short_list
from nzc_api.schema.kit.nodes import OF_ONE_KIND, Node, find_node
from nzc_api.schema.kit.payloads import union
from nzc_api.schema.kit.scalars import BigInt

MOST_ITEMS = 1000

NOTHING_YET = Outcome(None, None)

ITEMS = ("input", "items")


class BulkMode(StrEnum):
    ALL_OR_NOTHING = "ALL_OR_NOTHING"
    EACH_INDEPENDENT = "EACH_INDEPENDENT"


class BulkStatus(StrEnum):
    COMMITTED = "COMMITTED"
    REPLAYED = "REPLAYED"
    READY = "READY"
    REJECTED = "REJECTED"
    NOT_ATTEMPTED = "NOT_ATTEMPTED"


described_enum(
    BulkMode,
    "How the items of a request stand to each other. They always see each other's effects, in order.",
    {
        "ALL_OR_NOTHING": "all are accepted under the request's key, or none; items' keys stay unused",
        "EACH_INDEPENDENT": "each is decided by itself, under its own key",
    },
)
described_enum(
    BulkStatus,
    "What became of an item.",
    {
        "COMMITTED": "it was done now",
        "REPLAYED": "it was done before, under the same key: this is that outcome",
        "READY": "a dry run: it would be done now",
        "REJECTED": "it was refused, now or before (`replayed`): see its error",
        "NOT_ATTEMPTED": "another item was refused, and all stand or fall together; its key is unused",
    },
)


@strawberry.type(description="What became of one item.")
class BulkOutcome:
    kind: strawberry.Private[str]
    index: int = strawberry.field(description="Its number in the request, from 0.")
    status: BulkStatus = strawberry.field(description="What became of it.")
    outcome: strawberry.Private[Outcome] = NOTHING_YET
    previewed: strawberry.Private[Preview | None] = None

    @strawberry.field(description="The position of the log at which it was accepted.")
    def position(self) -> BigInt | None:
        position = self.outcome.position
        return None if position is None else BigInt(position)

    @strawberry.field(
        description="Whether this answers an earlier request with the same key, as of `asOfPosition`; it may be "
        "refused, or done, otherwise by now."
    )
    def replayed(self) -> bool:
        return self.outcome.replayed

    @strawberry.field(
        description="The position of the log as of which it was decided; null where it follows from the input "
        "alone, or was decided before December 2026."
    )
    def as_of_position(self) -> BigInt | None:
        return as_shown(self.outcome)

    @strawberry.field(description="Why it was refused.")
    def error(self, info: Info) -> UserError | None:
        refused, replayed, as_of = self.outcome.refusal, self.outcome.replayed, self.outcome.as_of
        if refused is None:
            return None
        return as_error(refused, info.context.ids, replayed=replayed, as_of=as_of)

    @strawberry.field(
        description="What it would do: of a dry run, where it would be done; null of readings and bills."
    )
    def preview(self) -> LedgerPreview | None:
        return None if self.previewed is None else LedgerPreview(domain=self.previewed)

    @dear("What it brought about.", statements=OF_ONE_KIND)
    async def result(self, info: Info) -> Node | None:
        position = self.outcome.position
        return None if position is None else await find_node(info, self.kind, position)


@strawberry.type(description="What became of every item, in order.")
class BulkOutcomes:
    outcomes: list[BulkOutcome] = short_list("One outcome an item.", MOST_ITEMS)

    @strawberry.field(description="How many items were accepted, now or before.")
    def accepted(self) -> int:
        return sum(one.outcome.position is not None for one in self.outcomes)


KEY = "ALL_OR_NOTHING: the key of the whole request. EACH_INDEPENDENT: not used, so leave it out."
DRY_RUN = (
    "Only find out what would be, item after item, as if those before it were done: one that would be done is READY, "
    "with its `preview`. Nothing is written, and no key is used. An item's own `dryRun` must not be set."
)
ITEMS_GIVEN = "1 to 1,000 items, in order."


@strawberry.input
class _Bulk:
    """What every bulk request says beside its items."""

    mode: BulkMode = strawberry.field(description="How the items stand to each other.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@strawberry.input(description="Up to 1,000 blocks to issue.")
class IssueCreditsBulkInput(_Bulk):
    items: list[IssueCreditsInput] = strawberry.field(description=ITEMS_GIVEN)


@strawberry.input(description="Up to 1,000 transfers.")
class TransferCreditsBulkInput(_Bulk):
    items: list[TransferCreditsInput] = strawberry.field(description=ITEMS_GIVEN)


@strawberry.input(description="Up to 1,000 retirements.")
class RetireCreditsBulkInput(_Bulk):
    items: list[RetireCreditsInput] = strawberry.field(description=ITEMS_GIVEN)


@strawberry.input(description="Up to 1,000 retirements to request.")
class RequestRetirementBulkInput(_Bulk):
    items: list[RequestRetirementInput] = strawberry.field(description=ITEMS_GIVEN)


@strawberry.input(description="Up to 1,000 requested retirements to confirm.")
class ConfirmRetirementBulkInput(_Bulk):
    items: list[ConfirmRetirementInput] = strawberry.field(description=ITEMS_GIVEN)


@strawberry.input(description="Up to 1,000 uses.")
class UseCreditsBulkInput(_Bulk):
    items: list[UseCreditsInput] = strawberry.field(description=ITEMS_GIVEN)


@strawberry.input(description="Up to 1,000 orders to freeze.")
class FreezeCreditsBulkInput(_Bulk):
    items: list[FreezeCreditsInput] = strawberry.field(description=ITEMS_GIVEN)


BulkInput = (
    IssueCreditsBulkInput
    | TransferCreditsBulkInput
    | RetireCreditsBulkInput
    | RequestRetirementBulkInput
    | ConfirmRetirementBulkInput
    | UseCreditsBulkInput
    | FreezeCreditsBulkInput
)

Answered = BulkOutcomes | InvalidInputError | IdempotencyKeyReused

IssueCreditsBulkPayload = Annotated[Answered, union("IssueCreditsBulkPayload")]
TransferCreditsBulkPayload = Annotated[Answered, union("TransferCreditsBulkPayload")]
RetireCreditsBulkPayload = Annotated[Answered, union("RetireCreditsBulkPayload")]
RequestRetirementBulkPayload = Annotated[Answered, union("RequestRetirementBulkPayload")]
ConfirmRetirementBulkPayload = Annotated[Answered, union("ConfirmRetirementBulkPayload")]
UseCreditsBulkPayload = Annotated[Answered, union("UseCreditsBulkPayload")]
FreezeCreditsBulkPayload = Annotated[Answered, union("FreezeCreditsBulkPayload")]


@strawberry.type
class BulkMutation:
    @strawberry.mutation(
        description="Issue up to 1,000 serial blocks. For registries of the programmes."
    )
    async def issue_credits_bulk(
        self, info: Info, input: Annotated[IssueCreditsBulkInput, GIVEN]
    ) -> IssueCreditsBulkPayload:
        return await _answer(info, input, "CreditBatch")

    @strawberry.mutation(
        description="Transfer up to 1,000 serial ranges. For registries of the programmes."
    )
    async def transfer_credits_bulk(
        self, info: Info, input: Annotated[TransferCreditsBulkInput, GIVEN]
    ) -> TransferCreditsBulkPayload:
        return await _answer(info, input, "CreditTransfer")

    @strawberry.mutation(
        description="Retire up to 1,000 times (注销), each for a pilot and period of its own. For "
        "registries of the programmes."
    )
    async def retire_credits_bulk(
        self, info: Info, input: Annotated[RetireCreditsBulkInput, GIVEN]
    ) -> RetireCreditsBulkPayload:
        return await _answer(info, input, "Retirement")

    @strawberry.mutation(
        description="Request up to 1,000 retirements. For registries of the programmes."
    )
    async def request_retirement_bulk(
        self, info: Info, input: Annotated[RequestRetirementBulkInput, GIVEN]
    ) -> RequestRetirementBulkPayload:
        return await _answer(info, input, "RetirementRequest")

    @strawberry.mutation(
        description="Confirm up to 1,000 requested retirements. For registries of the programmes."
    )
    async def confirm_retirement_bulk(
        self, info: Info, input: Annotated[ConfirmRetirementBulkInput, GIVEN]
    ) -> ConfirmRetirementBulkPayload:
        return await _answer(info, input, "Retirement")

    @strawberry.mutation(
        description="Use credits up to 1,000 times for something else than a pilot. For registries of the programmes."
    )
    async def use_credits_bulk(
        self, info: Info, input: Annotated[UseCreditsBulkInput, GIVEN]
    ) -> UseCreditsBulkPayload:
        return await _answer(info, input, "CreditUse")

    @strawberry.mutation(
        description="Carry out up to 1,000 orders to freeze credits. For registries of the programmes."
    )
    async def freeze_credits_bulk(
        self, info: Info, input: Annotated[FreezeCreditsBulkInput, GIVEN]
    ) -> FreezeCreditsBulkPayload:
        return await _answer(info, input, "LedgerPosting")


async def _answer(info: Info, given: BulkInput, kind: str) -> Any:
    caller = await info.context.principal()
    if caller is None:
        raise unauthenticated()
    problem = _check(given)
    if problem is not None:
        return as_error(problem, info.context.ids)
    items: Sequence[Input] = given.items
    commands = [_command(info, item, caller, n) for n, item in enumerate(items)]
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
        first = outcome.position
        return [
            _outcome(n, outcome._replace(position=first + n, as_of=first + n), kind)
            for n in numbers
        ]
    refusal = outcome.refusal
    assert refusal is not None
    if refusal.path[:2] != ITEMS:
        return outcome
    failed = int(refusal.path[2])
    return [_outcome(n, outcome, kind) if n == failed else _not_attempted(n, kind) for n in numbers]


def _check(given: BulkInput) -> InvalidInput | None:
    if not 1 <= len(given.items) <= MOST_ITEMS:
        return InvalidInput(
            path=ITEMS,
            value=str(len(given.items)),
            expected_zh=f"每次1至{MOST_ITEMS}项",
            expected_en=f"1 to {MOST_ITEMS} items at once",
        )
    key = given.idempotency_key
    if given.mode is BulkMode.ALL_OR_NOTHING and not IDEMPOTENCY_KEY.fullmatch(key or ""):
        return bad_key(key or "")
    return None


def _command(info: Info, item: Input, caller: Principal, number: int) -> Any:
    """The command of an item; or what is wrong with it, seen from the whole request."""
    key = item.idempotency_key
    problem: Refusal | None = None if IDEMPOTENCY_KEY.fullmatch(key) else bad_key(key)
    problem = problem or _check_whole(item)
    if problem is None:
        try:
            return item.command(info.context.ids, caller)
        except Refused as refused:
            problem = refused.refusal
    return _seen_from_above(problem, number)


def _check_whole(item: Input) -> InvalidInput | None:
    """Refuse a dry run of one item: the others would be done as if it had been, or as if it had not."""
    if not getattr(item, "dry_run", False):
        return None
    return InvalidInput(
        path=("input", "dryRun"),
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
        seen = outcome._replace(refusal=_seen_from_above(outcome.refusal, number))
        return BulkOutcome(kind=kind, index=number, status=BulkStatus.REJECTED, outcome=seen)
    status = BulkStatus.REPLAYED if outcome.replayed else BulkStatus.COMMITTED
    return BulkOutcome(kind=kind, index=number, status=status, outcome=outcome)


def _ready(number: int, preview: Preview, kind: str) -> BulkOutcome:
    return BulkOutcome(kind=kind, index=number, status=BulkStatus.READY, previewed=preview)


def _rejected(number: int, refused: Refusal, kind: str) -> BulkOutcome:
    return _outcome(number, Outcome(None, refused), kind)


def _not_attempted(number: int, kind: str) -> BulkOutcome:
    return BulkOutcome(kind=kind, index=number, status=BulkStatus.NOT_ATTEMPTED)


def _seen_from_above(refused: Refusal, number: int) -> Refusal:
    """The refusal with the path in the whole request: an outcome that is replayed was seen from its
    own."""
    here = (*ITEMS, str(number))
    return refused if refused.path[:3] == here else refused.moved("input", *here)
