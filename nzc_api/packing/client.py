"""The API as `nzc pack` asks it: from any machine, over HTTP. Nothing else goes on meanwhile, so it may wait."""

from collections.abc import AsyncIterator
from http.client import HTTPException, HTTPResponse, IncompleteRead
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from nzc_api.importing.api import PATIENCE_SECONDS, Api, NotNow, Unreached, patiently
from nzc_api.refusal import Failed
from nzc_api.unreached import why_unreached

PART_BYTES = 1 << 18

NOT_FOUND, NOT_IMPLEMENTED = 404, 501
# Who asks too often, or while the server makes as much as it can, is answered a little later.
FOR_LATER = {429, 503}


class Client:
    """The API at ``url``, with a key."""

    def __init__(self, url: str, key: str) -> None:
        self._api = Api(url, key)
        self._files = url.removesuffix("/graphql")
        self._key = key

    def greet(self) -> None:
        self._api.greet()

    async def ask(self, query: str, **given: Any) -> Any:
        return self._api.ask(query, **given)

    async def document(self, document: str) -> AsyncIterator[bytes] | None:
        return self._download(f"/documents/{document}")

    async def report(self, inventory: str, position: int) -> AsyncIterator[bytes] | None:
        return self._download(f"/inventories/{inventory}/report.pdf?language=zh&asOf={position}")

    def _download(self, path: str) -> AsyncIterator[bytes] | None:
        """The bytes of a file, part by part; None where the server has none such."""
        answer = patiently(lambda: self._opened(path))
        return None if answer is None else _parts(answer, path)

    def _opened(self, path: str) -> HTTPResponse | None:
        headers = {"Authorization": f"Bearer {self._key}"}
        request = Request(f"{self._files}{path}", headers=headers)  # noqa: S310  (the user's own address)
        try:
            answer: HTTPResponse = urlopen(request, timeout=PATIENCE_SECONDS)  # noqa: S310
        except HTTPError as error:
            error.close()
            if error.code in {NOT_FOUND, NOT_IMPLEMENTED}:
                return None
            said = _said(path, str(error.code))
            raise (NotNow if error.code in FOR_LATER else Failed)(*said) from None
        except (URLError, ConnectionError, TimeoutError) as error:
            why = why_unreached(getattr(error, "reason", error))
            raise Unreached(
                f"无法取得{path}：{why.zh}", f"{path} cannot be had: {why.en}"
            ) from None
        return answer


async def _parts(answer: HTTPResponse, path: str) -> AsyncIterator[bytes]:
    try:
        with answer:
            while part := answer.read(PART_BYTES):
                yield part
    except (OSError, HTTPException) as error:
        raise Failed(*_said(path, type(error).__name__)) from None
    if answer.length:  # Of what was said to come, so much did not.
        raise Failed(*_said(path, IncompleteRead.__name__))


def _said(path: str, why: str) -> tuple[str, str]:
    return f"无法取得{path}（{why}）", f"{path} cannot be had ({why})"
