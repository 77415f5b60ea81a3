"""Sending rows to an NZC, a thousand at a time, and keeping an outcome a row.

Every row is sent under a key of its own that follows from the file, so a run that was cut off is
simply run again: what was posted is answered as a replay, and the result file is whole at the end.
"""

import csv
import json
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from nzc_api.importing.rows import Row
from nzc_api.refusal import Failed
from nzc_api.unreached import why_unreached

AT_ONCE = 1000
ATTEMPTS = 60
PAUSE_SECONDS = 2
PATIENCE_SECONDS = 120

# How long a first answer may take: it says only who asks.
GREETING_SECONDS = 10

LATER = {"DATABASE_UNAVAILABLE", "TRY_AGAIN", "RATE_LIMITED"}

COLUMNS = ("row", "idempotency_key", "status", "position", "code", "message_zh", "message_en")

VIEWER = "{ viewer { id } }"

RETIRE = """mutation ($input: RetireCreditsBulkInput!) { retireCreditsBulk(input: $input) {
    ... on BulkOutcomes { outcomes { status position error { code message { zh en } } } }
    ... on UserError { code message { zh en } } } }"""


class Refusing(Failed):
    """The API does not take what was sent; the text says why, and so do the ``errors`` it gave."""

    def __init__(self, zh: str, en: str, errors: Sequence[Any] = ()) -> None:
        super().__init__(zh, en)
        self.errors = errors


class Unreached(Refusing):
    """Nobody answers at the API's address."""


class Api:
    """An NZC at ``url``, spoken to with a key."""

    def __init__(self, url: str, key: str) -> None:
        self._url = url
        self._key = key

    def greet(self) -> None:
        """Ask who one is. Raises ``Refusing`` at once where no NZC answers there, or the key is wrong:
        it is later that one waits for an API which is away for the moment."""
        if not self._url.startswith(("http://", "https://")):
            raise self._no_api()
        answer = self._post(_body(VIEWER), GREETING_SECONDS)
        if not _is_for_later(answer):
            self._data_of(answer)

    def ask(self, query: str, **variables: Any) -> Any:
        """The data of the answer; waits for an API that is away for the moment."""
        body = _body(query, **variables)
        for left in reversed(range(ATTEMPTS)):
            try:
                answer = self._post(body, PATIENCE_SECONDS)
                if left == 0 or not _is_for_later(answer):
                    return self._data_of(answer)
            except Unreached:
                if left == 0:
                    raise
            time.sleep(PAUSE_SECONDS)
        raise AssertionError("unreachable")

    def _data_of(self, answer: Any) -> Any:
        errors = answer.get("errors") or ()
        if errors:
            told = [_told(error) for error in errors]
            en, zh = "; ".join(t["en"] for t in told), "；".join(t["zh"] for t in told)
            raise Refusing(zh, en, errors)
        if "data" not in answer:
            raise self._no_api()
        return answer["data"]

    def _post(self, body: bytes, patience: float) -> Any:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._key}"}
        try:
            request = Request(self._url, body, headers)  # noqa: S310  (the user's own address)
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


def _body(query: str, **variables: Any) -> bytes:
    return json.dumps({"query": query, "variables": variables}).encode()


def _is_for_later(answer: Any) -> bool:
    """Whether the answer may be another one a moment later."""
    codes = {(e.get("extensions") or {}).get("code") for e in answer.get("errors") or ()}
    return bool(codes) and codes <= LATER


def _told(error: Any) -> Mapping[str, str]:
    """What an error says in both languages; an API that is none of ours says it in one."""
    told: Mapping[str, str] | None = (error.get("extensions") or {}).get("localizedMessage")
    return told or dict.fromkeys(("zh", "en"), str(error.get("message")))


def import_retirements(
    api: Api, rows: Iterable[Row], result: Path, done: Callable[[int], None]
) -> dict[str, int]:
    """Retire what the rows say and write an outcome a row; how many of each status there are.

    ``done`` hears how many rows are done, after each thousand. Raises ``Refusing``.
    """
    counts: dict[str, int] = {}
    unfinished = result.with_name(result.name + ".unfinished")
    beneficiaries = _Beneficiaries(api)
    with unfinished.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for some in _thousands(rows):
            for row, outcome in zip(some, _retire(api, beneficiaries, some), strict=True):
                counts[outcome["status"]] = counts.get(outcome["status"], 0) + 1
                writer.writerow(_line(row, outcome))
            done(len(some))
    unfinished.replace(result)
    return counts


def _retire(api: Api, beneficiaries: "_Beneficiaries", rows: Sequence[Row]) -> list[Any]:
    beneficiaries.find(rows)
    outcomes: dict[int, Any] = {}
    items: dict[int, dict[str, Any]] = {}
    for place, row in enumerate(rows):
        found = beneficiaries.of(row)
        if found is None:
            outcomes[place] = _unknown(row)
        else:
            items[place] = _item(row, *found)
    while items:
        places = list(items)
        try:
            done = dict(zip(places, _post(api, list(items.values())), strict=True))
        except Refusing as refusing:
            # Nothing was posted: some items cannot be read. The others are sent without them.
            done = {places[n]: outcome for n, outcome in _unread(refusing.errors).items()}
            if not done:
                raise
        outcomes |= done
        items = {place: item for place, item in items.items() if place not in done}
    return [outcomes[place] for place in range(len(rows))]


