"""The log's tree as static files (c2sp.org/tlog-tiles): whoever likes mirrors them, and proves by themselves. They need
no key: in plain they have what the public feed shows."""

from collections.abc import Awaitable, Callable, Mapping

from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from nzc_api.database.engine import DatabaseUnavailable, UnfitDatabase
from nzc_api.overload import Overloaded
from nzc_api.proofs.errors import TreeBroken
from nzc_api.proofs.model import Checkpoint
from nzc_api.proofs.service import ProofService
from nzc_api.proofs.tiles import Tile, tile_of
from nzc_api.refusal import LocalizedText
from nzc_api.transport.answers import RequestRefused, presented, refusal, unavailability
from nzc_api.transport.clients import client_of
from nzc_api.transport.health import Readiness
from nzc_api.transport.rates import Rates

STATUSES = {"LOG_TREE_BROKEN": 500}

NO_CHECKPOINT = LocalizedText(
    "日志尚无检查点：写入第一条日志后约一秒即有",
    "The log has no checkpoint yet: there is one a second or so after its first entry",
)
NOT_COSIGNED = LocalizedText(
    "尚无见证方联署过该日志的检查点：见/log/checkpoint",
    "No witness has cosigned a checkpoint of the log yet: see /log/checkpoint",
)
NO_TILE = LocalizedText(
    "路径不是瓦片：应为/log/tile/<级别0至63>/<编号>[.p/<宽度1至255>]或/log/tile/entries/<编号>[.p/<宽度>]，编号每三位一组，"
    "除末组外均以x开头，如x001/x234/067",
    "The path is none of a tile: /log/tile/<level 0 to 63>/<index>[.p/<width 1 to 255>], or "
    "/log/tile/entries/<index>[.p/<width>], with the index in groups of three digits, all but the last with an x "
    "before them, as in x001/x234/067",
)
BEYOND = LocalizedText(
    "最新检查点的树中没有该瓦片，或它尚未满256项：见/log/checkpoint中的大小",
    "The tree of the latest checkpoint does not have all of this tile: see the size in /log/checkpoint",
)

# What a tile shows never changes. One that is not full is asked for seldom, and no cache need keep it.
FULL = {"Cache-Control": "public, max-age=31536000, immutable"}
PARTIAL = {"Cache-Control": "public, max-age=3600"}
NEWEST = {"Cache-Control": "no-cache"}


class LogFiles:
    """Answers for the files of the tree."""

    def __init__(self, proofs: ProofService, readiness: Readiness, rates: Rates) -> None:
        self._proofs = proofs
        self._readiness = readiness
        self._rates = rates

    async def checkpoint(self, request: Request) -> Response:
        """`GET /log/checkpoint`."""
        return await self._answer(request, self._checkpoint)

    async def cosigned(self, request: Request) -> Response:
        """`GET /log/checkpoint/cosigned`."""
        return await self._answer(request, self._cosigned)

    async def tile(self, request: Request) -> Response:
        """`GET /log/tile/…`."""
        return await self._answer(request, self._tile)

    async def _answer(
        self, request: Request, answer: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        try:
            self._rates.check(client_of(request.scope))
            await self._readiness.sure()
            return await answer(request)
        except RequestRefused as refused:
            return refusal(request, refused)
        except TreeBroken as broken:
            return presented(request, GraphQLError("", original_error=broken), STATUSES)
        except (DatabaseUnavailable, UnfitDatabase, Overloaded) as cause:
            return unavailability(request, cause)

    async def _checkpoint(self, _request: Request) -> Response:
        return _note(await self._proofs.latest(), NO_CHECKPOINT, "NO_CHECKPOINT")

    async def _cosigned(self, _request: Request) -> Response:
        latest = await self._proofs.latest_cosigned()
        return _note(latest, NOT_COSIGNED, "CHECKPOINT_NOT_COSIGNED")

    async def _tile(self, request: Request) -> Response:
        tile = tile_of(request.path_params["tile"])
        if tile is None:
            raise RequestRefused(400, NO_TILE, "NOT_A_TILE")
        found = await self._proofs.tile(tile)
        if found is None:
            raise RequestRefused(404, BEYOND, "TILE_NOT_FOUND")
        return Response(found, media_type="application/octet-stream", headers=_caching(tile))


def _note(checkpoint: Checkpoint | None, without: LocalizedText, code: str) -> Response:
    if checkpoint is None:
        raise RequestRefused(404, without, code)
    return PlainTextResponse(checkpoint.cosigned_note, headers=NEWEST)


def _caching(tile: Tile) -> Mapping[str, str]:
    return FULL if tile.is_full else PARTIAL
