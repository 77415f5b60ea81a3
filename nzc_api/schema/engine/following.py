"""A subscription's events, each as clients may see it."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Hashable
from contextlib import aclosing
from typing import Any, Protocol

from graphql import (
    ExecutionResult as CoreResult,
)
from graphql import (
    FieldNode,
    OperationDefinitionNode,
    VariableNode,
    create_source_event_stream,
)
from strawberry.execution.is_awaitable import optimized_is_awaitable
from strawberry.types.execution import ExecutionContext, ExecutionResult
from strawberry.utils.await_maybe import await_maybe

from nzc_api.access.principals import AccessDenied, Principal
from nzc_api.database.engine import DatabaseUnavailable
from nzc_api.feed.service import RETRY_SECONDS
from nzc_api.ids import Position
from nzc_api.overload import Overloaded
from nzc_api.schema.engine.encoding import encoded
from nzc_api.schema.engine.error_presenter import cause_of, present_errors
from nzc_api.schema.engine.execution import NotValid, failed, prepare
from nzc_api.schema.engine.executor import Executor, executor_of
from nzc_api.schema.engine.followers import Shown, ShownEvent, ShownEvents
from nzc_api.schema.kit.context import Context
from nzc_api.shortcuts.handles import core_schema

# How many events of one subscription go out in one go, where so many wait: as one packet.
IN_ONE_GO = 10

# A longer request, in characters, is not compared with what others asked.
LONGEST_COMPARED = 20_000


class Placed(Protocol):
    @property
    def position(self) -> int: ...


class Event(Protocol):
    """What is followed: entries of the log, or what is said between them, as a topic shows it. ``known_by`` is what
    tells it from others that are followed by the same request."""

    @property
    def domain(self) -> Placed: ...
    @property
    def known_by(self) -> Hashable: ...


async def follow(execution: ExecutionContext) -> AsyncGenerator[ExecutionResult, None]:
    """The events of a subscription; where an error ends it, that is the last of them."""
    asked = execution.context
    begun = False
    try:
        await prepare(execution)
        caller = await _caller(asked)
        with asked.execution.subscriptions.one_more(_whose(asked, caller)):
            executor = _executor(execution)
            same = _same(execution, caller)
            async with aclosing(await _source(executor)) as source:
                begun = True
                sent = 0
                async for event in source:
                    shown = await _shown(execution, executor, event, same)
                    if sent % IN_ONE_GO == 0:
                        await asked.execution.shown_events.turns.mine()
                    sent += 1
                    yield shown
    except Exception as error:
        refused = failed(error, execution)
        yield ExecutionResult(None, refused.errors) if begun else refused


async def _caller(context: Context) -> Principal | None:
    try:
        return await context.principal()
    except (AccessDenied, DatabaseUnavailable, Overloaded):
        return None


def _whose(context: Context, caller: Principal | None) -> Hashable:
    """Whom a subscription counts for: an organisation, or an address, which may make keys up."""
    return context.client.address if caller is None else caller.organisation_id


def _executor(execution: ExecutionContext) -> Executor:
    assert execution.graphql_document is not None
    executor = executor_of(execution).build(
        core_schema(execution.schema),
        execution.graphql_document,
        execution.root_value,
        execution.context,
        execution.variables,
        execution.operation_name,
        is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]
    )
    if isinstance(executor, list):
        raise NotValid(executor)
    assert isinstance(executor, Executor)
    return executor


async def _source(executor: Executor) -> AsyncGenerator[Event, None]:
    source: Any = await await_maybe(create_source_event_stream(executor))
    if isinstance(source, CoreResult):
        raise NotValid(source.errors or [])
    generator: AsyncGenerator[Event, None] = source
    return generator


async def _shown(
    execution: ExecutionContext, executor: Executor, event: Event, same: Hashable
) -> ExecutionResult:
    """The event as it is shown to all who asked the same; a database that is away is waited for."""
    position = Position(event.domain.position)

    async def show() -> Shown:
        return await _show(execution, executor.build_per_event_executor(event), position)

    events: ShownEvents = execution.context.execution.shown_events
    while True:
        shown = await events.show((same, event.known_by), show)
        if shown is not None:
            return shown
        await asyncio.sleep(RETRY_SECONDS)


async def _show(execution: ExecutionContext, executor: Any, position: Position) -> Shown:
    try:
        async with asyncio.timeout(execution.context.execution.seconds):
            result = await await_maybe(executor.execute_operation(False))
    except TimeoutError:
        return None
    errors = result.errors or []
    if any(isinstance(cause_of(error), DatabaseUnavailable | Overloaded) for error in errors):
        return None
    return ShownEvent(
        data=None if result.data is None else encoded(result.data),
        errors=present_errors(errors, execution) or None,
        position=position,
    )


def _same(execution: ExecutionContext, caller: Principal | None) -> Hashable:
    """What those have in common who are shown the same events: all that they asked and who they are, but
    for the position at which they begin. Of one key, that it was in force too: what was shown while it
    was is not shown to who comes with it afterwards."""
    begins = _begins(execution)
    variables = {
        name: value for name, value in (execution.variables or {}).items() if name != begins
    }
    text = json.dumps(variables, sort_keys=True)
    if len(text) + len(execution.query or "") > LONGEST_COMPARED:
        return object()
    return (
        execution.query,
        execution.operation_name,
        text,
        execution.context.client.authorization,
        caller,
    )


def _begins(execution: ExecutionContext) -> str | None:
    """The variable that says after which position to begin, and nothing else."""
    assert execution.graphql_document is not None
    for definition in execution.graphql_document.definitions:
        if not isinstance(definition, OperationDefinitionNode):
            continue
        for field in definition.selection_set.selections:
            for given in field.arguments or () if isinstance(field, FieldNode) else ():
                if given.name.value == "after" and isinstance(given.value, VariableNode):
                    name = given.value.name.value
                    # Where it is declared, and here.
                    return name if _uses(execution.query or "", name) == 2 else None  # noqa: PLR2004
    return None


def _uses(query: str, name: str) -> int:
    return len(re.findall(rf"\${name}\b", query))
