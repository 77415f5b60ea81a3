"""Whether NZC runs (live), and whether it can answer (ready)."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from nzc_api.database.checks import UnfitDatabase, check_database
from nzc_api.database.engine import DatabaseUnavailable
from nzc_api.log.service import Log


class Readiness:
    """Ready once the database was found fit, and for as long as it answers."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._checked = False

    async def check(self) -> int:
        """The log's position; raises where the database is away or unfit."""
        if not self._checked:
            await check_database(self._log.database)
            self._checked = True
        return (await self._log.head()).position

    async def ready(self, _request: Request) -> Response:
        try:
            position = await self.check()
        except DatabaseUnavailable:
            reason = "the database cannot be reached"
        except UnfitDatabase as error:
            reason = str(error)
        else:
            return JSONResponse({"status": "ready", "position": str(position)})
        return JSONResponse({"status": "unavailable", "reason": reason}, status_code=503)


async def live(_request: Request) -> Response:
    return JSONResponse({"status": "live"})
