"""Statements that move credits, as the API writes them; and what goes with them."""

from collections.abc import Sequence

from tests.database.guards.attacks import LOGGED
from tests.database.guards.good_rows import new


def balanced(moves: str, named: str = "balances") -> str:
    """The balances of movements, as a part of the statement that writes them. They stand in nobody's way:
    what is balanced already stays as it is."""
    return f"""{named} AS (
        INSERT INTO balance (account_id, batch_id, position, tonnes)
        SELECT account_id, batch_id, position, sum(sum(moved)) OVER (
                   PARTITION BY account_id, batch_id ORDER BY position) + coalesce(
                   (SELECT tonnes FROM balance AS before
                     WHERE (before.account_id, before.batch_id) = (leg.account_id, leg.batch_id)
                     ORDER BY before.position DESC LIMIT 1), 0)
          FROM (SELECT moves.position::bigint, moves.batch_id::bigint, side.account_id::bigint, side.moved
                  FROM ({moves}) AS moves (position, line, debit_id, credit_id, batch_id, lo, hi)
                 CROSS JOIN LATERAL (VALUES (credit_id, hi - lo), (debit_id, lo - hi))
                    AS side (account_id, moved)) AS leg
         GROUP BY account_id, batch_id, position
        ON CONFLICT DO NOTHING)"""


def posting(
    *,
    at: str = "$p",
    issued: str | None = None,
    moved: Sequence[str] = (),
    spent: Sequence[str] = (),
    made: Sequence[str] = (),
) -> str:
    """One posting in one statement, as the API writes it, at position ``at``.

    ``issued`` inserts a batch; ``moved`` are movements (line, debit, credit, batch, lo, hi);
    ``spent`` are lots by name; ``made`` are lots (piece, account, batch, lo, hi, since), where those
    that came into their account here need no ``since``.
    """
    made = [row if row.count(",") == 5 else f"{row}, {at}" for row in made]
    parts = [] if issued is None else [f"issued AS ({issued})"]
    if moved:
        parts.append(balanced(f"VALUES {', '.join(f'({at}, {row})' for row in moved)}"))
    for name, table, rows in (
        ("moved", "movement (position, line, debit_id, credit_id, batch_id, lo, hi)", moved),
        ("spent", "lot_spent (position, lot_position, lot_piece)", spent),
        ("made", "lot (position, piece, account_id, batch_id, lo, hi, since)", made),
    ):
        if rows:
            values = ", ".join(f"({at}, {row})" for row in rows)
            parts.append(f"{name} AS (INSERT INTO {table} VALUES {values})")
    return f"WITH {', '.join(parts)} SELECT"


# A good transfer of 301 to 400 from the holder to the buyer; attacks vary it.
MOVED = "0, $holding, $buying, $A, 301, 401"
LEFT, GIVEN, RIGHT = (
    "0, $holding, $A, 201, 301, $A",
    "1, $buying, $A, 301, 401",
    "2, $holding, $A, 401, 1001, $A",
)
TRANSFER = posting(moved=[MOVED], spent=["$rest"], made=[LEFT, GIVEN, RIGHT])
TRANSFERRED = f"{LOGGED}; {TRANSFER}"

# A good issuance of 1001 to 1100; attacks vary it.
BATCH = new("credit_batch")
ISSUED = "0, $issuance, $holding, $p, 1001, 1101"
WHOLE = "0, $holding, $p, 1001, 1101"


def pending_account(pilot: str, period: str, **changes: str) -> str:
    given = {"kind": "'PENDING'", "programme": "'CCER'", "organisation_id": "$holder"}
    return new("account", **given | {"pilot_id": pilot, "period_id": period} | changes)


def retired(lot: str, batch: str, lo: int, account: str = "$account") -> str:
    """A retirement of a whole lot, which ends with serial 100."""
    return posting(
        moved=[f"0, $holding, {account}, {batch}, {lo}, 101"],
        spent=[lot],
        made=[f"0, {account}, {batch}, {lo}, 101"],
    )


# Where serials may go. What is in each kind of account: its lot, account and serials, all of ``S``.
SOURCES = {
    "held": ("$held_lot", "$holding", "71, 101"),
    "requested": ("$requested_lot", "$pending", "1, 11"),
    "retired": ("$confirmed_lot", "$retirement", "21, 31"),
    "used": ("$used_lot", "$use", "31, 41"),
    "frozen": ("$frozen_lot", "$frozen", "41, 51"),
    "invalidated": ("$invalidated_lot", "$invalidated", "61, 71"),
}  # fmt: skip