def _post(api: Api, items: Sequence[dict[str, Any]]) -> Sequence[Any]:
    """The outcomes of items, in order."""
    given = {"mode": "EACH_INDEPENDENT", "items": items}
    answer = api.ask(RETIRE, input=given)["retireCreditsBulk"]
    if "code" in answer:
        raise Refusing(answer["message"]["zh"], answer["message"]["en"])
    outcomes: Sequence[Any] = answer["outcomes"]
    return outcomes


def _unread(errors: Sequence[Any]) -> dict[int, Any]:
    """The outcomes of the items, by their numbers, that errors are about."""
    outcomes: dict[int, Any] = {}
    for error in errors:
        facts = error["extensions"]
        match facts.get("inputPath"):
            case ["input", "items", number, *_]:
                # Which item of the request it was is nothing to whoever reads the file's outcomes.
                item = re.compile(rf"\$?input\.items\.{number}\.")
                message = {
                    language: item.sub("", text)
                    for language, text in facts["localizedMessage"].items()
                }
                outcomes.setdefault(int(number), _rejected(facts["code"], message))
    return outcomes


def _item(row: Row, pilot: str, period: str) -> dict[str, Any]:
    fields = row.fields
    serials: dict[str, Any] = {"text": fields.get("serials")}
    if fields.get("certificate"):
        tonnes = {"number": fields["certificate"], "first": fields["first"], "last": fields["last"]}
        serials = {"certificate": tonnes}
    return {
        "idempotencyKey": row.key,
        "programme": fields["programme"],
        "serials": serials,
        "pilot": pilot,
        "accountingPeriod": period,
        "retiredOn": fields["retired_on"],
        "quantity": fields.get("quantity") or None,
        "holder": fields.get("holder") or None,
        "registryReference": fields.get("registry_reference") or None,
    }


class _Beneficiaries:
    """The pilots and periods that rows name by code and year."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._known: dict[tuple[str, str], tuple[str, str] | None] = {}

    def of(self, row: Row) -> tuple[str, str] | None:
        return self._known[_named(row)]

    def find(self, rows: Sequence[Row]) -> None:
        """Ask for those that are not known yet, a hundred in one request."""
        unknown = [n for n in dict.fromkeys(map(_named, rows)) if n not in self._known]
        for start in range(0, len(unknown), 100):
            self._ask(unknown[start : start + 100])

    def _ask(self, named: Sequence[tuple[str, str]]) -> None:
        asked = {
            f"p{n}": (code, int(year)) for n, (code, year) in enumerate(named) if _is_year(year)
        }
        declared = ", ".join(f"${name}: String!, ${name}y: Int!" for name in asked)
        fields = " ".join(
            f"{name}: pilot(by: {{code: ${name}}}) "
            f"{{ id accountingPeriod(by: {{year: ${name}y}}) {{ id }} }}"
            for name in asked
        )
        variables: dict[str, Any] = {name: code for name, (code, _) in asked.items()}
        variables |= {f"{name}y": year for name, (_, year) in asked.items()}
        data = self._api.ask(f"query ({declared}) {{ {fields} }}", **variables) if asked else {}
        for n, key in enumerate(named):
            found = data.get(f"p{n}") or {}
            period = found.get("accountingPeriod") or {}
            self._known[key] = (found["id"], period["id"]) if period else None


def _named(row: Row) -> tuple[str, str]:
    return row.fields["pilot"], row.fields["year"]


def _is_year(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4  # noqa: PLR2004  (YYYY)


def _unknown(row: Row) -> dict[str, Any]:
    pilot, year = _named(row)
    if not _is_year(year):
        message = {
            "zh": f"“{year}”不能用作年份：只写数字，如2024",
            "en": f"“{year}” cannot be used as a year: write its digits alone, such as 2024",
        }
        return _rejected("INVALID_INPUT", message)
    message = {
        "zh": f"没有代码为“{pilot}”且有{year}年核算期的试点",
        "en": f"There is no pilot “{pilot}” with an accounting period of {year}",
    }
    return _rejected("NOT_FOUND", message)


def _rejected(code: str, message: Mapping[str, str]) -> dict[str, Any]:
    return {"status": "REJECTED", "position": None, "error": {"code": code, "message": message}}


def _line(row: Row, outcome: Any) -> tuple[object, ...]:
    error = outcome["error"] or {"code": "", "message": {"zh": "", "en": ""}}
    return (
        row.number, row.key, outcome["status"], outcome["position"] or "", error["code"],
        error["message"]["zh"], error["message"]["en"],
    )  # fmt: skip


def _thousands(rows: Iterable[Row]) -> Iterator[list[Row]]:
    source = iter(rows)
    while some := list(islice(source, AT_ONCE)):
        yield some
