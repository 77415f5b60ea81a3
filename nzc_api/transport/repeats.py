"""Requests that come again as they came before: what is known already goes out as it went out, for as long as what it
depends on stands.

A request is the same where its URL and all its headers are, but for those that name it. So none of the layers within,
which follow the request, could answer otherwise; and none of them is asked.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nzc_api.schema.kit.context import Client
from nzc_api.transport.clients import client_of
from nzc_api.transport.conditional import AnswerBasis, Answers
from nzc_api.transport.request_log import REQUEST_ID
from nzc_api.transport.requests import BY_URL

# Headers that tell one request from the next, and have no say in what is answered. Any other might have.
NAMING = frozenset({REQUEST_ID, b"traceparent", b"tracestate"})

# What an entry takes beside its bytes.
OVERHEAD = 1000  # bytes

SCOPE_KEY = "nzc.repeatable"

Headers = Sequence[tuple[bytes, bytes]]
# Method, path, what the URL asks, and headers.
_Key = tuple[str, str, bytes, Headers]


class Repeatable:
    """A request that may come again: who sends it, and what is found out of it on its way."""

    __slots__ = ("client", "counted", "is_known", "standing")

    def __init__(self, client: Client) -> None:
        self.client = client
        # Whether it was counted as an operation of its client.
        self.counted = False
        # How things stand for who asks, once that was asked.
        self.standing: AnswerBasis | None = None
        # Whether its answer was known without being executed; it is the answer as of the standing.
        self.is_known = False


class _Answer(NamedTuple):
    """An answer as it went out, as of a standing; of product data as of none."""

    standing: AnswerBasis | None
    status: int
    headers: Headers
    body: bytes


class Repeats:
    """Answers what comes again in ``app``'s place; ``stands`` says whether a request would be answered as of a standing
    still."""

    def __init__(
        self,
        app: ASGIApp,
        stands: Callable[[Repeatable, AnswerBasis | None], Awaitable[bool]],
        answers: Answers,
    ) -> None:
        self._app = app
        self._stands = stands
        self._answers = answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("method") not in BY_URL:
            await self._app(scope, receive, send)
            return
        key = _key(scope)
        scope[SCOPE_KEY] = repeatable = Repeatable(client_of(scope))
        kept: _Answer | None = self._answers.find(key)
        if kept is not None and await self._stands(repeatable, kept.standing):
            start = {"type": "http.response.start", "status": kept.status, "headers": kept.headers}
            await send(start)
            await send({"type": "http.response.body", "body": kept.body})
        else:
            await self._app(scope, receive, self._keeping(key, repeatable, send))

    def _keeping(self, key: _Key, repeatable: Repeatable, send: Send) -> Send:
        """Sends an answer, and keeps it where it was known."""
        start: Message = {}

        async def kept(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = {**message}
            elif repeatable.is_known and not message.get("more_body"):
                headers, body = tuple(start["headers"]), message.get("body", b"")
                answer = _Answer(
                    standing=repeatable.standing, status=start["status"], headers=headers, body=body
                )
                self._answers.keep(key, answer, _size(key, answer))
            await send(message)

        return kept


def repeatable_in(scope: Scope) -> Repeatable:
    """What is known of a request that may come again."""
    found: Repeatable = scope[SCOPE_KEY]
    return found


def _key(scope: Scope) -> _Key:
    headers = tuple([header for header in scope["headers"] if header[0] not in NAMING])
    return scope["method"], scope["path"], scope["query_string"], headers


def _size(key: _Key, answer: _Answer) -> int:
    _, path, query, headers = key
    of_headers = sum(len(name) + len(value) for name, value in (*headers, *answer.headers))
    return OVERHEAD + len(path) + len(query) + of_headers + len(answer.body)
