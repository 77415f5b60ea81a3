"""What nothing is served at, or not by that method: told as every other failure is."""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from nzc_api.refusal import LocalizedText
from nzc_api.transport.answers import RequestRefused, refusal

NOTHING_THERE = LocalizedText("该地址没有内容", "There is nothing at this address")
NOT_THE_METHOD = LocalizedText(
    "该地址不接受此请求方法：可用的方法见Allow",
    "This address is not asked by that method: the header Allow says by which",
)


async def unrouted(request: Request, error: Exception) -> Response:
    """The answer where no route took a request."""
    assert isinstance(error, HTTPException)
    if error.status_code == HTTPStatus.NOT_FOUND:
        return refusal(request, RequestRefused(404, NOTHING_THERE, "ADDRESS_NOT_FOUND"))
    return refusal(
        request, RequestRefused(error.status_code, NOT_THE_METHOD, headers=error.headers)
    )
