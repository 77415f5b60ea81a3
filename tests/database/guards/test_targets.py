"""Targets fall to zero."""

from collections.abc import Mapping

import pytest

from tests.database.guards.attacks import (
    BOTH,
    LOGGED,
    Attack,
    LetThrough,
    Stopped,
    cases,
    entries,
)
from tests.database.guards.good_rows import new


def target(*ceilings: Mapping[str, str], **changes: str) -> str:
    """A version of the target with its ceilings."""
    rows = [new("target_ceiling", **ceiling) for ceiling in ceilings]
    return "; ".join([new("target", **changes), *rows])


def in_year(year: int, net: str, gross: str = "NULL") -> dict[str, str]:
    return {"year": str(year), "net": net, "gross": gross}


ZERO = in_year(2030, "0")

# What the log says of the target of ``GOOD_ROWS`` with that one ceiling.
TARGET_SAID = """'{"pilot": $aimed, "version": 2, "reason": "ERROR", "weakened": false, "routes": ["SINK"],
    "baseline": {"accounting_period": $aimed_2022, "basis": "HISTORICAL", "position": 1, "year": 2022,
                 "gross": "1000", "net": "1000"}, "ceilings": [[2030, "0", null, null]]}'::jsonb"""

TARGET_VERSIONS = (
    Attack("a version twice", "target_pilot_id_version_key",
           target(ZERO, version="1", reason="NULL")),
    Attack("a version that jumps", "target_follows_version", target(ZERO, version="3")),
    Attack("a first version with a reason", "target_version_check", target(ZERO, version="1")),
    Attack("a later version without one", "target_version_check", target(ZERO, reason="NULL")),
    Attack("a first version that weakens", "target_version_check",
           target(ZERO, version="1", reason="NULL", weakened="true")),
    Attack("a target of another pilot's period", "target_pilot_id_baseline_period_id_fkey",
           target(ZERO, baseline_period_id="$alone_2022")),
    Attack("revised on a whim", "target_reason_check", target(ZERO, reason="'WHIM'")),
    Attack("by no route", "target_routes_check", target(ZERO, routes="'{}'")),
    Attack("by a route of no guide", "target_routes_check", target(ZERO, routes="'{MAGIC}'")),
    Attack("from what was measured", "target_basis_check",
           target(ZERO, baseline_basis="'OPERATIONAL'")),
    Attack("from the future", "target_position_check", target(ZERO, baseline_position="$p")),
    *(Attack(f"from a {column} of {value}", "target_baseline_check", target(ZERO, **{column: value}))
      for column in ("baseline_net", "baseline_gross")
      for value in ("0", "-1", "'NaN'", "'Infinity'")),
    Attack("from another year than its period's", "target_begins_with_a_year",
           target(ZERO, baseline_year="2021")),
    Attack("ceilings of no target", "target_ceiling_target_id_fkey",
           new("target_ceiling", target_id="$nobody")),
    *(Attack(f"a net of {net}", "target_ceiling_net_check", target(in_year(2025, net), ZERO))
      for net in ("-1", "0.0000001", "'NaN'", "1e13")),
    Attack("a gross below the net", "target_ceiling_gross_check",
           target(in_year(2025, "5", "4"), ZERO)),
    Attack("a gross finer than a gram", "target_ceiling_gross_check",
           target(in_year(2025, "5", "5.0000001"), ZERO)),
    Attack("credits below zero", "target_ceiling_credits_check", target(ZERO | {"credits": "-1"})),
    Attack("a target that rises", "target_falls",
           target(in_year(2025, "5"), in_year(2027, "5.1"), ZERO)),
    Attack("a target that rises from its baseline", "target_falls",
           target(in_year(2025, "1000.1"), ZERO)),
    Attack("a gross that rises", "target_falls",
           target(in_year(2025, "5", "6"), in_year(2026, "5"), ZERO | {"gross": "7"})),
    Attack("a gross that rises from its baseline", "target_falls", target(ZERO | {"gross": "1001"})),
    Attack("a target before its baseline", "target_falls", target(in_year(2022, "5"), ZERO)),
    Attack("a target that does not end at zero", "target_ends_at_zero", target(in_year(2030, "1"))),
    Attack("a target without a ceiling", "target_ends_at_zero", target()),
    Attack("a target that the log does not know", "target_is_as_logged", target(ZERO)),
    Attack("a ceiling added later", "change_is_logged",
           new("target_ceiling", target_id="$target", year="2040")),
)  # fmt: skip


@cases(TARGET_VERSIONS)
async def test_target_versions(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


GOOD = {
    "a target revised": [target(ZERO)],
}  # fmt: skip

# What their entries say, where any four would not do.
GOOD_ENTRIES = {
    "a target revised": entries(4, kind="TARGET_REVISED", body=TARGET_SAID),
}


@pytest.mark.parametrize("who", BOTH)
@pytest.mark.parametrize("what", GOOD)
async def test_what_is_in_order_is_let_through(
    let_through: LetThrough, what: str, who: str
) -> None:
    await let_through(who, GOOD[what], GOOD_ENTRIES.get(what, LOGGED))
