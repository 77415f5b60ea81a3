"""A follower of NZC: it rebuilds credits, inventories and what pilots state from the log alone, in a SQLite file.

    python examples/follower.py https://nzc.example follower.db [API KEY]

It needs httpx. What it has read is in the file, with the position up to which it has: stop it whenever you like, and
start it again. It is meant to be read, and to be the beginning of your own.

What it has no table for it passes by: of an issuance, who verified it and its labels; events of meters, documents,
targets, measures, plans, management and evaluations, whose facts it is given where its key may see them.
"""

import json
import sqlite3
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import httpx

TABLES = """
    CREATE TABLE IF NOT EXISTS reached (position INTEGER NOT NULL);
    -- Serials of a batch, from the first to the last, and the account that they are in.
    CREATE TABLE IF NOT EXISTS run (batch TEXT, first INTEGER, last INTEGER, kind TEXT, organisation TEXT,
                                    pilot TEXT, period TEXT, PRIMARY KEY (batch, first));
    CREATE TABLE IF NOT EXISTS batch (id TEXT PRIMARY KEY, programme TEXT, project TEXT, quantity INTEGER);
    -- The order that holds of all of a batch, by the position that a correction names.
    CREATE TABLE IF NOT EXISTS batch_order (position INTEGER PRIMARY KEY, batch TEXT, kind TEXT);
    -- Of the versions of one inventory the one that was verified last; grams of CO2e are whole numbers.
    CREATE TABLE IF NOT EXISTS inventory (series TEXT PRIMARY KEY, id TEXT, version INTEGER, pilot TEXT, period TEXT,
                                          basis TEXT, emitted INTEGER, removed INTEGER);
"""

GRAMS = 1_000_000

# What is not here is told beside the sum.
COUNTS = {"IN_SCOPE": 1, "COUNTED_UNLISTED": 1, "DEDUCTED": -1}


def opened(file: str) -> sqlite3.Connection:
    """The state in a file, which is made where there is none."""
    state = sqlite3.connect(file, isolation_level=None)
    state.executescript(TABLES)
    if state.execute("SELECT count(*) FROM reached").fetchone() == (0,):
        state.execute("INSERT INTO reached VALUES (0)")
    return state


def reached(state: sqlite3.Connection) -> int:
    """The position of the last event in the state."""
    return int(state.execute("SELECT position FROM reached").fetchone()[0])


def read(http: httpx.Client, after: int, until: int | None = None) -> Iterator[dict[str, Any]]:
    """The events after a position, to the end of the log or ``until`` another."""
    given = {"after": after} | ({} if until is None else {"until": until})
    with http.stream("GET", "/export", params=given) as answer:
        if answer.is_error:
            answer.read()
        answer.raise_for_status()
        for line in answer.iter_lines():
            event = json.loads(line)
            if "errors" in event:  # It ended early, and says why: one asks again later.
                raise httpx.ReadError(event["errors"][0]["message"])
            yield event


def catch_up(http: httpx.Client, state: sqlite3.Connection, until: int | None = None) -> int:
    """Bring the state to where the log is, or ``until`` a position: how many events that took."""
    count = 0
    for event in read(http, reached(state), until):
        apply(state, event)
        count += 1
    return count


def apply(state: sqlite3.Connection, event: dict[str, Any]) -> None:
    """Put an event into the state: whole, once, and after the one before it."""
    position = int(event["position"])
    if position != reached(state) + 1:
        raise ValueError(f"{position} does not follow {reached(state)}: an event was lost")
    state.execute("BEGIN")
    try:
        if event["facts"] is not None:
            _put(state, position, event["kind"], event["facts"])
        state.execute("UPDATE reached SET position = ?", (position,))
        state.execute("COMMIT")
    except BaseException:
        state.execute("ROLLBACK")
        raise


def _put(state: sqlite3.Connection, position: int, kind: str, facts: dict[str, Any]) -> None:
    for moved in facts.get("movements", ()):
        _move(state, moved)
    if kind == "CREDITS_ISSUED":
        row = [facts[name] for name in ("batch", "programme", "project", "quantity")]
        state.execute("INSERT INTO batch VALUES (?, ?, ?, ?)", row)
    elif kind.startswith("BATCH_"):
        state.execute("INSERT INTO batch_order VALUES (?, ?, ?)", (position, facts["batch"], kind))
    elif kind == "POSTING_CORRECTED":
        state.execute("DELETE FROM batch_order WHERE position = ?", (facts["corrects"],))
    elif kind == "INVENTORY_VERIFIED":
        row = [facts[n] for n in ("series", "inventory", "version", "pilot", "accountingPeriod", "basis")]
        sums = [_counted(facts[name]) for name in ("emissions", "removals")]
        state.execute("INSERT OR REPLACE INTO inventory VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row + sums)


def _move(state: sqlite3.Connection, moved: dict[str, Any]) -> None:
    """Cut what moves out of the runs that it lies in, and put it where it goes."""
    batch, first, last, to = moved["batch"], int(moved["first"]), int(moved["last"]), moved["to"]
    met = state.execute(
        "DELETE FROM run WHERE batch = ? AND first <= ? AND last >= ? RETURNING *",
        (batch, last, first),
    ).fetchall()
    for _, lo, hi, *account in met:
        for left, right in ((lo, first - 1), (last + 1, hi)):
            if left <= right:
                state.execute("INSERT INTO run VALUES (?, ?, ?, ?, ?, ?, ?)", (batch, left, right, *account))
    account = [to[name] for name in ("kind", "organisation", "pilot", "accountingPeriod")]
    state.execute("INSERT INTO run VALUES (?, ?, ?, ?, ?, ?, ?)", (batch, first, last, *account))


def _counted(amounts: list[dict[str, Any]]) -> int:
    """What counts of an inventory's sums, in grams: exactly, as NZC does."""
    return sum(COUNTS.get(amount["treatment"], 0) * int(Decimal(amount["co2e"]) * GRAMS) for amount in amounts)


def tonnes_in(state: sqlite3.Connection, batch: str) -> dict[str, int]:
    """How many tonnes of a batch are in accounts of each kind."""
    return dict(state.execute("SELECT kind, sum(last - first + 1) FROM run WHERE batch = ? GROUP BY kind", (batch,)))


def gross_of(state: sqlite3.Connection, pilot: str, period: str) -> int | None:
    """What a pilot emits in a period by its verified inventories, in grams of CO2e; None where it has none."""
    inventories = "FROM inventory WHERE pilot = ? AND period = ? AND basis = 'OPERATIONAL'"
    found = state.execute(f"SELECT sum(emitted) {inventories}", (pilot, period)).fetchone()[0]
    return None if found is None else int(found)


def retired_for(state: sqlite3.Connection, pilot: str, period: str) -> int:
    """Tonnes retired for a pilot's period, but for batches that were invalidated or exported as a whole."""
    found = state.execute(
        """SELECT coalesce(sum(last - first + 1), 0) FROM run
            WHERE kind = 'RETIREMENT' AND pilot = ? AND period = ? AND batch NOT IN (
                SELECT batch FROM batch_order WHERE kind IN ('BATCH_INVALIDATED', 'BATCH_EXPORTED'))""",
        (pilot, period),
    )
    return int(found.fetchone()[0])


def main(address: str, file: str, key: str | None = None) -> None:
    """Follow for good: once a second it is asked what is new, and an API that is away is waited for."""
    state = opened(file)
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=address, headers=headers, timeout=60) as http:
        while True:
            try:
                catch_up(http, state)
            except httpx.HTTPError as error:
                print(f"at {reached(state)}: {error}", file=sys.stderr)
            time.sleep(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
