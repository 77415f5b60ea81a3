"""What entries are bound to beside what they say: digests of the rows that are written with them, a table each, so that
whoever changes, deletes or inserts one contradicts the log.

Entries of postings, and of the rooms above inventories, say their rows themselves, and guards hold them to it. It names
tables of rooms above, in SQL alone. A column that is null says nothing, so that more may come; what is changed by other
entries later is theirs to say.
"""

from collections.abc import Sequence
from itertools import starmap
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.arrays import array, sent
from nzc_api.database.driver import DriverStatement
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Entry


class BoundTable(NamedTuple):
    """A table of whose rows each is written with the entry at the position in the column ``at``, and the columns that
    change ``later``, or follow from others."""

    table: str
    at: str = "position"
    later: tuple[str, ...] = ()


# In the body of an entry, the digests by table.
MEMBER = "rows"

# Of lines nothing is said until they are handed in, and readings have a digest of their own.
BINDING = frozenset(
    {
        EntryKind.ORGANISATION_REGISTERED, EntryKind.ORGANISATION_AMENDED, EntryKind.API_KEY_ISSUED,
        EntryKind.API_KEY_REVOKED, EntryKind.API_KEY_EXPIRY_SET, EntryKind.PILOT_REGISTERED, EntryKind.PILOT_AMENDED,
        EntryKind.PILOT_PLACED, EntryKind.PILOT_OVERLAP_RECORDED, EntryKind.PILOT_SITE_STATED,
        EntryKind.PILOT_SITE_RESOLVED, EntryKind.ACCOUNTING_PERIOD_REGISTERED, EntryKind.ACCOUNTING_PERIOD_WITHDRAWN,
        EntryKind.INVENTORY_SUBMITTED, EntryKind.INVENTORY_VERIFIED, EntryKind.METER_REGISTERED,
        EntryKind.METER_PLACED, EntryKind.METER_REPLACED, EntryKind.GATEWAY_ASSIGNED, EntryKind.READING_CORRECTED,
        EntryKind.GAP_FILLED, EntryKind.PROJECT_REGISTERED, EntryKind.PROJECT_ENROLLED, EntryKind.PROJECT_AMENDED,
        EntryKind.PROJECT_SITE_RESOLVED, EntryKind.DOUBLE_ISSUANCE_RESOLVED,
    }
)  # fmt: skip

BOUND = (
    BoundTable("accounting_period", "id", ("withdrawn_position",)),
    BoundTable("api_key", "id", ("revoked_position",)), BoundTable("api_key_expiry"),
    BoundTable("crediting_period"), BoundTable("double_issuance"), BoundTable("double_issuance_resolution"),
    BoundTable("enrolment", "id", ("number_key",)), BoundTable("enrolment_methodology"),
    BoundTable("grounds"), BoundTable("meter", "id", ("ends_on", "ended_position", "supply_key")),
    BoundTable("meter_gateway"), BoundTable("meter_placement"), BoundTable("organisation_amendment"),
    BoundTable("pilot_amendment"), BoundTable("pilot_overlap"), BoundTable("pilot_placement"),
    BoundTable("project_amendment"), BoundTable("project_placement"), BoundTable("reading_batch", "id"),
    BoundTable("same_site_resolution"), BoundTable("site", later=("code_key",)),
    BoundTable("verification_opinion"),
)  # fmt: skip

# Those that are amended in place, and were born as the first amendment found them.
AMENDED = (BoundTable("organisation", "id"), BoundTable("pilot", "id"), BoundTable("project", "id"))

# What is said of an inventory as it is handed in; from there on nothing of it changes but how far it came.
_HELD = "JOIN {table} AS t ON t.inventory_id = e.subject_id"
HANDED_IN = (
    (
        BoundTable("inventory", later=(
            "submitted_position", "verified_position", "verifier_id", "discarded_position", "status",
        )),
        "JOIN inventory AS t ON t.id = e.subject_id",
    ),
    (BoundTable("inventory_line"), _HELD.format(table="inventory_line")),
    (BoundTable("inventory_warning"), _HELD.format(table="inventory_warning")),
    (BoundTable("line_certificate", later=("prefix_key", "plant_key")), _HELD.format(table="line_certificate")),
    (BoundTable("line_meter"), _HELD.format(table="line_meter")),
    (
        BoundTable("line_gas"),
        "JOIN inventory_line AS l ON l.inventory_id = e.subject_id JOIN line_gas AS t ON t.line_id = l.id",
    ),
)  # fmt: skip

