"""Asking the API for pages and for files, as of a pack's position."""

import zlib
from collections.abc import Iterator
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


class Asking:
    """What a pack asks of the API at ``url``, with a key, as of a position."""

    def __init__(self, url: str, key: str, position: int | None = None) -> None:
        self.api = Api(url, key)
        self._files = url.removesuffix("/graphql")
        self._key = key
        self.position = position

    def ask(self, query: str, **given: Any) -> Any:
        return self.api.ask(query, asOf=str(self.position), **given)

    def walk(self, query: str, **given: Any) -> Iterator[Any]:
        """The rows of a list, page by page; of those that have positions, the ones that there were by then."""
        after = None
        while True:
            page = _walked(self.ask(query, after=after, **given))
            if page is None:
                return
            yield from filter(self.is_there, page["nodes"])
            if not page["pageInfo"]["hasNextPage"]:
                return
            after = page["pageInfo"]["endCursor"]

    def is_there(self, row: Any) -> bool:
        """Whether a row was there by the pack's position."""
        assert self.position is not None
        return "position" not in row or int(row["position"]) <= self.position

    def download(self, path: str) -> Iterator[bytes] | None:
        """The bytes of a file, part by part, compressed on the way; None where the server has none such. Raises
        ``Unreached`` where the connection breaks."""
        answer = patiently(lambda: self._opened(path))
        return None if answer is None else _parts(answer, path)

    def _opened(self, path: str) -> HTTPResponse | None:
        headers = {"Authorization": f"Bearer {self._key}", "Accept-Encoding": "gzip"}
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


def _parts(answer: HTTPResponse, path: str) -> Iterator[bytes]:
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


def _walked(data: Any) -> Any:
    """The page in an answer, wherever it is; None where what has it is not there, or not seen."""
    while data is not None and "walked" not in data:
        data = next(iter(data.values()), None)
    return None if data is None else data["walked"]
