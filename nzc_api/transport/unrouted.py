"""What nothing is served at, or not by that method: told as every other failure is."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from nzc_api.refusal import LocalizedText
from nzc_api.transport.answers import RequestRefused, method_not_allowed, refusal

NOTHING_THERE = LocalizedText("该地址没有内容", "There is nothing at this address")
NOT_THE_METHOD = LocalizedText(
    "该地址不接受此请求方法：可用的方法见Allow",
    "This address is not asked by that method: the header Allow says by which",
)


async def unrouted(request: Request, error: Exception) -> Response:
    """The answer where no route took a request."""
    assert isinstance(error, HTTPException)
    allow = (error.headers or {}).get("Allow")
    if allow is None:
        return refusal(request, RequestRefused(404, NOTHING_THERE, "ADDRESS_NOT_FOUND"))
    return refusal(request, method_not_allowed(NOT_THE_METHOD, allow))
