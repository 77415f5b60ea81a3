"""The API as `nzc pack`, `nzc evidence` and `nzc export` ask it: from any machine, over HTTP. Nothing else goes on
meanwhile, so it may wait."""

import json
import zlib
from collections.abc import AsyncIterator, Iterator, Mapping
from http.client import HTTPException, HTTPResponse, IncompleteRead
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

from nzc_api.ids import Position
from nzc_api.importing.api import (
    PATIENCE_SECONDS,
    ApiClient,
    NotNow,
    Unreached,
    check_errors,
    patiently,
)
from nzc_api.refusal import Failed
from nzc_api.unreached import why_unreached
from nzc_api.working_papers.model import LONGEST_FILE

PART_BYTES = 1 << 18

NOT_FOUND, NOT_IMPLEMENTED = 404, 501
# Who asks too often, or while the server makes as much as it can, is answered a little later.
FOR_LATER = {429, 503}


class Client:
    """The API at ``url``, with a key."""

    def __init__(self, url: str, key: str) -> None:
        self._api = ApiClient(url, key)
        self._files = url.removesuffix("/graphql")
        self._key = key

    def greet(self) -> None:
        self._api.greet()

    def head(self) -> Any:
        """The log's id, and its last position."""
        return self._api.ask("{ log { logId position } }")["log"]

    def export(self, after: int, until: int) -> Iterator[bytes] | None:
        """The log's lines after a position and up to another, part by part, compressed on the way; None where the
        server does not export. Raises ``Unreached`` where the connection breaks."""
        path = f"/export?after={after}&until={until}"
        answer = patiently(lambda: self._opened(path, {"Accept-Encoding": "gzip"}))
        return None if answer is None else _unpacked(answer, path)

    def evidence(self, pilot: str, year: int, asked: Mapping[str, str]) -> bytes:
        """The evidence of a pilot's year, whole. Raises ``Failed`` as the server says why there is none."""
        path = f"/evidence/{quote(pilot, safe='')}/{year}.zip"
        address = f"{path}?{urlencode(asked)}" if asked else path
        return patiently(lambda: self._whole(address))

    async def ask(self, query: str, **given: Any) -> Any:
        return self._api.ask(query, **given)

    async def document(self, document: str) -> AsyncIterator[bytes] | None:
        return self._download(f"/documents/{document}")

    async def report(self, inventory: str, position: Position) -> AsyncIterator[bytes] | None:
        return self._download(f"/inventories/{inventory}/report.pdf?language=zh&asOf={position}")

    def _download(self, path: str) -> AsyncIterator[bytes] | None:
        """The bytes of a file, part by part; None where the server has none such."""
        answer = patiently(lambda: self._opened(path))
        return None if answer is None else _parts(answer, path)

    def _whole(self, path: str) -> bytes:
        try:
            with self._sent(path) as answer:
                content = answer.read(LONGEST_FILE + 1)
        except HTTPError as error:
            with error:
                check_errors(_told(error))
            raise Failed(*_said(path, str(error.code))) from None
        except HTTPException as error:
            raise Unreached(*_said(path, type(error).__name__)) from None
        return content

    def _opened(self, path: str, further: Mapping[str, str] = {}) -> HTTPResponse | None:
        try:
            return self._sent(path, further)
        except HTTPError as error:
            error.close()
            if error.code in {NOT_FOUND, NOT_IMPLEMENTED}:
                return None
            said = _said(path, str(error.code))
            raise (NotNow if error.code in FOR_LATER else Failed)(*said) from None

    def _sent(self, path: str, further: Mapping[str, str] = {}) -> HTTPResponse:
        """The answer to a request, which may be an error; raises ``Unreached`` where there is none."""
        headers = {"Authorization": f"Bearer {self._key}", **further}
        request = Request(f"{self._files}{path}", headers=headers)  # noqa: S310  (the user's own address)
        try:
            answer: HTTPResponse = urlopen(request, timeout=PATIENCE_SECONDS)  # noqa: S310
        except HTTPError:
            raise
        except (URLError, ConnectionError, TimeoutError) as error:
            why = why_unreached(getattr(error, "reason", error))
            raise Unreached(
                f"无法取得{path}：{why.zh}", f"{path} cannot be had: {why.en}"
            ) from None
        return answer


def _told(error: HTTPError) -> Any:
    """What the server says of an error; nothing where it is none of NZC's."""
    try:
        return json.load(error)
    except ValueError:
        return {}


async def _parts(answer: HTTPResponse, path: str) -> AsyncIterator[bytes]:
    try:
        with answer:
            while part := answer.read(PART_BYTES):
                yield part
    except (OSError, HTTPException) as error:
        raise Failed(*_said(path, type(error).__name__)) from None
    if answer.length:  # Of what was said to come, so much did not.
        raise Failed(*_said(path, IncompleteRead.__name__))


def _unpacked(answer: HTTPResponse, path: str) -> Iterator[bytes]:
    packed = answer.headers.get("Content-Encoding") == "gzip"
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 16) if packed else None
    try:
        with answer:
            while part := answer.read(PART_BYTES):
                yield part if unpack is None else unpack.decompress(part)
    except (OSError, HTTPException, zlib.error) as error:
        raise Unreached(*_said(path, type(error).__name__)) from None
    # Of what was said to come, so much did not.
    if answer.length or (unpack is not None and not unpack.eof):
        raise Unreached(*_said(path, IncompleteRead.__name__))


def _said(path: str, why: str) -> tuple[str, str]:
    return f"无法取得{path}（{why}）", f"{path} cannot be had ({why})"
