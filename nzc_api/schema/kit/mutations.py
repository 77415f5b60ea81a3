"""Answering a mutation: the command that its input stands for is done, and the outcome is shown."""

import re
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar, Protocol, Self, TypeVar

from nzc_api.access.principals import Principal, unauthenticated
from nzc_api.log.model import Outcome
from nzc_api.observing.record import current
from nzc_api.refusal import InvalidInput, Refused
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.errors import Failure, as_error
from nzc_api.schema.kit.fields import argument
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.nodes import find_node
from nzc_api.schema.kit.scalars import BigInt

IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,128}")

GIVEN = argument("What to do, and under which idempotency key.")

# A command; what it would do; and how that is shown.
C = TypeVar("C")
C_co = TypeVar("C_co", covariant=True)
D = TypeVar("D")
D_contra = TypeVar("D_contra", contravariant=True)
P = TypeVar("P")
P_co = TypeVar("P_co", covariant=True)


class Input(Protocol[C_co]):
    """What every mutation's input can do."""

    idempotency_key: str

    def command(self, ids: Ids, caller: Principal) -> C_co:
        """The command that the input stands for."""


class DryRunInput(Input[C_co], Protocol[C_co]):
    """The input of a mutation that can be previewed."""

    dry_run: bool


class Success:
    """What a mutation answers with where it was done: its ``field`` has the node of the ``kind`` that it is about."""

    kind: ClassVar[str]
    field: ClassVar[str]

    @classmethod
    async def of_outcome(cls, info: Info, outcome: Outcome) -> Self:
        """The success of an outcome that was accepted."""
        assert outcome.position is not None
        given: dict[str, Any] = {
            cls.field: await find_node(info, cls.kind, outcome.position),
            "replayed": outcome.replayed,
            "as_of_position": as_shown(outcome),
        }
        return cls(**given)


S = TypeVar("S", bound=Success)


class Preview(Protocol[D_contra, P_co]):
    """A GraphQL type that shows what would be."""

    def __call__(self, *, domain: D_contra) -> P_co: ...


async def answer(
    info: Info,
    given: Input[C],
    verb: Callable[[Principal, str, C], Awaitable[Outcome]],
    success: type[S],
) -> S | Failure:
    """Do what a mutation is for; a refusal becomes its GraphQL error."""
    outcome = await _done(info, given, verb)
    if outcome.refusal is not None:
        return _refused(info, outcome)
    return await success.of_outcome(info, outcome)


async def answer_or_preview(
    info: Info,
    given: DryRunInput[C],
    verb: Callable[[Principal, str, C], Awaitable[Outcome]],
    success: type[S],
    *,
    rehearsal: Callable[[Principal, str, C], Awaitable[D | Outcome]],
    preview: Preview[D, P],
) -> S | P | Failure:
    """The same of what can be tried: of a dry run, what the verb's ``rehearsal`` finds, as a ``preview``."""
    work: Callable[[Principal, str, C], Awaitable[D | Outcome]]
    work = rehearsal if given.dry_run else verb
    found = await _done(info, given, work)
    if not isinstance(found, Outcome):
        return preview(domain=found)
    if found.refusal is not None:
        return _refused(info, found)
    return await success.of_outcome(info, found)


async def _done(
    info: Info, given: Input[C], verb: Callable[[Principal, str, C], Awaitable[D]]
) -> D | Outcome:
    """What came of it, where the input itself can be read."""
    caller = await info.context.principal()
    if caller is None:
        raise unauthenticated()
    key = given.idempotency_key
    if not IDEMPOTENCY_KEY.fullmatch(key):
        return Outcome(None, bad_key(key))
    try:
        return await verb(caller, key, given.command(info.context.ids, caller))
    except Refused as refused:
        return Outcome(None, refused.refusal)


def _refused(info: Info, outcome: Outcome) -> Failure:
    refusal, ids = outcome.refusal, info.context.ids
    assert refusal is not None
    current().failed(refusal.code)
    return as_error(refusal, ids, replayed=outcome.replayed, as_of=outcome.as_of)


def as_shown(outcome: Outcome) -> BigInt | None:
    """As of which position it was decided."""
    return None if outcome.as_of is None else BigInt(outcome.as_of)


def bad_key(key: str) -> InvalidInput:
    return InvalidInput(
        path=("idempotency_key",),
        value=key[:80],
        expected_zh="1至128个可见ASCII字符，不含空格；每个新请求使用新的键，如UUID",
        expected_en="1 to 128 visible ASCII characters, no spaces; a new one, such as a UUID, for each "
        "new request",
    )
