"""An NZC's API, spoken to with a key; patient where it is away for the moment."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeVar
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from nzc_api.refusal import Failed
from nzc_api.unreached import why_unreached

T = TypeVar("T")

ATTEMPTS = 60
PAUSE_SECONDS = 2
PATIENCE_SECONDS = 120

# How long a first answer may take: it says only who asks.
GREETING_SECONDS = 10

LATER = {"DATABASE_UNAVAILABLE", "TRY_AGAIN", "RATE_LIMITED", "EVIDENCE_NOT_PROVEN_YET"}

# Intervals, row by row and column by column.
TABLE = "text/csv"
COLUMNS = "application/json"

VIEWER = "{ viewer { role programmes } }"


class Refusing(Failed):
    """The API does not take what was sent; the text says why, and so do the ``errors`` it gave."""

    def __init__(self, zh: str, en: str, errors: Sequence[Any] = ()) -> None:
        super().__init__(zh, en)
        self.errors = errors


class NotNow(Refusing):
    """The API takes nothing for the moment; it may a little later."""


class Unreached(Refusing):
    """Nobody answers at the API's address."""


class ApiClient:
    """An NZC at ``url``, spoken to with a key."""

    def __init__(self, url: str, key: str) -> None:
        self._url = url
        self._key = key

    def greet(self) -> None:
        """Ask who one is. Raises ``Refusing`` at once where no NZC answers there, or the key is wrong:
        it is later that one waits for an API which is away for the moment."""
        if not self._url.startswith(("http://", "https://")):
            raise self._no_api()
        with suppress(NotNow):
            self._data_of(self._post(_body(VIEWER), GREETING_SECONDS))

    def programmes(self) -> Sequence[str]:
        """The programmes that the key posts for: those of a registry, else none."""
        viewer = self.ask(VIEWER)["viewer"] or {}
        found: Sequence[str] = viewer["programmes"] if viewer.get("role") == "REGISTRY" else ()
        return found

    def ask(self, query: str, **variables: Any) -> Any:
        """The data of the answer; waits for an API that is away for the moment."""
        body = _body(query, **variables)
        return patiently(lambda: self._data_of(self._post(body, PATIENCE_SECONDS)))

    def record_intervals(self, rows: bytes, media_type: str, key: str, *, dry_run: bool) -> Any:
        """What became of rows of intervals, a table or columns by their ``media_type``; waits for an API that is
        away for the moment."""
        address = f"{self._url.rpartition('/')[0]}/intervals{'?dryRun=true' if dry_run else ''}"
        headers = {"Content-Type": media_type, "Idempotency-Key": key}

        def post() -> Any:
            answer = self._sent(address, rows, headers, PATIENCE_SECONDS)
            check_errors(answer)
            return answer

        return patiently(post)

    def _data_of(self, answer: Any) -> Any:
        check_errors(answer)
        if "data" not in answer:
            raise self._no_api()
        return answer["data"]

    def _post(self, body: bytes, patience: float) -> Any:
        return self._sent(self._url, body, {"Content-Type": "application/json"}, patience)

    def _sent(self, url: str, body: bytes, headers: Mapping[str, str], patience: float) -> Any:
        try:
            authorised = {**headers, "Authorization": f"Bearer {self._key}"}
            request = Request(url, body, authorised)  # noqa: S310  (the user's own address)
            with urlopen(request, timeout=patience) as answer:  # noqa: S310
                found = json.load(answer)
        except HTTPError as error:
            try:
                found = json.load(error)
            except ValueError:
                raise self._no_api(error.code) from None
        except (URLError, ConnectionError, TimeoutError) as error:
            why = why_unreached(getattr(error, "reason", error))
            raise Unreached(
                f"无法连接{self._url}：{why.zh}", f"{self._url} cannot be reached: {why.en}"
            ) from None
        except ValueError:
            raise self._no_api() from None
        if not isinstance(found, dict):
            raise self._no_api()
        return found

    def _no_api(self, status: int | None = None) -> Refusing:
        zh, en = (f"（状态码{status}）", f" (status {status})") if status else ("", "")
        return Refusing(
            f"{self._url}不是NZC的API{zh}：应形如http://127.0.0.1:8000/graphql",
            f"{self._url} is no API of NZC{en}: one is like http://127.0.0.1:8000/graphql",
        )


def patiently(ask: Callable[[], T]) -> T:
    """What is answered by an API that may be away for the moment; raises ``Refusing`` where it stays away."""
    for _ in range(ATTEMPTS - 1):
        try:
            return ask()
        except (NotNow, Unreached):
            time.sleep(PAUSE_SECONDS)
    return ask()


def _body(query: str, **variables: Any) -> bytes:
    return json.dumps({"query": query, "variables": variables}).encode()


def check_errors(answer: Any) -> None:
    """Raise ``Refusing`` where an answer says why there is none."""
    errors = answer.get("errors") or ()
    if errors:
        told = [_told(error) for error in errors]
        en, zh = "; ".join(t["en"] for t in told), "；".join(t["zh"] for t in told)
        raise (NotNow if _is_for_later(errors) else Refusing)(zh, en, errors)


def _is_for_later(errors: Sequence[Any]) -> bool:
    """Whether the answer may be another one a moment later."""
    return {(error.get("extensions") or {}).get("code") for error in errors} <= LATER


def _told(error: Any) -> Mapping[str, str]:
    """What an error says in both languages; an API that is none of ours says it in one."""
    told: Mapping[str, str] | None = (error.get("extensions") or {}).get("localizedMessage")
    return told or dict.fromkeys(("zh", "en"), str(error.get("message")))
