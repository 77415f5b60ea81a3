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

AT_ONCE = 1000
ATTEMPTS = 60
PAUSE_SECONDS = 2
PATIENCE_SECONDS = 120

LATER = {"DATABASE_UNAVAILABLE", "TRY_AGAIN"}

COLUMNS = ("row", "idempotency_key", "status", "position", "code", "message_zh", "message_en")

RETIRE = """mutation ($input: RetireCreditsBulkInput!) { retireCreditsBulk(input: $input) {
    ... on BulkOutcomes { outcomes { status position error { code message { zh en } } } }
    ... on UserError { code message { zh en } } } }"""


class Refusing(Exception):
    """The API does not take what was sent; the text says why, and so do the ``errors`` it gave."""

    def __init__(self, text: str, errors: Sequence[Any] = ()) -> None:
        super().__init__(text)
        self.errors = errors


class Api:
    """An NZC at ``url``, spoken to with a key."""

    def __init__(self, url: str, key: str) -> None:
        self._url = url
        self._key = key

    def ask(self, query: str, **variables: Any) -> Any:
        """The data of the answer; waits for an API that is away for the moment."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        for attempt in range(ATTEMPTS):
            answer = self._post(body)
            codes = {e["extensions"].get("code") for e in answer.get("errors") or ()}
            if not codes:
                return answer["data"]
            if not codes <= LATER or attempt == ATTEMPTS - 1:
                errors = answer["errors"]
                raise Refusing("; ".join(e["message"] for e in errors), errors)
            time.sleep(PAUSE_SECONDS)
        raise AssertionError("unreachable")

    def _post(self, body: bytes) -> Any:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._key}"}
        request = Request(self._url, body, headers)  # noqa: S310  (the user's own address)
        try:
            with urlopen(request, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310
                return json.load(answer)
        except HTTPError as error:
            try:
                return json.load(error)
            except ValueError:
                raise Refusing(f"{self._url} answers {error.code}") from None
        except (URLError, ConnectionError, TimeoutError) as error:
            reason = getattr(error, "reason", error)
            away = {"code": "DATABASE_UNAVAILABLE"}
            return {"errors": [{"message": f"{self._url}: {reason}", "extensions": away}]}


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
        raise Refusing(f"{answer['message']['en']} {answer['message']['zh']}")
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
            f"p{n}": (code, int(year))
            for n, (code, year) in enumerate(named)
            if year.isascii() and year.isdigit() and len(year) <= 4  # noqa: PLR2004  (a year)
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


def _unknown(row: Row) -> dict[str, Any]:
    pilot, year = _named(row)
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
