"""The JSON Schemas of what events carry, as files: `/schemas/events.json` names them all."""

from starlette.requests import Request
from starlette.responses import Response

from nzc_api.feed.payloads.kinds import SCHEMAS
from nzc_api.refusal import LocalizedText
from nzc_api.schema.engine.encoding import encode
from nzc_api.transport.answers import RequestRefused, refusal
from nzc_api.transport.conditional import PRODUCT_SECONDS

LIST = "/schemas/events.json"

NO_SCHEMA = LocalizedText(
    f"没有该名称的JSON Schema；全部名称见{LIST}",
    f"There is no JSON Schema of this name; {LIST} has the names of all",
)

_CACHED = {"Cache-Control": f"public, max-age={PRODUCT_SECONDS}"}


async def event_schemas(_request: Request) -> Response:
    """`GET /schemas/events.json`: the names of all."""
    return _sent({"schemas": sorted(SCHEMAS)}, "application/json")


async def event_schema(request: Request) -> Response:
    """`GET /schemas/events/{name}.json`."""
    found = SCHEMAS.get(request.path_params["name"])
    if found is None:
        return refusal(request, RequestRefused(404, NO_SCHEMA, "SCHEMA_NOT_FOUND"))
    return _sent(found, "application/schema+json")


def _sent(content: object, media_type: str) -> Response:
    return Response(encode(content), media_type=media_type, headers=_CACHED)
