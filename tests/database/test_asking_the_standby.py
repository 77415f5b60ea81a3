"""The question whether a standby has what can be seen is asked until it is answered."""

from typing import Any

import asyncpg

from nzc_api.database.replication import Replication
from tests.served import PATIENCE


class Asked:
    """A session of a server that waits for a standby, which fails or answers."""

    def __init__(self, failure: Exception | None = None) -> None:
        self._failure = failure

    async def fetchrow(self, _query: str) -> tuple[str, bool]:
        if self._failure is not None:
            raise self._failure
        return "its start", True

    async def execute(self, _query: str, **_given: object) -> None: ...
    def add_log_listener(self, _listener: object) -> None: ...
    def remove_log_listener(self, _listener: object) -> None: ...
    def terminate(self) -> None: ...
    def is_closed(self) -> bool:
        return False


async def test_a_question_that_the_driver_breaks_off_is_asked_again() -> None:
    """Else nobody would be served until NZC is started anew."""
    tries = iter([asyncpg.InternalClientError("cannot switch to state 12"), None])
    session: Any = Asked()

    async def connect() -> Any:
        return Asked(next(tries))

    assert await Replication(connect).met(session, PATIENCE)