TARGETS = {
    "issuance": "$issuance",
    "its holder": "$holding",
    "another holder": "$buying",
    "another programme": "$green_holding",
    "a request": "$pending",
    "another holder's request": "$account",
    "a retirement": "$retirement",
    "another year's retirement": "$account + 1",
    "another pilot's retirement": "$town_retirement",
    "its holder's use": "$use",
    "another holder's use": "$account + 2",
    "its holder's frozen": "$frozen",
    "another holder's frozen": "$account + 3",
    "invalidated": "$invalidated",
    "another programme's invalidated": "$account + 4",
}

# The accounts among them that the story has not opened.
BOUGHT = {
    "programme": "'CCER'",
    "organisation_id": "$buyer",
    "pilot_id": "NULL",
    "period_id": "NULL",
}
OPENED = "; ".join((
    pending_account("$alone", "$alone_2022", organisation_id="$buyer"),
    new("account", id="$account + 1"),
    new("account", id="$account + 2", kind="'OTHER_USE'", purpose="'EVENT'", **BOUGHT),
    new("account", id="$account + 3", kind="'FROZEN'", **BOUGHT),
    new("account", id="$account + 4", kind="'INVALIDATED'", programme="'PHCER'", pilot_id="NULL",
        period_id="NULL"),
))  # fmt: skip


def led(source: str, target: str, at: str = "$p") -> str:
    """All that there is of a source, moved to a target."""
    lot, account, serials = SOURCES[source]
    to = TARGETS[target]
    return posting(
        at=at, moved=[f"0, {account}, {to}, $S, {serials}"], spent=[lot],
        made=[f"0, {to}, $S, {serials}"],
    )  # fmt: skip


def asked(at: str = "$p", **changes: str) -> str:
    return new("retirement_request", id=at, **changes)


def ended(outcome: str, request: str = "$requested", at: str = "$p") -> str:
    return new("request_end", request_id=request, position=at, outcome=f"'{outcome}'")


def corrected(what: str, at: str = "$p") -> str:
    return new("correction", posting_id=what, position=at)


# What was retired at $retired_at, back to its holder.
TAKEN_BACK = posting(moved=["0, $retirement, $holding, $A, 101, 201"], spent=["$retired_lot"],
                     made=["0, $holding, $A, 101, 201"])  # fmt: skip


def back(at: str = "$p") -> str:
    """The inner batch, back to its registry."""
    return posting(at=at, moved=["0, $holding, $issuance, $B, 1, 101"], spent=["$inner_lot"],
                   made=["0, $issuance, $B, 1, 101"])  # fmt: skip


def batch_taken(at: str = "$p") -> str:
    """The inner batch withdrawn."""
    withdrawn = f"UPDATE credit_batch SET withdrawn_position = {at} WHERE id = $B"
    return f"{corrected('$B', at)}; {withdrawn}; {back(at)}"


BACK, TAKEN_BATCH = back(), batch_taken()


def fact(kind: str, at: str = "$p", batch: str = "$S") -> str:
    return new("batch_fact", position=at, batch_id=batch, kind=f"'{kind}'")


def taken(batch: str, account: str, at: str = "$p") -> str:
    """All of a batch that its holder holds, moved to an account."""
    holding = "$green_holding" if batch[0] == "E" else "$holding"
    return posting(at=at, moved=[f"0, {holding}, {account}, ${batch}, 1, 101"],
                   spent=[f"${batch}_lot"], made=[f"0, {account}, ${batch}, 1, 101"])  # fmt: skip


def found(finding: str, at: str = "$p") -> str:
    return new("double_issuance_resolution", position=at, finding=f"'{finding}'")


# PHCER credits for the days of ``D``, of its project or of one beside it.
GREEN = {"programme": "'PHCER'", "registry": "'PHCER'", "prefix": "'GD-N'"}


def issued_in_green(at: str = "$p", **changes: str) -> str:
    return posting(at=at, issued=new("credit_batch", **GREEN | {"id": at} | changes),
                   moved=[f"0, $green_issuance, $green_holding, {at}, 1001, 1101"],
                   made=[f"0, $green_holding, {at}, 1001, 1101"])  # fmt: skip


def issued_again(at: str = "$p", **changes: str) -> str:
    """CCER credits of ``project``, or another one, for the days of others, as a whole issuance."""
    whole = {"id": at, "issuance": "NULL", "issuance_quantity": "NULL"}
    return posting(at=at, issued=new("credit_batch", **whole | changes),
                   moved=[f"0, $issuance, $holding, {at}, 1001, 1101"],
                   made=[f"0, $holding, {at}, 1001, 1101"])  # fmt: skip


def suspected(at: str = "$p", other: str = "$D") -> str:
    return new("double_issuance", batch_id=at, other_id=other, position=at)


# What is issued for the days of ``twin`` is suspected to double each of its batches.
BOTH_SUSPECTED = f"{suspected()}; {suspected(other='$E')}"