# Tables into which postings write, too, and others that say their rows themselves.
POSTED = ("double_issuance", "grounds", "reading_batch")


def _facts(bound: BoundTable) -> str:
    return f"to_jsonb(t) - CAST('{{{','.join(bound.later)}}}' AS text[])"


def _born(bound: BoundTable) -> str:
    facts = f"SELECT e.position, '{bound.table}' AS what, {_facts(bound)}"
    return (
        f"{facts} AS facts FROM entries AS e JOIN {bound.table} AS t ON t.{bound.at} = e.position"
    )


def _amended(bound: BoundTable) -> str:
    first = f"""SELECT CASE jsonb_typeof(before) WHEN 'object' THEN before END
                  FROM {bound.table}_amendment AS a WHERE a.{bound.table}_id = t.id
                 ORDER BY a.position LIMIT 1"""  # noqa: S608  (our own names)
    return f"""SELECT e.position, '{bound.table}', to_jsonb(t) || coalesce(({first}), '{{}}')
                 FROM entries AS e JOIN {bound.table} AS t ON t.{bound.at} = e.position"""  # noqa: S608


def _of_subject(bound: BoundTable, joined: str) -> str:
    return f"SELECT e.position, '{bound.table}', {_facts(bound)} FROM entries AS e {joined}"  # noqa: S608


def _handed_in(bound: BoundTable, joined: str) -> str:
    return f"{_of_subject(bound, joined)} WHERE e.kind = 'INVENTORY_SUBMITTED'"


_DEVICE = "JOIN meter_device AS t ON t.meter_id = e.subject_id AND t.position = e.position"

_WRITTEN = " UNION ALL ".join(
    [
        *map(_born, BOUND),
        *map(_amended, AMENDED),
        *starmap(_handed_in, HANDED_IN),
        _of_subject(BoundTable("meter_device"), _DEVICE),
    ]
)

# Of `entries` (position, kind, subject_id) the digest of what each table has of them: its rows as JSON, in order.
DIGESTS_SQL = f"""
    SELECT position, what,
           encode(sha256(convert_to(string_agg(line, E'\\n' ORDER BY line COLLATE "C"), 'UTF8')), 'hex') AS digest
      FROM (SELECT position, what, (SELECT jsonb_object_agg(key, value)::text FROM jsonb_each(facts)
                                     WHERE value <> 'null') AS line
              FROM ({_WRITTEN}) AS written) AS lines
     GROUP BY position, what
"""  # noqa: S608  (our own names)

_DIGESTS = DriverStatement(f"""
    WITH entries AS (
        SELECT * FROM unnest({sent("positions")}, CAST(:kinds AS text[]), {sent("subjects")})
            AS e (position, kind, subject_id)
    )
    {DIGESTS_SQL} ORDER BY position, what
""")  # noqa: S608  (our own names)


async def bound(connection: AsyncConnection, entries: Sequence[Entry]) -> list[Entry]:
    """The entries, each bound to the rows that were written with it."""
    telling = [entry for entry in entries if entry.kind in BINDING]
    if not telling:
        return list(entries)
    rows = await _DIGESTS.rows(
        connection,
        {
            "positions": array(entry.position for entry in telling),
            "kinds": [entry.kind for entry in telling],
            "subjects": array(entry.subject_id for entry in telling),
        },
    )
    digests: dict[int, dict[str, str]] = {entry.position: {} for entry in telling}
    for position, table, digest in rows:
        digests[position][table] = digest
    return [
        entry._replace(body={**entry.body, MEMBER: digests[entry.position]})
        if entry.position in digests
        else entry
        for entry in entries
    ]
