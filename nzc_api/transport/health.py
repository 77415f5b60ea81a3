"""Whether NZC runs (live), and whether it can answer (ready)."""

import asyncio
from time import monotonic

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from nzc_api.database.checks import fit_server, standing
from nzc_api.database.engine import (
    CommitUnconfirmed,
    DatabaseUnavailable,
    UnfitDatabase,
)
from nzc_api.database.migrate import head_revision
from nzc_api.log.model import Head
from nzc_api.log.service import Log
from nzc_api.refusal import LocalizedText
from nzc_api.release import RELEASE

# A database that says nothing for so long is taken to be away.
PATIENCE_SECONDS = 3

NO_ANSWER = LocalizedText("数据库没有应答", "the database does not answer")

# So that a check whose session hangs does not keep those waiting that come when the database is back.
LONGEST_CHECK_SECONDS = 10


# What an operator did to a server that stayed the same is found so soon by who asks whether NZC is ready.
CHECKED_AGAIN_SECONDS = 60


class Readiness:
    """Ready once the database was found fit, and for as long as it answers, and is the same server on
    the same timeline."""

    def __init__(self, log: Log, two_persons_above: int | None) -> None:
        self._log = log
        self._two_persons_above = two_persons_above
        # Kept where sessions begin: with another server none does before that is checked.
        self._availability = log.database.availability
        self._availability.check = fit_server
        self._checked_at = 0.0
        self._checking: asyncio.Task[None] | None = None

    async def head(self) -> Head:
        """Where the log stands; raises where the database is away or unfit."""
        await self._ask()
        return await self._log.head()

    async def sure(self) -> None:
        """Raise where the database is unfit; for every request, and asks only of a server that is new."""
        if self._availability.server is None:
            await self._ask()

    async def _ask(self) -> None:
        # All that come at once wait for one check: it takes as long as a hundred requests.
        if self._checking is None:
            self._checking = asyncio.create_task(self._check())
            # Those who waited may all have gone away.
            self._checking.add_done_callback(lambda done: done.cancelled() or done.exception())
        await asyncio.shield(self._checking)

    async def _check(self) -> None:
        try:
            async with asyncio.timeout(LONGEST_CHECK_SECONDS):
                found = await standing(self._log.database)
                if found != self._availability.server or self._is_old():
                    self._availability.server = None
                    self._availability.server = await fit_server(self._log.database)
                    self._checked_at = monotonic()
        except TimeoutError as error:
            raise DatabaseUnavailable(error) from error
        finally:
            self._checking = None

    def _is_old(self) -> bool:
        return monotonic() - self._checked_at > CHECKED_AGAIN_SECONDS

    async def ready(self, _request: Request) -> Response:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                head = await self.head()
                if self._log.database.replication.awaited:
                    raise CommitUnconfirmed
        except TimeoutError:
            reason = NO_ANSWER
        except DatabaseUnavailable as error:
            reason = error.reason
        except UnfitDatabase as error:
            reason = error.message
        else:
            return JSONResponse(
                {
                    "status": "ready",
                    "position": str(head.position),
                    "release": RELEASE,
                    "revision": head_revision(),
                    # Who judges by it is each process, so each says it.
                    "twoPersonsAbove": self._two_persons_above,
                }
            )
        told = {"status": "unavailable", "reason": f"{reason.en} {reason.zh}"}
        return JSONResponse(told, status_code=503)


async def live(_request: Request) -> Response:
    return JSONResponse({"status": "live"})
