"""The SQL of what shows that requirements are met."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.ids import PilotId, Position
from nzc_api.requirements.model import FactKind, RequirementFact

# On the day of the entry as of whose position it is asked: so that an answer stays what it was.
_DAY = "(SELECT (at AT TIME ZONE 'Asia/Shanghai')::date FROM log_entry WHERE position = :as_of)"

_AT_SOURCE = "route IN ('REDUCE_ENERGY', 'EFFICIENCY', 'SUBSTITUTION')"
_BASELINE = "basis IN ('HISTORICAL', 'PROJECTED')"
_STATE = """(SELECT state FROM measure_progress WHERE measure_id = measure.id AND position <= :as_of
                          ORDER BY position DESC LIMIT 1)"""
_HELD = """(SELECT commitment IS NOT NULL FROM appointment WHERE post_id = post.id AND id <= :as_of
             ORDER BY id DESC LIMIT 1)"""

_TOLD = " OR ".join(
    f"EXISTS (SELECT FROM {rows} AS r WHERE r.meter_id = meter.id AND r.position <= :as_of)"
    for rows in ("register_reading", "consumption", "interval_block")
)
_PASSED = """EXISTS (SELECT FROM evaluation_decision
                     WHERE evaluation_id = evaluation.id AND id <= :as_of AND verdict = 'PASSED')"""
_LAST_DAY = """coalesce((SELECT on_day FROM rule_repeal
                           WHERE rule_id = management_rule.id AND position <= :as_of), ends_on, 'infinity')"""


def _born(table: str, where: str = "true") -> str:
    """What of a pilot was born by then."""
    return f"SELECT pilot_id, id FROM {table} WHERE id <= :as_of AND {where}"  # noqa: S608  (our own names)


def _inventory(column: str, where: str) -> str:
    """Inventories that had come so far by then."""
    return f"SELECT pilot_id, id FROM inventory WHERE {column} <= :as_of AND {where}"  # noqa: S608


def _plan(state: str) -> str:
    """Versions of plans that had come so far by then."""
    came = f"""EXISTS (SELECT FROM plan_step
                        WHERE plan_id = plan.id AND position <= :as_of AND state = '{state}')"""
    return _born("plan", came)


def _upkeep(system: str) -> str:
    return _born("upkeep", f"system = '{system}'")


def _meter(carrier: str) -> str:
    """Meters that had not ended by then, and of which something was told: one that nobody reads follows nothing."""
    ended = "(ended_position IS NULL OR ended_position > :as_of)"
    return _born("meter", f"carrier = '{carrier}' AND {ended} AND ({_TOLD})")


# Of each fact the rows that show it, by pilot, each with the position of what is shown.
FACTS: Mapping[FactKind, str] = {
    FactKind.TARGET: _born("target"),
    FactKind.BASELINE_SUBMITTED: _inventory("submitted_position", _BASELINE),
    FactKind.BASELINE_VERIFIED: _inventory("verified_position", _BASELINE),
    FactKind.OPERATION_SUBMITTED: _inventory("submitted_position", "basis = 'OPERATIONAL'"),
    FactKind.OPERATION_VERIFIED: _inventory("verified_position", "basis = 'OPERATIONAL'"),
    FactKind.SINK_SUBMITTED: _inventory(
        "submitted_position",
        "EXISTS (SELECT FROM inventory_line WHERE inventory_id = inventory.id AND role = 'SINK')",
    ),
    # A correction takes a retirement back.
    FactKind.RETIREMENT: """
        SELECT DISTINCT a.pilot_id, m.position AS id
          FROM account AS a JOIN movement AS m ON m.credit_id = a.id
         WHERE a.kind = 'RETIREMENT' AND m.position <= :as_of
           AND NOT EXISTS (SELECT FROM correction AS c
                            WHERE c.posting_id = m.position AND c.position <= :as_of)""",
    FactKind.POTENTIAL_ANALYSED: _born("potential_analysis"),
    FactKind.MEASURE_PLANNED: _born("measure"),
    FactKind.MEASURE_CHOSEN: _born("measure", f"{_STATE} IS NOT NULL"),
    FactKind.MEASURE_AT_SOURCE: _born("measure", _AT_SOURCE),
    FactKind.MEASURE_AT_SOURCE_RUN: _born("measure", f"{_AT_SOURCE} AND {_STATE} = 'RUNNING'"),
    FactKind.MEASURE_BEFORE_OPERATION: _born(
        "measure", "stage IN ('RAW_MATERIAL', 'CONSTRUCTION')"
    ),
    FactKind.MEASURE_IN_OPERATION: _born("measure", "stage = 'OPERATION'"),
    FactKind.MEASURE_OF_WASTE: _born("measure", "stage = 'WASTE'"),
    FactKind.EFFECT_VERIFIED: """
        SELECT m.pilot_id, m.id FROM measure AS m
         WHERE EXISTS (SELECT FROM measure_effect WHERE measure_id = m.id AND id <= :as_of)""",
    FactKind.PLAN_SUBMITTED: _plan("SUBMITTED"),
    FactKind.PLAN_APPROVED: _plan("APPROVED"),
    FactKind.EVALUATION_OPENED: _born("evaluation"),
    FactKind.EVALUATION_PASSED: _born("evaluation", _PASSED),
    FactKind.FINANCING: _born("financing"),
    FactKind.POST: _born("post"),
    FactKind.POST_HELD: _born("post", _HELD),
    FactKind.CARBON_POST: _born("post", "kind = 'CARBON_MANAGEMENT'"),
    FactKind.CARBON_POST_HELD: _born("post", f"kind = 'CARBON_MANAGEMENT' AND {_HELD}"),
    FactKind.DUTY: _born("duty"),
    FactKind.RULE_IN_FORCE: _born("management_rule", f"{_DAY} BETWEEN starts_on AND {_LAST_DAY}"),
    FactKind.UPKEEP_OF_WATER: _upkeep("WATER"),
    FactKind.UPKEEP_OF_POWER: _upkeep("POWER"),
    FactKind.UPKEEP_OF_GAS: _upkeep("GAS"),
    FactKind.UPKEEP_OF_HEAT: _upkeep("HEAT"),
    FactKind.UPKEEP_OF_GREENERY: _upkeep("GREENERY"),
    FactKind.METER_OF_WATER: _meter("WATER"),
    FactKind.METER_OF_POWER: _meter("ELECTRICITY"),
    FactKind.METER_OF_GAS: _meter("GAS"),
    FactKind.METER_OF_HEAT: _meter("HEAT"),
}


def _counted(kind: FactKind, rows: str) -> str:
    """How many of them each pilot has, and the latest."""
    return f"""
        SELECT pilot_id, '{kind}' AS kind, count(*) AS found, max(id) AS latest FROM ({rows}) AS shown
         WHERE pilot_id = ANY(CAST(:pilots AS bigint[])) GROUP BY pilot_id"""  # noqa: S608  (our own names)


FOUND = text(" UNION ALL ".join(_counted(kind, rows) for kind, rows in FACTS.items()))


async def read_facts_of(
    connection: AsyncConnection, pilots: Collection[PilotId], as_of: Position
) -> dict[PilotId, dict[FactKind, RequirementFact]]:
    """What there was of each pilot, in one statement."""
    found: dict[PilotId, dict[FactKind, RequirementFact]] = defaultdict(dict)
    for row in await connection.execute(FOUND, {"pilots": list(pilots), "as_of": as_of}):
        kind = FactKind(row.kind)
        found[row.pilot_id][kind] = RequirementFact(kind, row.found, row.latest)
    return found
