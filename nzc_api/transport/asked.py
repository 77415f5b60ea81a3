"""Asking GraphQL from beside it: what somebody would be shown, page by page."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from functools import partial
from typing import Any, TypeVar

import orjson
from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import Response
from strawberry.types.graphql import OperationType

from nzc_api.feed.service import RETRY_SECONDS
from nzc_api.overload import Overloaded
from nzc_api.packs.asking import walked
from nzc_api.schema.engine.encoding import encode
from nzc_api.schema.kit.context import Context
from nzc_api.transport.view import GraphQLView

T = TypeVar("T")

# How often something is asked for where the server has too much to do.
ATTEMPTS = 30


class RequestQuestions:
    """Questions in the name of whoever sent a request. What they see is asked anew of each."""

    def __init__(self, view: GraphQLView, context: Context) -> None:
        self._view = view
        self.context = context

    async def ask(self, query: str, **given: Any) -> Any:
        """The data of the answer; raises its first error."""
        result = await self._view.schema.execute(
            query,
            variable_values=given,
            context_value=self.context,
            allowed_operation_types=(OperationType.QUERY,),
        )
        for error in result.errors or ():
            raise error
        # Parts of it may be encoded already.
        return orjson.loads(encode(result.data))

    async def pages(self, query: str, **given: Any) -> AsyncGenerator[list[Any], None]:
        """The rows of the list that the query calls ``walked``, page by page; none where what has it is not seen."""
        after = None
        while True:
            page = walked(await self._page(query, after, given))
            if page is None:
                return
            yield page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                return
            after = page["pageInfo"]["endCursor"]

    async def _page(self, query: str, after: str | None, given: dict[str, Any]) -> Any:
        """The answer that has a page; once the first is out, whoever reads waits until the server has room."""
        ask = partial(self.ask, query, after=after, **given)
        return await (when_there_is_room(ask) if after else ask())


class AskedAnew:
    """The API as it is asked from within while a file is made, for whoever sent a request: their key is looked at anew
    each time."""

    def __init__(self, view: GraphQLView, request: Request) -> None:
        self._view = view
        self._request = request

    async def ask(self, query: str, **given: Any) -> Any:
        async def answer() -> Any:
            return await RequestQuestions(self._view, await self.context()).ask(query, **given)

        return await when_there_is_room(answer)

    async def context(self) -> Context:
        return await self._view.get_context(self._request, Response())


async def when_there_is_room(work: Callable[[], Awaitable[T]]) -> T:
    """What work returns; where the server has too much to do for the moment, a little later."""
    for _ in range(ATTEMPTS - 1):
        try:
            return await work()
        except Overloaded:
            pass
        except GraphQLError as error:
            # What an answer says of it has its cause no more.
            if (error.extensions or {}).get("code") != "TRY_AGAIN":
                raise
        await asyncio.sleep(RETRY_SECONDS)
    return await work()
