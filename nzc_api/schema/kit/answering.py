"""Answering a mutation: the command that its input stands for is done, and the outcome is shown."""

import re
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from nzc_api.access.principals import Principal, unauthenticated
from nzc_api.log.store import Outcome
from nzc_api.observing.record import current
from nzc_api.refusal import InvalidInput, Refusal, Refused
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.errors import as_error
from nzc_api.schema.kit.fields import argument
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.nodes import find_node
from nzc_api.schema.kit.scalars import BigInt

IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,128}")


class Input(Protocol):
    """What every mutation's input can do."""

    idempotency_key: str

    def command(self, ids: Ids, caller: Principal) -> object:
        """The command that the input stands for."""


GIVEN = argument("What to do, and under which idempotency key.")

Verb = Callable[[Principal, str, Any], Awaitable[Any]]


async def answer(info: Info, given: Input, verb: Verb, success: Any, preview: Any = None) -> Any:
    """Do what a mutation is for; a refusal becomes its GraphQL error. What a verb answers with instead
    of an outcome is shown as a ``preview``."""
    caller = await info.context.principal()
    if caller is None:
        raise unauthenticated()
    key = given.idempotency_key
    if not IDEMPOTENCY_KEY.fullmatch(key):
        return _refused(info, bad_key(key))
    try:
        outcome = await verb(caller, key, given.command(info.context.ids, caller))
    except Refused as refused:
        return _refused(info, refused.refusal)
    if not isinstance(outcome, Outcome):
        return preview(domain=outcome)
    if outcome.refusal is not None:
        return _refused(info, outcome.refusal, replayed=outcome.replayed, as_of=outcome.as_of)
    assert outcome.position is not None
    if hasattr(success, "of_outcome"):
        return await success.of_outcome(info, outcome)
    node = await find_node(info, success.kind, outcome.position)
    return success(
        **{success.field: node}, replayed=outcome.replayed, as_of_position=as_shown(outcome)
    )


def as_shown(outcome: Outcome) -> BigInt | None:
    """As of which position it was decided."""
    return None if outcome.as_of is None else BigInt(outcome.as_of)


def _refused(
    info: Info, refusal: Refusal, *, replayed: bool = False, as_of: int | None = None
) -> Any:
    current().failed(refusal.code)
    return as_error(refusal, info.context.ids, replayed=replayed, as_of=as_of)


def bad_key(key: str) -> InvalidInput:
    return InvalidInput(
        path=("input", "idempotencyKey"),
        value=key[:80],
        expected_zh="1至128个可见ASCII字符，不含空格；每个新请求使用新的键，如UUID",
        expected_en="1 to 128 visible ASCII characters, no spaces; a new one, such as a UUID, for each "
        "new request",
    )
