"""Many commands in one request: all or nothing, or each by itself; one outcome an item, in order."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any

import strawberry

from nzc_api.access.principals import Principal, unauthenticated
from nzc_api.ledger.commands import Command
from nzc_api.log.store import Outcome
from nzc_api.refusal import InvalidInput, Refusal, Refused
from nzc_api.schema.answering import GIVEN, IDEMPOTENCY_KEY, Input, bad_key
from nzc_api.schema.context import Info
from nzc_api.schema.credits import IssueCreditsInput, RetireCreditsInput, TransferCreditsInput
from nzc_api.schema.errors import IdempotencyKeyReused, UserError, as_error
from nzc_api.schema.errors import InvalidInput as InvalidInputError
from nzc_api.schema.fields import dear, described_enum, short_list
from nzc_api.schema.lookup import OF_ONE_KIND, find_node
from nzc_api.schema.nodes import Node
from nzc_api.schema.payloads import union
from nzc_api.schema.scalars import BigInt

MOST_ITEMS = 1000

ITEMS = ("input", "items")


class BulkMode(StrEnum):
    ALL_OR_NOTHING = "ALL_OR_NOTHING"
    EACH_INDEPENDENT = "EACH_INDEPENDENT"


class BulkStatus(StrEnum):
    COMMITTED = "COMMITTED"
    REPLAYED = "REPLAYED"
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
        "REPLAYED": "it was answered before, under the same key: this is that outcome",
        "REJECTED": "it was refused: see its error",
        "NOT_ATTEMPTED": "another item was refused, and all stand or fall together; its key is unused",
    },
)


@strawberry.type(description="What became of one item.")
class BulkOutcome:
    kind: strawberry.Private[str]
    refused: strawberry.Private[Refusal | None]

    index: int = strawberry.field(description="Its number in the request, from 0.")
    status: BulkStatus = strawberry.field(description="What became of it.")
    position: BigInt | None = strawberry.field(
        description="The position of the log at which it was accepted."
    )

    @strawberry.field(description="Why it was refused.")
    def error(self, info: Info) -> UserError | None:
        refused = self.refused
        return None if refused is None else as_error(refused, info.context.ids)

    @dear("The batch, transfer or retirement that it brought about.", statements=OF_ONE_KIND)
    async def result(self, info: Info) -> Node | None:
        if self.position is None:
            return None
        return await find_node(info, self.kind, self.position)


@strawberry.type(description="What became of every item, in order.")
class BulkOutcomes:
    outcomes: list[BulkOutcome] = short_list("One outcome an item.", MOST_ITEMS)

    @strawberry.field(description="How many items were accepted, now or before.")
    def accepted(self) -> int:
        return sum(outcome.position is not None for outcome in self.outcomes)


KEY = "ALL_OR_NOTHING: the key of the whole request. EACH_INDEPENDENT: not used, so leave it out."


@strawberry.input(description="Up to 1,000 blocks to issue.")
class IssueCreditsBulkInput:
    mode: BulkMode = strawberry.field(description="How the items stand to each other.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)
    items: list[IssueCreditsInput] = strawberry.field(description="1 to 1,000 items, in order.")


@strawberry.input(description="Up to 1,000 transfers.")
class TransferCreditsBulkInput:
    mode: BulkMode = strawberry.field(description="How the items stand to each other.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)
    items: list[TransferCreditsInput] = strawberry.field(description="1 to 1,000 items, in order.")


@strawberry.input(description="Up to 1,000 retirements.")
class RetireCreditsBulkInput:
    mode: BulkMode = strawberry.field(description="How the items stand to each other.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)
    items: list[RetireCreditsInput] = strawberry.field(description="1 to 1,000 items, in order.")


BulkInput = IssueCreditsBulkInput | TransferCreditsBulkInput | RetireCreditsBulkInput

IssueCreditsBulkPayload = Annotated[
    BulkOutcomes | InvalidInputError | IdempotencyKeyReused, union("IssueCreditsBulkPayload")
]
TransferCreditsBulkPayload = Annotated[
    BulkOutcomes | InvalidInputError | IdempotencyKeyReused, union("TransferCreditsBulkPayload")
]
RetireCreditsBulkPayload = Annotated[
    BulkOutcomes | InvalidInputError | IdempotencyKeyReused, union("RetireCreditsBulkPayload")
]


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
        if isinstance(together, Refusal):
            return as_error(together, info.context.ids)
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
    answered = await info.context.services.ledger.post_each(caller, posted)
    return [
        _rejected(n, command, kind)
        if isinstance(command, Refusal)
        else _outcome(n, answered[n], kind)
        for n, command in enumerate(commands)
    ]


async def _together(
    info: Info,
    given: BulkInput,
    commands: Sequence[Command | Refusal],
    caller: Principal,
    kind: str,
) -> list[BulkOutcome] | Refusal:
    malformed = {n: c for n, c in enumerate(commands) if isinstance(c, Refusal)}
    if malformed:
        return [
            _rejected(n, malformed[n], kind) if n in malformed else _not_attempted(n, kind)
            for n in range(len(commands))
        ]
    wanted = [command for command in commands if not isinstance(command, Refusal)]
    outcome = await info.context.services.ledger.post_together(
        caller, given.idempotency_key or "", wanted
    )
    if outcome.position is not None:
        first = outcome.position
        return [
            _outcome(n, Outcome(first + n, None, outcome.replayed), kind)
            for n in range(len(commands))
        ]
    refusal = outcome.refusal
    assert refusal is not None
    if refusal.path[:2] != ITEMS:
        return refusal
    failed = int(refusal.path[2])
    return [
        _rejected(n, refusal, kind) if n == failed else _not_attempted(n, kind)
        for n in range(len(commands))
    ]


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
    if problem is None:
        try:
            return item.command(info.context.ids, caller)
        except Refused as refused:
            problem = refused.refusal
    return _seen_from_above(problem, number)


def _outcome(number: int, outcome: Outcome, kind: str) -> BulkOutcome:
    if outcome.refusal is not None:
        return _rejected(number, _seen_from_above(outcome.refusal, number), kind)
    assert outcome.position is not None
    status = BulkStatus.REPLAYED if outcome.replayed else BulkStatus.COMMITTED
    return BulkOutcome(
        kind=kind, refused=None, index=number, status=status, position=BigInt(outcome.position)
    )


def _rejected(number: int, refused: Refusal, kind: str) -> BulkOutcome:
    return BulkOutcome(
        kind=kind, refused=refused, index=number, status=BulkStatus.REJECTED, position=None
    )


def _not_attempted(number: int, kind: str) -> BulkOutcome:
    return BulkOutcome(
        kind=kind, refused=None, index=number, status=BulkStatus.NOT_ATTEMPTED, position=None
    )


def _seen_from_above(refused: Refusal, number: int) -> Refusal:
    """The refusal with the path in the whole request: an outcome that is replayed was seen from its
    own."""
    here = (*ITEMS, str(number))
    return refused if refused.path[:3] == here else refused.moved("input", *here)
